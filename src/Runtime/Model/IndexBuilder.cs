using System.Runtime.InteropServices;

namespace LeoCvae;

/// <summary>
/// Builds the file of an <see cref="EntropyIndex"/>: rows go into the list of the nearest of some centers, and a sample of them says how
/// many lists a row must be compared with.
/// </summary>
sealed class IndexBuilder(IndexRows rows, int neighbors, int threads, IProgress<double>? progress, CancellationToken cancellation)
{
    // Of the sample that centers are found in, and of the lists that are put together at a time.
    const int MostSampled = 1 << 26;
    const long MostTogether = 1 << 29;

    // Shares of the time, roughly.
    const double Encoding = 0.1, Assigning = 0.4, Measuring = 0.6;

    readonly int[] _listOf = new int[rows.Rows];

    /// <summary>Writes the file.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="schema">The rows' columns and classes.</param>
    /// <param name="encoder">Makes them features.</param>
    /// <param name="source">What they were read from.</param>
    public void Write(Stream to, TableSchema schema, TableEncoder encoder, string? source)
    {
        progress?.Report(Encoding);
        rows.EncodeBy(encoder);
        Matrix centers = Centers(encoder.Width);
        int[] sizes = Assign(centers);
        int[] sample = ListProbes.Sample(rows.Rows);
        (int probes, double recall) = ListProbes.Measure(sample, rows.Encode(sample), rows, neighbors, centers, _listOf, threads,
            cancellation);
        progress?.Report(Measuring);
        (int[] counts, ulong[] sums) = WriteLists(to, sizes, encoder);
        IndexFile.WriteHead(to, new()
        {
            Producer = Producer.Name,
            Schema = new() { Target = schema.Target!, TargetIndex = schema.TargetIndex, Columns = schema.Columns },
            Classes = schema.Classes,
            Neighbors = neighbors,
            Rows = rows.Rows,
            Probes = probes,
            Recall = recall,
            CheckedRows = sample.Length,
            Source = source,
        }, encoder, centers, counts, sums);
        progress?.Report(1);
    }

    Matrix Centers(int width)
    {
        int count = Math.Clamp(MostSampled / ListCenters.RowsPerCenter / width, 1, ListCenters.CountFor(rows.Rows));
        return ListCenters.Find(rows.Encode(ListProbes.Sample(rows.Rows, count * ListCenters.RowsPerCenter)), count, threads, cancellation);
    }

    int[] Assign(Matrix centers)
    {
        int[] sizes = new int[centers.Rows];
        Matrix encoded = new(0, centers.Columns);
        for (int block = 0; block < rows.Count; block++)
        {
            (int first, int count) = rows.Block(block);
            if (encoded.Rows != count)
                encoded = new(count, centers.Columns);
            using (IndexRows.Cells cells = rows.Take(first, count))
                rows.Encode(cells, encoded.Values);
            int[] nearest = ListProbes.Nearest(encoded, centers, 1, threads, cancellation);
            nearest.CopyTo(_listOf, first);
            foreach (int list in nearest)
                sizes[list]++;
            progress?.Report(Encoding + ((Assigning - Encoding) * (block + 1) / rows.Count));
        }
        return sizes;
    }

    (int[] Counts, ulong[] Sums) WriteLists(Stream to, int[] sizes, TableEncoder encoder)
    {
        int width = encoder.Width;
        int[] counts = new int[sizes.Length];
        ulong[] sums = new ulong[sizes.Length];
        (int First, int End, long Rows)[] groups = [.. Groups(sizes, sizeof(long) + (width * sizeof(float)))];
        long most = groups.Max(group => group.Rows);
        if (most * width > Array.MaxLength)
            throw Fault.Argument("batches", $"{most} rows are alike, which is more than a list of the index holds");
        ListBuffer buffer = new((int)most, width, neighbors + 1);
        foreach ((int first, int end, _) in groups)
        {
            WriteLists(to, first, end, sizes, encoder, buffer, counts, sums);
            progress?.Report(Measuring + ((1 - Measuring) * end / sizes.Length));
        }
        return (counts, sums);
    }

    // Lists that find room together.
    static IEnumerable<(int First, int End, long Rows)> Groups(int[] sizes, long rowBytes)
    {
        for (int first = 0, end; first < sizes.Length; first = end)
        {
            long together = 0;
            for (end = first; end < sizes.Length && (end == first || (together + sizes[end]) * rowBytes <= MostTogether); end++)
                together += sizes[end];
            yield return (first, end, together);
        }
    }

    // Rows of some lists, put together by one pass over all.
    void WriteLists(Stream to, int first, int end, int[] sizes, TableEncoder encoder, ListBuffer buffer, int[] counts, ulong[] sums)
    {
        int[] starts = new int[end - first + 1];
        for (int list = first; list < end; list++)
            starts[list - first + 1] = starts[list - first] + sizes[list];
        buffer.Clear();
        float[] encoded = new float[encoder.Width];
        for (int block = 0; block < rows.Count; block++)
        {
            cancellation.ThrowIfCancellationRequested();
            (int start, int count) = rows.Block(block);
            if (!_listOf.AsSpan(start, count).ContainsAnyInRange(first, end - 1))
                continue;
            using IndexRows.Cells cells = rows.Take(start, count);
            for (int row = 0; row < count; row++)
            {
                int list = _listOf[start + row];
                if (list < first || list >= end)
                    continue;
                long key = ((long)(start + row) << 32) | (uint)cells.ClassOf(row);
                encoder.Encode(cells[row], encoded);
                if (buffer.TryAdd(starts[list - first] + counts[list], encoded, key))
                    counts[list]++;
            }
        }
        for (int list = first; list < end; list++)
        {
            int start = starts[list - first];
            sums[list] = IndexFile.WriteList(to, buffer.KeysOf(start, counts[list]), buffer.ValuesOf(start, counts[list]));
        }
    }

    /// <summary>Rows of some lists. Of more than k + 1 that are equal none but the first are any row's neighbors.</summary>
    sealed class ListBuffer(int most, int width, int mostEqual)
    {
        readonly long[] _keys = new long[most];
        readonly float[] _values = new float[most * width];
        // Open addressing over places, plus one; at most half full.
        readonly int[] _slots = new int[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, 2L * most))];

        public void Clear() => Array.Clear(_slots);

        /// <summary>Puts a row at a place, unless there are enough that equal it.</summary>
        public bool TryAdd(int place, ReadOnlySpan<float> row, long key)
        {
            int equal = 0, slot = DistinctRows.Hash(row) & (_slots.Length - 1);
            for (; _slots[slot] > 0; slot = (slot + 1) & (_slots.Length - 1))
                if (MemoryMarshal.AsBytes(ValuesOf(_slots[slot] - 1, 1)).SequenceEqual(MemoryMarshal.AsBytes(row))
                    && ++equal == mostEqual)
                    return false;
            _slots[slot] = place + 1;
            _keys[place] = key;
            row.CopyTo(_values.AsSpan(place * width, width));
            return true;
        }

        public ReadOnlySpan<long> KeysOf(int first, int count) => _keys.AsSpan(first, count);

        public ReadOnlySpan<float> ValuesOf(int first, int count) => _values.AsSpan(first * width, count * width);
    }
}

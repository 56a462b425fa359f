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
        (int probes, double recall, int checkedRows) = Measure(centers);
        (int[] counts, ulong[] sums) = WriteLists(to, sizes, encoder.Width);
        IndexFile.WriteHead(to, new()
        {
            Producer = Producer.Name,
            Schema = new() { Target = schema.Target!, TargetIndex = schema.TargetIndex, Columns = schema.Columns },
            Classes = schema.Classes,
            Neighbors = neighbors,
            Rows = rows.Rows,
            Probes = probes,
            Recall = recall,
            CheckedRows = checkedRows,
            Source = source,
        }, encoder, centers, counts, sums);
        progress?.Report(1);
    }

    Matrix Centers(int width)
    {
        int count = Math.Clamp(MostSampled / ListCenters.RowsPerCenter / width, 1, ListCenters.CountFor(rows.Rows));
        return ListCenters.Find(Encoded(ListProbes.Sample(rows.Rows, count * ListCenters.RowsPerCenter)), count, threads, cancellation);
    }

    Matrix Encoded(int[] some) => rows.Encoded([.. some.SelectMany(row => rows.Cells(row, 1))]);

    int[] Assign(Matrix centers)
    {
        int[] sizes = new int[centers.Rows];
        for (int block = 0; block < rows.Count; block++)
        {
            (int first, int count) = rows.Block(block);
            Matrix encoded = rows.Encoded(rows.Cells(first, count));
            int[] nearest = ListProbes.Nearest(encoded, centers, 1, threads, cancellation);
            nearest.CopyTo(_listOf, first);
            foreach (int list in nearest)
                sizes[list]++;
            progress?.Report(Encoding + ((Assigning - Encoding) * (block + 1) / rows.Count));
        }
        return sizes;
    }

    (int Probes, double Recall, int Checked) Measure(Matrix centers)
    {
        int[] sample = ListProbes.Sample(rows.Rows);
        Matrix queries = Encoded(sample);
        NearestFound exact = new ListSearch(rows, neighbors).SearchAll(queries, sample.Select(row => (long)row).ToArray(), threads,
            cancellation);
        progress?.Report(Measuring);
        (int probes, double recall) = ListProbes.Measure(queries, exact, centers, _listOf, threads, cancellation);
        return (probes, recall, queries.Rows);
    }

    (int[] Counts, ulong[] Sums) WriteLists(Stream to, int[] sizes, int width)
    {
        int[] counts = new int[sizes.Length];
        ulong[] sums = new ulong[sizes.Length];
        long rowBytes = sizeof(long) + (width * sizeof(float));
        for (int first = 0, end; first < sizes.Length; first = end)
        {
            long together = 0;
            for (end = first; end < sizes.Length && (end == first || (together + sizes[end]) * rowBytes <= MostTogether); end++)
                together += sizes[end];
            if (together * width > Array.MaxLength)
                throw Fault.Argument("batches", $"{together} rows are alike, which is more than a list of the index holds");
            WriteLists(to, first, end, sizes, width, counts, sums);
            progress?.Report(Measuring + ((1 - Measuring) * end / sizes.Length));
        }
        return (counts, sums);
    }

    // Rows of some lists, put together by one pass over all.
    void WriteLists(Stream to, int first, int end, int[] sizes, int width, int[] counts, ulong[] sums)
    {
        int[] starts = new int[end - first + 1];
        for (int list = first; list < end; list++)
            starts[list - first + 1] = starts[list - first] + sizes[list];
        long[] keys = new long[starts[^1]];
        float[] values = new float[keys.Length * width];
        EqualRows equal = new(values, width, keys.Length, neighbors + 1);
        for (int block = 0; block < rows.Count; block++)
        {
            cancellation.ThrowIfCancellationRequested();
            (int start, int count) = rows.Block(block);
            if (!_listOf.AsSpan(start, count).ContainsAnyInRange(first, end - 1))
                continue;
            double[] cells = rows.Cells(start, count);
            Matrix encoded = rows.Encoded(cells);
            for (int row = 0; row < count; row++)
            {
                int list = _listOf[start + row];
                if (list < first || list >= end)
                    continue;
                int place = starts[list - first] + counts[list];
                encoded[row].CopyTo(values.AsSpan(place * width, width));
                if (!equal.TryAdd(place))
                    continue;
                keys[place] = ((long)(start + row) << 32) | (uint)rows.ClassOf(cells, row);
                counts[list]++;
            }
        }
        for (int list = first; list < end; list++)
        {
            int start = starts[list - first];
            sums[list] = IndexFile.WriteList(to, keys.AsSpan(start, counts[list]), values.AsSpan(start * width, counts[list] * width));
        }
    }

    /// <summary>Which rows are equal. Of more than k + 1 none but the first are any row's neighbors.</summary>
    sealed class EqualRows(float[] values, int width, int rows, int most)
    {
        // Open addressing over places, plus one; at most half full.
        readonly int[] _slots = new int[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, 2L * rows))];

        /// <summary>Takes the row at a place, unless there are enough that equal it.</summary>
        public bool TryAdd(int place)
        {
            ReadOnlySpan<byte> row = Bytes(place);
            int equal = 0, slot = Hash(row);
            for (; _slots[slot] > 0; slot = (slot + 1) & (_slots.Length - 1))
                if (Bytes(_slots[slot] - 1).SequenceEqual(row) && ++equal == most)
                    return false;
            _slots[slot] = place + 1;
            return true;
        }

        ReadOnlySpan<byte> Bytes(int place) => MemoryMarshal.AsBytes(values.AsSpan(place * width, width));

        int Hash(ReadOnlySpan<byte> row)
        {
            uint hash = 0x811C9DC5;
            foreach (uint word in MemoryMarshal.Cast<byte, uint>(row))
            {
                hash = (hash ^ word) * 0x9E3779B1;
                hash ^= hash >> 15;
            }
            return (int)hash & (_slots.Length - 1);
        }
    }
}

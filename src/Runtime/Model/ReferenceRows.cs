using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace LeoCvae;

/// <summary>
/// The training rows that a model keeps when asked to, so that new rows can be scored against them: reference.knn. The file is a whole
/// <see cref="HnswIndex"/> of the encoded rows, which can be mapped, and behind it, little-endian: "LEOREF\0\x1a", version, features, rows
/// n, classes C, k (each int32), a zero (int32), mean and scale of the numbers (a double each), the level of each category of each category
/// column (int32), class indices (n int32).
/// All of it is in memory, checked when it is read: a file that is replaced, cut short or deleted later changes no score. Thread-safe.
/// </summary>
sealed class ReferenceRows
{
    const int Version = 1, HeaderSize = 32;

    // Candidates where a row is scored alone, and nothing measures what an approximate search missed.
    const int SingleRowEffort = 4 * HnswIndex.DefaultEffort;

    readonly HnswIndex _index;
    readonly TableEncoder _encoder;
    readonly int[] _labels;
    readonly IReadOnlyList<string> _classes;

    ReferenceRows(HnswIndex index, TableEncoder encoder, int[] labels, IReadOnlyList<string> classes, int neighbors) =>
        (_index, _encoder, _labels, _classes, DefaultNeighbors) = (index, encoder, labels, classes, neighbors);

    static ReadOnlySpan<byte> Magic => "LEOREF\0\x1a"u8;

    /// <summary>k of the fit: neighbors by default.</summary>
    public int DefaultNeighbors { get; }

    /// <summary>The file of encoded training rows, built the same for any number of threads.</summary>
    public static byte[] Create(Matrix rows, TableEncoder encoder, ReadOnlySpan<int> labels, int classes, int neighbors, int threads,
        CancellationToken cancellation)
    {
        using HnswIndex index = HnswIndex.Build(rows, new() { MaxDegreeOfParallelism = threads }, cancellation);
        using MemoryStream file = new();
        Write(file, index, encoder, labels, classes, neighbors);
        return file.ToArray();
    }

    /// <summary>Reads a file in memory.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or doesn't belong to the schema.</exception>
    public static ReferenceRows Load(byte[] bytes, TableSchema schema)
    {
        using MemoryStream file = new(bytes);
        return Load(file, schema, expectedRows: null);
    }

    /// <summary>Reads and checks all of a file from its beginning to its end.</summary>
    /// <param name="file">The file.</param>
    /// <param name="schema">Columns and classes that it must have.</param>
    /// <param name="expectedRows">Rows that it must have, where they are known.</param>
    /// <exception cref="InvalidDataException">The file is damaged or doesn't belong to the schema.</exception>
    public static ReferenceRows Load(Stream file, TableSchema schema, int? expectedRows)
    {
        try
        {
            // With categories the number of features isn't known before their levels are read.
            int? features = FeatureLayout.ColumnsOfBlocks(schema.Columns).Any() ? null : schema.Columns.Count;
            return Read(HnswIndex.LoadSized(file, features, expectedRows), file, schema);
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(ModelFormat.Reference, StringComparison.Ordinal))
        {
            throw Damaged($"{e.Message}");
        }
    }

    /// <summary>Writes the file that this was read from, byte for byte.</summary>
    public void Save(Stream file) => Write(file, _index, _encoder, _labels, _classes.Count, DefaultNeighbors);

    static void Write(Stream file, HnswIndex index, TableEncoder encoder, ReadOnlySpan<int> labels, int classes, int neighbors)
    {
        index.Save(file);
        Span<byte> header = stackalloc byte[HeaderSize];
        header.Clear();
        Magic.CopyTo(header);
        ReadOnlySpan<int> numbers = [Version, index.Columns, index.Rows, classes, neighbors];
        for (int i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(header[(Magic.Length + i * sizeof(int))..], numbers[i]);
        file.Write(header);
        // HnswIndex refuses big-endian processors, so bytes in memory are in the file's order.
        file.Write(MemoryMarshal.AsBytes<double>(encoder.Mean));
        file.Write(MemoryMarshal.AsBytes<double>(encoder.Scale));
        foreach (LevelBlock block in encoder.Layout.Blocks)
            file.Write(MemoryMarshal.AsBytes<int>(block.LevelOf));
        file.Write(MemoryMarshal.AsBytes(labels));
    }

    /// <summary>The entropy and class frequencies of new rows among these; a row that is one of these finds itself.</summary>
    /// <exception cref="ArgumentException">k is below 1, the search is for a table's own rows, or a value lies too far from the training
    /// rows.</exception>
    public EntropyScores Score(Table table, int neighbors, NeighborSearch search, int threads, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbors, 1);
        (NeighborLists lists, SearchReport report) = NearestNeighbors.NewRows(_encoder.EncodeWithin(table, float.MaxValue), _index,
            neighbors, search, threads, cancellation);
        return LocalEntropy.Of(lists, table.RowCount, _labels, _classes, report);
    }

    /// <summary>The entropy of one row, in bits, and the class frequencies that it is made of. Allocates nothing once a thread has called
    /// it.</summary>
    /// <exception cref="ArgumentException">A value lies too far from the training rows.</exception>
    public double Score(ReadOnlySpan<double> row, int neighbors, TableSchema schema, Span<double> frequencies)
    {
        int k = Math.Min(neighbors, _labels.Length);
        float[] features = ArrayPool<float>.Shared.Rent(_encoder.Width);
        int[] ids = ArrayPool<int>.Shared.Rent(k);
        double[] distances = ArrayPool<double>.Shared.Rent(k);
        Span<float> encoded = features.AsSpan(0, _encoder.Width);
        _encoder.Encode(row, encoded);
        int at = encoded.IndexOfAnyExceptInRange(-float.MaxValue, float.MaxValue);
        if (at >= 0)
            throw _encoder.TooFar(nameof(row), at, 0, row, schema);
        // As many candidates as there are rows make it exact.
        int effort = NeighborGraph.PaysOff(_index.Rows, _index.Columns) ? SingleRowEffort : _index.Rows;
        _index.Search(encoded, ids.AsSpan(0, k), distances.AsSpan(0, k), effort);
        double bits = LocalEntropy.Of(ids.AsSpan(0, k), _labels, frequencies);
        ArrayPool<double>.Shared.Return(distances);
        ArrayPool<int>.Shared.Return(ids);
        ArrayPool<float>.Shared.Return(features);
        return bits;
    }

    static ReferenceRows Read(HnswIndex index, Stream file, TableSchema schema)
    {
        byte[] header = new byte[HeaderSize];
        file.Position = index.Bytes;
        int got = file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false);
        int Number(int i) => BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(Magic.Length + i * sizeof(int)));
        if (got < HeaderSize || !header.AsSpan().StartsWith(Magic))
            throw Damaged($"no labels behind its index");
        if (Number(0) != Version)
            throw Damaged($"got version {Number(0)}, this release reads version {Version}");
        (int features, int rows, int classes, int neighbors) = (Number(1), Number(2), Number(3), Number(4));
        if (features != index.Columns || rows != index.Rows || classes != schema.Classes.Count || neighbors < 1)
        {
            (int n, int d, int c) = (index.Rows, index.Columns, schema.Classes.Count);
            throw Damaged($"got {rows} rows x {features} features in {classes} classes, expected {n} rows x {d} features in {c} classes");
        }
        if (Number(5) != 0)
            throw Damaged($"got {Number(5)} at the end of the header, expected 0");
        int numbers = schema.Columns.Count(FeatureLayout.IsNumber);
        int[][] levelsOf = [.. schema.Columns.Where(FeatureLayout.HasLevels)
            .Select(column => new int[column.Categories!.Count])];
        long expected = index.Bytes + HeaderSize + 2L * numbers * sizeof(double)
            + (levelsOf.Sum(levels => (long)levels.Length) + rows) * sizeof(int);
        if (file.Length != expected)
            throw Damaged($"got {file.Length} bytes, expected {expected}");
        (double[] mean, double[] scale, int[] labels) = (new double[numbers], new double[numbers], new int[rows]);
        file.ReadExactly(MemoryMarshal.AsBytes(mean.AsSpan()));
        file.ReadExactly(MemoryMarshal.AsBytes(scale.AsSpan()));
        foreach (int[] levels in levelsOf)
        {
            file.ReadExactly(MemoryMarshal.AsBytes(levels.AsSpan()));
            if (levels.AsSpan().IndexOfAnyExceptInRange(-1, features - 1) >= 0)
                throw Damaged($"a category's level is not below {features}");
        }
        file.ReadExactly(MemoryMarshal.AsBytes(labels.AsSpan()));
        if (!mean.All(double.IsFinite) || !scale.All(value => value > 0 && double.IsFinite(value)))
            throw Damaged($"a mean or a scale is no number");
        TableEncoder encoder = new() { Mean = mean, Scale = scale, Layout = new(schema.Columns, levelsOf) };
        if (encoder.Width != features)
            throw Damaged($"got {features} features, expected {encoder.Width} for its columns");
        if (labels.AsSpan().IndexOfAnyExceptInRange(0, classes - 1) is int at and >= 0)
            throw Damaged($"row {at} has class {labels[at]} of {classes}");
        return new(index, encoder, labels, schema.Classes, neighbors);
    }

    static InvalidDataException Damaged(FormattableString what) =>
        new($"{ModelFormat.Reference}: {what.ToString(CultureInfo.InvariantCulture)}");
}

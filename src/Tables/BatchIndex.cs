namespace LeoCvae;

/// <summary>
/// Where the batches of a table's file begin, found by one pass over it, so that each part of it can be read by itself
/// (<see cref="TableFile.IndexBatches"/>). Immutable and thread-safe.
/// </summary>
/// <example><code>
/// ColumnOptions columns = new() { Like = model.Schema };
/// BatchIndex index = TableFile.IndexBatches("rows.csv", columns);
/// using TableBatches rows = TableFile.ReadBatches("rows.csv", columns, part: index.Part(new Shard(3, 64)));
/// </code></example>
public sealed class BatchIndex
{
    readonly BatchPlace[] _places;

    internal BatchIndex(BatchPlace[] places, long bytes, DateTime written, string sha256)
    {
        (_places, Bytes, Written, Sha256) = (places, bytes, written, sha256);
    }

    /// <summary>How many batches there are.</summary>
    public int Count => _places.Length - 1;

    /// <summary>How many rows there are.</summary>
    public long Rows => _places[^1].Row;

    /// <summary>The file's length in bytes.</summary>
    public long Bytes { get; }

    /// <summary>When the file was written last, in universal time.</summary>
    public DateTime Written { get; }

    /// <summary>The SHA-256 of the file, in lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>A part of whole batches; one without any where there are fewer of them than parts.</summary>
    public BatchRange Part(Shard shard)
    {
        ArgumentNullException.ThrowIfNull(shard);
        (long first, long count) = shard.Of(Count);
        return new(this, _places[first], _places[first + count]);
    }

    /// <summary>The places, and where the file ends.</summary>
    internal IReadOnlyList<BatchPlace> Places => _places;

    /// <summary>Fails where a file isn't what it was.</summary>
    internal void RequireUnchanged(string path)
    {
        if (!IsOf(path))
            throw new IOException($"'{path}' changed while it was read");
    }

    /// <summary>Whether a file seems to be the one that was indexed: it has the same length, and wasn't written since.</summary>
    internal bool IsOf(string path)
    {
        FileInfo file = new(FilePlace.Resolve(path));
        return file.Exists && file.Length == Bytes && file.LastWriteTimeUtc == Written;
    }

    /// <summary>An index of what a pass over a file finds.</summary>
    internal static BatchIndex Of(string path, Func<BatchPlace[]> find)
    {
        FileInfo file = new(FilePlace.Resolve(path));
        (long bytes, DateTime written) = (file.Length, file.LastWriteTimeUtc);
        BatchPlace[] places = find();
        BatchIndex index = new(places, bytes, written, FileBytes.Sha256Of(path));
        index.RequireUnchanged(path);
        return index;
    }
}

/// <summary>Rows that are read by themselves, in whole batches (<see cref="BatchIndex.Part"/>). Immutable and thread-safe.</summary>
public sealed class BatchRange
{
    internal BatchRange(BatchIndex index, BatchPlace start, BatchPlace end) => (Index, Start, End) = (index, start, end);

    /// <summary>The number of the first row.</summary>
    public long FirstRow => Start.Row;

    /// <summary>How many rows there are.</summary>
    public long RowCount => End.Row - Start.Row;

    internal BatchIndex Index { get; }

    internal BatchPlace Start { get; }

    internal BatchPlace End { get; }
}

/// <summary>Where a batch begins.</summary>
/// <param name="Row">Its first row.</param>
/// <param name="Line">The line of a text where the row before it ends, plus one.</param>
/// <param name="At">The byte of a text, uncompressed, or the row group of a Parquet file.</param>
readonly record struct BatchPlace(long Row, long Line, long At);

using System.Text.Json.Nodes;

namespace LeoCvae;

/// <summary>
/// A part of a table that is made in parts: its file, and the receipt that is written when the file is whole. Not thread-safe.
/// </summary>
/// <param name="path">Where the whole table would go; the parts' names are made of it.</param>
/// <param name="shard">Which part.</param>
/// <param name="run">All that the table's rows depend on.</param>
sealed class ShardPart(string path, Shard shard, JsonObject run)
{
    /// <summary>The part's file.</summary>
    public string File { get; } = ShardNames.Part(path, shard);

    string ReceiptFile { get; } = ShardNames.ReceiptOf(path, shard);

    /// <summary>Makes the folder of the parts where there is none, and fails before long work where it can't be written.</summary>
    /// <exception cref="IOException">The folder can't be made or written, or files of these names are none of ours.</exception>
    public void Prepare()
    {
        MakeFolder(path);
        AtomicFile.RequireFree(File, overwrite: true);
        AtomicFile.RequireFree(ReceiptFile, overwrite: true);
    }

    /// <summary>The receipt of the part where it is whole; null where it is still to be made.</summary>
    /// <param name="fault">Receives why it is made anew, where something is there.</param>
    /// <exception cref="IOException">The part that is there is another run's.</exception>
    public ShardReceipt? Finished(out string? fault)
    {
        ShardReceipt? receipt = ShardReceipt.Read(ReceiptFile);
        fault = FilePlace.Kind(ReceiptFile) != FileKind.Missing ? "its receipt is damaged"
            : FilePlace.Kind(File) != FileKind.Missing ? "it has no receipt" : null;
        if (receipt?.Shard != shard)
            return null;
        if (receipt.Difference(run) is string difference)
            throw new IOException($"'{ReceiptFile}' is of another run ({difference}): give another place, or --overwrite");
        fault = receipt.Fault(FolderOf(File));
        return fault is null ? receipt : null;
    }

    /// <summary>Writes the part, and when it is whole its receipt.</summary>
    /// <param name="firstRow">Its first row.</param>
    /// <param name="rows">How many rows it has.</param>
    /// <param name="delimiter">Between the fields of a text; null in Parquet.</param>
    /// <param name="write">Writes the file, and says what the rows have said of how to read them; null for a part without a
    /// file.</param>
    /// <param name="cancellation">Stops the writing.</param>
    public ShardReceipt Write(long firstRow, long rows, char? delimiter, Func<Stream, JsonObject>? write, CancellationToken cancellation)
    {
        JsonObject found = [];
        if (write is null)
            System.IO.File.Delete(File);
        else
            TableFile.Write(File, overwrite: true, stream => found = write(stream), cancellation);
        ShardReceipt receipt = write is null ? new(shard, firstRow, rows, run, found, null, 0, 0, "")
            : new(shard, firstRow, rows, run, found, Path.GetFileName(File), delimiter is char between ? HeaderBytes(File, between) : 0,
                new FileInfo(FilePlace.Resolve(File)).Length, FileBytes.Sha256Of(File));
        AtomicFile.Write(ReceiptFile, overwrite: true, stream => stream.Write(receipt.ToJson()), cancellation);
        return receipt;
    }

    /// <summary>Where the batches of an input begin: as another part has found it, or by a pass over the input.</summary>
    /// <param name="path">Where the whole table would go.</param>
    /// <param name="input">The input's file.</param>
    /// <param name="key">What the places depend on beside the input.</param>
    /// <param name="find">Makes the pass.</param>
    public static BatchIndex Index(string path, string input, string key, Func<BatchIndex> find)
    {
        string file = ShardNames.IndexOf(path);
        if (BatchIndexJson.Read(file, key) is { } known && known.IsOf(input))
            return known;
        BatchIndex index = find();
        MakeFolder(path);
        AtomicFile.Write(file, overwrite: true, stream => stream.Write(BatchIndexJson.Write(index, key)));
        return index;
    }

    static string FolderOf(string file) => Path.GetDirectoryName(Path.GetFullPath(file))!;

    static void MakeFolder(string path)
    {
        string folder = FolderOf(path);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"folder '{folder}' can't be made: {e.Message}", e);
        }
    }

    static long HeaderBytes(string file, char delimiter)
    {
        using Stream content = TableFile.OpenRead(file);
        return CsvRecords.Read(content, file, delimiter, (records, _) => records.Next() ? records.End : 0);
    }
}

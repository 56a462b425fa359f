using System.Text.Json.Nodes;

namespace LeoCvae;

/// <summary>What is written beside a part of a table when the part is whole.</summary>
/// <param name="Shard">Which part.</param>
/// <param name="FirstRow">Its first row in the whole table.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Run">All that the rows depend on: equal in all parts of a table.</param>
/// <param name="Found">What the part's rows have said of how to read them: parts that found something have to agree.</param>
/// <param name="File">The name of its file; null for a part without rows that isn't the first.</param>
/// <param name="HeaderBytes">How long the header of a text is; 0 in Parquet.</param>
/// <param name="Bytes">The file's length.</param>
/// <param name="Sha256">Of the file.</param>
sealed record ShardReceipt(Shard Shard, long FirstRow, long Rows, JsonObject Run, JsonObject Found, string? File, long HeaderBytes,
    long Bytes, string Sha256)
{
    const string Format = "leocvae_receipt";
    const int FormatVersion = 1;

    /// <summary>The receipt as a file.</summary>
    public byte[] ToJson() => SummedJson.Write(new()
    {
        [Format] = FormatVersion,
        ["part"] = Shard.Index,
        ["of"] = Shard.Count,
        ["first_row"] = FirstRow,
        ["rows"] = Rows,
        ["run"] = Run.DeepClone(),
        ["found"] = Found.DeepClone(),
        ["file"] = File,
        ["header_bytes"] = HeaderBytes,
        ["bytes"] = Bytes,
        ["sha256"] = Sha256,
    }, isIndented: true);

    /// <summary>Reads a receipt; null where there is none, or not a whole one.</summary>
    public static ShardReceipt? Read(string path) => SummedJson.Read(path, json => (int?)json[Format] != FormatVersion ? null
        : new ShardReceipt(new((int)json["part"]!, (int)json["of"]!), (long)json["first_row"]!, (long)json["rows"]!,
            json["run"]!.AsObject(), json["found"]!.AsObject(), (string?)json["file"], (long)json["header_bytes"]!,
            (long)json["bytes"]!, (string)json["sha256"]!));

    /// <summary>What is wrong with the part's file beside the receipt; null where nothing is.</summary>
    public string? Fault(string folder)
    {
        if (File is null)
            return null;
        string path = Path.Combine(folder, File);
        if (FilePlace.Kind(path) != FileKind.File)
            return "its file is missing";
        long bytes = new FileInfo(FilePlace.Resolve(path)).Length;
        return bytes != Bytes ? $"its file has {bytes} bytes, expected {Bytes}"
            : FileBytes.Sha256Of(path) != Sha256 ? "its file has other bytes than those written" : null;
    }

    /// <summary>In what another run differs; null where it is the same one.</summary>
    public string? Difference(JsonObject run) => Run.Select(pair => pair.Key).Union(run.Select(pair => pair.Key))
        .Where(key => !JsonNode.DeepEquals(Run[key], run[key]))
        .Select(key => $"{key} {Shown(Run[key])}, not {Shown(run[key])}").FirstOrDefault();

    static string Shown(JsonNode? value)
    {
        const int Most = 60;
        string text = value?.ToJsonString() ?? "none";
        return text.Length > Most ? text[..Most] + "..." : text;
    }
}

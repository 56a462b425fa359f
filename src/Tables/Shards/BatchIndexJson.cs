using System.Text.Json.Nodes;

namespace LeoCvae;

/// <summary>An index of batches as a file: what one part has found needs not be sought by the others.</summary>
static class BatchIndexJson
{
    const string Format = "leocvae_index";
    const int FormatVersion = 1;

    public static byte[] Write(BatchIndex index, string key) => SummedJson.Write(new()
    {
        [Format] = FormatVersion,
        ["key"] = key,
        ["bytes"] = index.Bytes,
        ["written"] = index.Written.Ticks,
        ["sha256"] = index.Sha256,
        ["places"] = new JsonArray([.. index.Places.Select(place => (JsonNode)new JsonArray(place.Row, place.Line, place.At))]),
    }, isIndented: false);

    /// <summary>Reads an index; null where there is none that is whole and of this key.</summary>
    public static BatchIndex? Read(string path, string key) => SummedJson.Read(path, json =>
    {
        if ((int?)json[Format] != FormatVersion || (string?)json["key"] != key)
            return null;
        BatchPlace[] places = [.. json["places"]!.AsArray().Select(place =>
            new BatchPlace((long)place![0]!, (long)place[1]!, (long)place[2]!))];
        return places.Length < 2 ? null
            : new BatchIndex(places, (long)json["bytes"]!, new((long)json["written"]!, DateTimeKind.Utc), (string)json["sha256"]!);
    });
}

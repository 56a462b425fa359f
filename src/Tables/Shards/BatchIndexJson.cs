using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeoCvae;

/// <summary>An index of batches as a file: what one part has found needs not be sought by the others.</summary>
static class BatchIndexJson
{
    const string Format = "leocvae_index";
    const int FormatVersion = 1, MostBytes = 1 << 28;

    public static byte[] Write(BatchIndex index, string key)
    {
        JsonObject json = new()
        {
            [Format] = FormatVersion,
            ["key"] = key,
            ["bytes"] = index.Bytes,
            ["written"] = index.Written.Ticks,
            ["sha256"] = index.Sha256,
            ["places"] = new JsonArray([.. index.Places.Select(place => (JsonNode)new JsonArray(place.Row, place.Line, place.At))]),
        };
        return [.. System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()), (byte)'\n'];
    }

    /// <summary>Reads an index; null where there is none that is whole and of this key.</summary>
    public static BatchIndex? Read(string path, string key)
    {
        if (FilePlace.Kind(path) != FileKind.File || new FileInfo(path).Length > MostBytes)
            return null;
        try
        {
            JsonObject json = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
            if ((int?)json[Format] != FormatVersion || (string?)json["key"] != key)
                return null;
            BatchPlace[] places = [.. json["places"]!.AsArray().Select(place =>
                new BatchPlace((long)place![0]!, (long)place[1]!, (long)place[2]!))];
            return IsRising(places) ? new(places, (long)json["bytes"]!, new((long)json["written"]!, DateTimeKind.Utc),
                (string)json["sha256"]!) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or NullReferenceException
            or FormatException or InvalidCastException)
        {
            return null;
        }
    }

    static bool IsRising(BatchPlace[] places) => places.Length > 1 && places[0].Row == 0 && places[0].At >= 0
        && places.Zip(places.Skip(1)).All(pair => pair.First.Row < pair.Second.Row && pair.First.At < pair.Second.At);
}

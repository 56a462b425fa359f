using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeoCvae;

/// <summary>A JSON object with its own hash in it, so that one that was cut off or altered is none.</summary>
static class SummedJson
{
    const string Check = "check";
    const int MostBytes = 1 << 28;

    /// <summary>The object as a file.</summary>
    public static byte[] Write(JsonObject json, bool isIndented)
    {
        json[Check] = Sum(json);
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new() { Indented = isIndented, NewLine = "\n" }))
            json.WriteTo(writer);
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>Reads an object, and what is wanted of it; null where there is no file, or not a whole one of this kind.</summary>
    public static T? Read<T>(string path, Func<JsonObject, T?> read) where T : class
    {
        if (FilePlace.Kind(path) != FileKind.File || new FileInfo(FilePlace.Resolve(path)).Length > MostBytes)
            return null;
        try
        {
            JsonObject json = JsonNode.Parse(File.ReadAllBytes(path))!.AsObject();
            string? sum = (string?)json[Check];
            json.Remove(Check);
            return sum == Sum(json) ? read(json) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException or NullReferenceException
            or FormatException)
        {
            return null;
        }
    }

    static string Sum(JsonObject json) => ModelPackage.Hash(Encoding.UTF8.GetBytes(json.ToJsonString()));
}

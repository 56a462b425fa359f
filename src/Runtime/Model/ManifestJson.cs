using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeoCvae;

/// <summary>The manifest as JSON, whole (model.json) or one entry for each property (ONNX metadata).</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ModelManifest))]
[JsonSerializable(typeof(Dictionary<string, string>))]
sealed partial class ManifestJson : JsonSerializerContext
{
    const int Shown = 40;

    public static string ToText(ModelManifest manifest)
    {
        JsonSerializerOptions readable = new(Default.Options)
        {
            WriteIndented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
        };
        return JsonSerializer.Serialize(manifest, new ManifestJson(readable).ModelManifest) + "\n";
    }

    public static Dictionary<string, string> ToMetadata(ModelManifest manifest)
    {
        using JsonDocument document = JsonSerializer.SerializeToDocument(manifest, Default.ModelManifest);
        return document.RootElement.EnumerateObject()
            .ToDictionary(property => ModelFormat.Prefix + property.Name, property => property.Value.GetRawText(), StringComparer.Ordinal);
    }

    /// <exception cref="JsonException">The metadata isn't a manifest; the message names the key.</exception>
    public static ModelManifest FromMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            foreach ((string key, string value) in metadata)
            {
                if (!key.StartsWith(ModelFormat.Prefix, StringComparison.Ordinal) || key is ModelFormat.Role or ModelFormat.GraphHash
                    or ModelFormat.MetadataHash or ModelFormat.FileHashes)
                    continue;
                string name = key[ModelFormat.Prefix.Length..];
                byte[] text = Encoding.UTF8.GetBytes(value);
                Parse(name, text).Dispose();
                writer.WritePropertyName(name);
                writer.WriteRawValue(text);
            }
            writer.WriteEndObject();
        }
        using JsonDocument document = JsonDocument.Parse(json.WrittenMemory);
        return JsonShape.Read(document.RootElement, Default.ModelManifest, "manifest");
    }

    /// <summary>Reads JSON that was written by anybody: readable in all its texts and names, no name twice in an object.</summary>
    /// <exception cref="JsonException">It isn't; the message names the key.</exception>
    public static JsonDocument Parse(string key, ReadOnlyMemory<byte> json)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(json);
            RequireReadable(key, document.RootElement);
            return document;
        }
        catch (Exception e)
        {
            document?.Dispose();
            if (e is InvalidOperationException)
                throw new JsonException($"'{key}': a text or a name in it holds half of a surrogate pair", e);
            if (document is null && e is JsonException)
                throw new JsonException($"'{key}': got '{VisibleText.Cut(Encoding.UTF8.GetString(json.Span), Shown)}', expected JSON", e);
            throw;
        }
    }

    static void RequireReadable(string key, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
            element.GetString();
        else if (element.ValueKind == JsonValueKind.Array)
            foreach (JsonElement item in element.EnumerateArray())
                RequireReadable(key, item);
        else if (element.ValueKind == JsonValueKind.Object)
        {
            HashSet<string> names = new(StringComparer.Ordinal);
            foreach (JsonProperty property in element.EnumerateObject())
            {
                if (!names.Add(property.Name))
                    throw new JsonException($"'{key}': the name '{VisibleText.Cut(property.Name, Shown)}' is given twice in an object");
                RequireReadable(key, property.Value);
            }
        }
    }
}

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeoCvae;

/// <summary>The manifest as JSON, whole (model.json) or one entry for each property (ONNX metadata).</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ModelManifest))]
[JsonSerializable(typeof(Dictionary<string, string>))]
sealed partial class ManifestJson : JsonSerializerContext
{
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
                RequireReadable(name, text);
                writer.WritePropertyName(name);
                writer.WriteRawValue(text);
            }
            writer.WriteEndObject();
        }
        return JsonSerializer.Deserialize(json.WrittenSpan, Default.ModelManifest) ?? throw new JsonException("null");
    }

    /// <summary>
    /// The key that an exception of <see cref="FromMetadata"/> is about, and what it says, without places in the text and names of
    /// parameters.
    /// </summary>
    public static string Explain(JsonException e)
    {
        int place = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        string said = (place < 0 ? e.Message : e.Message[..place]).TrimEnd('.');
        if (e.Path is null or "$")
            return $"its manifest can't be read: {said}";
        // The serializer's sentence on null is about constructors.
        return $"'{e.Path.Replace("$.", "", StringComparison.Ordinal)}' of its manifest: " +
            $"{(said.Contains("doesn't allow null", StringComparison.Ordinal) ? "got null, expected a value" : said)}";
    }

    // What is passed through unread, as the options are, must be readable too: no key twice, no half of a surrogate pair.
    static void RequireReadable(string key, byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            RequireText(document.RootElement);
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException($"'{key}': a text or a name in it holds half of a surrogate pair", e);
        }
        catch (JsonException e)
        {
            throw new JsonException($"'{key}': {e.Message}", e);
        }
    }

    static void RequireText(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
            element.GetString();
        else if (element.ValueKind == JsonValueKind.Array)
            foreach (JsonElement item in element.EnumerateArray())
                RequireText(item);
        else if (element.ValueKind == JsonValueKind.Object)
            foreach (JsonProperty property in element.EnumerateObject())
            {
                _ = property.Name;
                RequireText(property.Value);
            }
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeoCvae;

/// <summary>The head of an index as JSON; apart from the manifest's, so that an application without an index has none of it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(IndexHead))]
sealed partial class IndexJson : JsonSerializerContext
{
    /// <exception cref="JsonException">It isn't an index's head; the message names the key.</exception>
    public static IndexHead Read(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = ManifestJson.Parse("head", json);
        return JsonShape.Read(document.RootElement, Default.IndexHead, "head");
    }
}

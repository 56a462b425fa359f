using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeoCvae.Cli;

/// <summary>Reads a file of constraints: a JSON list of objects with kind, columns and, where they apply, total and may_be_none.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(RowConstraint[]))]
sealed partial class ConstraintsFile : JsonSerializerContext
{
    const string Expected = "expected a JSON list such as [{\"kind\": \"order\", \"columns\": [\"start\", \"end\"]}], with the kinds " +
        "dependency, order, sum and flags";

    public static IReadOnlyList<RowConstraint> Read(string option, string path)
    {
        RowConstraint[] given;
        try
        {
            given = JsonSerializer.Deserialize(Values.Content(option, path), Default.RowConstraintArray) ?? [];
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{option}: {path}: {VisibleText.Cut(VisibleText.Name(e.Message), 200)}; {Expected}", e);
        }
        if (given.Any(constraint => constraint is null))
            throw new InvalidDataException($"{option}: {path}: got null in the list; {Expected}");
        return given;
    }
}

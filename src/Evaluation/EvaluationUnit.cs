using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeoCvae.Evaluation;

/// <summary>Which part of an evaluation a unit is.</summary>
/// <param name="Repeat">Number of the repeat, from 0.</param>
/// <param name="Fold">Number of the fold within its repeat, from 0.</param>
/// <param name="Method">Number of the method, from 0.</param>
public readonly record struct UnitPlace(int Repeat, int Fold, int Method);

/// <summary>
/// What one unit of an evaluation found: a method, with all classifiers, on a fold. It can be kept as JSON, from which every number comes
/// back exactly. Immutable.
/// </summary>
public sealed class EvaluationUnit
{
    internal EvaluationUnit(UnitContent content) => Content = content;

    /// <summary>Number of the unit in <see cref="MethodEvaluator.Units"/>.</summary>
    public int Number => Content.Number;

    internal UnitContent Content { get; }

    /// <summary>The unit as UTF-8 JSON; the same unit gives the same bytes.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(Content, UnitContext.Default.UnitContent);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static EvaluationUnit FromJson(ReadOnlySpan<byte> json)
    {
        try
        {
            return new(JsonSerializer.Deserialize(json, UnitContext.Default.UnitContent)
                ?? throw new InvalidDataException("unit of an evaluation: got null, expected an object"));
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"unit of an evaluation: {e.Message}", e);
        }
    }
}

/// <summary>What a unit found. Immutable.</summary>
/// <param name="Number">Number of the unit: of its fold among all, times the number of methods, plus that of its method.</param>
/// <param name="Scores">One for each classifier.</param>
/// <param name="IsTuned">Whether inner folds were possible, so that decisions are tuned.</param>
/// <param name="UnknownColumns">Columns of which the fold's training rows have no value.</param>
sealed record UnitContent(int Number, IReadOnlyList<UnitScores> Scores, bool IsTuned, IReadOnlyList<string> UnknownColumns)
{
    /// <summary>Of the first unit, where rows are described: the entropies of its fold's training rows.</summary>
    public IReadOnlyList<ClassEntropies>? Entropies { get; init; }

    /// <summary>Of the first fold's units, where rows are described and the method made any.</summary>
    [JsonIgnore]
    public MethodRows? Rows { get; init; }

    /// <summary>The same with what it leaves out of the results' JSON.</summary>
    public KeptRows? Kept
    {
        get => Rows is null ? null : new(Rows, Rows.Map, Rows.Losses);
        init => Rows = value is null ? null : value.Rows with { Map = value.Map, Losses = value.Losses };
    }
}

/// <summary>What one classifier says of the test rows of a unit's fold.</summary>
/// <param name="Result">Its scores.</param>
/// <param name="Raw">m x C, row by row, the classifier's own probabilities of the fold's test rows.</param>
/// <param name="Corrected">The same after <see cref="PriorCorrection"/>.</param>
sealed record UnitScores(FoldResult Result, IReadOnlyList<double> Raw, IReadOnlyList<double> Corrected);

/// <summary>Rows of a method with their map and losses, which the results' JSON doesn't hold.</summary>
sealed record KeptRows(MethodRows Rows, RowMap? Map, IReadOnlyList<Training.TrainingProgress> Losses);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(UnitContent))]
sealed partial class UnitContext : JsonSerializerContext;

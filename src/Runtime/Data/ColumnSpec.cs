using System.Text.Json.Serialization;

namespace LeoCvae;

/// <summary>What a column holds.</summary>
public enum ColumnKind
{
    /// <summary>Numbers with an order and a distance.</summary>
    Numeric = 0,
}

/// <summary>
/// One feature column as it was seen in the training table. Immutable. Generated values keep to it: they lie within
/// [<see cref="Minimum"/>, <see cref="Maximum"/>], are rounded to <see cref="Decimals"/>, and where <see cref="Values"/> are few, are among
/// them.
/// </summary>
public sealed record ColumnSpec
{
    /// <summary>The most decimals that are kept as a rounding rule; a column with more is not rounded.</summary>
    public const int MaxDecimals = 12;

    /// <summary>The most distinct values of a column that generates none but those it was seen with.</summary>
    public const int MaxValues = 20;

    /// <summary>The column's name, unique in its table.</summary>
    public required string Name { get; init; }

    /// <summary>What the column holds.</summary>
    public ColumnKind Kind { get; init; }

    /// <summary>The smallest value seen, in the column's own unit.</summary>
    public required double Minimum { get; init; }

    /// <summary>The largest value seen, in the column's own unit.</summary>
    public required double Maximum { get; init; }

    /// <summary>The most decimals seen (0 for whole numbers); null for a column that is not rounded.</summary>
    public int? Decimals { get; init; }

    /// <summary>
    /// Whether cells may be missing (NaN). Only an evaluation takes such a table; the range is that of the values there are, 0 to 0 for
    /// none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasMissing { get; init; }

    /// <summary>
    /// The values of a column that holds few: 2 to <see cref="MaxValues"/>, each seen at least twice, in ascending order; generated values
    /// are then among them. Null for other columns, and where the range and the decimals leave no value that was not seen.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Values { get; init; }

    /// <summary>Exact, up to 10^<see cref="MaxDecimals"/>.</summary>
    internal static readonly double[] PowersOf10 = [.. Enumerable.Range(0, MaxDecimals + 1).Select(decimals => Math.Pow(10, decimals))];
}

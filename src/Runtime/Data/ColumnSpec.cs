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
/// [<see cref="Minimum"/>, <see cref="Maximum"/>] and are rounded to <see cref="Decimals"/>.
/// </summary>
public sealed record ColumnSpec
{
    /// <summary>The most decimals that are kept as a rounding rule; a column with more is not rounded.</summary>
    public const int MaxDecimals = 12;

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

    /// <summary>Whether cells may be missing (NaN). Only an evaluation takes such a table; the range is that of the values there are, 0 to 0 for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasMissing { get; init; }

    /// <summary>The nearest value that the column can hold: rounded to its decimals, ties to even, and kept within its range.</summary>
    internal double ToValid(double value)
    {
        if (Decimals is int decimals)
        {
            double unit = Math.Pow(10, decimals);
            value = Math.Round(value * unit) / unit;
        }
        // Adding zero makes a rounded -0.3 a plain 0.
        return Math.Min(Math.Max(value, Minimum), Maximum) + 0.0;
    }
}

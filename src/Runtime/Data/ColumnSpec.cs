using System.Globalization;
using System.Text.Json.Serialization;

namespace LeoCvae;

/// <summary>What a column holds.</summary>
public enum ColumnKind
{
    /// <summary>Numbers with an order and a distance.</summary>
    Numeric = 0,

    /// <summary>One of some names, without an order: a cell is the index of its name in <see cref="ColumnSpec.Categories"/>.</summary>
    Category = 1,

    /// <summary>Days: a cell is the number of days since 1970-01-01.</summary>
    Date = 2,

    /// <summary>Points in time: a cell is the number of seconds since 1970-01-01T00:00:00 UTC.</summary>
    DateTime = 3,

    /// <summary>Names of the rows, which say nothing about them: kept in the layout of a file, but no feature; a cell is 0.</summary>
    Identifier = 4,
}

/// <summary>
/// One feature column as it was seen in the training table. Immutable. Generated values keep to it: they lie within
/// [<see cref="Minimum"/>, <see cref="Maximum"/>], are rounded to <see cref="Decimals"/>, and where <see cref="Values"/> are few, are among
/// them; a generated category is one that was seen.
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

    /// <summary>The smallest value seen, in the column's own unit; 0 for categories and identifiers.</summary>
    public required double Minimum { get; init; }

    /// <summary>The largest value seen, in the column's own unit; of categories the index of the last, 0 for identifiers.</summary>
    public required double Maximum { get; init; }

    /// <summary>The most decimals seen (0 for whole numbers); null for a column that is not rounded.</summary>
    public int? Decimals { get; init; }

    /// <summary>Whether cells may be missing (NaN); the range is that of the values there are, 0 to 0 for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasMissing { get; init; }

    /// <summary>
    /// The values of a column that holds few: 2 to <see cref="MaxValues"/>, each seen at least twice, in ascending order; generated values
    /// are then among them. Null for other columns, and where the range and the decimals leave no value that was not seen.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Values { get; init; }

    /// <summary>Names of a <see cref="ColumnKind.Category"/>, unique, in the order of their indices; null for other kinds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>
    /// How a <see cref="ColumnKind.Date"/> or <see cref="ColumnKind.DateTime"/> is written, as a .NET custom format in the invariant
    /// culture (yyyy-MM-dd); null for other kinds.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Format { get; init; }

    /// <summary>
    /// The name of the first column of a group of 0 and 1 of which a row has one 1 (<see cref="ConstraintKind.Flags"/>); null for columns
    /// of no such group. Set by the fit.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? FlagOf { get; init; }

    /// <summary>Whether a row may have no 1 in the group of this column.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MayBeNone { get; init; }

    /// <summary>The text of a cell: 12.5, Paris, 2024-05-01; empty where it is missing, and for names of rows.</summary>
    /// <exception cref="ArgumentException">The column has no such cell.</exception>
    public string Text(double cell)
    {
        if (Categories is { } categories && !double.IsNaN(cell) && !(cell >= 0 && cell < categories.Count))
            throw Fault.Argument(nameof(cell), $"column '{Name}': got {cell}, expected the index of one of {categories.Count} categories");
        return CellText.Of(this, cell);
    }

    /// <summary>The cell of a text, as <see cref="Text"/> writes it; NaN of an empty one.</summary>
    /// <exception cref="ArgumentException">It is no number, no date of the column's format or none of its categories.</exception>
    public double Cell(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Kind == ColumnKind.Identifier)
            return 0;
        if (text.Length == 0)
            return double.NaN;
        double cell;
        if (Categories is { } categories)
        {
            for (int category = 0; category < categories.Count; category++)
                if (categories[category] == text)
                    return category;
            throw Fault.Argument(nameof(text), $"column '{Name}': got '{VisibleText.Name(text)}', expected one of its {categories.Count} " +
                $"categories{NearestName.Question(text, categories)}");
        }
        if (Kind != ColumnKind.Numeric)
            return DateText.TryRead(Kind, Format!, text, out cell) ? cell : throw Fault.Argument(nameof(text),
                $"column '{Name}': got '{VisibleText.Name(text)}', expected a date in the form {Format}");
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out cell) && double.IsFinite(cell) ? cell
            : throw Fault.Argument(nameof(text), $"column '{Name}': got '{VisibleText.Name(text)}', expected a finite number");
    }

    /// <summary>Of times that are written without seconds, the seconds from one to the next; 1 of all other columns.</summary>
    internal double Step => Kind == ColumnKind.DateTime ? DateText.StepOf(Kind, Format!) : 1;

    /// <summary>Exact, up to 10^<see cref="MaxDecimals"/>.</summary>
    internal static readonly double[] PowersOf10 = [.. Enumerable.Range(0, MaxDecimals + 1).Select(decimals => Math.Pow(10, decimals))];
}

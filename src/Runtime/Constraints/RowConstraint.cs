using System.Globalization;
using System.Text.Json.Serialization;

namespace LeoCvae;

/// <summary>What holds between columns in every row.</summary>
public enum ConstraintKind
{
    /// <summary>The category of one column determines the cell of another: a city its state, a school grade its years.</summary>
    Dependency = 0,

    /// <summary>The number of one column is at most that of another: a start, an end.</summary>
    Order = 1,

    /// <summary>Numbers add up to another one, or to the same total in every row.</summary>
    Sum = 2,

    /// <summary>Of some columns of 0 and 1 exactly one is 1, or at most one: a category that was made into indicators.</summary>
    Flags = 3,

    /// <summary>A name of one column occurs only where another column has some name: no internet service, no online security.</summary>
    Implication = 4,
}

/// <summary>
/// What holds in every row of a training table, and so in every generated row. A row in which one of the values is missing need not satisfy
/// an order or a sum; of a dependency a missing value is one more category. Immutable.
/// </summary>
/// <example><code>
/// RowConstraint order = new() { Kind = ConstraintKind.Order, Columns = ["admitted", "discharged"] };
/// </code></example>
public sealed record RowConstraint
{
    /// <summary>What kind it is.</summary>
    public required ConstraintKind Kind { get; init; }

    /// <summary>
    /// The columns' names. Of a dependency the column that determines, then the one that is determined; of an order the smaller, then the
    /// larger; of a sum the parts and then, unless <see cref="Total"/> is given, the one that they add up to; of flags all of them; of an
    /// implication the column that says where, then the one whose name occurs only there.
    /// </summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>What parts add up to in every row; null where the last column says it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Total { get; init; }

    /// <summary>Of flags, whether there may be none in a row.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool MayBeNone { get; init; }

    /// <summary>Of an implication, the name of the first column, and the name of the second that occurs only there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>Of an implication, whether the second column has its name wherever the first has its own.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Exactly { get; init; }

    /// <summary>
    /// Of a dependency, for each category of the determining column and at last for a missing one the determined cell: a number, or the
    /// index of a category; null for a missing value, and where no row has the category. Of an implication the indices of its two names,
    /// then those of names that stand in the second one's place where it may not be, as often as rows have them. Filled in by the fit.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double?>? Map { get; init; }

    /// <summary>The constraint in words: city determines state, start &lt;= end, a + b = c, one of x, y, z,
    /// security = 'none' only where internet = 'No'.</summary>
    public override string ToString()
    {
        string[] names = [.. Columns.Select(VisibleText.Name)];
        return Kind switch
        {
            ConstraintKind.Dependency => string.Join(" determines ", names),
            ConstraintKind.Order => string.Join(" <= ", names),
            ConstraintKind.Sum when Total is double total =>
                string.Create(CultureInfo.InvariantCulture, $"{string.Join(" + ", names)} = {total}"),
            ConstraintKind.Implication when Names is [string where, string only] && names is [string from, string to] =>
                $"{to} = '{VisibleText.Name(only)}' {(Exactly ? "exactly" : "only")} where {from} = '{VisibleText.Name(where)}'",
            ConstraintKind.Sum => $"{string.Join(" + ", names.SkipLast(1))} = {names.LastOrDefault()}",
            _ => $"{(MayBeNone ? "at most one" : "one")} of {string.Join(", ", names)}",
        };
    }
}

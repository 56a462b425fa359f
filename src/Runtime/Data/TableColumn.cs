using System.Globalization;

namespace LeoCvae;

/// <summary>
/// A column of typed values, to make a <see cref="Table"/> of (<see cref="Table.FromColumns"/>). Immutable and thread-safe.
/// </summary>
public sealed class TableColumn
{
    TableColumn(string name, double[] cells, ColumnKind kind, IReadOnlyList<string>? categories = null, string? format = null)
    {
        (Cells, ColumnLearner learner) = (cells, new([name]));
        for (int row = 0; row < cells.Length; row++)
            learner.Add(cells.AsSpan(row, 1));
        ColumnSpec learned = learner.Columns()[0];
        Spec = kind is ColumnKind.Category or ColumnKind.Identifier
            ? learned with
            {
                Kind = kind,
                Minimum = 0,
                Maximum = Math.Max(0, (categories?.Count ?? 1) - 1),
                Decimals = 0,
                Values = null,
                Categories = categories
            }
            : learned with { Kind = kind, Format = format };
    }

    /// <summary>The column's name.</summary>
    public string Name => Spec.Name;

    internal ColumnSpec Spec { get; }

    internal double[] Cells { get; }

    /// <summary>
    /// A column of values, null where one is missing. Numbers (double, where NaN is missing too, float, decimal, int, long, short, byte)
    /// are numbers; string and bool are categories ("true", "false"); DateOnly are dates; DateTime and DateTimeOffset are points in time,
    /// to the microsecond.
    /// </summary>
    /// <example><code>
    /// Table table = Table.FromColumns([
    ///     TableColumn.Of("age", new double?[] { 51, null, 47.5 }),
    ///     TableColumn.Of("city", new[] { "Ulm", "Köln", null }),
    ///     TableColumn.Of("admitted", new[] { new DateOnly(2024, 2, 29), new(2024, 3, 1), new(2024, 3, 4) })],
    ///     labels: ["ill", "well", "well"]);
    /// string?[] cities = table.Column&lt;string?&gt;("city");
    /// </code></example>
    /// <exception cref="ArgumentException">The type is another, or a number is infinite or one that a double doesn't hold.</exception>
    public static TableColumn Of<T>(string name, IEnumerable<T> values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(values);
        Type type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        object?[] cells = [.. values];
        if (type == typeof(string) || type == typeof(bool))
        {
            ClassNames names = new();
            // As flags they are 0 and 1.
            if (cells.Contains(false))
                _ = names.IndexOf("false");
            double[] indices = [.. cells.Select(cell => cell switch
            {
                null => double.NaN,
                bool flag => names.IndexOf(flag ? "true" : "false"),
                _ => names.IndexOf((string)cell),
            })];
            return new(name, indices, ColumnKind.Category, names.Names);
        }
        if (type == typeof(DateOnly))
            return new(name, [.. cells.Select(cell => cell is DateOnly day ? DateText.CellOf(day) : double.NaN)], ColumnKind.Date,
                format: "yyyy-MM-dd");
        if (type == typeof(DateTime) || type == typeof(DateTimeOffset))
            return Times(name, cells);
        return new(name, [.. cells.Select((cell, row) => Number(name, row, cell, type))], ColumnKind.Numeric);
    }

    /// <summary>Names of the rows: a column that is in the table's layout, but no feature. The names themselves are not kept.</summary>
    public static TableColumn Identifiers(string name, IEnumerable<string> values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(values);
        return new(name, new double[values.Count()], ColumnKind.Identifier);
    }

    static TableColumn Times(string name, object?[] cells)
    {
        double[] seconds = [.. cells.Select(cell => cell switch
        {
            DateTimeOffset time => DateText.CellOf(time.UtcDateTime),
            DateTime time => DateText.CellOf(time),
            _ => double.NaN,
        })];
        TimeSpan[] offsets = [.. cells.OfType<DateTimeOffset>().Select(time => time.Offset).Distinct()];
        string zone = offsets.Length > 1 ? "zzz"
            : offsets.Length == 1 && offsets[0] != TimeSpan.Zero
                ? $"'{(offsets[0] < TimeSpan.Zero ? "-" : "+")}{offsets[0].ToString("hh\\:mm", CultureInfo.InvariantCulture)}'"
            : offsets.Length == 1 || (cells.OfType<DateTime>().Any() && cells.OfType<DateTime>().All(time => time.Kind == DateTimeKind.Utc))
                ? "'Z'"
            : "";
        int decimals = seconds.Max(cell => double.IsNaN(cell) ? 0 : Math.Min(6, ColumnLearner.DecimalsOf(cell)));
        return new(name, seconds, ColumnKind.DateTime,
            format: $"yyyy-MM-ddTHH:mm:ss{(decimals > 0 ? "." + new string('f', decimals) : "")}{zone}");
    }

    static double Number(string name, int row, object? cell, Type type)
    {
        double number = cell switch
        {
            null => double.NaN,
            double value => value,
            // The number of its shortest text, rather than the one beside it.
            float value => double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            decimal value => (double)value,
            int or long or short or byte or sbyte or ushort or uint => Convert.ToDouble(cell, CultureInfo.InvariantCulture),
            _ => throw Fault.Argument("values", $"column '{name}': got values of the type {type.Name}, expected numbers, string, bool, " +
                $"DateOnly, DateTime or DateTimeOffset"),
        };
        if (double.IsInfinity(number) || (cell is long whole && whole != (Int128)number))
            throw Fault.Argument("values",
                $"row {row}, column '{name}': got {cell}, expected {(cell is long ? "a number that a double holds" : "a finite number")}");
        return number;
    }
}

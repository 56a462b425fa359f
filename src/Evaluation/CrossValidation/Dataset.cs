using System.Globalization;
using System.Runtime.InteropServices;

namespace LeoCvae.Evaluation;

/// <summary>The table to evaluate on: labelled rows, where values may be missing (NaN) and rows may belong together. Immutable and thread-safe.</summary>
public sealed class Dataset
{
    readonly double[] _values;
    readonly int[] _labels;

    /// <summary>Rows from arrays; classes come in order of appearance.</summary>
    /// <param name="values">n x d features; NaN where a value is missing.</param>
    /// <param name="labels">n class names.</param>
    /// <param name="columns">d names; null names them x0, x1, ...</param>
    /// <param name="target">The label column's name.</param>
    /// <param name="groups">n names of what a row comes from (a patient, say); rows of one group are never both trained on and tested. Null: each row stands for itself.</param>
    /// <exception cref="ArgumentException">Lengths disagree, a value is infinite, or a name is empty or given twice.</exception>
    public Dataset(double[,] values, IReadOnlyList<string> labels, IReadOnlyList<string>? columns = null, string target = "label", IReadOnlyList<string>? groups = null)
        : this(Flat(values), Width(values), labels, columns, target, groups)
    {
    }

    /// <summary>The rows of a table.</summary>
    /// <param name="table">Labelled rows.</param>
    /// <param name="groups">n names of what a row comes from, or null.</param>
    /// <exception cref="ArgumentException">The table has no labels, or lengths disagree.</exception>
    public static Dataset FromTable(Table table, IReadOnlyList<string>? groups = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        table.RequireLabels();
        return new(table.Values.ToArray(), table.Schema.Columns.Count, [.. Enumerable.Range(0, table.RowCount).Select(table.Label)], [.. table.Schema.Columns.Select(column => column.Name)], table.Schema.Target!, groups);
    }

    Dataset(double[] values, int width, IReadOnlyList<string> labels, IReadOnlyList<string>? columns, string target, IReadOnlyList<string>? groups)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(target);
        columns ??= [.. Enumerable.Range(0, width).Select(i => string.Create(CultureInfo.InvariantCulture, $"x{i}"))];
        RequireLength("column names", columns.Count, width);
        RequireLength("labels", labels.Count, width == 0 ? labels.Count : values.Length / width);
        if (groups is not null)
            RequireLength("groups", groups.Count, labels.Count);
        (double[] minimum, double[] maximum) = (new double[width], new double[width]);
        Array.Fill(minimum, double.PositiveInfinity);
        Array.Fill(maximum, double.NegativeInfinity);
        for (int i = 0; i < values.Length; i++)
        {
            int j = i % width;
            if (double.IsInfinity(values[i]))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"row {i / width}, column '{columns[j]}': got {values[i]}, expected a finite number, or NaN where it is missing"));
            if (double.IsNaN(values[i]))
                MissingCells++;
            else
                (minimum[j], maximum[j]) = (Math.Min(minimum[j], values[i]), Math.Max(maximum[j], values[i]));
        }
        // A column of missing values only has no range.
        IEnumerable<ColumnSpec> specs = columns.Select((name, j) => new ColumnSpec { Name = name, Minimum = minimum[j] <= maximum[j] ? minimum[j] : 0, Maximum = minimum[j] <= maximum[j] ? maximum[j] : 0 });
        Schema = new(specs, target, labels.Distinct(StringComparer.Ordinal));
        (_values, _labels) = (values, [.. labels.Select(Schema.ClassIndex)]);
        if (groups is not null)
        {
            List<string> names = [.. groups.Distinct(StringComparer.Ordinal)];
            Dictionary<string, int> index = names.Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => pair.i, StringComparer.Ordinal);
            Groups = [.. groups.Select(name => index[name])];
        }
    }

    /// <summary>Columns and classes.</summary>
    public TableSchema Schema { get; }

    /// <summary>Number of rows, n.</summary>
    public int RowCount => _labels.Length;

    /// <summary>Number of values that are missing.</summary>
    public int MissingCells { get; }

    /// <summary>Class index of each row.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The d values of a row; NaN where a value is missing.</summary>
    public ReadOnlySpan<double> Row(int row) => _values.AsSpan(row * Schema.Columns.Count, Schema.Columns.Count);

    /// <summary>Rows of each class, in the order of <see cref="TableSchema.Classes"/>.</summary>
    public int[] ClassCounts() => [.. Enumerable.Range(0, Schema.Classes.Count).Select(c => _labels.Count(label => label == c))];

    /// <summary>How many columns have missing values.</summary>
    internal int IncompleteColumns => Enumerable.Range(0, Schema.Columns.Count).Count(j => Enumerable.Range(0, RowCount).Any(row => double.IsNaN(Row(row)[j])));

    /// <summary>As <see cref="Table"/> computes it: a table without missing values has the same.</summary>
    internal string Sha256() => Table.Sha256(Schema, _values, _labels);

    /// <summary>Group of each row, numbered from 0; null where each row stands for itself.</summary>
    internal int[]? Groups { get; private init; }

    static int Width(double[,] values) => values.GetLength(1);

    static double[] Flat(double[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        double[] flat = new double[values.Length];
        // Not Buffer.BlockCopy, whose count of bytes is an int.
        if (flat.Length > 0)
            MemoryMarshal.CreateReadOnlySpan(ref values[0, 0], flat.Length).CopyTo(flat);
        return flat;
    }

    static void RequireLength(string what, int got, int expected)
    {
        if (got != expected)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"got {got} {what}, expected {expected}"));
    }
}

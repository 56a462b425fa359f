using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace LeoCvae;

/// <summary>
/// A table in memory: n rows of d numeric features (row-major doubles, original units) and one class each, or none where the rows
/// have no labels. Immutable and thread-safe. A table that was read has only real rows; a resampled one has the real rows first, then synthetic ones.
/// </summary>
public sealed class Table
{
    readonly double[] _values;
    readonly int[] _labels;
    readonly int[]? _sourceRows;

    /// <summary>Wraps arrays that the caller no longer changes.</summary>
    /// <param name="schema">Columns and classes; values beyond a column's range are allowed, generated ones keep to it.</param>
    /// <param name="values">n x d values, row by row, all finite.</param>
    /// <param name="labels">n class indices into <see cref="TableSchema.Classes"/>; empty where the schema has no label column.</param>
    /// <exception cref="ArgumentException">Lengths disagree, a value is not finite or a class index is out of range.</exception>
    public Table(TableSchema schema, double[] values, int[] labels)
        : this(schema, values, labels, null, null)
    {
        for (int i = 0; i < _values.Length; i++)
            if (!double.IsFinite(_values[i]))
                throw new ArgumentException($"row {i / schema.Columns.Count}, column '{schema.Columns[i % schema.Columns.Count].Name}': got {_values[i].ToString(CultureInfo.InvariantCulture)}, expected a finite number");
        foreach (int label in _labels)
            if ((uint)label >= (uint)schema.Classes.Count)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"class index {label} is out of range; the table has {schema.Classes.Count} classes"));
    }

    internal Table(TableSchema schema, double[] values, int[] labels, int? realRows, int[]? sourceRows)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(labels);
        RowCount = schema.Target is null ? values.Length / schema.Columns.Count : labels.Length;
        if (values.Length != (long)RowCount * schema.Columns.Count)
            throw new ArgumentException($"got {values.Length} values, expected {RowCount} rows x {schema.Columns.Count} columns");
        if (schema.Target is null && labels.Length > 0)
            throw new ArgumentException($"got {labels.Length} labels, expected none in a table without a label column");
        (Schema, _values, _labels, RealRows, _sourceRows) = (schema, values, labels, realRows ?? RowCount, sourceRows);
    }

    /// <summary>A table from arrays, with ranges and decimals learned from the values and classes in order of appearance.</summary>
    /// <param name="values">n x d features.</param>
    /// <param name="labels">n class names.</param>
    /// <param name="columns">d names; null names them x0, x1, ...</param>
    /// <param name="target">The label column's name.</param>
    /// <exception cref="ArgumentException">Lengths disagree, or a value is not finite.</exception>
    public static Table FromArrays(double[,] values, IReadOnlyList<string> labels, IReadOnlyList<string>? columns = null, string target = "label")
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(target);
        return Build(values, labels, columns, target);
    }

    /// <summary>Rows without labels, to be scored or embedded by a model that has a reference.</summary>
    /// <param name="values">n x d features.</param>
    /// <param name="columns">d names; null names them x0, x1, ...</param>
    /// <exception cref="ArgumentException">Lengths disagree, or a value is not finite.</exception>
    public static Table Unlabeled(double[,] values, IReadOnlyList<string>? columns = null) => Build(values, null, columns, null);

    static Table Build(double[,] values, IReadOnlyList<string>? labels, IReadOnlyList<string>? columns, string? target)
    {
        ArgumentNullException.ThrowIfNull(values);
        (int rows, int width) = (values.GetLength(0), values.GetLength(1));
        columns ??= [.. Enumerable.Range(0, width).Select(i => string.Create(CultureInfo.InvariantCulture, $"x{i}"))];
        if (columns.Count != width)
            throw new ArgumentException($"got {columns.Count} column names, expected {width}", nameof(columns));
        if (labels is not null && labels.Count != rows)
            throw new ArgumentException($"got {labels.Count} labels, expected {rows}", nameof(labels));

        double[] flat = new double[values.Length];
        Buffer.BlockCopy(values, 0, flat, 0, flat.Length * sizeof(double));
        TableBuilder builder = new(columns, target, width);
        for (int row = 0; row < rows; row++)
            builder.AddRow(flat.AsSpan(row * width, width), labels?[row]);
        return builder.Build();
    }

    /// <summary>Columns and classes.</summary>
    public TableSchema Schema { get; }

    /// <summary>Number of rows, n.</summary>
    public int RowCount { get; }

    /// <summary>Whether the rows have labels.</summary>
    public bool IsLabeled => Schema.Target is not null;

    /// <summary>How many rows, from the start, are real; the rest is synthetic.</summary>
    public int RealRows { get; }

    /// <summary>All values, row by row: n x d, original units.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Class index of each row; empty in a table without labels.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The d values of a row, original units.</summary>
    public ReadOnlySpan<double> Row(int row) => _values.AsSpan(row * Schema.Columns.Count, Schema.Columns.Count);

    /// <summary>The class of a row.</summary>
    /// <exception cref="InvalidOperationException">The rows have no labels.</exception>
    public string Label(int row) => IsLabeled ? Schema.Classes[_labels[row]] : throw new InvalidOperationException("the table has no labels");

    /// <summary>Whether a row was generated.</summary>
    public bool IsSynthetic(int row) => row >= RealRows;

    /// <summary>A real row's own number; for a synthetic row the number of its seed, counted from 0 in the table that the model was fitted on.</summary>
    public int SourceRow(int row) => row < RealRows ? row : _sourceRows![row - RealRows];

    /// <summary>Rows of each class, in the order of <see cref="TableSchema.Classes"/>.</summary>
    public int[] ClassCounts()
    {
        int[] counts = new int[Schema.Classes.Count];
        foreach (int label in _labels)
            counts[label]++;
        return counts;
    }

    /// <summary>Some of the rows as a table of its own, a training fold say: ranges, decimals and classes are learned anew from these rows.</summary>
    /// <param name="rows">Row numbers, in the order wanted.</param>
    /// <exception cref="ArgumentException">A row number is out of range.</exception>
    public Table Select(ReadOnlySpan<int> rows)
    {
        TableBuilder builder = new([.. Schema.Columns.Select(column => column.Name)], Schema.Target, Schema.TargetIndex);
        foreach (int row in rows)
        {
            if ((uint)row >= (uint)RowCount)
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"row {row} is out of range; the table has {RowCount} rows"));
            builder.AddRow(Row(row), IsLabeled ? Label(row) : null);
        }
        return builder.Build();
    }

    /// <summary>Fails where labels are needed and there are none.</summary>
    internal void RequireLabels()
    {
        if (!IsLabeled)
            throw new ArgumentException("the table has no labels; the class of each row is needed");
    }

    /// <summary>SHA-256 of names and classes, then of values and class indices, little-endian, row by row.</summary>
    internal string Sha256() => Sha256(Schema, Values, Labels);

    /// <summary>The same of rows in which values may be missing.</summary>
    internal static string Sha256(TableSchema schema, ReadOnlySpan<double> values, ReadOnlySpan<int> labels)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in schema.Columns.Select(column => column.Name).Append(schema.Target!).Concat(schema.Classes))
            hash.AppendData(Encoding.UTF8.GetBytes(name + "\0"));
        int width = schema.Columns.Count;
        for (int row = 0; row < labels.Length; row++)
        {
            hash.AppendData(MemoryMarshal.AsBytes(values.Slice(row * width, width)));
            hash.AppendData(MemoryMarshal.AsBytes(labels.Slice(row, 1)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>These rows as the real ones, followed by the synthetic rows of another table with the same columns.</summary>
    internal Table Append(Table synthetic)
    {
        int[] labels = new int[RowCount + synthetic.RowCount];
        _labels.CopyTo(labels, 0);
        for (int i = 0; i < synthetic.RowCount; i++)
            labels[RowCount + i] = Schema.ClassIndex(synthetic.Label(i));
        return new Table(Schema, [.. _values, .. synthetic._values], labels, RowCount, synthetic._sourceRows);
    }
}

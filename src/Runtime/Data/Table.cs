using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace LeoCvae;

/// <summary>
/// A table in memory: n rows of d numeric features (row-major doubles, original units; NaN where a cell is missing, in columns that allow
/// it) and one class each, or none where the rows have no labels. Immutable and thread-safe. A table that was read has only real rows; a
/// resampled one has the real rows first, then synthetic ones.
/// </summary>
public sealed partial class Table
{
    // The array may be longer: who filled it didn't know how many rows would come.
    readonly ArraySegment<double> _values;
    readonly int[] _labels;
    // Of synthetic rows; -1 where a row has none.
    readonly int[]? _sourceRows;

    /// <summary>Wraps arrays that the caller no longer changes.</summary>
    /// <param name="schema">Columns and classes; values beyond a column's range are allowed, generated ones keep to it.</param>
    /// <param name="values">n x d values, row by row, finite; NaN where one is missing, in columns with <see cref="ColumnSpec.HasMissing"/>
    /// only.</param>
    /// <param name="labels">n class indices into <see cref="TableSchema.Classes"/>; empty where the schema has no label column.</param>
    /// <exception cref="ArgumentException">Lengths disagree, a value is not finite or a class index is out of range.</exception>
    public Table(TableSchema schema, double[] values, int[] labels)
        : this(schema, values, labels, null, null)
    {
        RequireCells(schema, values, nameof(values));
        foreach (int label in _labels)
            if ((uint)label >= (uint)schema.Classes.Count)
                throw Fault.Argument(nameof(labels), $"class index {label} is out of range; the table has {schema.Classes.Count} classes");
    }

    internal Table(TableSchema schema, double[] values, int[] labels, int? realRows, int[]? sourceRows)
        : this(schema, (ArraySegment<double>)values, labels, realRows, sourceRows)
    {
    }

    internal Table(TableSchema schema, ArraySegment<double> values, int[] labels, int? realRows, int[]? sourceRows)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(values.Array, nameof(values));
        ArgumentNullException.ThrowIfNull(labels);
        RowCount = schema.Target is null ? values.Count / schema.Columns.Count : labels.Length;
        if (values.Count != (long)RowCount * schema.Columns.Count)
            throw Fault.Argument(nameof(values), $"got {values.Count} values, expected {RowCount} rows x {schema.Columns.Count} columns");
        if (schema.Target is null && labels.Length > 0)
            throw Fault.Argument(nameof(labels), $"got {labels.Length} labels, expected none in a table without a label column");
        (Schema, _values, _labels, RealRows, _sourceRows) = (schema, values, labels, realRows ?? RowCount, sourceRows);
    }

    /// <summary>A table from arrays, with ranges and decimals learned from the values and classes in order of appearance.</summary>
    /// <param name="values">n x d features.</param>
    /// <param name="labels">n class names.</param>
    /// <param name="columns">d names; null names them x0, x1, ...</param>
    /// <param name="target">The label column's name.</param>
    /// <param name="allowMissing">Whether a NaN is a missing value, rather than a fault.</param>
    /// <exception cref="ArgumentException">Lengths disagree, a label is empty, or a value is not finite.</exception>
    public static Table FromArrays(double[,] values, IReadOnlyList<string> labels, IReadOnlyList<string>? columns = null,
        string target = "label", bool allowMissing = false)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(target);
        return Build(values, labels, columns, target, allowMissing);
    }

    /// <summary>Rows without labels, to be scored or embedded by a model that has a reference.</summary>
    /// <param name="values">n x d features.</param>
    /// <param name="columns">d names; null names them x0, x1, ...</param>
    /// <exception cref="ArgumentException">Lengths disagree, or a value is not finite.</exception>
    public static Table Unlabeled(double[,] values, IReadOnlyList<string>? columns = null) =>
        Build(values, null, columns, null, allowMissing: false);

    static Table Build(double[,] values, IReadOnlyList<string>? labels, IReadOnlyList<string>? columns, string? target, bool allowMissing)
    {
        ArgumentNullException.ThrowIfNull(values);
        (int rows, int width) = (values.GetLength(0), values.GetLength(1));
        columns ??= [.. Enumerable.Range(0, width).Select(i => string.Create(CultureInfo.InvariantCulture, $"x{i}"))];
        if (columns.Count != width)
            throw Fault.Argument(nameof(columns), $"got {columns.Count} column names, expected {width}");
        if (labels is not null && labels.Count != rows)
            throw Fault.Argument(nameof(labels), $"got {labels.Count} labels, expected {rows}");

        if (values.LongLength > Array.MaxLength)
            throw Fault.Argument(nameof(values), $"got {rows} rows x {width} columns, expected at most {Array.MaxLength} values");

        double[] flat = new double[values.Length];
        // Not Buffer.BlockCopy, whose count of bytes is an int.
        if (flat.Length > 0)
            MemoryMarshal.CreateReadOnlySpan(ref values[0, 0], flat.Length).CopyTo(flat);
        for (int i = 0; i < flat.Length; i++)
            if (!double.IsFinite(flat[i]))
                RequireValue(i / width, columns[i % width], flat[i], allowMissing);
        ClassNames classes = new();
        int[] indices = new int[labels?.Count ?? 0];
        for (int row = 0; row < indices.Length; row++)
            indices[row] = !string.IsNullOrEmpty(labels![row]) ? classes.IndexOf(labels[row])
                : throw Fault.Argument(nameof(labels), $"row {row}: the label is empty, expected a class name");
        return Learn(columns, null, target, width, flat, indices, classes.Names);
    }

    /// <summary>
    /// A table of checked values and labels, with ranges and decimals learned from the values, kinds and categories those of other
    /// columns (null: numbers): of the classes, only those that rows have, in order of appearance.
    /// </summary>
    internal static Table Learn(
        IReadOnlyList<string> columns, IReadOnlyList<ColumnSpec>? like, string? target, int targetIndex, double[] values,
        ReadOnlySpan<int> labels, IReadOnlyList<string> classes)
    {
        ColumnLearner learner = new(columns, like);
        for (int at = 0; at < values.Length; at += columns.Count)
            learner.Add(values.AsSpan(at, columns.Count));
        int[] indexOf = new int[classes.Count], own = new int[labels.Length];
        Array.Fill(indexOf, -1);
        List<string> names = [];
        for (int row = 0; row < own.Length; row++)
        {
            ref int index = ref indexOf[labels[row]];
            if (index < 0)
            {
                index = names.Count;
                names.Add(classes[labels[row]]);
            }
            own[row] = index;
        }
        return new(new TableSchema(learner.Columns(), target, names, targetIndex), values, own, null, null);
    }

    /// <summary>Fails where a cell is none that its column can have.</summary>
    internal static void RequireCells(TableSchema schema, ReadOnlySpan<double> cells, string parameter)
    {
        IReadOnlyList<ColumnSpec> columns = schema.Columns;
        for (int i = 0, j = 0; i < cells.Length; i++)
        {
            ColumnSpec column = columns[j];
            double cell = cells[i];
            if (!double.IsFinite(cell))
                RequireValue(i / columns.Count, column.Name, cell, column.HasMissing, parameter);
            else if (column.Categories is { } categories && !(cell >= 0 && cell < categories.Count && cell == (int)cell))
                throw Fault.Argument(parameter, $"row {i / columns.Count}, column '{column.Name}': got {cell}, expected the index of one " +
                    $"of {categories.Count} categories");
            j = j + 1 == columns.Count ? 0 : j + 1;
        }
    }

    internal static void RequireValue(int row, string column, double value, bool allowMissing, string parameter = "values")
    {
        if (!double.IsFinite(value) && !(allowMissing && double.IsNaN(value)))
            throw Fault.Argument(parameter,
                $"row {row}, column '{column}': got {value}, expected a finite " +
                $"number{(allowMissing ? ", or NaN where it is missing" : "")}");
    }

    /// <summary>Columns and classes.</summary>
    public TableSchema Schema { get; }

    /// <summary>Number of rows, n.</summary>
    public int RowCount { get; }

    /// <summary>The number of row 0 in a larger table that this is a batch of: messages count on from there.</summary>
    internal long FirstRow { get; init; }

    /// <summary>Whether the rows have labels.</summary>
    public bool IsLabeled => Schema.Target is not null;

    /// <summary>How many rows, from the start, are real; the rest is synthetic.</summary>
    public int RealRows { get; }

    /// <summary>All values, row by row: n x d, original units, NaN where one is missing.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Class index of each row; empty in a table without labels.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The d values of a row, original units.</summary>
    public ReadOnlySpan<double> Row(int row) => _values.AsSpan(row * Schema.Columns.Count, Schema.Columns.Count);

    /// <summary>The class of a row.</summary>
    /// <exception cref="InvalidOperationException">The rows have no labels.</exception>
    public string Label(int row) => IsLabeled ? Schema.Classes[_labels[row]]
        : throw new InvalidOperationException("the table has no labels");

    /// <summary>Whether a row was generated.</summary>
    public bool IsSynthetic(int row) => row >= RealRows;

    /// <summary>
    /// A real row's own number; for a synthetic row the number of its seed, counted from 0 in the table that the model was fitted on, or
    /// null where the model's prior is a mixture (<see cref="LatentPrior.Mixture"/>).
    /// </summary>
    public int? SourceRow(int row) => row < RealRows ? row : _sourceRows![row - RealRows] is int source and >= 0 ? source : null;

    /// <summary>The same rows, their sources counted in the table that others were chosen of; null: in the same one.</summary>
    internal Table WithSources(IReadOnlyList<int>? chosen) => chosen is null || _sourceRows is null ? this
        : new(Schema, _values, _labels, RealRows, [.. _sourceRows.Select(row => row < 0 ? row : chosen[row])]) { FirstRow = FirstRow };

    /// <summary>Rows of each class, in the order of <see cref="TableSchema.Classes"/>.</summary>
    public int[] ClassCounts()
    {
        int[] counts = new int[Schema.Classes.Count];
        foreach (int label in _labels)
            counts[label]++;
        return counts;
    }

    /// <summary>n / (C n_y), a weight for a row of each class: so all classes weigh alike.</summary>
    internal double[] ClassWeights() => [.. ClassCounts().Select(count => (double)RowCount / ((double)Schema.Classes.Count * count))];

    /// <summary>Missing values of each column, in the order of the columns.</summary>
    public int[] MissingCounts()
    {
        int[] counts = new int[Schema.Columns.Count];
        for (int j = 0; j < counts.Length; j++)
            for (int row = 0; Schema.Columns[j].HasMissing && row < RowCount; row++)
                counts[j] += double.IsNaN(Row(row)[j]) ? 1 : 0;
        return counts;
    }

    /// <summary>
    /// Some of the rows as a table of its own, a training fold say: ranges, decimals and classes are learned anew from these rows.
    /// </summary>
    /// <param name="rows">Row numbers, in the order wanted.</param>
    /// <exception cref="ArgumentException">A row number is out of range.</exception>
    public Table Select(ReadOnlySpan<int> rows)
    {
        int width = Schema.Columns.Count;
        double[] values = new double[(long)rows.Length * width];
        int[] labels = new int[IsLabeled ? rows.Length : 0];
        for (int i = 0; i < rows.Length; i++)
        {
            if ((uint)rows[i] >= (uint)RowCount)
                throw Fault.Argument(nameof(rows), $"row {rows[i]} is out of range; the table has {RowCount} rows");
            Row(rows[i]).CopyTo(values.AsSpan(i * width));
            if (IsLabeled)
                labels[i] = _labels[rows[i]];
        }
        return Learn([.. Schema.Columns.Select(column => column.Name)], Schema.Columns, Schema.Target, Schema.TargetIndex, values, labels,
            Schema.Classes);
    }

    /// <summary>Rows next to each other, under the same schema.</summary>
    internal Table Slice(int first, int count) => new(Schema, _values.AsSpan(first * Schema.Columns.Count, count * Schema.Columns.Count)
        .ToArray(), IsLabeled ? _labels.AsSpan(first, count).ToArray() : [], null, null)
    { FirstRow = FirstRow + first };

    /// <summary>The same rows, the first of them with this number.</summary>
    internal Table At(long firstRow) => new(Schema, _values, _labels, RealRows, _sourceRows) { FirstRow = firstRow };

    /// <summary>The same rows under a schema of the same columns and classes.</summary>
    internal Table With(TableSchema schema) => schema == Schema ? this
        : new(schema, _values, _labels, RealRows, _sourceRows) { FirstRow = FirstRow };

    /// <summary>Fails where labels are needed and there are none.</summary>
    internal void RequireLabels(string parameter = "table")
    {
        if (!IsLabeled)
            throw Fault.Argument(parameter, $"the table has no labels; the class of each row is needed");
    }

    /// <summary>Fails where a value is missing in a column of another schema that has none missing.</summary>
    internal void RequireComplete(TableSchema schema)
    {
        int width = Schema.Columns.Count;
        bool[] hasMissing = [.. Schema.Columns.Zip(schema.Columns, (own, other) => own.HasMissing && !other.HasMissing)];
        if (!hasMissing.Contains(true))
            return;
        for (int i = 0; i < _values.Count; i++)
            if (hasMissing[i % width] && double.IsNaN(_values[i]))
                throw Fault.Argument("table",
                    $"row {FirstRow + (i / width)}, column '{Schema.Columns[i % width].Name}': the value is missing, and none was where " +
                    $"the model was fitted; fill it in or leave the row out (--missing impute fills in)");
    }

    /// <summary>
    /// SHA-256 of names and classes, of the kinds and categories of columns that aren't numbers, then of values and class indices,
    /// little-endian, row by row.
    /// </summary>
    internal string Sha256()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in Schema.Columns.Select(column => column.Name).Append(Schema.Target!).Concat(Schema.Classes))
            hash.AppendData(Encoding.UTF8.GetBytes(name + "\0"));
        foreach (ColumnSpec column in Schema.Columns.Where(column => column.Kind != ColumnKind.Numeric))
            foreach (string text in (IEnumerable<string>)[ColumnKinds.Name(column.Kind), .. column.Categories ?? []])
                hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));
        for (int row = 0; row < _labels.Length; row++)
        {
            hash.AppendData(MemoryMarshal.AsBytes(Row(row)));
            hash.AppendData(MemoryMarshal.AsBytes(Labels.Slice(row, 1)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// These rows as the real ones, followed by the synthetic rows of another table with the same columns. Categories are told by their
    /// names: those that only synthetic rows have come after the others.
    /// </summary>
    internal Table Append(Table synthetic)
    {
        if (_values.Count + (long)synthetic._values.Count > Array.MaxLength)
            throw Fault.Argument(nameof(synthetic),
                $"got {RowCount} + {synthetic.RowCount} rows x {Schema.Columns.Count} columns, expected at most {Array.MaxLength} values");
        int[] labels = new int[RowCount + synthetic.RowCount], classOf = new int[synthetic.Schema.Classes.Count];
        _labels.CopyTo(labels, 0);
        // Classes without synthetic rows need not be known here.
        Array.Fill(classOf, -1);
        for (int i = 0; i < synthetic.RowCount; i++)
        {
            ref int index = ref classOf[synthetic._labels[i]];
            if (index < 0)
                index = Schema.ClassIndex(synthetic.Label(i));
            labels[RowCount + i] = index;
        }
        TableSchema schema = Joined(synthetic.Schema);
        return new Table(schema, [.. Recoded(schema), .. synthetic.Recoded(schema)], labels, RowCount, synthetic._sourceRows);
    }
}

using System.Globalization;

namespace LeoCvae;

public sealed partial class Table
{
    /// <summary>A table of typed columns (<see cref="TableColumn.Of"/>), of whatever kinds.</summary>
    /// <param name="columns">Features, one value a row each.</param>
    /// <param name="labels">The class name of each row; null for rows without labels.</param>
    /// <param name="target">The label column's name.</param>
    /// <exception cref="ArgumentException">Lengths disagree, a name is taken, or a label is empty.</exception>
    public static Table FromColumns(IEnumerable<TableColumn> columns, IEnumerable<string>? labels = null, string target = "label")
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(target);
        TableColumn[] all = [.. columns];
        string[]? names = labels is null ? null : [.. labels];
        int rows = names?.Length ?? (all.Length == 0 ? 0 : all[0].Cells.Length);
        foreach (TableColumn column in all)
            if (column.Cells.Length != rows)
                throw Fault.Argument(nameof(columns), $"column '{column.Name}': got {column.Cells.Length} values, expected {rows}");
        double[] values = new double[checked(rows * all.Length)];
        for (int i = 0; i < values.Length; i++)
            values[i] = all[i % all.Length].Cells[i / all.Length];
        ClassNames classes = new();
        int[] indices = [.. (names ?? []).Select((name, row) => !string.IsNullOrEmpty(name) ? classes.IndexOf(name)
            : throw Fault.Argument(nameof(labels), $"row {row}: the label is empty, expected a class name"))];
        return new(new TableSchema(all.Select(column => column.Spec), names is null ? null : target, classes.Names), values, indices);
    }

    /// <summary>
    /// The values of a feature column: numbers as double (NaN where one is missing), float, decimal, int or long; categories as string, or
    /// as bool where they are "true" and "false"; dates as DateOnly, points in time as DateTime (UTC) or DateTimeOffset (with the offset of
    /// the column's format). Ask for a nullable type where values are missing.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such column, it isn't of this type, or a value is missing.</exception>
    public T[] Column<T>(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int j = Enumerable.Range(0, Schema.Columns.Count).FirstOrDefault(j => Schema.Columns[j].Name == name, -1);
        if (j < 0)
            throw Fault.Argument(nameof(name), $"no column '{name}'; the columns are " +
                $"{TableSchema.Quote([.. Schema.Columns.Select(column => column.Name)])}");
        Type type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        T[] column = new T[RowCount];
        for (int row = 0; row < column.Length; row++)
        {
            double cell = Row(row)[j];
            bool isMissing = double.IsNaN(cell);
            if (isMissing && typeof(T) != typeof(double) && default(T) is not null)
                throw Fault.Argument(nameof(name), $"row {row}, column '{name}': the value is missing, expected a {type.Name}; ask for " +
                    $"{type.Name}?");
            if (!isMissing || typeof(T) == typeof(double))
                column[row] = (T)Typed(Schema.Columns[j], cell, type);
        }
        return column;
    }

    static object Typed(ColumnSpec column, double cell, Type type)
    {
        string? category = column.Categories?[(int)cell];
        object? value = column.Kind switch
        {
            ColumnKind.Numeric when type == typeof(double) => cell,
            ColumnKind.Numeric when type == typeof(float) => (float)cell,
            ColumnKind.Numeric when type == typeof(decimal) => (decimal)cell,
            ColumnKind.Numeric when type == typeof(int) && cell == (int)cell => (int)cell,
            ColumnKind.Numeric when type == typeof(long) && cell == (long)cell => (long)cell,
            ColumnKind.Category when type == typeof(string) => category,
            ColumnKind.Category when type == typeof(bool) && bool.TryParse(category, out bool flag) => flag,
            ColumnKind.Date when type == typeof(DateOnly) => DateText.Day(cell),
            ColumnKind.DateTime when type == typeof(DateTime) => DateText.Time(cell),
            ColumnKind.DateTime when type == typeof(DateTimeOffset) =>
                new DateTimeOffset(DateText.Time(cell)).ToOffset(DateText.OffsetOf(column.Format!)),
            _ => null,
        };
        string expected = column.Kind switch
        {
            ColumnKind.Numeric => "double, float, decimal, or int or long for whole numbers",
            ColumnKind.Category => "string, or bool for true and false",
            ColumnKind.Date => "DateOnly",
            ColumnKind.DateTime => "DateTime or DateTimeOffset",
            _ => "no type: the names are not kept",
        };
        return value ?? throw Fault.Argument("name",
            $"column '{column.Name}' ({ColumnKinds.Plural(column.Kind)}): got the type {type.Name} for {category ?? Text(cell)}, " +
            $"expected {expected}");

        static string Text(double cell) => cell.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>These rows in the terms of a schema that they must fit.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="withLabels">Whether the label column has to be its, too.</param>
    /// <param name="parameter">What an exception calls the rows.</param>
    /// <param name="place">What stands before how the columns differ.</param>
    /// <exception cref="ArgumentException">Columns differ, or a value is missing where the schema has none.</exception>
    internal Table As(TableSchema schema, bool withLabels, string parameter, string place = "")
    {
        if ((withLabels ? schema.Mismatch(Schema) : schema.FeatureMismatch(Schema)) is string mismatch)
            throw Fault.Argument(parameter, $"{place}{mismatch}");
        Table recoded = Recode(schema);
        recoded.RequireComplete(schema);
        return recoded;
    }

    /// <summary>
    /// These rows in the terms of another schema with the same feature columns: categories are told by their names, those unknown there are
    /// -1. Ranges, decimals and categories are the other schema's, the classes these rows' own.
    /// </summary>
    /// <exception cref="ArgumentException">A column is of another kind there.</exception>
    internal Table Recode(TableSchema schema)
    {
        if (Schema.Columns.Zip(schema.Columns).All(pair => IsNumber(pair.First) && IsNumber(pair.Second)))
            return this;
        for (int j = 0; j < schema.Columns.Count; j++)
            if (schema.Columns[j].Kind is not ColumnKind.Identifier and ColumnKind expected && Schema.Columns[j] is ColumnSpec own
                && own.Kind != expected && !IsAllMissing(j))
                throw Fault.Argument("table", $"column '{own.Name}': got {ColumnKinds.Plural(own.Kind)}, expected " +
                    $"{ColumnKinds.Plural(expected)}");
        TableSchema recoded = new(schema.Columns.Select((column, j) => column with { HasMissing = Schema.Columns[j].HasMissing }),
            Schema.Target, Schema.Classes, Schema.Target is null ? null : Schema.TargetIndex);
        return new(recoded, Recoded(recoded), _labels, RealRows, _sourceRows) { FirstRow = FirstRow };
    }

    static bool IsNumber(ColumnSpec column) => column.Kind == ColumnKind.Numeric;

    bool IsAllMissing(int column)
    {
        for (int row = 0; row < RowCount; row++)
            if (!double.IsNaN(Row(row)[column]))
                return false;
        return true;
    }

    // The cells with the indices of another schema's categories; -1 for those it doesn't have.
    ArraySegment<double> Recoded(TableSchema schema)
    {
        double[]? values = null;
        int width = schema.Columns.Count;
        for (int j = 0; j < width; j++)
        {
            (ColumnSpec own, ColumnSpec other) = (Schema.Columns[j], schema.Columns[j]);
            double[]? indices = null;
            if (other.Categories is { } names && own.Categories is { } known && !ReferenceEquals(names, known))
            {
                Dictionary<string, int> indexOf = new(StringComparer.Ordinal);
                foreach ((int index, string name) in names.Index())
                    indexOf.Add(name, index);
                indices = [.. known.Select(name => (double)indexOf.GetValueOrDefault(name, -1))];
            }
            else if (other.Kind != ColumnKind.Identifier || own.Kind == ColumnKind.Identifier)
                continue;
            values ??= [.. _values];
            for (int i = j; i < values.Length; i += width)
                values[i] = indices is null ? 0 : double.IsNaN(values[i]) || values[i] < 0 ? values[i] : indices[(int)values[i]];
        }
        return values ?? _values;
    }

    // This schema, with the categories and missing values of another that are not in it.
    TableSchema Joined(TableSchema other)
    {
        ColumnSpec[] columns = [.. Schema.Columns.Zip(other.Columns, (own, its) =>
        {
            bool hasMissing = own.HasMissing || its.HasMissing;
            if (own.Kind != its.Kind)
                return its with { HasMissing = hasMissing };
            if (own.Categories is { } names && its.Categories is { } more && !names.SequenceEqual(more, StringComparer.Ordinal))
            {
                string[] all = [.. names.Union(more, StringComparer.Ordinal)];
                if (all.Length > names.Count)
                    return own with { HasMissing = hasMissing, Categories = all, Maximum = all.Length - 1 };
            }
            return hasMissing == own.HasMissing ? own : own with { HasMissing = hasMissing };
        })];
        return columns.Zip(Schema.Columns).All(pair => ReferenceEquals(pair.First, pair.Second)) ? Schema
            : new(columns, Schema.Target, Schema.Classes, Schema.Target is null ? null : Schema.TargetIndex);
    }
}

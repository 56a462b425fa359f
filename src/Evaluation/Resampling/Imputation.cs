namespace LeoCvae.Evaluation;

/// <summary>
/// What stands in place of missing values: the median of a number, the most frequent of a category's names, of equally frequent ones the
/// first in ordinal order. Immutable.
/// </summary>
sealed class Imputation
{
    // Of each column; NaN for one without any value among the rows that it was fitted on.
    readonly double[] _values;

    Imputation(double[] values) => _values = values;

    /// <summary>Fits it on some rows of a table.</summary>
    public static Imputation Fit(Table table, ReadOnlySpan<int> rows)
    {
        double[] values = new double[table.Schema.Columns.Count], column = new double[rows.Length];
        for (int j = 0; j < values.Length; j++)
        {
            for (int i = 0; i < rows.Length; i++)
                column[i] = table.Row(rows[i])[j];
            values[j] = table.Schema.Columns[j].Categories is { } names ? MostFrequent(column, names) : Median(column);
        }
        return new(values);
    }

    /// <summary>Fits it on the real rows of a resampled table.</summary>
    public static Imputation OfReal(Table resampled) => Fit(resampled, [.. Enumerable.Range(0, resampled.RealRows)]);

    /// <summary>Whether there is a value to learn of a column.</summary>
    public bool Knows(int column) => !double.IsNaN(_values[column]);

    /// <summary>The same for some of the columns, as columns of their own.</summary>
    public Imputation Select(int[] columns) => new([.. columns.Select(j => _values[j])]);

    /// <summary>A cell without a missing value.</summary>
    // What no row to fit on knows is 0 in all rows, values in other rows included: nothing could be learned of them.
    public double Complete(int column, double value) =>
        double.IsNaN(_values[column]) ? 0 : double.IsNaN(value) ? _values[column] : value;

    /// <summary>A column that misses no value.</summary>
    public static ColumnSpec Complete(ColumnSpec column) =>
        column with { HasMissing = false, Categories = column.Categories is { Count: 0 } ? [""] : column.Categories };

    /// <summary>A table without missing values; the table itself where it has none.</summary>
    public Table Complete(Table table)
    {
        if (table.Schema.Columns.All(column => !column.HasMissing))
            return table;
        TableSchema given = table.Schema, schema = new(given.Columns.Select(Complete), given.Target, given.Classes, given.TargetIndex);
        double[] values = table.Values.ToArray();
        for (int i = 0; i < values.Length; i++)
            values[i] = Complete(i % _values.Length, values[i]);
        return new(schema, values, table.Labels.ToArray(), table.RealRows,
            [.. Enumerable.Range(table.RealRows, table.RowCount - table.RealRows).Select(row => table.SourceRow(row) ?? -1)]);
    }

    static double Median(double[] column)
    {
        double[] sorted = [.. column.Where(value => !double.IsNaN(value)).Order()];
        return sorted.Length == 0 ? double.NaN : sorted[(sorted.Length - 1) / 2] / 2 + sorted[sorted.Length / 2] / 2;
    }

    static double MostFrequent(double[] column, IReadOnlyList<string> names)
    {
        int[] counts = new int[names.Count];
        foreach (double cell in column)
            if (!double.IsNaN(cell))
                counts[(int)cell]++;
        int most = counts.DefaultIfEmpty().Max();
        return most == 0 ? double.NaN
            : Enumerable.Range(0, counts.Length).Where(k => counts[k] == most).MinBy(k => names[k], StringComparer.Ordinal);
    }
}

namespace LeoCvae.Evaluation;

/// <summary>Synthetic values as they were made, held against what the columns of the training rows hold and miss.</summary>
sealed class MadeValues
{
    readonly Table _rows;
    readonly TableSchema _learned;

    // The categories that training rows have; null for numbers.
    readonly HashSet<double>?[] _seen;

    /// <param name="rows">Training rows, then synthetic ones.</param>
    public MadeValues(Table rows)
    {
        _rows = rows;
        _learned = rows.Select([.. Enumerable.Range(0, rows.RealRows)]).Schema;
        _seen = [.. rows.Schema.Columns.Select((column, j) => column.Categories is null ? null
            : Enumerable.Range(0, rows.RealRows).Select(row => rows.Row(row)[j]).ToHashSet())];
    }

    /// <summary>Whether training rows miss values of a column.</summary>
    public bool IsMissed(int column) => _learned.Columns[column].HasMissing;

    /// <summary>
    /// Share of synthetic values that a column can't hold: numbers beyond the range of the training rows' ones, fractions where these are
    /// whole, categories that no training row has, missing values where no training row misses one.
    /// </summary>
    public double Invalid(int column) =>
        Enumerable.Range(_rows.RealRows, _rows.RowCount - _rows.RealRows).Count(row => !Holds(column, _rows.Row(row)[column]))
            / (double)(_rows.RowCount - _rows.RealRows);

    bool Holds(int column, double value)
    {
        ColumnSpec spec = _learned.Columns[column];
        return double.IsNaN(value) ? spec.HasMissing
            : _seen[column] is { } seen ? seen.Contains(value)
            : value >= spec.Minimum && value <= spec.Maximum && (spec.Decimals != 0 || value == Math.Floor(value));
    }

    /// <summary>How many values of a column each of some classes misses.</summary>
    public MissingRates[] Missing(int column, IEnumerable<int> classes) => [.. classes.Select(c =>
        new MissingRates(_rows.Schema.Classes[c], Share(0, _rows.RealRows, c, column), Share(_rows.RealRows, _rows.RowCount, c, column)))];

    double Share(int first, int end, int c, int column)
    {
        int[] rows = [.. Enumerable.Range(first, end - first).Where(row => _rows.Labels[row] == c)];
        return rows.Length == 0 ? double.NaN : rows.Count(row => double.IsNaN(_rows.Row(row)[column])) / (double)rows.Length;
    }
}

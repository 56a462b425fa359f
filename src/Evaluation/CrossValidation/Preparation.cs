namespace LeoCvae.Evaluation;

/// <summary>
/// What is fitted on training rows before anything else: medians for missing values, and which columns to keep. Immutable.
/// </summary>
sealed class Preparation
{
    readonly int[] _columns;
    // NaN for a column without any value among the rows that it was fitted on.
    readonly double[] _medians;

    Preparation(int[] columns, double[] medians) => (_columns, _medians) = (columns, medians);

    /// <param name="data">The rows.</param>
    /// <param name="rows">Which of them to fit on.</param>
    /// <param name="select">Columns to keep, in their order; 0 keeps all.</param>
    /// <param name="score">What makes a column worth keeping; the first of equals.</param>
    /// <param name="seed">Seed of the noise that parts equal values.</param>
    /// <param name="cancellation">Stops between columns.</param>
    public static Preparation Fit(Table data, int[] rows, int select, FeatureScore score, ulong seed, CancellationToken cancellation)
    {
        int width = data.Schema.Columns.Count, classes = data.Schema.Classes.Count;
        double[] medians = new double[width], scores = new double[width], column = new double[rows.Length];
        int[] labels = [.. rows.Select(row => data.Labels[row])];
        bool selects = select > 0 && select < width;
        for (int j = 0; j < width; j++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int i = 0; i < rows.Length; i++)
                column[i] = data.Row(rows[i])[j];
            medians[j] = Median(column);
            if (!selects)
                continue;
            for (int i = 0; i < rows.Length; i++)
                column[i] = Impute(column[i], medians[j]);
            scores[j] = score == FeatureScore.AnovaF ? FeatureScores.AnovaF(column, labels, classes)
                : FeatureScores.MutualInformation(column, labels, classes, seed, j);
        }
        int[] columns = [.. Enumerable.Range(0, width)];
        if (selects)
            columns = [.. columns.OrderByDescending(j => scores[j]).Take(select).Order()];
        return new(columns, [.. columns.Select(j => medians[j])]);
    }

    public IEnumerable<string> Names(Table data) => _columns.Select(j => data.Schema.Columns[j].Name);

    /// <summary>Names of the columns kept of which the rows that it was fitted on have no value.</summary>
    public IEnumerable<string> Unknown(Table data) => Names(data).Where((_, j) => double.IsNaN(_medians[j]));

    /// <summary>Prepared values of some rows, row by row.</summary>
    public double[] Apply(Table data, int[] rows)
    {
        double[] values = new double[rows.Length * _columns.Length];
        for (int i = 0, at = 0; i < rows.Length; i++)
            for (int j = 0; j < _columns.Length; j++, at++)
                values[at] = Impute(data.Row(rows[i])[_columns[j]], _medians[j]);
        return values;
    }

    // What no row to fit on knows is 0 in all rows, values in other rows included: nothing could be learned of them.
    static double Impute(double value, double median) => double.IsNaN(median) ? 0 : double.IsNaN(value) ? median : value;

    static double Median(double[] column)
    {
        double[] sorted = [.. column.Where(value => !double.IsNaN(value)).Order()];
        return sorted.Length == 0 ? double.NaN : sorted[(sorted.Length - 1) / 2] / 2 + sorted[sorted.Length / 2] / 2;
    }
}

namespace LeoCvae.Evaluation;

/// <summary>
/// What is fitted on training rows before anything else: what stands in place of missing values, and which columns to keep. Names of rows
/// are never kept. Immutable.
/// </summary>
sealed class Preparation
{
    readonly int[] _columns;

    Preparation(int[] columns, Imputation imputation) => (_columns, Imputation) = (columns, imputation);

    /// <summary>Of the columns kept.</summary>
    public Imputation Imputation { get; }

    /// <param name="data">The rows.</param>
    /// <param name="rows">Which of them to fit on.</param>
    /// <param name="select">Columns to keep, in their order; 0 keeps all.</param>
    /// <param name="score">What makes a column worth keeping; the first of equals.</param>
    /// <param name="seed">Seed of the noise that parts equal values.</param>
    /// <param name="cancellation">Stops between columns.</param>
    public static Preparation Fit(Table data, int[] rows, int select, FeatureScore score, ulong seed, CancellationToken cancellation)
    {
        IReadOnlyList<ColumnSpec> specs = data.Schema.Columns;
        int[] columns = [.. Enumerable.Range(0, specs.Count).Where(j => specs[j].Kind != ColumnKind.Identifier)];
        if (columns.Length == 0)
            throw Fault.Argument(nameof(data),
                $"got no column but names of rows ({TableSchema.Quote([.. specs.Select(column => column.Name)])}), expected a feature");
        Imputation imputation = Imputation.Fit(data, rows);
        if (select > 0 && select < columns.Length)
        {
            int classes = data.Schema.Classes.Count;
            int[] labels = [.. rows.Select(row => data.Labels[row])];
            double[] scores = new double[specs.Count], column = new double[rows.Length];
            foreach (int j in columns)
            {
                cancellation.ThrowIfCancellationRequested();
                for (int i = 0; i < rows.Length; i++)
                    column[i] = imputation.Complete(j, data.Row(rows[i])[j]);
                scores[j] = specs[j].Categories is { } names
                    ? FeatureScores.OfCategories(column, Math.Max(1, names.Count), labels, classes, score)
                    : score == FeatureScore.AnovaF ? FeatureScores.AnovaF(column, labels, classes)
                    : FeatureScores.MutualInformation(column, labels, classes, seed, j);
            }
            columns = [.. columns.OrderByDescending(j => scores[j]).Take(select).Order()];
        }
        return new(columns, imputation.Select(columns));
    }

    /// <summary>The same for rows that only have the columns kept.</summary>
    public Preparation OfPrepared() => new([.. Enumerable.Range(0, _columns.Length)], Imputation);

    /// <summary>The columns kept, as they are among all rows.</summary>
    public IEnumerable<ColumnSpec> Columns(Table data) => _columns.Select(j => data.Schema.Columns[j]);

    /// <summary>Names of the columns kept of which the rows that it was fitted on have no value.</summary>
    public IEnumerable<string> Unknown(Table data) => Columns(data).Where((_, j) => !Imputation.Knows(j)).Select(column => column.Name);

    /// <summary>Values of some rows in the columns kept, row by row; missing ones as they are, or imputed.</summary>
    public double[] Values(Table data, int[] rows, bool imputed)
    {
        double[] values = new double[rows.Length * _columns.Length];
        for (int i = 0, at = 0; i < rows.Length; i++)
            for (int j = 0; j < _columns.Length; j++, at++)
                values[at] = data.Row(rows[i])[_columns[j]] is double value && imputed ? Imputation.Complete(j, value) : value;
        return values;
    }
}

namespace LeoCvae.Evaluation;

/// <summary>The rows of a class, standardized by mean and standard deviation of all training rows.</summary>
sealed record ClassParts(int Class, double[][] Training, double[][] Synthetic, double[][] Holdout)
{
    public static ClassParts[] Split(Table resampled, Table holdout)
    {
        TableEncoder encoder = TableEncoder.Fit(resampled.Select([.. Enumerable.Range(0, resampled.RealRows)]));
        double[][] rows = Standardize(resampled, encoder), others = Standardize(holdout, encoder);
        return [.. resampled.Schema.Classes.Select((name, c) => new ClassParts(c,
            [.. rows.Where((_, i) => i < resampled.RealRows && resampled.Labels[i] == c)],
            [.. rows.Where((_, i) => i >= resampled.RealRows && resampled.Labels[i] == c)],
            [.. others.Where((_, i) => holdout.Label(i) == name)]))];
    }

    public static Matrix ToMatrix(double[][] rows)
    {
        Matrix matrix = new(rows.Length, rows[0].Length);
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < matrix.Columns; j++)
                matrix.Row(i)[j] = (float)rows[i][j];
        return matrix;
    }

    public static Matrix Pick(Matrix x, int[] rows)
    {
        Matrix picked = new(rows.Length, x.Columns);
        for (int i = 0; i < rows.Length; i++)
            x[rows[i]].CopyTo(picked.Row(i));
        return picked;
    }

    // In double: values that the table tells apart stay apart.
    static double[][] Standardize(Table table, TableEncoder encoder) =>
        [.. Enumerable.Range(0, table.RowCount)
            .Select(i => table.Row(i).ToArray().Select((value, j) => (value - encoder.Mean[j]) / encoder.Scale[j]).ToArray())];
}

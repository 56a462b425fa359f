namespace LeoCvae.Evaluation;

/// <summary>
/// The rows of a class as features, numbers standardized by mean and standard deviation of all training rows; and its columns.
/// </summary>
/// <param name="Class">The class.</param>
/// <param name="Training">Features of its training rows.</param>
/// <param name="Synthetic">The same of its synthetic rows.</param>
/// <param name="Holdout">The same of its held-out rows.</param>
/// <param name="Real">Columns of its training rows: numbers standardized, categories by index.</param>
/// <param name="Made">The same of its synthetic rows.</param>
sealed record ClassParts(int Class, double[][] Training, double[][] Synthetic, double[][] Holdout, double[][] Real, double[][] Made)
{
    /// <summary>Rows of which no value is missing, class by class.</summary>
    public static ClassParts[] Split(Table resampled, Table holdout)
    {
        TableEncoder encoder = TableEncoder.Fit(resampled.Select([.. Enumerable.Range(0, resampled.RealRows)]));
        int[] places = FeatureLayout.NumberPlaces(resampled.Schema.Columns);
        double[][] rows = Encode(resampled), others = Encode(holdout);
        return [.. resampled.Schema.Classes.Select((name, c) =>
        {
            int[] real = [.. Rows(0, resampled.RealRows, c)], made = [.. Rows(resampled.RealRows, resampled.RowCount, c)];
            return new ClassParts(c, [.. real.Select(i => rows[i])], [.. made.Select(i => rows[i])],
                [.. others.Where((_, i) => holdout.Label(i) == name)], Columns(real), Columns(made));
        })];

        double[][] Encode(Table table) => [.. Enumerable.Range(0, table.RowCount).Select(i => EncodedRows.Of(table.Row(i), encoder))];

        IEnumerable<int> Rows(int first, int end, int c) => Enumerable.Range(first, end - first).Where(i => resampled.Labels[i] == c);

        double[][] Columns(int[] some) => [.. places.Select((place, j) =>
            some.Select(i => place >= 0 ? rows[i][place] : resampled.Row(i)[j]).ToArray())];
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
}

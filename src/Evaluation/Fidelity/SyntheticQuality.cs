namespace LeoCvae.Evaluation;

/// <summary>Fidelity and privacy of synthetic rows. Thread-safe.</summary>
public static class SyntheticQuality
{
    const int FewValues = 10, FewestRows = 5, TestFolds = 5, LargestTest = 1000;
    const double LowShare = 0.05;

    /// <summary>Compares synthetic rows with the training rows they come from and with real rows that nobody was trained on.</summary>
    /// <param name="resampled">Training rows, then synthetic ones.</param>
    /// <param name="holdout">Other real rows with the same columns; classes by name.</param>
    /// <param name="seed">Seed of all random numbers.</param>
    /// <param name="cancellation">Stops long work.</param>
    /// <returns>Null where there is no synthetic row.</returns>
    /// <exception cref="ArgumentException">The columns differ, or a table has no labels.</exception>
    public static SyntheticScores? Measure(Table resampled, Table holdout, ulong seed, CancellationToken cancellation) =>
        Examine(resampled, holdout, seed, cancellation)?.Scores;

    /// <summary>The same, and how near each class's synthetic rows come to its training rows, for classes that have any.</summary>
    internal static (SyntheticScores Scores, IReadOnlyList<ClassCloseness> Classes)? Examine(
        Table resampled, Table holdout, ulong seed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(resampled);
        ArgumentNullException.ThrowIfNull(holdout);
        resampled.RequireLabels(nameof(resampled));
        holdout.RequireLabels(nameof(holdout));
        if (!resampled.Schema.Columns.Select(column => column.Name).SequenceEqual(holdout.Schema.Columns.Select(column => column.Name)))
            throw Fault.Argument(nameof(holdout), $"the holdout's columns are not those of the resampled rows");
        int synthetic = resampled.RowCount - resampled.RealRows;
        if (synthetic == 0)
            return null;

        ClassParts[] classes = ClassParts.Split(resampled, holdout);
        ClassParts[] made = [.. classes.Where(part => part.Synthetic.Length > 0)];
        bool[] isDiscrete = [.. Enumerable.Range(0, resampled.Schema.Columns.Count).Select(j => IsDiscrete(resampled, j))];
        // Distances by class: a standard deviation of the whole table is the unit.
        double[][] distances = [.. made.Select(part => ClosestRows.Distances(part.Synthetic, part.Training))];
        double[][] others = [.. made.Select(part => ClosestRows.Distances(part.Holdout, part.Training))];
        ClassCloseness[] closeness = [.. made.Select((part, i) =>
            new ClassCloseness(resampled.Schema.Classes[part.Class], part.Training.Length, part.Synthetic.Length,
                NearCopies.Share(distances[i], NearCopies.Median(ClosestRows.DistancesWithin(part.Training)) / 2)))];
        SyntheticScores scores = new()
        {
            Rows = synthetic,
            KsComplement = Mean(made, part => ColumnMean(part, isDiscrete, false)),
            TotalVariationComplement = Mean(made, part => ColumnMean(part, isDiscrete, true)),
            CorrelationSimilarity = Mean(made, part => part.Training.Length < FewestRows
                ? double.NaN
                : ColumnDistances.CorrelationSimilarity(Columns(part.Training), Columns(part.Synthetic))),
            TwoSampleAuc = Mean(made, part => TwoSample(part, seed, cancellation)),
            ClosestDistance = ClosestRows.Quantile([.. distances.SelectMany(d => d)], LowShare),
            HoldoutClosestDistance = ClosestRows.Quantile([.. others.SelectMany(d => d)], LowShare),
            NearerThanHoldout = Mean(made, part => NearerShare(distances[Array.IndexOf(made, part)], others[Array.IndexOf(made, part)])),
            NearCopies = closeness.Sum(part => part.NearCopies * part.Rows) / synthetic,
            ExactCopies = ClosestRows.ExactCopies(resampled),
        };
        return (scores, closeness);
    }

    static bool IsDiscrete(Table table, int column)
    {
        HashSet<double> values = [];
        for (int i = 0; i < table.RealRows && values.Count <= FewValues; i++)
            values.Add(table.Row(i)[column]);
        return values.Count <= FewValues;
    }

    static double ColumnMean(ClassParts part, bool[] isDiscrete, bool discrete)
    {
        if (part.Training.Length == 0)
            return double.NaN;
        List<double[]> real = Columns(part.Training), made = Columns(part.Synthetic);
        int[] columns = [.. Enumerable.Range(0, isDiscrete.Length).Where(j => isDiscrete[j] == discrete)];
        return columns.Length == 0
            ? double.NaN
            : columns.Average(j => 1 - Distance(real[j], made[j]));

        double Distance(double[] a, double[] b) => discrete ? ColumnDistances.TotalVariation(a, b)
            : ColumnDistances.KolmogorovSmirnov(a, b);
    }

    static List<double[]> Columns(double[][] rows) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(j => rows.Select(row => row[j]).ToArray())];

    static double NearerShare(double[] distances, double[] others)
    {
        if (others.Length == 0 || distances.Length == 0)
            return double.NaN;
        double median = ClosestRows.Quantile(others, 0.5);
        return distances.Count(distance => distance < median) / (double)distances.Length;
    }

    // Out-of-fold scores of a forest, real rows against the class's synthetic ones, both sides of equal weight.
    static double TwoSample(ClassParts part, ulong seed, CancellationToken cancellation)
    {
        double[][] real = [.. part.Training.Take(LargestTest)], made = [.. part.Synthetic.Take(LargestTest)];
        if (Math.Min(real.Length, made.Length) < FewestRows)
            return double.NaN;
        Matrix x = ClassParts.ToMatrix([.. real, .. made]);
        int[] labels = [.. real.Select(_ => 0), .. made.Select(_ => 1)], fold = new int[labels.Length];
        float[] weights = [.. real.Select(_ => 1f / real.Length), .. made.Select(_ => 1f / made.Length)];
        for (int side = 0, first = 0; side < 2; first += real.Length, side++)
        {
            int[] order = [.. Enumerable.Range(first, side == 0 ? real.Length : made.Length)];
            new CounterRandom(seed, RandomStream.TwoSampleFolds).Shuffle((ulong)side, order);
            for (int i = 0; i < order.Length; i++)
                fold[order[i]] = i % TestFolds;
        }
        // AUC within each fold: forests of different folds don't score alike.
        return Enumerable.Range(0, TestFolds).Average(f =>
        {
            ILookup<bool, int> rows = Enumerable.Range(0, labels.Length).ToLookup(i => fold[i] == f);
            (int[] train, int[] test) = ([.. rows[false]], [.. rows[true]]);
            using IFittedClassifier fitted = new ForestClassifier().Fit(
                ClassParts.Pick(x, train), [.. train.Select(i => labels[i])], [.. train.Select(i => weights[i])], 2, seed, cancellation);
            double[,] probabilities = fitted.Probabilities(ClassParts.Pick(x, test));
            return Ranking.Auc([.. test.Select((_, i) => probabilities[i, 1])], [.. test.Select(i => labels[i] == 1)]);
        });
    }

    static double Mean(ClassParts[] parts, Func<ClassParts, double> score)
    {
        (double sum, double weight) = (0, 0);
        foreach (ClassParts part in parts)
            if (score(part) is double value && !double.IsNaN(value))
                (sum, weight) = (sum + value * part.Synthetic.Length, weight + part.Synthetic.Length);
        return weight == 0 ? double.NaN : sum / weight;
    }
}

namespace LeoCvae.Evaluation;

/// <summary>Fidelity and privacy of synthetic rows. Thread-safe.</summary>
public static class SyntheticQuality
{
    const int FewValues = 10, FewestRows = 5, TestFolds = 5, LargestTest = 1000;
    const double LowShare = 0.05;

    /// <summary>Compares synthetic rows with the training rows they come from and with real rows that nobody was trained on.</summary>
    /// <param name="resampled">Training rows, then synthetic ones.</param>
    /// <param name="holdout">Other real rows with the same columns; classes and categories by name.</param>
    /// <param name="seed">Seed of all random numbers.</param>
    /// <param name="cancellation">Stops long work.</param>
    /// <returns>Null where there is no synthetic row.</returns>
    /// <exception cref="ArgumentException">The columns differ, or a table has no labels.</exception>
    public static SyntheticScores? Measure(Table resampled, Table holdout, ulong seed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(resampled);
        ArgumentNullException.ThrowIfNull(holdout);
        resampled.RequireLabels(nameof(resampled));
        holdout.RequireLabels(nameof(holdout));
        return Examine(resampled, Imputation.OfReal(resampled), InTermsOf(resampled.Schema, holdout), seed, cancellation)?.Scores;
    }

    /// <summary>A holdout in the terms of resampled rows: categories are told by their names, those unknown there are none.</summary>
    /// <exception cref="ArgumentException">Its columns are others, or of other kinds.</exception>
    internal static Table InTermsOf(TableSchema resampled, Table holdout)
    {
        if (resampled.FeatureMismatch(holdout.Schema) is string mismatch)
            throw Fault.Argument(nameof(holdout), $"the holdout doesn't fit the resampled rows: {mismatch}");
        foreach ((ColumnSpec column, ColumnSpec other) in resampled.Columns.Zip(holdout.Schema.Columns))
            if (column.Kind != other.Kind)
                throw Fault.Argument(nameof(holdout), $"the holdout doesn't fit the resampled rows: column '{column.Name}': got " +
                    $"{ColumnKinds.Plural(other.Kind)}, expected {ColumnKinds.Plural(column.Kind)}");
        return holdout.Recode(resampled);
    }

    /// <summary>The same, how near each class's synthetic rows come to its training rows, for classes that have any, and columns.</summary>
    internal static SyntheticExamined? Examine(Table made, Imputation imputation, Table holdout, ulong seed, CancellationToken cancellation)
    {
        int synthetic = made.RowCount - made.RealRows;
        if (synthetic == 0)
            return null;
        // Missing values stand for themselves only where it is they that are counted: so no method is told by these alone.
        Table resampled = imputation.Complete(made);
        ClassParts[] classes = ClassParts.Split(resampled, imputation.Complete(holdout));
        return Examine(made, resampled, [.. classes.Where(part => part.Synthetic.Length > 0)], seed, cancellation);
    }

    static SyntheticExamined Examine(Table asMade, Table resampled, ClassParts[] made, ulong seed, CancellationToken cancellation)
    {
        IReadOnlyList<ColumnSpec> columns = resampled.Schema.Columns;
        (int synthetic, int d) = (resampled.RowCount - resampled.RealRows, columns.Count);
        bool[] isCategory = [.. columns.Select(column => column.Categories is not null)];
        bool[] isDiscrete = [.. columns.Select((_, j) => isCategory[j] || IsDiscrete(resampled, j))];
        int[] numbers = [.. Enumerable.Range(0, d).Where(j => FeatureLayout.IsNumber(columns[j]))],
            features = [.. Enumerable.Range(0, d).Where(j => columns[j].Kind != ColumnKind.Identifier)];
        double[][] similarities = [.. made.Select(part => Similarities(part, isDiscrete))];
        MadeValues values = new(asMade);
        // Distances by class: a standard deviation of the whole table is the unit.
        double[][] distances = [.. made.Select(part => ClosestRows.Distances(part.Synthetic, part.Training, d))];
        double[][] others = [.. made.Select(part => ClosestRows.Distances(part.Holdout, part.Training, d))];
        ClassCloseness[] closeness = [.. made.Select((part, i) =>
            new ClassCloseness(resampled.Schema.Classes[part.Class], part.Training.Length, part.Synthetic.Length,
                NearCopies.Share(distances[i], NearCopies.Median(ClosestRows.DistancesWithin(part.Training, d)) / 2)))];
        SyntheticScores scores = new()
        {
            Rows = synthetic,
            KsComplement = Mean(made, (_, i) => ColumnMean(similarities[i], [.. features.Where(j => !isDiscrete[j])])),
            TotalVariationComplement = Mean(made, (_, i) => ColumnMean(similarities[i], [.. features.Where(j => isDiscrete[j])])),
            CorrelationSimilarity = Mean(made, (part, _) => part.Training.Length < FewestRows
                ? double.NaN
                : ColumnDistances.CorrelationSimilarity([.. numbers.Select(j => part.Real[j])], [.. numbers.Select(j => part.Made[j])])),
            ContingencySimilarity = Mean(made, (part, _) => part.Training.Length < FewestRows
                ? double.NaN
                : Contingency.Similarity([.. features.Select(j => part.Real[j])], [.. features.Select(j => part.Made[j])],
                    [.. features.Select(j => isCategory[j])])),
            MissingDifference = ColumnMean([.. columns.Select((_, j) => !values.IsMissed(j) ? double.NaN
                : Mean(made, (part, _) => values.Missing(j, [part.Class]).Select(rate => Math.Abs(rate.Real - rate.Synthetic)).Single()))],
                [.. features.Where(values.IsMissed)]),
            InvalidValues = features.Select(values.Invalid).DefaultIfEmpty().Average(),
            TwoSampleAuc = Mean(made, (part, _) => TwoSample(part, seed, cancellation)),
            ClosestDistance = ClosestRows.Quantile([.. distances.SelectMany(d => d)], LowShare),
            HoldoutClosestDistance = ClosestRows.Quantile([.. others.SelectMany(d => d)], LowShare),
            NearerThanHoldout = Mean(made, (_, i) => NearerShare(distances[i], others[i])),
            NearCopies = closeness.Sum(part => part.NearCopies * part.Rows) / synthetic,
            ExactCopies = ClosestRows.ExactCopies(resampled),
        };
        // Of plain numbers the means say enough, however many there are.
        bool isMixed = columns.Any(column => !FeatureLayout.IsNumber(column)) || features.Any(values.IsMissed);
        return new(scores, closeness, !isMixed ? [] : [.. features.Select(j => new ColumnScores(columns[j].Name,
            Mean(made, (_, i) => similarities[i][j]), values.Invalid(j),
            values.IsMissed(j) ? values.Missing(j, made.Select(part => part.Class)) : []))]);
    }

    static bool IsDiscrete(Table table, int column)
    {
        HashSet<double> values = [];
        for (int i = 0; i < table.RealRows && values.Count <= FewValues; i++)
            values.Add(table.Row(i)[column]);
        return values.Count <= FewValues;
    }

    // Of each column; NaN where the class has no training row.
    static double[] Similarities(ClassParts part, bool[] isDiscrete) => [.. isDiscrete.Select((discrete, j) =>
        part.Training.Length == 0 ? double.NaN
        : 1 - (discrete ? ColumnDistances.TotalVariation(part.Real[j], part.Made[j])
            : ColumnDistances.KolmogorovSmirnov(part.Real[j], part.Made[j])))];

    static double ColumnMean(double[] ofColumns, int[] columns) =>
        columns.Length == 0 ? double.NaN : columns.Average(j => ofColumns[j]);

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

    static double Mean(ClassParts[] parts, Func<ClassParts, int, double> score)
    {
        (double sum, double weight) = (0, 0);
        for (int i = 0; i < parts.Length; i++)
            if (score(parts[i], i) is double value && !double.IsNaN(value))
                (sum, weight) = (sum + value * parts[i].Synthetic.Length, weight + parts[i].Synthetic.Length);
        return weight == 0 ? double.NaN : sum / weight;
    }
}

/// <summary>What synthetic rows are like: in all, by class and, where the table is not of plain numbers, by column.</summary>
sealed record SyntheticExamined(SyntheticScores Scores, IReadOnlyList<ClassCloseness> Classes, IReadOnlyList<ColumnScores> Columns);

namespace LeoCvae.Evaluation;

/// <summary>Training rows that one classifier of several learns from, as they are and resampled. Immutable.</summary>
/// <param name="Training">The rows, drawn from a fold's training rows.</param>
/// <param name="Resampled">The same, then synthetic ones.</param>
/// <param name="Seed">Seed of everything that is fitted on them.</param>
sealed record Bag(TrainingRows Training, Table Resampled, ulong Seed);

/// <summary>What one classifier says of a fold's test rows, or several in the mean. Immutable.</summary>
/// <param name="Rows">Numbers of the m test rows in the whole table.</param>
/// <param name="Raw">m x C, the mean of the classifiers' own probabilities.</param>
/// <param name="Corrected">m x C, the mean of each classifier's after <see cref="PriorCorrection.ByFrequencies"/>.</param>
/// <param name="AddedRows">Synthetic rows, the mean of the bags rounded up.</param>
/// <param name="CopiedTestRows">Synthetic rows of all bags that equal a test row and no training row.</param>
/// <param name="Before">Training rows of each class of the whole table, of a bag: all have the same.</param>
sealed record BaggedPrediction(
    IReadOnlyList<int> Rows, double[,] Raw, double[,] Corrected, int AddedRows, int CopiedTestRows, double[] Before)
{
    /// <summary>Fits a classifier to each bag and predicts the test rows of the fold that the bags are drawn from.</summary>
    public static BaggedPrediction Of(Fold fold, IReadOnlyList<Bag> bags, IResampler resampler, IClassifier classifier,
        (double[] Values, int[] Labels)? stop, CancellationToken cancellation)
    {
        double[,]? raw = null, corrected = null;
        IReadOnlyList<int> rows = [];
        double[] before = [];
        long added = 0;
        int copied = 0;
        foreach (Bag bag in bags)
        {
            using FittedPipeline pipeline = FittedPipeline.Fit(bag.Training, resampler, bag.Resampled, classifier, stop, bag.Seed,
                cancellation);
            FoldPrediction prediction = fold.Predict(pipeline);
            (rows, before) = (prediction.Rows, pipeline.Before);
            added += pipeline.AddedRows;
            copied += prediction.CopiedTestRows;
            Add(ref raw, prediction.Raw, bags.Count);
            Add(ref corrected, prediction.Corrected, bags.Count);
        }
        return new(rows, raw!, corrected!, (int)((added + bags.Count - 1) / bags.Count), copied, before);
    }

    static void Add(ref double[,]? sum, double[,] values, int count)
    {
        sum ??= new double[values.GetLength(0), values.GetLength(1)];
        for (int i = 0; i < sum.GetLength(0); i++)
            for (int c = 0; c < sum.GetLength(1); c++)
                sum[i, c] += values[i, c] / count;
    }
}

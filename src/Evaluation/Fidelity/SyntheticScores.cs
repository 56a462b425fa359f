namespace LeoCvae.Evaluation;

/// <summary>
/// How alike synthetic rows are to real ones of their class, and how near they come to single training rows. Averages over the classes
/// that have synthetic rows, each by the number of these; NaN where rows are too few. But for the figures about missing and invalid values
/// missing values are imputed, by medians and most frequent categories of the training rows. A category that differs is as far as one
/// standard deviation. Distances are measured of up to 1,000 rows of a class, evenly spread. Immutable.
/// </summary>
public sealed record SyntheticScores
{
    /// <summary>Synthetic rows that were looked at.</summary>
    public required int Rows { get; init; }

    /// <summary>1 less the Kolmogorov-Smirnov statistic, mean over numeric columns; 1 is the same distribution.</summary>
    public required double KsComplement { get; init; }

    /// <summary>
    /// 1 less the total variation distance, mean over categories and discrete columns (at most 10 distinct values in the training rows);
    /// NaN without such columns.
    /// </summary>
    public required double TotalVariationComplement { get; init; }

    /// <summary>1 less half the mean absolute difference of the correlations of two numbers; 1 is the same correlations.</summary>
    public required double CorrelationSimilarity { get; init; }

    /// <summary>
    /// 1 less the total variation distance of how often two columns' values come together, mean over pairs of columns of which one or both
    /// are categories (numbers in ten bins of training rows); NaN without such pairs.
    /// </summary>
    public required double ContingencySimilarity { get; init; }

    /// <summary>
    /// By how much the share of missing values differs from that in the training rows of the class, mean over columns of which these miss
    /// values; 0 is the same, NaN without such columns.
    /// </summary>
    public required double MissingDifference { get; init; }

    /// <summary>
    /// Share of synthetic values that their columns can't hold: numbers beyond the range of the training rows, fractions where these have
    /// whole numbers, categories that none of them has, missing values where none misses one.
    /// </summary>
    public required double InvalidValues { get; init; }

    /// <summary>
    /// Classifier two-sample test: cross-validated ROC-AUC of a random forest that tells real from synthetic; 0.5 is indistinguishable, 1
    /// is told at sight.
    /// </summary>
    public required double TwoSampleAuc { get; init; }

    /// <summary>
    /// 5th percentile of the distances of synthetic rows to the closest training row of their class, in standard deviations, divided by the
    /// root of the number of columns.
    /// </summary>
    public required double ClosestDistance { get; init; }

    /// <summary>The same of holdout rows: what a row that was never trained on has.</summary>
    public required double HoldoutClosestDistance { get; init; }

    /// <summary>
    /// Share of synthetic rows that are nearer to a training row of their class than the median holdout row of it is; half would be as near
    /// as new real rows.
    /// </summary>
    public required double NearerThanHoldout { get; init; }

    /// <summary>
    /// Share of synthetic rows that are near-copies: nearer to a training row of their class than half of the median distance between such
    /// a row and the one closest to it. All of them where the class has a single training row.
    /// </summary>
    public required double NearCopies { get; init; }

    /// <summary>Synthetic rows that equal a training row in every column.</summary>
    public required int ExactCopies { get; init; }
}

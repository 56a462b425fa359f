namespace LeoCvae.Evaluation;

/// <summary>The difference of two methods that were scored on the same folds. Immutable.</summary>
/// <param name="Mean">Mean difference, the first minus the second.</param>
/// <param name="Low">Lower end of the 95% confidence interval; minus infinity with a single fold, or where all differences are equal but
/// not 0.</param>
/// <param name="High">Upper end; infinity likewise.</param>
/// <param name="PValue">Two-sided p of no difference by the same t; 1 where the interval is infinite.</param>
public sealed record PairedInterval(double Mean, double Low, double High, double PValue)
{
    /// <summary>Whether the interval leaves 0 out: then, and only then, one method may be called better.</summary>
    public bool ExcludesZero => Low > 0 || High < 0;
}

/// <summary>What may be said about differences between methods.</summary>
static class PairedComparison
{
    const double Level = 0.95;

    // Up to here all 2^n signs are counted; scipy's bound.
    const int LargestExact = 50;

    /// <summary>
    /// The corrected resampled t interval (Nadeau and Bengio 2003). Training sets of folds overlap, so that the folds' scores aren't
    /// independent and the usual interval is too narrow; the variance of the mean of n differences is taken as (1/n + test/training rows)
    /// times their sample variance, with n - 1 degrees of freedom.
    /// </summary>
    /// <param name="differences">One for each fold of each repeat.</param>
    /// <param name="testShare">Share of the rows that a fold tests, 1/5 with five folds; above 0, below 1.</param>
    /// <exception cref="ArgumentException">There is no difference, one is not finite, or the share is out of range.</exception>
    public static PairedInterval Interval(ReadOnlySpan<double> differences, double testShare)
    {
        int n = Check(differences);
        if (!(testShare is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(testShare), testShare, "expected a share above 0 and below 1");
        (double mean, double squares) = (0, 0);
        foreach (double difference in differences)
            mean += difference / n;
        if (n == 1)
            return new(mean, double.NegativeInfinity, double.PositiveInfinity, 1);
        foreach (double difference in differences)
            squares += (difference - mean) * (difference - mean);
        double error = Math.Sqrt(squares / (n - 1) * Variance(n, testShare));
        // Measures of few test rows take few values, so that folds differ alike by chance: no spread was seen, which is not to say that
        // there is none. The bound is for rounding errors of the mean.
        if (mean != 0 && error <= 1e-15 * Math.Abs(mean))
            return new(mean, double.NegativeInfinity, double.PositiveInfinity, 1);
        if (error == 0)
            return new(0, 0, 0, 1);
        double half = Distributions.StudentQuantile((1 + Level) / 2, n - 1) * error;
        return new(mean, mean - half, mean + half, Math.Min(1, 2 * Distributions.StudentCdf(-Math.Abs(mean) / error, n - 1)));
    }

    /// <summary>Half the width of the interval of n differences whose standard deviation is 1; infinite for a single one.</summary>
    internal static double HalfWidth(int n, double testShare) =>
        n == 1 ? double.PositiveInfinity : Distributions.StudentQuantile((1 + Level) / 2, n - 1) * Math.Sqrt(Variance(n, testShare));

    static double Variance(int n, double testShare) => 1.0 / n + testShare / (1 - testShare);

    /// <summary>
    /// The two-sided p of Wilcoxon's signed-rank test, over data sets say: exact for up to 50 differences without ties and zeros, else by
    /// the normal approximation without zeros, corrected for ties, as scipy.stats.wilcoxon does. 1 where all differences are 0.
    /// </summary>
    /// <param name="differences">One for each data set.</param>
    /// <exception cref="ArgumentException">There is no difference, or one is not finite.</exception>
    public static double WilcoxonPValue(ReadOnlySpan<double> differences)
    {
        Check(differences);
        double[] kept = [.. differences.ToArray().Where(difference => difference != 0)], sizes = [.. kept.Select(Math.Abs)];
        int n = kept.Length;
        if (n == 0)
            return 1;
        double[] ranks = Ranks.Of(sizes);
        double positive = 0, ties = 0;
        for (int i = 0; i < n; i++)
            positive += kept[i] > 0 ? ranks[i] : 0;
        foreach (IGrouping<double, double> tied in sizes.GroupBy(size => size))
            ties += Math.Pow(tied.Count(), 3) - tied.Count();
        double all = n * (n + 1) / 2.0, least = Math.Min(positive, all - positive);
        if (n <= LargestExact && n == differences.Length && ties == 0)
            return Math.Min(1, 2 * ExactTail((int)least, n));
        double deviation = Math.Sqrt((n * (n + 1.0) * (2.0 * n + 1) - ties / 2) / 24);
        return Math.Min(1, 2 * Distributions.NormalTail((all / 2 - least) / deviation));
    }

    /// <summary>
    /// Holm's correction for several tests: p values that may each be compared with the level that holds for all of them together.
    /// </summary>
    /// <param name="pValues">The p of each test.</param>
    public static double[] Holm(ReadOnlySpan<double> pValues)
    {
        double[] sorted = pValues.ToArray(), adjusted = new double[sorted.Length];
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        double least = 0;
        for (int i = 0; i < sorted.Length; i++)
            adjusted[order[i]] = least = Math.Max(least, Math.Min(1, (sorted.Length - i) * sorted[i]));
        return adjusted;
    }

    /// <summary>
    /// The mean rank of each method over data sets, the best score having rank 1; tied methods share the mean of their ranks.
    /// </summary>
    /// <param name="scores">Data sets x methods.</param>
    /// <param name="higherIsBetter">Whether the greatest score is the best.</param>
    public static double[] MeanRanks(double[,] scores, bool higherIsBetter)
    {
        ArgumentNullException.ThrowIfNull(scores);
        (int sets, int methods) = (scores.GetLength(0), scores.GetLength(1));
        double[] means = new double[methods], row = new double[methods];
        for (int set = 0; set < sets; set++)
        {
            for (int method = 0; method < methods; method++)
                row[method] = higherIsBetter ? -scores[set, method] : scores[set, method];
            double[] ranks = Ranks.Of(row);
            for (int method = 0; method < methods; method++)
                means[method] += ranks[method] / sets;
        }
        return means;
    }

    // P(rank sum <= least) where each sign is a coin: the number of subsets of 1..n by their sum.
    static double ExactTail(int least, int n)
    {
        double[] chance = new double[least + 1];
        chance[0] = 1;
        for (int rank = 1; rank <= n; rank++)
            for (int sum = least; sum >= 0; sum--)
                chance[sum] = (chance[sum] + (sum >= rank ? chance[sum - rank] : 0)) / 2;
        return chance.Sum();
    }

    static int Check(ReadOnlySpan<double> differences)
    {
        if (differences.IsEmpty)
            throw Fault.Argument(nameof(differences), $"got no differences, expected one at least");
        foreach (double difference in differences)
            if (!double.IsFinite(difference))
                throw Fault.Argument(nameof(differences), $"got a difference of {difference}, expected finite numbers");
        return differences.Length;
    }
}

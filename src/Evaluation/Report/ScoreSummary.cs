namespace LeoCvae.Evaluation;

/// <summary>A method's scores of a measure with a classifier over all folds, and their difference to the baseline's. Immutable.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="Classifier">Name of the classifier.</param>
/// <param name="Metric">Short name of the measure.</param>
/// <param name="Mean">Mean over folds and repeats in which it is defined; NaN without any.</param>
/// <param name="Deviation">Sample standard deviation over these; NaN for fewer than two.</param>
/// <param name="Difference">Paired difference to the baseline over the folds in which both are defined; null for the baseline itself or
/// without such a fold.</param>
/// <param name="HolmPValue">p of the difference, corrected for the number of methods; 1 without a difference.</param>
/// <param name="HigherIsBetter">Whether more of the measure is better.</param>
public sealed record ScoreSummary(
    string Method, string Classifier, string Metric, double Mean, double Deviation, PairedInterval? Difference, double HolmPValue,
    bool HigherIsBetter)
{
    const double Level = 0.05;

    // Beyond these a difference of scores is rounding error, in which a t test would see the smallest spread.
    const int Digits = 12;

    /// <summary>
    /// 1 where the method is better than the baseline and that is no chance (corrected p below .05, so that the interval excludes 0), -1
    /// where it is worse, else 0.
    /// </summary>
    public int Sign => Difference is { ExcludesZero: true } && HolmPValue < Level ?
        Math.Sign(Difference.Mean) * (HigherIsBetter ? 1 : -1) : 0;

    /// <summary>Pairs of measure and classifier in which there is anything to compare.</summary>
    internal static int Compared(IEnumerable<ScoreSummary> summaries) =>
        summaries.Where(summary => summary.Difference is not null).Select(summary => (summary.Metric, summary.Classifier)).Distinct()
            .Count();

    /// <summary>Summaries in the order of classifiers, measures and methods.</summary>
    /// <param name="data">The scores.</param>
    internal static IReadOnlyList<ScoreSummary> Of(ReportData data)
    {
        ILookup<(string, string, string), ReportScore> scores =
            data.Scores.ToLookup(score => (score.Classifier, score.Metric, score.Method));
        List<ScoreSummary> summaries = [];
        foreach (string classifier in data.Classifiers)
            foreach (ReportMetric metric in data.Metrics)
            {
                ScoreSummary[] some = [.. data.Methods.Select(method => Summarize(method, classifier, metric))];
                int[] compared = [.. Enumerable.Range(0, some.Length).Where(i => some[i].Difference is not null)];
                double[] corrected = PairedComparison.Holm([.. compared.Select(i => some[i].Difference!.PValue)]);
                for (int i = 0; i < compared.Length; i++)
                    some[compared[i]] = some[compared[i]] with { HolmPValue = corrected[i] };
                summaries.AddRange(some);
            }
        return summaries;

        ScoreSummary Summarize(string method, string classifier, ReportMetric metric)
        {
            Dictionary<(int, int), double> own = Defined(method, classifier, metric.Name);
            double mean = own.Count == 0 ? double.NaN : own.Values.Average();
            double deviation = own.Count < 2 ? double.NaN
                : Math.Sqrt(own.Values.Sum(value => (value - mean) * (value - mean)) / (own.Count - 1));
            PairedInterval? difference = null;
            if (method != data.Baseline)
            {
                Dictionary<(int, int), double> others = Defined(data.Baseline, classifier, metric.Name);
                double[] differences = [
                    .. own.Where(score => others.ContainsKey(score.Key))
                    .Select(score => Math.Round(score.Value - others[score.Key], Digits))];
                difference = differences.Length == 0 ? null : PairedComparison.Interval(differences, 1.0 / data.Origin.Folds);
            }
            return new(method, classifier, metric.Name, mean, deviation, difference, 1, metric.HigherIsBetter);
        }

        Dictionary<(int, int), double> Defined(string method, string classifier, string metric) =>
            scores[(classifier, metric, method)].Where(score => double.IsFinite(score.Value))
                .ToDictionary(score => (score.Repeat, score.Fold), score => score.Value);
    }
}

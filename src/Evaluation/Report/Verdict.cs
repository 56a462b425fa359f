namespace LeoCvae.Evaluation;

/// <summary>What an evaluation found, in sentences. Better and worse are said only of differences that are no chance.</summary>
static class Verdict
{
    /// <summary>The first sentence answers whether anything helps; the others go measure by measure, where there is anything to compare.</summary>
    public static IReadOnlyList<string> Of(ReportData data, IReadOnlyList<ScoreSummary> summaries)
    {
        if (!data.Methods.Contains(data.Baseline))
            return [$"{data.Baseline} was not evaluated: there is nothing to compare the methods with."];
        if (data.Methods.All(method => method == data.Baseline))
            return [$"Only {data.Baseline} was evaluated; there is nothing to compare."];
        List<string> sentences = [Answer(data, summaries)];
        sentences.AddRange(data.Metrics.Select(metric =>
        {
            string better = Names(Moved(summaries, metric, better: true)), worse = Names(Moved(summaries, metric, better: false));
            string[] parts = [.. new[] { better == "" ? "" : $"better than {data.Baseline}: {better}", worse == "" ? "" : $"worse: {worse}" }.Where(part => part != "")];
            return $"{metric.Title}: {(parts.Length == 0 ? $"no method differs from {data.Baseline} by more than chance" : string.Join("; ", parts))}.";
        }));
        return sentences;

        static string Names(IEnumerable<ScoreSummary> moved) => string.Join(", ", moved.Select(summary =>
            $"{summary.Method} with {summary.Classifier} ({HtmlText.Signed(summary.Difference!.Mean)}, from {HtmlText.Signed(summary.Difference.Low)} to {HtmlText.Signed(summary.Difference.High)})"));
    }

    static string Answer(ReportData data, IReadOnlyList<ScoreSummary> summaries)
    {
        string[] improved = Named(better: true), spoiled = Named(better: false);
        string answer = improved.Length == 0
            ? $"No sign that oversampling helps on this table: no method is better than {data.Baseline} on any measure by more than chance."
            : $"Better than {data.Baseline}: {string.Join("; ", improved)}.";
        // Decisions move with any threshold: only where tuned ones move too, or ranking does, have the rows themselves helped.
        ReportMetric[] moved = [.. data.Metrics.Where(metric => Moved(summaries, metric, better: true).Any())];
        if (improved.Length > 0 && moved.All(metric => UntunedDecisions.Contains(metric.Name)) && data.Metrics.Any(metric => metric.Name == "f1_macro_tuned"))
            answer += $" Only untuned decisions are: tuned ones, which need no synthetic rows, are no better than with {data.Baseline}.";
        string[] rest = [.. data.Metrics.Where(metric => !Moved(summaries, metric, better: true).Any()).Select(metric => metric.Title)];
        if (improved.Length > 0 && rest.Length > 0)
            answer += $" On {string.Join(", ", rest)} no method is.";
        return answer + (spoiled.Length == 0 ? "" : $" Worse than {data.Baseline}: {string.Join("; ", spoiled)}.");

        string[] Named(bool better) => [.. data.Metrics.Select(metric => (metric.Title, Methods: Moved(summaries, metric, better).Select(summary => summary.Method).Distinct().ToArray()))
            .Where(item => item.Methods.Length > 0).Select(item => $"{item.Title} ({string.Join(", ", item.Methods)})")];
    }

    static readonly string[] UntunedDecisions = ["f1_macro", "f1_positive", "balanced_accuracy", "g_mean"];

    static IEnumerable<ScoreSummary> Moved(IReadOnlyList<ScoreSummary> summaries, ReportMetric metric, bool better) =>
        summaries.Where(summary => summary.Metric == metric.Name && summary.Sign == (metric.HigherIsBetter == better ? 1 : -1));
}

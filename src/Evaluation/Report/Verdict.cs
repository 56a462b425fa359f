using System.Globalization;

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
        foreach (ReportMetric metric in data.Metrics)
        {
            string better = Groups(data, Moved(summaries, metric, better: true)), worse = Groups(data, Moved(summaries, metric, better: false));
            string[] parts = [.. new[] { better == "" ? "" : $"better than {data.Baseline}: {better}.", worse == "" ? "" : $"{(better == "" ? "worse" : "Worse")} than {data.Baseline}: {worse}." }.Where(part => part != "")];
            if (parts.Length > 0)
                sentences.Add($"{metric.Title}: {string.Join(' ', parts)}");
        }
        string[] still = [.. data.Metrics.Where(metric => !Moved(summaries, metric, better: true).Concat(Moved(summaries, metric, better: false)).Any()).Select(metric => metric.Title)];
        if (still.Length > 0)
            sentences.Add($"No method differs from {data.Baseline} by more than chance on {string.Join(", ", still)}.");
        return sentences;
    }

    // By classifier: who moved, and by how much; the intervals of many methods are in the table.
    static string Groups(ReportData data, IEnumerable<ScoreSummary> moved) => string.Join("; ", moved.GroupBy(summary => summary.Classifier).Select(group =>
    {
        double[] means = [.. group.Select(summary => summary.Difference!.Mean).Order()];
        string figures = means.Length > 1
            ? $"{HtmlText.Signed(means[0])} to {HtmlText.Signed(means[^1])}"
            : $"{HtmlText.Signed(means[0])}, from {HtmlText.Signed(group.Single().Difference!.Low)} to {HtmlText.Signed(group.Single().Difference!.High)}";
        return $"{Names(data, [.. group.Select(summary => summary.Method)])} with {group.Key} ({figures})";
    }));

    static string Names(ReportData data, string[] methods) => methods.Length > 2 && methods.Length == data.Methods.Count - 1 ? $"all {methods.Length} methods" : string.Join(", ", methods);

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
        int rest = data.Metrics.Count - moved.Length;
        if (improved.Length > 0 && rest > 0)
            answer += string.Create(CultureInfo.InvariantCulture, $" On the other {(rest == 1 ? "measure" : $"{rest} measures")} no method is.");
        return answer + (spoiled.Length == 0 ? "" : $" Worse than {data.Baseline}: {string.Join("; ", spoiled)}.");

        string[] Named(bool better) => [.. data.Metrics.Select(metric => (metric.Title, Methods: Moved(summaries, metric, better).Select(summary => summary.Method).Distinct().ToArray()))
            .Where(item => item.Methods.Length > 0).Select(item => $"{item.Title} ({Names(data, item.Methods)})")];
    }

    static readonly string[] UntunedDecisions = ["f1_macro", "f1_positive", "balanced_accuracy", "g_mean"];

    static IEnumerable<ScoreSummary> Moved(IReadOnlyList<ScoreSummary> summaries, ReportMetric metric, bool better) =>
        summaries.Where(summary => summary.Metric == metric.Name && summary.Sign == (metric.HigherIsBetter == better ? 1 : -1));
}

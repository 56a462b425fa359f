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
        Change[] changes = [.. data.Metrics.Select(metric => new Change(metric, Moved(summaries, metric, better: true), Moved(summaries, metric, better: false)))];
        List<string> sentences = [Answer(data, changes)];
        foreach (Change change in changes)
        {
            string better = Groups(data, change.Better), worse = Groups(data, change.Worse);
            string[] parts = [.. new[] { better == "" ? "" : $"better than {data.Baseline}: {better}.", worse == "" ? "" : $"{(better == "" ? "worse" : "Worse")} than {data.Baseline}: {worse}." }.Where(part => part != "")];
            if (parts.Length > 0)
                sentences.Add($"{change.Metric.Title}: {string.Join(' ', parts)}");
        }
        string[] still = [.. changes.Where(change => change.Better.Length + change.Worse.Length == 0).Select(change => change.Metric.Title)];
        if (still.Length > 0)
            sentences.Add($"No method differs from {data.Baseline} by more than chance on {string.Join(", ", still)}.");
        return sentences;
    }

    // By classifier: who moved, and by how much; the intervals of many methods are in the table.
    static string Groups(ReportData data, ScoreSummary[] moved) => string.Join("; ", moved.GroupBy(summary => summary.Classifier).Select(group =>
    {
        double[] means = [.. group.Select(summary => summary.Difference!.Mean).Order()];
        string figures = means.Length > 1
            ? $"{HtmlText.Signed(means[0])} to {HtmlText.Signed(means[^1])}"
            : $"{HtmlText.Signed(means[0])}, from {HtmlText.Signed(group.Single().Difference!.Low)} to {HtmlText.Signed(group.Single().Difference!.High)}";
        return $"{Names(data, [.. group.Select(summary => summary.Method)])} with {group.Key} ({figures})";
    }));

    static string Names(ReportData data, string[] methods) => methods.Length > 2 && methods.Length == data.Methods.Count - 1 ? $"all {methods.Length} methods" : string.Join(", ", methods);

    static string Answer(ReportData data, Change[] changes)
    {
        Change[] improved = [.. changes.Where(change => change.Better.Length > 0)], spoiled = [.. changes.Where(change => change.Worse.Length > 0)];
        string worse = spoiled.Length == 0 ? "" : $" Worse than {data.Baseline}: {Named(spoiled, change => change.Worse)}.";
        if (improved.Length == 0)
            return $"No sign that oversampling helps on this table: no method is better than {data.Baseline} on any measure by more than chance.{worse}";
        string answer = $"Better than {data.Baseline}: {Named(improved, change => change.Better)}.";
        // Decisions move with any threshold: only where tuned ones move too, or ranking does, have the rows themselves helped.
        if (improved.All(change => UntunedDecisions.Contains(change.Metric.Name)) && data.Metrics.Any(metric => metric.Name == "f1_macro_tuned"))
            answer += $" Only untuned decisions are: tuned ones, which need no synthetic rows, are no better than with {data.Baseline}.";
        int rest = changes.Length - improved.Length;
        if (rest > 0)
            answer += string.Create(CultureInfo.InvariantCulture, $" On the other {(rest == 1 ? "measure" : $"{rest} measures")} no method is.");
        return answer + worse;

        string Named(Change[] some, Func<Change, ScoreSummary[]> moved) =>
            string.Join("; ", some.Select(change => $"{change.Metric.Title} ({Names(data, [.. moved(change).Select(summary => summary.Method).Distinct()])})"));
    }

    static readonly string[] UntunedDecisions = ["f1_macro", "f1_positive", "balanced_accuracy", "g_mean"];

    static ScoreSummary[] Moved(IReadOnlyList<ScoreSummary> summaries, ReportMetric metric, bool better) =>
        [.. summaries.Where(summary => summary.Metric == metric.Name && summary.Sign == (better ? 1 : -1))];

    // A measure, and what is better and worse on it than the baseline by more than chance.
    sealed record Change(ReportMetric Metric, ScoreSummary[] Better, ScoreSummary[] Worse);
}

using static System.Globalization.CultureInfo;

namespace LeoCvae.Evaluation;

/// <summary>
/// What an evaluation found, in sentences. Better and worse are said only of differences that are no chance; nothing of measures that are
/// not defined.
/// </summary>
static class Verdict
{
    const int FewRepeats = 5;

    static readonly string[] UntunedDecisions = ["f1_macro", "f1_positive", "balanced_accuracy", "g_mean"];

    /// <summary>
    /// The first sentences answer whether anything helps; then measure by measure, what could be seen at all, how far rows lead
    /// alone, and how near they come to real ones.
    /// </summary>
    public static IReadOnlyList<string> Of(ReportData data, IReadOnlyList<ScoreSummary> summaries)
    {
        string[] rows = [.. RowsAlone.InShort(data), .. Closeness.InShort(data)];
        if (!data.Methods.Contains(data.Baseline))
            return [$"{Name(data.Baseline)} was not evaluated: there is nothing to compare the methods with.", .. rows];
        if (data.Methods.All(method => method == data.Baseline))
            return [$"Only {Name(data.Baseline)} was evaluated; there is nothing to compare."];
        Change[] changes = [.. data.Metrics.Select(metric => Change.Of(metric, summaries)).Where(change => change.Compared.Length > 0)];
        if (changes.Length == 0)
            return ["No measure is defined in any fold: there is nothing to compare.", .. rows];
        string[] still = [.. changes.Where(change => !change.IsBetter && !change.IsWorse).Select(change => change.Metric.Title)];
        return
        [
            Answer(data, changes),
            .. changes.Where(change => change.IsBetter || change.IsWorse).Select(change => OfMeasure(data, change)),
            .. still.Length is 0 ? []
                : new[] { $"On {Words.List(still)} no method differs from {Name(data.Baseline)} by more than chance explains." },
            .. Power(data, changes),
            .. rows,
        ];
    }

    static string Answer(ReportData data, Change[] changes)
    {
        Change[] made = [.. changes.Select(change => change.Only(summary => !data.WithoutRows.Contains(summary.Method)))];
        Change[] improved = [.. made.Where(change => change.IsBetter)], spoiled = [.. changes.Where(change => change.IsWorse)];
        Change[] weighed = [.. changes.Select(change => change.Only(summary => data.WithoutRows.Contains(summary.Method)))
            .Where(change => change.IsBetter)];
        string measures = changes.Length == 1 ? changes[0].Metric.Title
            : string.Create(InvariantCulture, $"any of {changes.Length} measures");
        string answer = improved.Length == 0
            ? $"There is no sign that oversampling helps on this table: with " +
                $"{Words.List([.. data.Classifiers.Select(Name)], and: "or")}, no method that adds rows is better than " +
                $"{Name(data.Baseline)} on {measures} by more than chance explains."
            // Decisions move with any threshold: only where tuned ones move too, or ranking does, have the rows themselves helped.
            : improved.All(change => UntunedDecisions.Contains(change.Metric.Name))
                && changes.Any(change => change.Metric.Name == "f1_macro_tuned")
            ? $"With {Moving(improved, 1)}, oversampling makes {Titles(improved)} better, but a threshold would do: once decisions are " +
                $"tuned, which takes no synthetic rows, no method that adds rows is better than {Name(data.Baseline)}."
            : $"Oversampling helps on this table: with {Moving(improved, 1)}, it makes {Titles(improved)} better.";
        string[] others = [.. data.Classifiers.Except(improved.SelectMany(change => change.Classifiers(1)))];
        if (improved.Length > 0 && others.Length > 0)
            answer += $" With {Words.List([.. others.Select(Name)], and: "or")} it makes nothing better.";
        if (weighed.Length > 0)
            answer += $" With {Moving(weighed, 1)}, {Words.List([.. data.WithoutRows.Select(Name)], and: "or")} makes {Titles(weighed)} " +
                $"better, without synthetic rows.";
        return spoiled.Length == 0 ? answer
            : $"{answer} {Words.Capital(Titles(spoiled))} {(spoiled.Length == 1 ? "gets" : "get")} worse with {Moving(spoiled, -1)}.";

        string Moving(Change[] some, int sign) =>
            Words.List(
                [.. data.Classifiers.Where(name => some.Any(change => change.Classifiers(sign).Contains(name))).Select(Name)], and: "or");
    }

    static string Titles(Change[] changes) => Words.List([.. changes.Select(change => change.Metric.Title)], 3, "measures");

    // With each classifier who moved, and by how much; the intervals of all are in the table.
    static string OfMeasure(ReportData data, Change change)
    {
        string[] sentences =
        [
            .. from classifier in data.Classifiers
               from sign in (int[])[1, -1]
               let moved = change.Compared.Where(summary => summary.Classifier == classifier && summary.Sign == sign)
                   .OrderByDescending(Size).ToArray()
               where moved.Length > 0
               select Moved(data, classifier, sign > 0 ? "better" : "worse", moved)
        ];
        return $"{Words.Capital(change.Metric.Title)}: " +
            $"{sentences[0]}{string.Concat(sentences.Skip(1).Select(sentence => $" {Words.Capital(sentence)}"))}";
    }

    static string Moved(ReportData data, string classifier, string how, ScoreSummary[] moved)
    {
        PairedInterval interval = moved[0].Difference!;
        (double low, double high) = interval.Mean < 0 ? (-interval.High, -interval.Low) : (interval.Low, interval.High);
        ScoreSummary[] others = moved[1..];
        string rest = others.Length switch
        {
            0 => "",
            1 => $", {Name(others[0].Method)} by {Number(Size(others[0]))}",
            _ => $", {Others(data, others)} by {Number(Size(others[^1]))} to {Number(Size(others[0]))}",
        };
        return $"with {Name(classifier)}, {Name(moved[0].Method)} is {how} than {Name(data.Baseline)} by {Number(Size(moved[0]))} (95% " +
            $"interval {Number(low)} to {Number(high)}){rest}.";
    }

    static string Others(ReportData data, ScoreSummary[] others) =>
        others.Length < 3 ? Words.List([.. others.Select(summary => Name(summary.Method))])
        : others.Length == data.Methods.Count - 2 ? string.Create(InvariantCulture, $"all {others.Length} others")
        : string.Create(InvariantCulture, $"{others.Length} more methods");

    // What differences could have been seen, of the first measure that has intervals.
    static IEnumerable<string> Power(ReportData data, Change[] changes)
    {
        foreach (Change change in changes)
        {
            double[] halves = [.. change.Compared.Select(summary => (summary.Difference!.High - summary.Difference.Low) / 2)
                .Where(half => double.IsFinite(half) && half > 0)];
            if (halves.Length == 0)
                continue;
            double half = ClosestRows.Quantile(halves, 0.5);
            ReportClass rarest = data.Origin.Classes.MinBy(c => c.Rows)!;
            double tested = (double)rarest.Rows / data.Origin.Folds;
            string few = string.Create(
                InvariantCulture,
                $"the rarest class, {Words.Quoted(rarest.Name)}, has {Words.Rows(rarest.Rows)}, " +
                $"{(tested < 1 ? "less than one" : $"about {Math.Round(tested)}")} in a test fold");
            yield return $"Intervals of {change.Metric.Title} are about \u00B1{Number(half)}: {few}. Smaller differences can\u2019t be " +
                $"seen{Advice(data.Origin, half)}.";
            yield break;
        }
    }

    // What more repeats would make of it, at the same spread.
    static string Advice(ReportOrigin origin, double half)
    {
        // Leaving one row out draws the same folds again.
        if (origin.Repeats >= FewRepeats || origin.Folds >= origin.Classes.Sum(c => c.Rows))
            return "; more rows would narrow them, more repeats hardly";
        double now = PairedComparison.HalfWidth(origin.Folds * origin.Repeats, 1.0 / origin.Folds);
        double then = PairedComparison.HalfWidth(origin.Folds * FewRepeats, 1.0 / origin.Folds);
        return string.Create(InvariantCulture, $"; --repeats {FewRepeats} would narrow them to about \u00B1{Number(half * then / now)}");
    }

    static double Size(ScoreSummary summary) => Math.Abs(summary.Difference!.Mean);

    static string Number(double value) => HtmlText.Number(value);

    static string Name(string name) => Words.Cut(name);

    // A measure, and the methods compared with the baseline on it.
    sealed record Change(ReportMetric Metric, ScoreSummary[] Compared)
    {
        public static Change Of(ReportMetric metric, IReadOnlyList<ScoreSummary> summaries) =>
            new(metric, [.. summaries.Where(summary => summary.Metric == metric.Name && summary.Difference is not null)]);

        public Change Only(Func<ScoreSummary, bool> keep) => this with { Compared = [.. Compared.Where(keep)] };

        public IEnumerable<string> Classifiers(int sign) => Compared.Where(summary => summary.Sign == sign)
            .Select(summary => summary.Classifier);

        public bool IsBetter => Compared.Any(summary => summary.Sign > 0);

        public bool IsWorse => Compared.Any(summary => summary.Sign < 0);
    }
}

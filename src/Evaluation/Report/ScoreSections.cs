using System.Text;
using static System.Globalization.CultureInfo;

namespace LeoCvae.Evaluation;

/// <summary>The report's scores: tables, intervals of differences, curves.</summary>
static class ScoreSections
{
    const int Series = 10;

    public static void Append(StringBuilder page, ReportData data, IReadOnlyList<ScoreSummary> summaries)
    {
        page.Append("<h2>Scores</h2>\n<p class=\"soft\">Mean \u00B1 standard deviation over folds");
        if (summaries.Any(summary => summary.Difference is not null))
            page.Append("; below it the difference to ").Append(HtmlText.Name(data.Baseline))
                .Append(" and its 95% interval. <span class=\"good\">\u25B2</span> is better and <span class=\"bad\">\u25BC</span> worse " +
                "than chance explains");
        page.Append(data.Origin.PositiveClass is string positive ? $". The positive class is {HtmlText.Name(positive)}" : "")
            .Append(".</p>\n");
        page.Append("<div class=\"tables\">\n");
        foreach (string classifier in data.Classifiers)
        {
            page.Append(InvariantCulture, $"<section><h3>{HtmlText.Name(classifier)}</h3>\n");
            Table(page, data, [.. summaries.Where(summary => summary.Classifier == classifier)]);
            page.Append("</section>\n");
        }
        page.Append("</div>\n");
        Meanings(page, data.Metrics);
        foreach (string classifier in data.Classifiers)
            Differences(page, data, classifier, [.. summaries.Where(summary => summary.Classifier == classifier)]);
        foreach (string classifier in data.Classifiers)
            Curves(page, data, classifier);
    }

    static void Table(StringBuilder page, ReportData data, ScoreSummary[] summaries) =>
        HtmlTable.Append(page, data.Methods, data.Metrics.Select(metric =>
        {
            Dictionary<string, ScoreSummary> of = summaries.Where(summary => summary.Metric == metric.Name)
                .ToDictionary(summary => summary.Method);
            return ($"{metric.Title}\u00A0{(metric.HigherIsBetter ? '\u2191' : '\u2193')}",
                data.Methods.Select(method => Cell(of[method])));
        }));

    static string Cell(ScoreSummary summary)
    {
        if (double.IsNaN(summary.Mean))
            return "<span>undefined</span>";
        string scores = $"<span>{HtmlText.Number(summary.Mean)} \u00B1 {HtmlText.Number(summary.Deviation)}</span>";
        if (summary.Difference is not { } difference)
            return scores;
        string mark = summary.Sign switch { 0 => "", > 0 => "\u25B2\u00A0", _ => "\u25BC\u00A0" };
        return $"{scores}<small " +
            $"class=\"{Class(summary)}\">{mark}{HtmlText.Signed(difference.Mean)}</small><small>[{HtmlText.Signed(difference.Low)}, " +
            $"{HtmlText.Signed(difference.High)}]</small>";
    }

    static void Meanings(StringBuilder page, IReadOnlyList<ReportMetric> metrics)
    {
        ReportMetric[] explained = [.. metrics.Where(metric => metric.Meaning != "")];
        if (explained.Length == 0)
            return;
        page.Append("<h3>What the measures are</h3>\n<dl class=\"meanings\">\n");
        foreach (ReportMetric metric in explained)
            page.Append(
                InvariantCulture,
                $"<div><dt>{HtmlText.Escape(Words.Capital(metric.Title))}</dt><dd>{HtmlText.Escape(metric.Meaning)}</dd></div>\n");
        page.Append("</dl>\n");
    }

    static void Differences(StringBuilder page, ReportData data, string classifier, ScoreSummary[] summaries)
    {
        if (summaries.All(summary => summary.Difference is null))
            return;
        page.Append(
            InvariantCulture,
            $"<h2>Differences to {HtmlText.Name(data.Baseline)}, {HtmlText.Name(classifier)}</h2>\n<p class=\"soft\">Means and 95% " +
            $"intervals. Hollow marks: chance explains the difference.</p>\n<div class=\"charts small\">\n");
        foreach (ReportMetric metric in data.Metrics)
        {
            (string, PairedInterval, string)[] rows = [.. summaries
                .Where(summary => summary.Metric == metric.Name && summary.Difference is not null)
                .Select(summary => (summary.Method, summary.Difference!, Class(summary)))];
            if (rows.Length > 0)
                Figure(page, Words.Capital(metric.Title), Chart.Intervals(rows, metric.HigherIsBetter ? "better \u2192" : "\u2190 better"),
                    "", []);
        }
        page.Append("</div>\n");
    }

    static void Curves(StringBuilder page, ReportData data, string classifier)
    {
        ReportCurve[] curves = [.. data.Curves.Where(curve => curve.Classifier == classifier)];
        if (curves.Length == 0)
            return;
        page.Append(InvariantCulture, $"<h2>Curves, {HtmlText.Name(classifier)}</h2>\n<div class=\"charts\">\n");
        bool isBinary = data.Origin.Classes.Count == 2;
        string positive = isBinary && data.Origin.PositiveClass is string name ? $"Positive: {Words.Cut(name)}. " : "";
        string rows = $"{positive}{(isBinary ? "Rows" : "Pairs of row and class")} as predicted by the folds that tested " +
            $"them{(data.Origin.Repeats > 1 ? ", first repeat" : "")}.";
        foreach ((CurveKind kind, string title, string x, string y) in ((CurveKind, string, string, string)[])[
            (CurveKind.Roc, "ROC", "false positive rate", "true positive rate"),
            (CurveKind.PrecisionRecall, "Precision and recall", "recall", "precision"),
            (CurveKind.Calibration, "Calibration", "mean predicted probability", isBinary ? "share of positives" : "share that is right")])
        {
            // Many classes have small probabilities.
            double end = kind == CurveKind.Calibration
                ? Math.Min(1, curves.Where(curve => curve.Kind == kind).SelectMany(curve => curve.X.Concat(curve.Y)).Append(0.05).Max())
                : 1;
            Chart chart = new((0, end), (0, end), x, y);
            if (kind != CurveKind.PrecisionRecall)
                chart.Guide(0, 0, end, end);
            ILookup<string, ReportCurve> of = curves.Where(curve => curve.Kind == kind).ToLookup(curve => curve.Method);
            List<(string, string)> legend = [];
            for (int m = 0; m < data.Methods.Count; m++)
                foreach (ReportCurve curve in of[data.Methods[m]].Take(1))
                {
                    chart.Line(curve.X, curve.Y, m % Series, withDots: kind == CurveKind.Calibration);
                    legend.Add(($"curve s{m % Series}", data.Methods[m]));
                }
            string caption = kind == CurveKind.Calibration
                ? "On the dashed line probabilities mean what they say. As classifiers give them, without prior correction."
                : rows;
            Figure(page, title, chart, caption, legend);
        }
        page.Append("</div>\n");
    }

    /// <summary>A chart with its title, a caption and a legend.</summary>
    public static void Figure(
        StringBuilder page, string title, Chart chart, string caption, IReadOnlyList<(string Class, string Name)> legend)
    {
        page.Append(InvariantCulture, $"<figure><h3>{HtmlText.Escape(title)}</h3>{chart.ToSvg(title)}");
        if (legend.Count > 0)
        {
            IEnumerable<string> items =
                legend.Select(item => $"<li><span class=\"key {item.Class}\"></span>{HtmlText.Name(item.Name)}</li>");
            page.Append(InvariantCulture, $"<ul class=\"legend\">{string.Concat(items)}</ul>");
        }
        page.Append(caption == "" ? "</figure>\n" : $"<figcaption>{HtmlText.Escape(caption)}</figcaption></figure>\n");
    }

    static string Class(ScoreSummary summary) => summary.Sign switch { 0 => "none", > 0 => "good", _ => "bad" };
}

using System.Text;
using static System.Globalization.CultureInfo;

namespace LeoCvae.Evaluation;

/// <summary>The report's scores: tables, intervals of differences, curves.</summary>
static class ScoreSections
{
    public static void Append(StringBuilder page, ReportData data, IReadOnlyList<ScoreSummary> summaries)
    {
        page.Append("<h2>Scores</h2>\n<p class=\"soft\">Mean \u00B1 standard deviation over folds");
        if (summaries.Any(summary => summary.Difference is not null))
            page.Append("; below it the difference to ").Append(HtmlText.Escape(data.Baseline)).Append(" with its 95% interval. <span class=\"good\">Green</span> is better and <span class=\"bad\">red</span> worse than chance explains");
        page.Append(data.Origin.PositiveClass is string positive ? $". The positive class is {HtmlText.Escape(positive)}" : "").Append(".<span class=\"screen\"> Wide tables scroll sideways.</span></p>\n");
        if (data.Metrics.Any(metric => metric.Name == "f1_macro_tuned"))
            page.Append("<p class=\"soft\">Brier score: summed over classes, 0 to 2. Prior-corrected: probabilities brought back to the class frequencies of the training rows. Tuned: after that, decided by what did best on inner folds of the training rows.</p>\n");
        foreach (string classifier in data.Classifiers)
        {
            ScoreSummary[] some = [.. summaries.Where(summary => summary.Classifier == classifier)];
            page.Append(InvariantCulture, $"<h3>{HtmlText.Escape(classifier)}</h3>\n");
            Table(page, data, some);
            Differences(page, data, some);
        }
        foreach (string classifier in data.Classifiers)
            Curves(page, data, classifier);
    }

    static void Table(StringBuilder page, ReportData data, ScoreSummary[] summaries)
    {
        page.Append("<div class=\"wide\"><table><thead><tr><th>method</th>");
        foreach (ReportMetric metric in data.Metrics)
            page.Append(InvariantCulture, $"<th>{HtmlText.Escape(metric.Title)}\u00A0{(metric.HigherIsBetter ? '\u2191' : '\u2193')}</th>");
        page.Append("</tr></thead><tbody>\n");
        foreach (string method in data.Methods)
        {
            page.Append(InvariantCulture, $"<tr><th>{HtmlText.Escape(method)}</th>");
            foreach (ReportMetric metric in data.Metrics)
            {
                ScoreSummary summary = summaries.First(summary => summary.Method == method && summary.Metric == metric.Name);
                page.Append(InvariantCulture, $"<td>{HtmlText.Number(summary.Mean)} \u00B1 {HtmlText.Number(summary.Deviation)}");
                if (summary.Difference is { } difference)
                    page.Append(InvariantCulture, $"<small>{Styled(summary, metric, HtmlText.Signed(difference.Mean))}</small><small>[{HtmlText.Signed(difference.Low)}, {HtmlText.Signed(difference.High)}]</small>");
                page.Append("</td>");
            }
            page.Append("</tr>\n");
        }
        page.Append("</tbody></table></div>\n");
    }

    static void Differences(StringBuilder page, ReportData data, ScoreSummary[] summaries)
    {
        page.Append("<div class=\"charts small\">\n");
        foreach (ReportMetric metric in data.Metrics)
        {
            (string, PairedInterval, string)[] rows = [.. summaries.Where(summary => summary.Metric == metric.Name && summary.Difference is not null).Select(summary => (summary.Method, summary.Difference!, Class(summary, metric)))];
            if (rows.Length == 0)
                continue;
            Figure(page, metric.Title, Chart.Intervals(rows, $"difference to {data.Baseline}; {(metric.HigherIsBetter ? "right" : "left")} is better"), "", []);
        }
        page.Append("</div>\n");
    }

    static void Curves(StringBuilder page, ReportData data, string classifier)
    {
        ReportCurve[] curves = [.. data.Curves.Where(curve => curve.Classifier == classifier)];
        if (curves.Length == 0)
            return;
        page.Append(InvariantCulture, $"<h2>Curves, {HtmlText.Escape(classifier)}</h2>\n<div class=\"charts\">\n");
        bool isBinary = data.Origin.Classes.Count == 2;
        string rows = $"{(isBinary && data.Origin.PositiveClass is string positive ? $"Positive: {positive}. " : "")}{(isBinary ? "Rows" : "Pairs of row and class")} as predicted by the folds that tested them{(data.Origin.Repeats > 1 ? ", first repeat" : "")}.";
        foreach ((CurveKind kind, string title, string x, string y) in ((CurveKind, string, string, string)[])[
            (CurveKind.Roc, "ROC", "false positive rate", "true positive rate"),
            (CurveKind.PrecisionRecall, "Precision and recall", "recall", "precision"),
            (CurveKind.Calibration, "Calibration", "mean predicted probability", "share of positives")])
        {
            Chart chart = new((0, 1), (0, 1), x, y);
            if (kind != CurveKind.PrecisionRecall)
                chart.Guide(0, 0, 1, 1);
            string[] methods = [.. data.Methods.Where(method => curves.Any(curve => curve.Kind == kind && curve.Method == method))];
            foreach (string method in methods)
            {
                ReportCurve curve = curves.First(curve => curve.Kind == kind && curve.Method == method);
                chart.Line(curve.X, curve.Y, Series(data, method), withDots: kind == CurveKind.Calibration);
            }
            Figure(page, title, chart, kind == CurveKind.Calibration ? "On the dashed line probabilities mean what they say. As classifiers give them, without prior correction." : rows, [.. methods.Select(method => ($"s{Series(data, method)}", method))]);
        }
        page.Append("</div>\n");
    }

    /// <summary>A chart with its title, a caption and a legend.</summary>
    public static void Figure(StringBuilder page, string title, Chart chart, string caption, IReadOnlyList<(string Class, string Name)> legend)
    {
        page.Append(InvariantCulture, $"<figure><h3>{HtmlText.Escape(title)}</h3>{chart.ToSvg(title)}");
        if (legend.Count > 0)
            page.Append(InvariantCulture, $"<ul class=\"legend\">{string.Concat(legend.Select(item => $"<li><span class=\"key {item.Class}\"></span>{HtmlText.Escape(item.Name)}</li>"))}</ul>");
        page.Append(caption == "" ? "</figure>\n" : $"<figcaption>{HtmlText.Escape(caption)}</figcaption></figure>\n");
    }

    static int Series(ReportData data, string method) => data.Methods.TakeWhile(other => other != method).Count() % 10;

    static string Styled(ScoreSummary summary, ReportMetric metric, string text) => Class(summary, metric) is "none" ? text : $"<span class=\"{Class(summary, metric)}\">{text}</span>";

    static string Class(ScoreSummary summary, ReportMetric metric) => summary.Sign == 0 ? "none" : summary.Sign > 0 ? "good" : "bad";
}

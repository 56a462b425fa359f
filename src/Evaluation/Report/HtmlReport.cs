using System.Text;
using static System.Globalization.CultureInfo;

namespace LeoCvae.Evaluation;

/// <summary>
/// An evaluation as one HTML page that needs nothing else: no network, no script; charts are inline SVG. It is well-formed XML too, and the same data give the same
/// bytes. Thread-safe.
/// </summary>
static class HtmlReport
{
    /// <summary>The page.</summary>
    /// <param name="data">What to show; parts without data are left out.</param>
    public static string Render(ReportData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        IReadOnlyList<ScoreSummary> summaries = ScoreSummary.Of(data);
        StringBuilder page = new();
        string title = $"Does oversampling help on {data.Origin.Data}?";
        page.Append(InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/><meta name="color-scheme" content="light dark"/>
            <title>{HtmlText.Escape(title)}</title><style>
            {ReportStyle.Css}
            </style></head><body><main>
            <h1>{HtmlText.Escape(title)}</h1>

            """);
        Summary(page, data, summaries);
        ScoreSections.Append(page, data, summaries);
        DataSections.Append(page, data);
        Origin(page, data.Origin);
        return page.Append("</main></body></html>\n").ToString();
    }

    static void Summary(StringBuilder page, ReportData data, IReadOnlyList<ScoreSummary> summaries)
    {
        ReportOrigin origin = data.Origin;
        int rows = origin.Classes.Sum(c => c.Rows);
        page.Append(InvariantCulture, $"<p class=\"soft\">{rows:#,0} rows, {origin.Columns} columns{(origin.MissingCells > 0 ? string.Create(InvariantCulture, $" ({origin.MissingCells:#,0} missing cells imputed)") : "")}, {origin.Classes.Count} classes ({HtmlText.Escape(string.Join(", ", origin.Classes.Select(c => $"{c.Name}: {c.Rows.ToString(InvariantCulture)}")))}); ");
        page.Append(InvariantCulture, $"{data.Methods.Count} methods, {data.Classifiers.Count} {(data.Classifiers.Count == 1 ? "classifier" : "classifiers")}, {origin.Folds} folds, {origin.Repeats} {(origin.Repeats == 1 ? "repeat" : "repeats")}.</p>\n");
        if (origin.IsOptimistic)
            page.Append("<p class=\"mark\"><strong>Optimistic, as published.</strong> The paper\u2019s protocol looks at test rows: features are chosen before the folds are drawn, and training stops on the fold that is scored. Use it to compare with the paper\u2019s figures, not to judge a method.</p>\n");
        IReadOnlyList<string> verdict = Verdict.Of(data, summaries);
        page.Append(InvariantCulture, $"<p class=\"answer\">{HtmlText.Escape(verdict[0])}</p>\n");
        if (verdict.Count == 1)
            return;
        page.Append("<ul>\n");
        foreach (string sentence in verdict.Skip(1))
            page.Append(InvariantCulture, $"<li>{HtmlText.Escape(sentence)}</li>\n");
        int families = data.Metrics.Count * data.Classifiers.Count;
        page.Append(InvariantCulture, $"</ul>\n<p class=\"soft\">\u201CBetter\u201D and \u201Cworse\u201D are said only where the 95% interval of the difference to {HtmlText.Escape(data.Baseline)} on the same folds leaves out 0 and its p, corrected for the number of methods (Holm), is below .05. The interval allows for folds that share training rows (Nadeau and Bengio 2003). There are {families} pairs of measure and classifier, which is not corrected for: expect about {0.05 * families:0.#} of them to show a difference by chance. One table says little about others.</p>\n");
    }

    static void Origin(StringBuilder page, ReportOrigin origin)
    {
        page.Append("<h2>How it was made</h2>\n<dl>\n");
        IEnumerable<(string, string)> items =
        [
            ("Version", origin.Version), ("Data", origin.Data), ("SHA-256", origin.DataSha256), ("Label column", origin.Target),
            .. origin.PositiveClass is string positive ? [("Positive class", positive)] : Array.Empty<(string, string)>(),
            ("Protocol", origin.IsOptimistic ? $"{origin.Protocol} (optimistic, as published)" : origin.Protocol), ("Seed", origin.Seed.ToString(InvariantCulture)),
            .. origin.Options.Select(option => (option.Name, option.Value)),
        ];
        foreach ((string name, string value) in items)
            page.Append(InvariantCulture, $"<dt>{HtmlText.Escape(name)}</dt><dd>{HtmlText.Escape(value)}</dd>\n");
        page.Append("</dl>\n");
        if (origin.Notes.Count > 0)
            page.Append(InvariantCulture, $"<ul>\n{string.Concat(origin.Notes.Select(note => $"<li>{HtmlText.Escape(note)}</li>\n"))}</ul>\n");
    }
}

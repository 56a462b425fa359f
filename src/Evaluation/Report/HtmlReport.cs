using System.Text;
using static System.Globalization.CultureInfo;

namespace LeoCvae.Evaluation;

/// <summary>
/// An evaluation as one HTML page that needs nothing else: no network, no script; charts are inline SVG. It is well-formed XML too, and the
/// same data give the same bytes. Thread-safe.
/// </summary>
static class HtmlReport
{
    const int LongestTitle = 60, MostClasses = 8, MostNotes = 12;

    /// <summary>The page.</summary>
    /// <param name="data">What to show; parts without data are left out.</param>
    public static string Render(ReportData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        IReadOnlyList<ScoreSummary> summaries = ScoreSummary.Of(data);
        StringBuilder page = new();
        string title = $"Does oversampling help on {Words.Cut(data.Origin.Data, LongestTitle)}?";
        page.Append(InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
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
        IEnumerable<ReportClass> byRows = origin.Classes.OrderByDescending(c => c.Rows);
        string classes = Words.List(
            [.. byRows.Select(c => string.Create(InvariantCulture, $"{Words.Cut(c.Name)} {c.Rows:#,0}"))], MostClasses, "classes");
        string[] facts =
        [
            Words.Rows(origin.Classes.Sum(c => c.Rows)), Count(origin.Columns, "column"),
            .. origin.CategoryColumns == 0 ? [] : new[] { $"{Count(origin.CategoryColumns, "of categories", "of categories")}" },
            .. origin.MissingCells == 0 ? [] : new[] { $"{Count(origin.MissingCells, "missing cell")} imputed" },
            $"{Count(origin.Classes.Count, "class", "classes")}: {classes}",
        ];
        page.Append(InvariantCulture, $"<p class=\"soft\">{HtmlText.Escape(string.Join(", ", facts))}. ");
        page.Append(
            InvariantCulture,
            $"{Count(data.Methods.Count, "method")}, {Count(data.Classifiers.Count, "classifier")}, {Count(origin.Folds, "fold")}, " +
            $"{Count(origin.Repeats, "repeat")}.</p>\n");
        if (origin.IsOptimistic)
            page.Append(
                "<p class=\"mark\"><strong>Optimistic, as published.</strong> The paper\u2019s protocol looks at test rows: features are " +
                "chosen before the folds are drawn, and training stops on the fold that is scored. Use it to compare with the " +
                "paper\u2019s figures, not to judge a method.</p>\n");
        IReadOnlyList<string> verdict = Verdict.Of(data, summaries);
        page.Append(InvariantCulture, $"<p class=\"answer\">{HtmlText.Escape(verdict[0])}</p>\n");
        if (verdict.Count == 1)
            return;
        page.Append("<ul>\n");
        foreach (string sentence in verdict.Skip(1))
            page.Append(InvariantCulture, $"<li>{HtmlText.Escape(sentence)}</li>\n");
        int pairs = ScoreSummary.Compared(summaries);
        page.Append("</ul>\n");
        if (pairs > 0)
            page.Append(
                InvariantCulture,
                $"<p class=\"soft\">\u201CBetter\u201D and \u201Cworse\u201D are said only where the 95% interval of the difference to " +
                $"{HtmlText.Name(data.Baseline)} on the same folds leaves out 0 and its p, corrected for the number of methods by " +
                $"Holm\u2019s procedure, is below .05. The interval allows for folds that share training rows (Nadeau and Bengio 2003). " +
                $"There are {pairs} pairs of measure and classifier, which is not corrected for: expect about " +
                $"{Math.Max(1, Math.Round(0.05 * pairs))} of them to show a difference by chance. One table says little about " +
                $"others.</p>\n");
    }

    static string Count(int count, string what, string? many = null) =>
        string.Create(InvariantCulture, $"{count:#,0} {(count == 1 ? what : many ?? what + "s")}");

    static void Origin(StringBuilder page, ReportOrigin origin)
    {
        page.Append("<h2>How it was made</h2>\n<dl>\n");
        IEnumerable<(string, string)> items =
        [
            ("Version", origin.Version), ("Data", origin.Data),
            ("SHA-256 of names, values and labels", origin.DataSha256), ("Label column", origin.Target),
            .. origin.Classes.Count <= MostClasses ? [] : new[] { ("Classes and their rows", Listed(origin.Classes)) },
            .. origin.PositiveClass is string positive ? new[] { ("Positive class", positive) } : [],
            ("Protocol", origin.IsOptimistic ? $"{origin.Protocol} (optimistic, as published)" : origin.Protocol),
            ("Seed", origin.Seed.ToString(InvariantCulture)),
            .. origin.Options.Select(option => (Words.Capital(option.Name), option.Value)),
        ];
        foreach ((string name, string value) in items)
            page.Append(InvariantCulture, $"<dt>{HtmlText.Escape(name)}</dt><dd>{HtmlText.Escape(value)}</dd>\n");
        page.Append("</dl>\n");
        if (origin.Notes.Count == 0)
            return;
        List<string> notes = [.. origin.Notes.Take(MostNotes)];
        if (origin.Notes.Count > MostNotes)
            notes.Add($"{Count(origin.Notes.Count - MostNotes, "more note")} in the results");
        page.Append("<ul>\n").AppendJoin("", notes.Select(note => $"<li>{HtmlText.Escape(Words.Capital(note))}</li>\n")).Append("</ul>\n");
    }

    static string Listed(IEnumerable<ReportClass> classes) =>
        string.Join(", ", classes.Select(c => string.Create(InvariantCulture, $"{c.Name} {c.Rows}")));
}

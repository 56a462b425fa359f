namespace LeoCvae.Evaluation;

/// <summary>What an evaluation found: in sentences, as numbers, as a page and as JSON. Immutable and thread-safe.</summary>
public sealed class EvaluationReport
{
    readonly ReportData _data;

    EvaluationReport(ReportData data)
    {
        _data = data;
        Summaries = ScoreSummary.Of(data);
        Sentences = Verdict.Of(data, Summaries);
    }

    /// <summary>
    /// The report of an evaluation; what it shows of the rows themselves takes <see cref="EvaluationOptions.DescribeRows"/>.
    /// </summary>
    /// <param name="result">What was found.</param>
    /// <param name="data">The rows that it was found on.</param>
    /// <param name="name">The table's name.</param>
    /// <exception cref="ArgumentException">The result is of other rows.</exception>
    public static EvaluationReport Of(EvaluationResult result, Dataset data, string name) => new(ReportData.Of(result, data, name));

    /// <summary>
    /// What was found, in sentences: first whether anything helps, then measure by measure. Better and worse are said only of differences
    /// that are no chance.
    /// </summary>
    public IReadOnlyList<string> Sentences { get; }

    /// <summary>
    /// Each method's scores of each measure with each classifier, and their difference to doing nothing; in the order of classifiers,
    /// measures and methods.
    /// </summary>
    public IReadOnlyList<ScoreSummary> Summaries { get; }

    /// <summary>What each method's rows of the first fold give away of its training rows; of methods that made any.</summary>
    public IReadOnlyList<(string Method, AttackScores Scores)> Attacks =>
        [.. _data.Synthetic.Where(rows => rows.Attacks is not null).Select(rows => (rows.Method, rows.Attacks!))];

    /// <summary>One page that needs nothing else: no network, no script. The same evaluation gives the same bytes.</summary>
    public string ToHtml() => HtmlReport.Render(_data);

    /// <summary>
    /// Every score, the summaries and how they were made, as indented JSON in snake case; numbers that are not defined are null.
    /// </summary>
    public string ToJson() => ResultsJson.Render(_data);
}

using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LeoCvae.Evaluation;

namespace LeoCvae.Cli;

sealed class EvaluateVerb : Verb
{
    static readonly string[] Shown = ["f1_macro", "balanced_accuracy", "g_mean", "auc_macro", "auprc_macro", "brier", "brier_corrected",
        "f1_macro_tuned"];

    readonly Argument<string> _data = Data();
    readonly Option<string> _report = Text("--report", "FILE.html", "Write the report as one page");
    readonly Option<string> _results = Text("--results", "FILE.json", "Write all scores as JSON");
    readonly Option<bool> _overwrite = Overwrite();
    readonly EvaluationArguments _arguments;

    public EvaluateVerb()
        : base("evaluate", "Does oversampling help on this table? Cross-validate methods by the classifiers that learn from their rows")
    {
        _arguments = new(this);
        foreach (Option option in (Option[])[_report, _results, _overwrite])
            Add(option);
        foreach ((string property, string option) in EvaluationArguments.OptionOf)
            OptionOf.Add(property, option);
        Add(_data);
    }

    protected override void Run(ParseResult arguments, Session session)
    {
        string data = arguments.GetRequiredValue(_data);
        bool overwrite = arguments.GetValue(_overwrite);
        (string Option, string? Path)[] outputs = [(_report.Name, arguments.GetValue(_report)),
            (_results.Name, arguments.GetValue(_results))];
        TableIO.RequireDistinct([(_data.Name, data), .. outputs]);
        foreach ((string option, string? path) in outputs)
            if (path is not null)
                TableIO.RequireFile(option, path, overwrite);
        EvaluationRequest request = _arguments.Read(arguments, data, session.Seed, session.Threads);
        EvaluationOptions options = request.Options with { DescribeRows = outputs.Any(output => output.Path is not null) };
        Dataset dataset = request.Load(session, out IResampler[] methods);
        EvaluationResult result = session.Progress("evaluating", report => MethodEvaluator.Run(
            dataset, methods, request.Classifiers, options, new FitProgress(report, TimeProvider.System,
                methods.Length * request.Classifiers.Length), session.Cancellation));
        EvaluationReport report = EvaluationReport.Of(result, dataset, request.Name);
        Write(outputs[0].Path, report.ToHtml, overwrite);
        Write(outputs[1].Path, report.ToJson, overwrite);
        Say(report, result.Notes, session);
        foreach ((_, string? path) in outputs)
            if (path is not null)
                session.Say($"wrote {path}");
    }

    static void Write(string? path, Func<string> render, bool overwrite)
    {
        if (path is not null)
            AtomicFile.Write(path, overwrite, stream => stream.Write(Encoding.UTF8.GetBytes(render())));
    }

    /// <summary>A table for each classifier.</summary>
    public static void ShowMeans(EvaluationReport report, string[] metrics, Session session)
    {
        string legend = report.Summaries.Any(summary => summary.Difference is not null)
            ? "; + better, - worse than none by more than chance" : "";
        foreach (IGrouping<string, ScoreSummary> classifier in report.Summaries.GroupBy(summary => summary.Classifier))
        {
            session.Say($"{classifier.Key}: means over folds{legend}");
            session.Show(["method", .. metrics],
                classifier.GroupBy(summary => summary.Method)
                .Select(method => (IEnumerable<string>)[method.Key,
                .. metrics.Select(metric => Cell(method.Single(s => s.Metric == metric)))]));
        }
    }

    // Means, attacks, notes, then what it comes to.
    static void Say(EvaluationReport report, IReadOnlyList<string> notes, Session session)
    {
        ShowMeans(report, Shown, session);
        if (report.Attacks.Count > 0)
        {
            session.Say("attacks on the training rows of the first fold: of those that no other equals, shares that come back, or to " +
                "which a row comes nearer than half of the way to their nearest other row");
            session.Show(["method", "equal", "near", "as_many", "held_out", "member_auc", "by_mean", "lines", "decoded", "mean"],
                report.Attacks.Select(attack => (IEnumerable<string>)[attack.Method, .. Cells(attack.Scores)]));
        }
        foreach (string note in notes)
            session.Say($"note: {note}");
        session.Say(report.Sentences[0]);
        session.Set("summary", new JsonArray([.. report.Sentences.Select(sentence => JsonValue.Create(sentence))]));
        session.Set("means", new JsonArray([.. report.Summaries.Select(s => new JsonObject
        {
            ["method"] = s.Method, ["classifier"] = s.Classifier, ["metric"] = s.Metric, ["mean"] = double.IsFinite(s.Mean) ? s.Mean : null,
        })]));
    }

    static string[] Cells(AttackScores scores) =>
        [.. new[] { scores.Synthetic.Equal, scores.Synthetic.WithinHalf, scores.AsManySynthetic.WithinHalf, scores.Holdout.WithinHalf,
            scores.MembershipAuc, scores.MeanMembershipAuc, scores.LinesRebuilt, scores.Decode?.Seeds ?? double.NaN,
            scores.Decode?.ClassMean ?? double.NaN }
            .Select(value => double.IsFinite(value) ? value.ToString("0.00", CultureInfo.InvariantCulture) : "")];

    static string Cell(ScoreSummary summary) =>
        double.IsFinite(summary.Mean) ? summary.Mean.ToString("0.000", CultureInfo.InvariantCulture)
            + summary.Sign switch { 0 => "", > 0 => " +", _ => " -" } : "";
}

using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using LeoCvae.Evaluation;

namespace LeoCvae.Cli;

sealed class EvaluateVerb : Verb
{
    const string DefaultMethods = "none,weights,ros,smote,bsmote,adasyn,cvae,leo", DefaultClassifiers = "logreg,lightgbm,mlp",
        PaperClassifiers = "mlp";

    static readonly string[] Shown = ["f1_macro", "balanced_accuracy", "g_mean", "auc_macro", "auprc_macro", "brier", "brier_corrected",
        "f1_macro_tuned"];

    readonly Argument<string> _data = Data();
    readonly Option<string> _target = Text("--target", "COLUMN", "The label column (default: the last one)");
    readonly Option<string> _methods = Text("--methods", "NAMES",
        $"Methods to compare (default {DefaultMethods}; also leo-model, leo-paper)");
    readonly Option<string> _classifiers = Text("--classifiers", "NAMES",
        $"Classifiers to judge them by (default {DefaultClassifiers}, {PaperClassifiers} in the paper's protocol; also forest)");
    readonly Option<string> _protocol = Text("--protocol", "NAME", "default (honest), or paper: as published, optimistic");
    readonly Option<string> _folds = Text("--folds", "N", "Folds (default 5)");
    readonly Option<string> _repeats = Text("--repeats", "R", "How often the folds are drawn anew (default 1)");
    readonly Option<string> _replicates = Text("--replicates", "M",
        "Train each classifier on M bootstrap samples of the training rows and average the probabilities, for every method (default 1: " +
        "on the rows themselves)");
    readonly Option<string> _select = Text("--select", "M",
        "Keep the M most informative features of each fold (default all; 64 in the paper's protocol)");
    readonly Option<string> _positive = Text("--positive", "CLASS",
        "The class that F1 and AUPRC of a single class are about (default the rarer of two; of more, none)");
    readonly Option<string> _report = Text("--report", "FILE.html", "Write the report as one page");
    readonly Option<string> _results = Text("--results", "FILE.json", "Write all scores as JSON");
    readonly Option<string> _groups =
        Groups("Keep rows with the same text in this column in one fold, and on one side of each fit's own split; it is no feature");
    readonly Option<bool> _duplicates = new("--group-duplicates") { Description = "Keep rows that are equal in all features in one fold" };
    readonly Option<bool> _overwrite = Overwrite();
    readonly Option<bool> _yes = Yes();
    readonly ConstraintArguments _constraints = new();
    readonly TableArguments _columns;

    public EvaluateVerb()
        : base("evaluate", "Does oversampling help on this table? Cross-validate methods by the classifiers that learn from their rows")
    {
        foreach (Option option in (Option[])[_target, _methods, _classifiers, _protocol, _folds, _repeats, _replicates, _select, _positive,
            _report, _results, _groups, _duplicates, .. _constraints.All, _overwrite, _yes])
            Add(option);
        OptionOf.Add(nameof(EvaluationOptions.Folds), _folds.Name);
        OptionOf.Add(nameof(EvaluationOptions.Repeats), _repeats.Name);
        OptionOf.Add(nameof(EvaluationOptions.Replicates), _replicates.Name);
        OptionOf.Add(nameof(EvaluationOptions.Select), _select.Name);
        _columns = new(this);
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
        EvaluationOptions options = Read(arguments, session) with { DescribeRows = outputs.Any(output => output.Path is not null) };
        bool isPaper = options.Protocol == EvaluationProtocol.Paper;
        IResampler[] methods = [.. Named(_methods, arguments.GetValue(_methods) ?? DefaultMethods, Resamplers.Named)
            .Select(method => method is LeoResampler leo ? leo.With(_constraints.Read(arguments, leo.Options)) : method)];
        IClassifier[] classifiers = Named(_classifiers,
            arguments.GetValue(_classifiers) ?? (isPaper ? PaperClassifiers : DefaultClassifiers), Classifiers.Create);

        ColumnOptions asked = _columns.Read(arguments);
        // Filling in belongs into the folds: medians of all rows would have seen those that test.
        if (asked.Missing == MissingUse.Impute)
            asked = asked with { Missing = MissingUse.Learn };
        string? column = arguments.GetValue(_groups);
        (Table table, IReadOnlyList<string?>? groups) =
            TableIO.Read(data, arguments.GetValue(_target), column, asked, _columns.Source(arguments), session);
        if (arguments.GetValue(_methods) is null && table.Schema.Columns.Any(spec => spec.Categories is not null))
        {
            string[] left = [.. methods.Where(method => !method.TakesCategories).Select(method => method.Name)];
            methods = [.. methods.Where(method => method.TakesCategories)];
            session.Say($"without {string.Join(" and ", left)}, which have no definition for categories; smote is SMOTE-NC here");
        }
        Dataset dataset = new(table, groups);
        if (arguments.GetValue(_duplicates))
            dataset = dataset.GroupDuplicates();
        TableIO.RequireClasses(table, arguments.GetValue(_yes));
        TableIO.Describe(data, TableSummary.Of(table, groups), column, session);
        session.Set("missing_cells", table.MissingCounts().Sum());
        if (options.PositiveClass is string positive)
            Values.Read(_positive.Name, () => table.Schema.ClassIndex(positive));
        const int ManyTimes = 10;
        int columns = table.Schema.Columns.Count;
        if (columns > ManyTimes * table.RowCount && (options.Select == 0 || options.Select >= columns))
            session.Say(string.Create(CultureInfo.InvariantCulture,
                $"{columns} columns for {table.RowCount} rows take long: --select 64 keeps the 64 most informative of each fold"));
        EvaluationResult result = session.Progress("evaluating",
            report => MethodEvaluator.Run(dataset, methods, classifiers, options, new FitProgress(report, TimeProvider.System),
                session.Cancellation));
        EvaluationReport report = EvaluationReport.Of(result, dataset, data == "-" ? "standard input" : Path.GetFileName(data));
        Write(outputs[0].Path, report.ToHtml, overwrite);
        Write(outputs[1].Path, report.ToJson, overwrite);
        Say(report, result.Notes, session);
        foreach ((_, string? path) in outputs)
            if (path is not null)
                session.Say($"wrote {path}");
    }

    EvaluationOptions Read(ParseResult arguments, Session session)
    {
        string protocol = arguments.GetValue(_protocol) ?? "default";
        EvaluationOptions start = protocol switch
        {
            "default" => new(),
            "paper" => EvaluationOptions.Paper,
            _ => throw new ArgumentException($"{_protocol.Name}: got '{protocol}', expected default or paper"),
        };
        int Int(Option<string> option, int otherwise) => Values.Int(option.Name, arguments.GetValue(option)) ?? otherwise;
        EvaluationOptions options = start with
        {
            Folds = Int(_folds, start.Folds),
            Repeats = Int(_repeats, start.Repeats),
            Replicates = Int(_replicates, start.Replicates),
            Select = Int(_select, start.Select),
            PositiveClass = arguments.GetValue(_positive),
            Seed = session.Seed,
            MaxDegreeOfParallelism = session.Threads,
        };
        options.Validate();
        return options;
    }

    static T[] Named<T>(Option<string> option, string names, Func<string, T> named)
    {
        string[] all = names.Split(',', StringSplitOptions.TrimEntries);
        if (all.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"{option.Name}: '{twice.Key}' is given twice");
        return [.. all.Select(name => Values.Read(option.Name, () => named(name)))];
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

using System.Globalization;
using System.Reflection;
using LeoCvae.Training;

namespace LeoCvae.Evaluation;

/// <summary>Turns what an evaluation found into what its report shows. Thread-safe.</summary>
public static class EvaluationReport
{
    // As the classifier gives them, then what prior correction and tuned decisions change.
    static readonly (string Name, string Suffix, string Words, Func<FoldResult, ClassificationScores> Of)[] Shown =
    [
        .. Raw(["f1_macro", "f1_positive", "balanced_accuracy", "g_mean", "auc_macro", "auprc_macro", "auprc_positive", "brier", "ece"]),
        ("brier", "_corrected", "prior-corrected ", fold => fold.Corrected),
        ("f1_macro", "_tuned", "tuned ", fold => fold.Tuned),
        ("balanced_accuracy", "_tuned", "tuned ", fold => fold.Tuned),
    ];

    // The results hold the other measures too.
    static readonly (string Name, string Suffix, string Words, Func<FoldResult, ClassificationScores> Of)[] Scored =
        [.. Shown, .. Raw(Metric.All.Select(metric => metric.Name).Except(Shown.Select(shown => shown.Name)))];

    /// <summary>How an evaluation was made.</summary>
    /// <param name="data">The rows that it was made on.</param>
    /// <param name="name">The table's name.</param>
    /// <param name="options">The options that it was run with.</param>
    public static ReportOrigin Origin(Dataset data, string name, EvaluationOptions options)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        return new()
        {
            Version = typeof(EvaluationReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0],
            Data = name,
            DataSha256 = data.Sha256(),
            Target = data.Schema.Target!,
            Classes = [.. data.Schema.Classes.Zip(data.ClassCounts(), (c, rows) => new ReportClass(c, rows))],
            Columns = data.Schema.Columns.Count,
            MissingCells = data.MissingCells,
            Protocol = options.Protocol == EvaluationProtocol.Paper ? "paper" : "default",
            IsOptimistic = options.Protocol == EvaluationProtocol.Paper,
            Folds = options.Folds,
            Repeats = options.Repeats,
            Seed = options.Seed,
            Options =
            [
                new("features kept", options.Select == 0 || options.Select >= data.Schema.Columns.Count ? "all" : options.Select.ToString(CultureInfo.InvariantCulture)),
                new("decisions tuned for", options.TuneFor), new("inner folds", options.TuningFolds.ToString(CultureInfo.InvariantCulture)),
            ],
        };
    }

    /// <summary>Scores and curves, the curves of the first repeat; entropy, map, losses and fidelity are added by <see cref="WithRows"/>.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="origin">How it was made.</param>
    public static ReportData Of(EvaluationResult result, ReportOrigin origin)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(origin);
        return new()
        {
            Origin = origin with { IsOptimistic = result.Options.Protocol == EvaluationProtocol.Paper, PositiveClass = result.Classes[result.PositiveClass], Notes = [.. origin.Notes, .. result.Notes] },
            Methods = [.. result.Folds.Select(fold => fold.Method).Distinct()],
            Classifiers = [.. result.Folds.Select(fold => fold.Classifier).Distinct()],
            Metrics = [.. Shown.Select(shown => new ReportMetric(shown.Name + shown.Suffix, shown.Words + Metric.Named(shown.Name).Title, Metric.Named(shown.Name).HigherIsBetter))],
            Scores = [.. result.Folds.SelectMany(fold => Scored.Select(scored => new ReportScore(fold.Method, fold.Classifier, scored.Name + scored.Suffix, fold.Repeat, fold.Fold, Metric.Named(scored.Name).Of(scored.Of(fold)))))],
            Curves = [.. result.Predictions.Where(pooled => pooled.Repeat == 0).SelectMany(pooled => ReportCurve.Of(pooled.Method, pooled.Classifier, pooled.Raw, result.Labels, result.PositiveClass))],
        };
    }

    /// <summary>
    /// Adds what the first fold shows of the rows themselves: local entropy by class, the fidelity and privacy of each method's rows beside the
    /// fold's test rows, and of the last LEO-CVAE among the methods the losses of its fit and a map of its rows.
    /// </summary>
    /// <param name="report">What to add to.</param>
    /// <param name="data">The rows.</param>
    /// <param name="methods">The methods that were compared.</param>
    /// <param name="classifier">What is trained on real and on synthetic rows.</param>
    /// <param name="options">The options of the evaluation.</param>
    /// <param name="cancellation">Stops long work.</param>
    public static ReportData WithRows(ReportData report, Dataset data, IReadOnlyList<IResampler> methods, IClassifier classifier, EvaluationOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(options);
        Fold fold = CrossValidation.Split(data, options.Folds, 1, options.Seed, EvaluationRun.Preparing(data, options, cancellation))[0];
        Table training = fold.Training.Table, holdout = fold.TestTable();
        (string? generator, RowMap? map, ReportLoss[] losses, List<ReportSynthetic> synthetic) = (null, null, [], []);
        foreach (IResampler method in methods)
        {
            cancellation.ThrowIfCancellationRequested();
            IReadOnlyList<TrainingProgress> fit = [];
            Table resampled = method is LeoResampler leo ? leo.Resample(fold.Training, options.Seed, cancellation, out fit) : method.Resample(fold.Training, options.Seed, cancellation);
            if (SyntheticQuality.Measure(resampled, holdout, classifier, options.Seed, cancellation) is not SyntheticScores scores)
                continue;
            synthetic.Add(new(method.Name, scores));
            if (method is not LeoResampler)
                continue;
            generator = method.Name;
            map = RowMap.Of(resampled, Entropy(resampled, options).Bits.ToArray());
            losses = [.. fit.Select(loss => new ReportLoss(loss.Epoch, loss.TrainLoss, loss.ValidationLoss, loss.IsBest))];
        }
        double[] bits = Entropy(training, options).Bits.ToArray();
        return report with
        {
            Entropies = [.. training.Schema.Classes.Select((name, c) => new ReportEntropies(name, [.. bits.Where((_, row) => training.Labels[row] == c)]))],
            Generator = generator,
            Map = map,
            Losses = losses,
            Synthetic = synthetic,
        };
    }

    /// <summary>What was found, in sentences: first whether anything helps, then measure by measure. Better and worse are said only of differences that are no chance.</summary>
    public static IReadOnlyList<string> Summary(ReportData report) => Verdict.Of(report, ScoreSummary.Of(report));

    static IEnumerable<(string Name, string Suffix, string Words, Func<FoldResult, ClassificationScores> Of)> Raw(IEnumerable<string> names) =>
        names.Select(name => (name, "", "", (Func<FoldResult, ClassificationScores>)(fold => fold.Raw)));

    static EntropyScores Entropy(Table table, EvaluationOptions options) => LocalEntropy.Score(table, maxDegreeOfParallelism: options.MaxDegreeOfParallelism);
}

using System.Globalization;
using System.Text.Json.Serialization;

namespace LeoCvae.Evaluation;

/// <summary>All that an evaluation's report shows and its JSON results hold. Immutable.</summary>
sealed record ReportData
{
    /// <summary>How it was made.</summary>
    public required ReportOrigin Origin { get; init; }

    /// <summary>
    /// Names of the methods in the order to show them; the one that the others are compared with is <see cref="Baseline"/>.
    /// </summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>Names of the classifiers in the order to show them.</summary>
    public required IReadOnlyList<string> Classifiers { get; init; }

    /// <summary>The measures in the order to show them.</summary>
    public required IReadOnlyList<ReportMetric> Metrics { get; init; }

    /// <summary>One score for each method, classifier, measure, repeat and fold; of more measures than are shown, if need be.</summary>
    public required IReadOnlyList<ReportScore> Scores { get; init; }

    const string DoesNothing = "none";

    /// <summary>The method that does nothing. <value>Default none.</value></summary>
    public string Baseline { get; init; } = DoesNothing;

    /// <summary>Methods, without the baseline, that added no row in any fold: they weigh rows, or found nothing to add.</summary>
    public IReadOnlyList<string> WithoutRows { get; init; } = [];

    /// <summary>ROC, precision-recall and calibration curves; see <see cref="ReportCurve.Of"/>.</summary>
    public IReadOnlyList<ReportCurve> Curves { get; init; } = [];

    /// <summary>Local entropy of the real rows, in bits, by class.</summary>
    public IReadOnlyList<ClassEntropies> Entropies { get; init; } = [];

    /// <summary>The method whose rows the map shows and whose fit the losses are of; null without them.</summary>
    public string? Generator { get; init; }

    /// <summary>A plane that real and synthetic rows are projected to; not in the JSON results.</summary>
    [JsonIgnore]
    public RowMap? Map { get; init; }

    /// <summary>Losses of a generator's fit, an epoch each.</summary>
    public IReadOnlyList<ReportLoss> Losses { get; init; } = [];

    /// <summary>What classifiers learn from a method's rows alone, for methods that can make rows of every class.</summary>
    public IReadOnlyList<RowsAlone> SyntheticOnly { get; init; } = [];

    /// <summary>Fidelity and privacy of the rows that a method made.</summary>
    public IReadOnlyList<MethodRows> Synthetic { get; init; } = [];

    // As the classifier gives them, then what prior correction and tuned decisions change.
    static readonly Scored[] Shown =
    [
        Raw("f1_macro",
            "F1 is the harmonic mean of precision, the share of a class\u2019s calls that are right, and recall, the share of its rows " +
            "that are found; macro: the mean over classes, a rare one counting as much as a common one."),
        Raw("f1_positive", "F1 of the positive class alone; 0 where no row is or is called positive."),
        Raw("balanced_accuracy", "Mean of the classes\u2019 recalls."),
        Raw("g_mean", "Geometric mean of the classes\u2019 recalls: low as soon as one class is missed. A recall of 0 counts as 0.001."),
        Raw("auc_macro",
            "Area under the ROC curve: the chance that a row of a class is ranked above one of the others; mean over classes. 0.5 is a " +
            "coin. No decision is needed."),
        Raw("auprc_macro",
            "Average precision, the area under the curve of precision over recall; mean over classes. A random order has the " +
            "class\u2019s share of the rows."),
        Raw("auprc_positive", "Average precision of the positive class alone."),
        Raw("brier", "Squared error of the probabilities, summed over classes: 0 to 2."),
        Raw("ece", "How far the probability of the most probable class is from the share of rows where it is right, over " +
            "ten bins: 0 to 1."),
        new("brier", "_corrected", "prior-corrected ", fold => fold.Corrected,
            "Brier score of probabilities brought back to the class frequencies of the training rows."),
        new("f1_macro", "_tuned", "tuned ", fold => fold.Tuned,
            "F1 macro where, after prior correction, the threshold or class weights decide that did best on inner folds of the training " +
            "rows."),
        new("balanced_accuracy", "_tuned", "tuned ", fold => fold.Tuned, "Balanced accuracy of the same decisions."),
    ];

    // The results hold the other measures too.
    static readonly Scored[] Held =
        [.. Shown, .. Evaluation.Metric.All.Select(metric => metric.Name).Except(Shown.Select(shown => shown.Name))
            .Select(name => Raw(name))];

    /// <summary>What a report shows of an evaluation; the curves are of the first repeat.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="data">The rows that it was found on.</param>
    /// <param name="name">The table's name.</param>
    /// <exception cref="ArgumentException">The result is of other rows.</exception>
    public static ReportData Of(EvaluationResult result, Dataset data, string name)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(name);
        if (!data.Table.Labels.SequenceEqual([.. result.Labels]) || !data.Table.Schema.Classes.SequenceEqual(result.Classes))
            throw Fault.Argument(nameof(data), $"the result is of other rows: labels differ");
        // Of many classes none is the positive one unless somebody says so.
        bool hasPositive = result.Classes.Count == 2 || result.Options.PositiveClass is not null;
        bool IsAsked(Scored scored) => hasPositive || !scored.Name.EndsWith("_positive", StringComparison.Ordinal);
        MethodRows? mapped = result.FirstFold?.Methods.FirstOrDefault(rows => rows.Map is not null);
        return new()
        {
            Origin = ReportOrigin.Of(result, data, name, hasPositive ? result.Classes[result.PositiveClass] : null),
            Methods = [.. result.Folds.Select(fold => fold.Method).Distinct()],
            Classifiers = [.. result.Folds.Select(fold => fold.Classifier).Distinct()],
            WithoutRows = [.. from fold in result.Folds
                              group fold by fold.Method into folds
                              where folds.Key != DoesNothing && folds.All(fold => fold.AddedRows == 0)
                              select folds.Key],
            Metrics = [.. from shown in Shown
                          where IsAsked(shown)
                          select new ReportMetric(
                              shown.FullName, shown.Words + shown.Metric.Title, shown.Metric.HigherIsBetter, shown.Meaning)],
            Scores = [.. from fold in result.Folds
                         from scored in Held
                         where IsAsked(scored)
                         select new ReportScore(
                             fold.Method, fold.Classifier, scored.FullName, fold.Repeat, fold.Fold, scored.Metric.Of(scored.Of(fold)))],
            Curves = [.. from pooled in result.Predictions
                         where pooled.Repeat == 0
                         from curve in ReportCurve.Of(pooled.Method, pooled.Classifier, pooled.Raw, result.Labels, result.PositiveClass)
                         select curve],
            Entropies = result.FirstFold?.Entropies ?? [],
            SyntheticOnly = RowsAlone.Of(result),
            Synthetic = result.FirstFold?.Methods ?? [],
            Generator = mapped?.Method,
            Map = mapped?.Map,
            Losses = [.. (mapped?.Losses ?? [])
                .Select(loss => new ReportLoss(loss.Epoch, loss.TrainLoss, loss.ValidationLoss, loss.IsBest))],
        };
    }

    static Scored Raw(string name, string meaning = "") => new(name, "", "", fold => fold.Raw, meaning);

    // A measure of some of a fold's scores.
    sealed record Scored(string Name, string Suffix, string Words, Func<FoldResult, ClassificationScores> Of, string Meaning)
    {
        public string FullName => Name + Suffix;

        public Metric Metric => Metric.Named(Name);
    }
}

/// <summary>How an evaluation was made: enough to do it again. Immutable.</summary>
sealed record ReportOrigin
{
    /// <summary>Version of the software.</summary>
    public required string Version { get; init; }

    /// <summary>The table's name.</summary>
    public required string Data { get; init; }

    /// <summary>
    /// SHA-256 of what was read, in hexadecimal: names of columns and classes, values and labels, in this order; not of a file's bytes.
    /// </summary>
    public required string DataSha256 { get; init; }

    /// <summary>Name of the label column.</summary>
    public required string Target { get; init; }

    /// <summary>The classes and their rows.</summary>
    public required IReadOnlyList<ReportClass> Classes { get; init; }

    /// <summary>
    /// The class that measures of a single class, and curves of two classes, are about; null where there are more and none was named.
    /// </summary>
    public string? PositiveClass { get; init; }

    /// <summary>Number of feature columns.</summary>
    public required int Columns { get; init; }

    /// <summary>How many of them hold categories.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int CategoryColumns { get; init; }

    /// <summary>Number of values that are missing in the table, and imputed.</summary>
    public int MissingCells { get; init; }

    /// <summary>Number of groups that were kept on one side of every split; null where each row stands for itself.</summary>
    public int? Groups { get; init; }

    /// <summary>Name of the protocol.</summary>
    public required string Protocol { get; init; }

    /// <summary>Whether the protocol looks at test rows as the paper's does, so that its figures are optimistic.</summary>
    public required bool IsOptimistic { get; init; }

    /// <summary>Number of folds.</summary>
    public required int Folds { get; init; }

    /// <summary>How often all folds were drawn.</summary>
    public required int Repeats { get; init; }

    /// <summary>Seed of all random numbers.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Further options, name and value.</summary>
    public IReadOnlyList<ReportOption> Options { get; init; } = [];

    /// <summary>How the figures may be read, in sentences.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public static ReportOrigin Of(EvaluationResult result, Dataset data, string name, string? positive)
    {
        (EvaluationOptions options, int columns) =
            (result.Options, data.Table.Schema.Columns.Count(column => column.Kind != ColumnKind.Identifier));
        return new()
        {
            Version = Producer.Version,
            Data = name,
            DataSha256 = data.Table.Sha256(),
            Target = data.Table.Schema.Target!,
            Classes = [.. data.Table.Schema.Classes.Zip(data.Table.ClassCounts(), (c, rows) => new ReportClass(c, rows))],
            PositiveClass = positive,
            Columns = columns,
            CategoryColumns = data.Table.Schema.Columns.Count(column => column.Categories is not null),
            MissingCells = data.Table.MissingCounts().Sum(),
            Groups = data.GroupCount,
            Protocol = options.Protocol == EvaluationProtocol.Paper ? "paper" : "default",
            IsOptimistic = options.Protocol == EvaluationProtocol.Paper,
            Folds = options.Folds,
            Repeats = options.Repeats,
            Seed = options.Seed,
            Options =
            [
                .. options.Replicates == 1 ? [] : new ReportOption[]
                    { new("replicates", options.Replicates.ToString(CultureInfo.InvariantCulture)) },
                new("features kept", options.Select == 0 || options.Select >= columns ? "all"
                    : options.Select.ToString(CultureInfo.InvariantCulture)),
                new("decisions tuned for", options.TuneFor), new("inner folds", options.TuningFolds.ToString(CultureInfo.InvariantCulture)),
            ],
            Notes = result.Notes,
        };
    }
}

/// <summary>A class and its rows.</summary>
/// <param name="Name">Name of the class.</param>
/// <param name="Rows">Number of rows.</param>
sealed record ReportClass(string Name, int Rows);

/// <summary>An option as given or by default.</summary>
/// <param name="Name">Name of the option.</param>
/// <param name="Value">Its value.</param>
sealed record ReportOption(string Name, string Value);

/// <summary>A measure.</summary>
/// <param name="Name">Short name, as in JSON.</param>
/// <param name="Title">Name in words.</param>
/// <param name="HigherIsBetter">Whether more is better.</param>
/// <param name="Meaning">What it is, in a sentence or two.</param>
sealed record ReportMetric(string Name, string Title, bool HigherIsBetter, string Meaning = "");

/// <summary>One score.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="Classifier">Name of the classifier.</param>
/// <param name="Metric">Short name of the measure.</param>
/// <param name="Repeat">Number of the repeat, from 0.</param>
/// <param name="Fold">Number of the fold within its repeat, from 0.</param>
/// <param name="Value">The score; NaN where it is not defined.</param>
sealed record ReportScore(string Method, string Classifier, string Metric, int Repeat, int Fold, double Value);

/// <summary>Losses of an epoch.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Train">Loss on the rows trained on.</param>
/// <param name="Validation">Loss on the rows held out; NaN without any.</param>
/// <param name="IsBest">Whether it is the best one so far.</param>
sealed record ReportLoss(int Epoch, double Train, double Validation, bool IsBest);

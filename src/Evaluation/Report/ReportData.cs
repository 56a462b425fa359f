using System.Text.Json.Serialization;

namespace LeoCvae.Evaluation;

/// <summary>All that an evaluation's report shows and its JSON results hold. Immutable.</summary>
public sealed record ReportData
{
    /// <summary>How it was made.</summary>
    public required ReportOrigin Origin { get; init; }

    /// <summary>Names of the methods in the order to show them; the one that the others are compared with is <see cref="Baseline"/>.</summary>
    public required IReadOnlyList<string> Methods { get; init; }

    /// <summary>Names of the classifiers in the order to show them.</summary>
    public required IReadOnlyList<string> Classifiers { get; init; }

    /// <summary>The measures in the order to show them.</summary>
    public required IReadOnlyList<ReportMetric> Metrics { get; init; }

    /// <summary>One score for each method, classifier, measure, repeat and fold; of more measures than are shown, if need be.</summary>
    public required IReadOnlyList<ReportScore> Scores { get; init; }

    /// <summary>The method that does nothing. <value>Default none.</value></summary>
    public string Baseline { get; init; } = "none";

    /// <summary>ROC, precision-recall and calibration curves; see <see cref="ReportCurve.Of"/>.</summary>
    public IReadOnlyList<ReportCurve> Curves { get; init; } = [];

    /// <summary>Local entropy of the real rows, in bits, by class.</summary>
    public IReadOnlyList<ReportEntropies> Entropies { get; init; } = [];

    /// <summary>The method whose rows the map shows and whose fit the losses are of; null without them.</summary>
    public string? Generator { get; init; }

    /// <summary>A plane that real and synthetic rows are projected to; not in the JSON results.</summary>
    [JsonIgnore]
    public RowMap? Map { get; init; }

    /// <summary>Losses of a generator's fit, an epoch each.</summary>
    public IReadOnlyList<ReportLoss> Losses { get; init; } = [];

    /// <summary>Fidelity and privacy of the rows that a method made.</summary>
    public IReadOnlyList<ReportSynthetic> Synthetic { get; init; } = [];
}

/// <summary>How an evaluation was made: enough to do it again. Immutable.</summary>
public sealed record ReportOrigin
{
    /// <summary>Version of the software.</summary>
    public required string Version { get; init; }

    /// <summary>The table's name.</summary>
    public required string Data { get; init; }

    /// <summary>SHA-256 of the table's bytes, in hexadecimal.</summary>
    public required string DataSha256 { get; init; }

    /// <summary>Name of the label column.</summary>
    public required string Target { get; init; }

    /// <summary>The classes and their rows.</summary>
    public required IReadOnlyList<ReportClass> Classes { get; init; }

    /// <summary>The class that measures of a single class, and curves of two classes, are about.</summary>
    public string? PositiveClass { get; init; }

    /// <summary>Number of feature columns.</summary>
    public required int Columns { get; init; }

    /// <summary>Number of values that are missing in the table, and imputed.</summary>
    public int MissingCells { get; init; }

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
}

/// <summary>A class and its rows.</summary>
/// <param name="Name">Name of the class.</param>
/// <param name="Rows">Number of rows.</param>
public sealed record ReportClass(string Name, int Rows);

/// <summary>An option as given or by default.</summary>
/// <param name="Name">Name of the option.</param>
/// <param name="Value">Its value.</param>
public sealed record ReportOption(string Name, string Value);

/// <summary>A measure.</summary>
/// <param name="Name">Short name, as in JSON.</param>
/// <param name="Title">Name in words.</param>
/// <param name="HigherIsBetter">Whether more is better.</param>
public sealed record ReportMetric(string Name, string Title, bool HigherIsBetter);

/// <summary>One score.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="Classifier">Name of the classifier.</param>
/// <param name="Metric">Short name of the measure.</param>
/// <param name="Repeat">Number of the repeat, from 0.</param>
/// <param name="Fold">Number of the fold within its repeat, from 0.</param>
/// <param name="Value">The score; NaN where it is not defined.</param>
public sealed record ReportScore(string Method, string Classifier, string Metric, int Repeat, int Fold, double Value);

/// <summary>Local entropies of a class's real rows.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Bits">One value a row.</param>
public sealed record ReportEntropies(string Class, IReadOnlyList<double> Bits);

/// <summary>Losses of an epoch.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Train">Loss on the rows trained on.</param>
/// <param name="Validation">Loss on the rows held out; NaN without any.</param>
/// <param name="IsBest">Whether it is the best one so far.</param>
public sealed record ReportLoss(int Epoch, double Train, double Validation, bool IsBest);

/// <summary>Fidelity and privacy of a method's rows.</summary>
/// <param name="Method">Name of the method.</param>
/// <param name="Scores">What was measured.</param>
public sealed record ReportSynthetic(string Method, SyntheticScores Scores);

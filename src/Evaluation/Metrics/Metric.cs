namespace LeoCvae.Evaluation;

/// <summary>A measure by name, for tables and statistics over any of them.</summary>
/// <param name="Name">Short name, as in JSON.</param>
/// <param name="Title">Name in words.</param>
/// <param name="HigherIsBetter">Whether more is better.</param>
/// <param name="Of">Reads it from scores.</param>
sealed record Metric(string Name, string Title, bool HigherIsBetter, Func<ClassificationScores, double> Of)
{
    /// <summary>Every member of <see cref="ClassificationScores"/>.</summary>
    public static IReadOnlyList<Metric> All { get; } =
    [
        new("f1_micro", "F1 micro", true, scores => scores.F1Micro),
        new("f1_macro", "F1 macro", true, scores => scores.F1Macro),
        new("f1_positive", "F1 of the positive class", true, scores => scores.F1Positive),
        new("balanced_accuracy", "balanced accuracy", true, scores => scores.BalancedAccuracy),
        new("g_mean", "G-mean", true, scores => scores.GeometricMean),
        new("auc_macro", "AUC macro", true, scores => scores.AucMacro),
        new("auc_micro", "AUC micro", true, scores => scores.AucMicro),
        new("auprc_macro", "AUPRC macro", true, scores => scores.AveragePrecisionMacro),
        new("auprc_micro", "AUPRC micro", true, scores => scores.AveragePrecisionMicro),
        new("auprc_positive", "AUPRC of the positive class", true, scores => scores.AveragePrecisionPositive),
        new("brier", "Brier score", false, scores => scores.Brier),
        new("ece", "expected calibration error", false, scores => scores.CalibrationError),
        new("log_loss", "log loss", false, scores => scores.LogLoss),
    ];

    /// <summary>The measure of a name.</summary>
    /// <exception cref="ArgumentException">There is no such measure.</exception>
    public static Metric Named(string name) => All.FirstOrDefault(metric => metric.Name == name)
        ?? throw Fault.Argument(nameof(name), $"metric: got '{name}', expected {string.Join(", ", All.Select(metric => metric.Name))}");
}

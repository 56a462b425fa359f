namespace LeoCvae.Evaluation;

/// <summary>Turns what an evaluation found into what its report shows. Thread-safe.</summary>
public static class EvaluationReport
{
    // As the classifier gives them, then what prior correction and tuned decisions change.
    static readonly (string Name, string Suffix, string Words, Func<FoldResult, ClassificationScores> Of)[] Shown =
    [
        .. new[] { "f1_macro", "balanced_accuracy", "g_mean", "auc_macro", "auprc_macro", "auprc_positive", "brier", "ece" }.Select(name => (name, "", "", (Func<FoldResult, ClassificationScores>)(fold => fold.Raw))),
        ("brier", "_corrected", "prior-corrected ", fold => fold.Corrected),
        ("f1_macro", "_tuned", "tuned ", fold => fold.Tuned),
        ("balanced_accuracy", "_tuned", "tuned ", fold => fold.Tuned),
    ];

    /// <summary>Scores and curves, the curves of the first repeat; entropy, map, losses and fidelity are left to be added with a <c>with</c> expression.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="origin">How it was made.</param>
    public static ReportData Of(EvaluationResult result, ReportOrigin origin)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(origin);
        return new()
        {
            Origin = origin with { IsOptimistic = result.Options.Protocol == EvaluationProtocol.Paper, Notes = [.. origin.Notes, .. result.Notes] },
            Methods = [.. result.Folds.Select(fold => fold.Method).Distinct()],
            Classifiers = [.. result.Folds.Select(fold => fold.Classifier).Distinct()],
            Metrics = [.. Shown.Select(shown => new ReportMetric(shown.Name + shown.Suffix, shown.Words + Metric.Named(shown.Name).Title, Metric.Named(shown.Name).HigherIsBetter))],
            Scores = [.. result.Folds.SelectMany(fold => Shown.Select(shown => new ReportScore(fold.Method, fold.Classifier, shown.Name + shown.Suffix, fold.Repeat, fold.Fold, Metric.Named(shown.Name).Of(shown.Of(fold)))))],
            Curves = [.. result.Predictions.Where(pooled => pooled.Repeat == 0).SelectMany(pooled => ReportCurve.Of(pooled.Method, pooled.Classifier, pooled.Raw, result.Labels, result.PositiveClass))],
        };
    }
}

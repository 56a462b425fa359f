namespace LeoCvae.Evaluation;

/// <summary>
/// Multinomial logistic regression by L-BFGS in doubles, with the penalty 1/2 |w|^2 on all weights but the intercepts: scikit-learn's
/// C = 1. Two classes have weights each, too, as in its multinomial form; its binary form gives the same with C = 2. A wide table is
/// learned in the space that the rows span, which gives the same but for rounding. Thread-safe.
/// </summary>
sealed class LogisticRegressionClassifier : PresentClassifier
{
    public override string Name => "logreg";

    protected override Func<Matrix, double[,]> FitPresent(Matrix x, int[] labels, float[] weights, int classes, Matrix? stopX,
        int[] stopLabels, ulong seed, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // The penalty is of lengths alone, so that turned rows are learned the same.
        RowSpace? space = Wide.IsSpanned(x) ? new(x) : null;
        LogisticModel fitted = LogisticFit.Run(space?.Fitted ?? x, labels, weights, classes, cancellation);
        return space is null ? fitted.Probabilities : rows => fitted.Probabilities(space.Of(rows));
    }
}

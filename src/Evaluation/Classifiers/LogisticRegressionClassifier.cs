using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace LeoCvae.Evaluation;

/// <summary>
/// Multinomial logistic regression by ML.NET's L-BFGS, with the penalty 1/2 |w|^2 on all weights but the intercepts (scikit-learn's
/// C = 1). Two classes of a wide table are learned in the space that the rows span, which gives the same but for rounding. Thread-safe.
/// </summary>
sealed class LogisticRegressionClassifier : PresentClassifier
{
    public override string Name => "logreg";

    protected override Func<Matrix, double[,]> FitPresent(Matrix x, int[] labels, float[] weights, int classes, Matrix? stopX,
        int[] stopLabels, ulong seed, CancellationToken cancellation)
    {
        MLContext context = new(MlNetRows.Seed(seed));
        LbfgsMaximumEntropyMulticlassTrainer trainer = context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
            new LbfgsMaximumEntropyMulticlassTrainer.Options
            {
                LabelColumnName = MlNetRows.Label,
                FeatureColumnName = MlNetRows.Features,
                ExampleWeightColumnName = MlNetRows.Weight,
                L1Regularization = 0,
                L2Regularization = 1,
                OptimizationTolerance = 1e-6f,
                MaximumNumberOfIterations = 1000,
                NumberOfThreads = 1,
            });
        cancellation.ThrowIfCancellationRequested();
        // The penalty is of lengths alone, so that turned rows are learned the same. Of more classes, L-BFGS stops elsewhere.
        RowSpace? space = Wide.IsSpanned(x) && classes == 2 ? new(x) : null;
        Func<Matrix, double[,]> fitted = MlNetRows.Multiclass(context,
            trainer.Fit(MlNetRows.View(context, space?.Fitted ?? x, labels, weights, classes)), classes);
        return space is null ? fitted : rows => fitted(space.Of(rows));
    }
}

using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace LeoCvae.Evaluation;

/// <summary>
/// Multinomial logistic regression by ML.NET's L-BFGS, with the penalty 1/2 |w|^2 on all weights but the intercepts (scikit-learn's C = 1).
/// Thread-safe.
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
        return MlNetRows.Multiclass(context, trainer.Fit(MlNetRows.View(context, x, labels, weights, classes)), classes);
    }
}

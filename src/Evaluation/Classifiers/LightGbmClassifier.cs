using Microsoft.ML;
using Microsoft.ML.Trainers.LightGbm;

namespace LeoCvae.Evaluation;

/// <summary>
/// Gradient boosted trees by LightGBM: its defaults (100 rounds, learning rate 0.1, 31 leaves) except that a leaf may have 5 rows instead
/// of 20, for the sake of small classes, and 63 bins instead of 255, for speed. Needs LightGBM's native library, on Linux libgomp too.
/// Thread-safe.
/// </summary>
sealed class LightGbmClassifier : PresentClassifier
{
    public override string Name => "lightgbm";

    protected override Func<Matrix, double[,]> FitPresent(Matrix x, int[] labels, float[] weights, int classes, Matrix? stopX,
        int[] stopLabels, ulong seed, CancellationToken cancellation)
    {
        MLContext context = new(MlNetRows.Seed(seed));
        LightGbmMulticlassTrainer trainer = context.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options
        {
            LabelColumnName = MlNetRows.Label,
            FeatureColumnName = MlNetRows.Features,
            ExampleWeightColumnName = MlNetRows.Weight,
            NumberOfIterations = 100,
            LearningRate = 0.1,
            NumberOfLeaves = 31,
            MinimumExampleCountPerLeaf = 5,
            MaximumBinCountPerFeature = 63,
            UseSoftmax = true,
            UseCategoricalSplit = false,
            HandleMissingValue = false,
            NumberOfThreads = 1,
            Deterministic = true,
            Seed = MlNetRows.Seed(seed),
        });
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return MlNetRows.Multiclass(context, trainer.Fit(MlNetRows.View(context, x, labels, weights, classes)), classes);
        }
        catch (DllNotFoundException exception)
        {
            throw new PlatformNotSupportedException("lightgbm: the native library can't be loaded; it exists for x64 only, and on Linux " +
                "it needs libgomp (Debian: apt-get install libgomp1). The classifiers mlp, logreg and forest need no library", exception);
        }
    }
}

using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Trainers.LightGbm;

namespace LeoCvae.Evaluation;

/// <summary>
/// Gradient boosted trees by LightGBM: its defaults (100 rounds, learning rate 0.1, 31 leaves) except that a leaf may have 5 rows instead
/// of 20, for the sake of small classes, and 63 bins instead of 255, for speed. Each tree of a wide
/// table sees a share of its columns. Needs LightGBM's native library, on Linux libgomp too. Thread-safe.
/// </summary>
sealed class LightGbmClassifier : PresentClassifier
{
    public override string Name => "lightgbm";

    protected override Func<Matrix, double[,]> FitPresent(Matrix x, int[] labels, float[] weights, int classes, Matrix? stopX,
        int[] stopLabels, ulong seed, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        MLContext context = new(MlNetRows.Seed(seed));
        try
        {
            if (x.Columns <= Wide.Columns)
                return Fit(x);
            float[] least = Least(x);
            Func<Matrix, double[,]> fitted = Fit(Shifted(x, least));
            return rows => fitted(Shifted(rows, least));
        }
        catch (DllNotFoundException exception)
        {
            throw new PlatformNotSupportedException("lightgbm: the native library can't be loaded; it exists for x64 only, and on Linux " +
                "it needs libgomp (Debian: apt-get install libgomp1). The classifiers mlp, logreg and forest need no library", exception);
        }

        Func<Matrix, double[,]> Fit(Matrix x)
        {
            IDataView rows = MlNetRows.View(context, x, labels, weights, classes);
            return x.Columns > Wide.Columns && classes == 2
                ? MlNetRows.Binary(context, context.BinaryClassification.Trainers.LightGbm(Binary(x.Columns, seed)).Fit(rows))
                : MlNetRows.Multiclass(context, context.MulticlassClassification.Trainers.LightGbm(Multiclass(x.Columns, seed)).Fit(rows),
                    classes);
        }
    }

    // LightGBM sums up the bin of 0 by itself in every histogram, a fifth of its time, unless it is the first one.
    static float[] Least(Matrix x)
    {
        float[] least = x[0].ToArray();
        for (int i = 1; i < x.Rows; i++)
            TensorPrimitives.Min(least, x[i], least);
        return least;
    }

    static Matrix Shifted(Matrix x, float[] least)
    {
        Matrix shifted = new(x.Rows, x.Columns);
        for (int i = 0; i < x.Rows; i++)
            TensorPrimitives.Subtract(x[i], least, shifted.Row(i));
        return shifted;
    }

    static LightGbmMulticlassTrainer.Options Multiclass(int columns, ulong seed)
    {
        LightGbmMulticlassTrainer.Options options = new() { LabelColumnName = MlNetRows.Label, UseSoftmax = true };
        Set(options, columns, seed, curvature: 1);
        return options;
    }

    // The softmax of two classes grows each tree twice, with turned signs and twice the curvature: one tree is enough.
    static LightGbmBinaryTrainer.Options Binary(int columns, ulong seed)
    {
        LightGbmBinaryTrainer.Options options = new() { LabelColumnName = MlNetRows.IsSecond, Sigmoid = 1 };
        Set(options, columns, seed, curvature: 0.5);
        return options;
    }

    static void Set<TOptions, TOutput, TTransformer, TModel>(
        LightGbmTrainerBase<TOptions, TOutput, TTransformer, TModel>.OptionsBase options, int columns, ulong seed, double curvature)
        where TTransformer : ISingleFeaturePredictionTransformer<TModel>
        where TModel : class
        where TOptions : LightGbmTrainerBase<TOptions, TOutput, TTransformer, TModel>.OptionsBase, new()
    {
        options.FeatureColumnName = MlNetRows.Features;
        options.ExampleWeightColumnName = MlNetRows.Weight;
        options.NumberOfIterations = 100;
        options.LearningRate = 0.1;
        options.NumberOfLeaves = 31;
        options.MinimumExampleCountPerLeaf = 5;
        options.MaximumBinCountPerFeature = 63;
        options.UseCategoricalSplit = false;
        options.HandleMissingValue = false;
        options.NumberOfThreads = 1;
        options.Deterministic = true;
        options.Seed = MlNetRows.Seed(seed);
        options.Booster = new GradientBooster.Options
        {
            MinimumChildWeight = 0.1 * curvature,
            L2Regularization = 0.01 * curvature,
            FeatureFraction = 1 / Wide.Times(columns),
        };
    }
}

using System.Globalization;
using System.Numerics.Tensors;

namespace LeoCvae.Evaluation;

/// <summary>
/// Gradient boosted trees by LightGBM: its defaults (100 rounds, learning rate 0.1, 31 leaves) except that a leaf may have 5 rows instead
/// of 20, for the sake of small classes, and 63 bins instead of 255, for speed. Each tree of a wide table sees a share of its columns.
/// What isn't LightGBM's default is what ML.NET's was, and so is the way to a probability: the same bits as through ML.NET, which let
/// one fit at a time train in a process. Needs LightGBM's native library, on Linux libgomp too. Thread-safe.
/// </summary>
sealed class LightGbmClassifier : PresentClassifier
{
    const int Rounds = 100;

    public override string Name => "lightgbm";

    protected override Func<Matrix, double[,]> FitPresent(Matrix x, int[] labels, float[] weights, int classes, Matrix? stopX,
        int[] stopLabels, ulong seed, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        bool isWide = x.Columns > Wide.Columns;
        // The softmax of two classes grows each tree twice, with turned signs and twice the curvature: one tree is enough.
        int scores = isWide && classes == 2 ? 1 : classes;
        float[] least = isWide ? Least(x) : [];
        LightGbmTrees trees = Grow(isWide ? Shifted(x, least) : x, labels, weights, scores, seed, cancellation);
        return rows =>
        {
            Matrix shifted = isWide ? Shifted(rows, least) : rows;
            double[,] probabilities = new double[rows.Rows, classes];
            double[] sums = new double[scores];
            for (int i = 0; i < rows.Rows; i++)
            {
                trees.Score(shifted[i], sums);
                Softmax(sums, probabilities, i);
            }
            return probabilities;
        };
    }

    // Of one logit, or of a logit for each class, by way of floats as ML.NET does.
    static void Softmax(double[] logits, double[,] probabilities, int row)
    {
        if (logits.Length == 1)
        {
            Span<double> both = stackalloc double[2];
            MlpModel.Softmax([(float)logits[0]], both);
            (probabilities[row, 0], probabilities[row, 1]) = (both[0], both[1]);
            return;
        }
        double sum = 0;
        for (int c = 0; c < logits.Length; c++)
            sum += probabilities[row, c] = Math.Exp((float)logits[c]);
        for (int c = 0; c < logits.Length; c++)
            probabilities[row, c] = (float)(probabilities[row, c] / sum);
    }

    static LightGbmTrees Grow(Matrix x, int[] labels, float[] weights, int scores, ulong seed, CancellationToken cancellation)
    {
        string parameters = Parameters(x.Columns, scores, seed);
        try
        {
            using LightGbmLibrary.TrainingSet rows = new(x, labels, weights, parameters);
            using LightGbmLibrary.Booster booster = new(rows, parameters);
            for (int round = 0; round < Rounds && booster.Update(); round++)
                cancellation.ThrowIfCancellationRequested();
            return new(booster.Text(), scores);
        }
        catch (DllNotFoundException exception)
        {
            throw new PlatformNotSupportedException("lightgbm: the native library can't be loaded; it exists for x64 only, and on Linux " +
                "it needs libgomp (Debian: apt-get install libgomp1). The classifiers mlp, logreg and forest need no library", exception);
        }
    }

    static string Parameters(int columns, int scores, ulong seed)
    {
        double curvature = scores == 1 ? 0.5 : 1;
        string objective = scores == 1 ? "binary" : $"multiclass num_class={scores}";
        return string.Create(CultureInfo.InvariantCulture,
            $"objective={objective} learning_rate=0.1 num_leaves=31 min_data_in_leaf=5 min_sum_hessian_in_leaf={0.1 * curvature} " +
            $"lambda_l2={0.01 * curvature} feature_fraction={Wide.Share(columns)} max_bin=63 feature_pre_filter=false " +
            $"use_missing=false metric=None num_threads=1 deterministic=true seed={seed % int.MaxValue} verbosity=-1");
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
}

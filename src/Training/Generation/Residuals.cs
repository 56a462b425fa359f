namespace LeoCvae.Training;

/// <summary>
/// What decoding loses of the training rows, r = x - decoder(mu), in standardized units and in the order of the seeds, and what is learned
/// of it by class: mean, variance, and the rows themselves with mean 0 and variance 1 within their class. Immutable.
/// </summary>
sealed class Residuals
{
    // Rows of the class that its variance weighs as much as: those of all classes, times the class's level.
    public const double PooledRows = 5;

    // A class of fewer has no variance of its own.
    const int LeastRows = 3;

    /// <param name="x">Standardized training rows in the order of the seeds, n x d.</param>
    /// <param name="decoded">What the seeds decode to without noise, standardized, n x d.</param>
    /// <param name="starts">First seed of each class, and their number at the end.</param>
    /// <param name="width">d.</param>
    public Residuals(float[] x, float[] decoded, int[] starts, int width)
    {
        (Starts, Width, Stride) = (starts, width, Gemm.Padded(width));
        int classes = starts.Length - 1;
        (Mean, Deviation) = (new double[classes][], new double[classes][]);
        Standardized = new float[(long)(starts[^1] + Gemm.Lanes) * Stride];
        double[][] variance = new double[classes][];
        double[] pooled = new double[width];
        int pooling = Enumerable.Range(0, classes).Count(c => HasVariance(c));
        for (int c = 0; c < classes; c++)
        {
            int n = Count(c);
            (double[] mean, double[] squares) = (new double[width], new double[width]);
            for (int s = starts[c]; s < starts[c + 1]; s++)
                for (int j = 0; j < width; j++)
                    mean[j] += (x[s * width + j] - decoded[s * width + j]) / (double)n;
            for (int s = starts[c]; s < starts[c + 1]; s++)
                for (int j = 0; j < width; j++)
                {
                    double centered = x[s * width + j] - decoded[s * width + j] - mean[j];
                    squares[j] += centered * centered;
                }
            (Mean[c], variance[c]) = (mean, [.. squares.Select(sum => sum / Math.Max(1, n - 1))]);
            if (!HasVariance(c))
                continue;
            for (int j = 0; j < width; j++)
                pooled[j] += variance[c][j] / pooling;
            for (int j = 0; j < width; j++)
            {
                double unit = Math.Max(Math.Sqrt(squares[j] / n), 1e-6);
                for (int s = starts[c]; s < starts[c + 1]; s++)
                    Standardized[(long)s * Stride + j] = (float)((x[s * width + j] - decoded[s * width + j] - mean[j]) / unit);
            }
        }
        double level = pooled.Sum();
        for (int c = 0; c < classes; c++)
        {
            double[] own = HasVariance(c) ? variance[c] : pooled;
            double share = level > 0 ? own.Sum() / level : 1;
            Deviation[c] = [.. own.Select((value, j) => Math.Sqrt((Count(c) * value + PooledRows * share * pooled[j]) /
                (Count(c) + PooledRows)))];
        }
    }

    public int[] Starts { get; }

    public int Width { get; }

    /// <summary>Floats from a row of <see cref="Standardized"/> to the next.</summary>
    public int Stride { get; }

    /// <summary>Mean of each class and column.</summary>
    public double[][] Mean { get; }

    /// <summary>Standard deviation of each class and column, drawn towards that of all classes.</summary>
    public double[][] Deviation { get; }

    /// <summary>n rows of Stride floats, mean 0 and variance 1 by class and column; zeros in classes without a variance.</summary>
    public float[] Standardized { get; }

    public int Count(int c) => Starts[c + 1] - Starts[c];

    public bool HasVariance(int c) => Count(c) >= LeastRows;
}

namespace LeoCvae.Training;

/// <summary>
/// The quantiles of each class and column that synthetic rows are mapped onto: the class's own, its rows weighted as seeds are, averaged
/// with those of all classes, brought to the class's center and spread: (n own + 10 pooled) / (n + 10). So that a class of one or two rows
/// doesn't give them away, one more row counts in both: at what the decoder says, and as spread as classes are. Of a column of few values
/// the quantiles are those of the class's rows and a quarter of a row's worth of all rows, so that a value that a small class lacks may
/// come.
/// Standardized units. Immutable.
/// </summary>
sealed class ClassQuantiles
{
    const double PooledRows = 10, StrangeRows = 0.25;

    const int FewValues = 12;

    // Classes of fewer rows say nothing about a shape, or a variance.
    const int RowsOfShape = 5, RowsOfVariance = 3;

    readonly float[] _x;
    readonly IReadOnlyList<double> _weights;
    readonly int[] _starts;
    readonly int _width;

    readonly double[][] _meanResiduals;
    readonly double[] _pooledVariance;

    // Of columns of few values all rows' values in order, null of others.
    readonly float[]?[] _few;

    // d sorted arrays: deviations from their class's mean over its standard deviation; empty where no class has rows enough.
    readonly float[][] _shapes;

    /// <param name="x">Standardized training rows in the order of the seeds, n x d.</param>
    /// <param name="weights">Weight of each seed.</param>
    /// <param name="starts">First seed of each class, and their number at the end.</param>
    /// <param name="meanResiduals">C x d, the mean of what decoding loses.</param>
    /// <param name="parallel">Threads.</param>
    public ClassQuantiles(float[] x, IReadOnlyList<double> weights, int[] starts, double[][] meanResiduals, ParallelOptions parallel)
    {
        (_x, _weights, _starts, _meanResiduals) = (x, weights, starts, meanResiduals);
        int width = meanResiduals[0].Length;
        (_width, _shapes, _pooledVariance, _few) = (width, new float[width][], new double[width], new float[width][]);
        Parallel.For(0, width, parallel, j =>
        {
            HashSet<float> values = [];
            for (int s = 0; s < starts[^1] && values.Count <= FewValues; s++)
                values.Add(x[s * width + j]);
            if (values.Count <= FewValues)
            {
                _few[j] = [.. Enumerable.Range(0, starts[^1]).Select(s => x[s * width + j])];
                Array.Sort(_few[j]!);
            }
            List<float> shape = [];
            int pooling = 0;
            for (int c = 0; c + 1 < starts.Length; c++)
            {
                int n = starts[c + 1] - starts[c];
                (double mean, double deviation) = Moments(c, j);
                if (n >= RowsOfVariance)
                {
                    _pooledVariance[j] += deviation * deviation * n / (n - 1);
                    pooling++;
                }
                if (n < RowsOfShape)
                    continue;
                for (int s = starts[c]; s < starts[c + 1]; s++)
                    shape.Add((float)((x[s * width + j] - mean) / Math.Max(deviation, 1e-6)));
            }
            _pooledVariance[j] /= Math.Max(1, pooling);
            _shapes[j] = [.. shape];
            Array.Sort(_shapes[j]);
        });
    }

    /// <summary>The quantile function of a class's column: share of the rows below, 0 to 1, to a standardized value.</summary>
    public Func<double, double> Of(int c, int j)
    {
        int first = _starts[c], n = _starts[c + 1] - first;
        (double mean, double deviation) = Moments(c, j);
        double center = mean - _meanResiduals[c][j] / (n + 1),
            spread = Math.Sqrt((n * deviation * deviation + _pooledVariance[j]) / (n + 1));
        double[] values = new double[n], middles = new double[n];
        for (int i = 0; i < n; i++)
            (values[i], middles[i]) = (_x[(first + i) * _width + j], _weights[first + i]);
        Array.Sort(values, middles);
        double all = middles.Sum(), sum = 0;
        if (_few[j] is { } few)
            return Steps(values, middles, all, few);
        for (int i = 0; i < n; i++)
        {
            double weight = middles[i];
            middles[i] = (sum + weight / 2) / all;
            sum += weight;
        }
        float[] shape = _shapes[j];
        double own = shape.Length == 0 ? 1 : n / (n + PooledRows);
        return share => own * Between(middles, values, share)
            + (1 - own) * (shape.Length == 0 ? 0 : center + spread * Quantile(shape, share));
    }

    // The value up to which a share of the rows lies: n rows of the class by weight, and a quarter of a row of all.
    static Func<double, double> Steps(double[] own, double[] weights, double all, float[] few)
    {
        double rows = own.Length + StrangeRows;
        (float Value, double Share)[] steps = [.. few.Distinct().Select(value => (value,
            own.Zip(weights).Sum(row => row.First <= value ? row.Second : 0) / all * own.Length / rows
            + few.Count(other => other <= value) / (double)few.Length * StrangeRows / rows))];
        return share => Array.Find(steps, step => step.Share >= share) is { Share: > 0 } found ? found.Value : steps[^1].Value;
    }

    (double Mean, double Deviation) Moments(int c, int j)
    {
        (int first, int end) = (_starts[c], _starts[c + 1]);
        (double mean, double squares) = (0, 0);
        for (int s = first; s < end; s++)
            mean += _x[s * _width + j] / (double)(end - first);
        for (int s = first; s < end; s++)
            squares += (_x[s * _width + j] - mean) * (_x[s * _width + j] - mean);
        return (mean, Math.Sqrt(squares / (end - first)));
    }

    // Linear between the points, the first and the last value beyond them.
    static double Between(double[] at, double[] values, double place)
    {
        int above = Array.BinarySearch(at, place);
        above = above < 0 ? ~above : above;
        if (above == 0)
            return values[0];
        if (above == at.Length)
            return values[^1];
        double rise = at[above] - at[above - 1];
        return values[above - 1] + (rise > 0 ? (place - at[above - 1]) / rise : 1) * (values[above] - values[above - 1]);
    }

    /// <summary>A quantile of sorted values, linear between them.</summary>
    public static double Quantile(float[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = Math.Min((int)place, Math.Max(0, sorted.Length - 2));
        return sorted[below] + (place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]);
    }
}

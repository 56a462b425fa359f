namespace LeoCvae.Training;

/// <summary>
/// The quantiles of a column and each class that synthetic rows are mapped onto: the class's own, its rows weighted as seeds are, averaged
/// with those of all classes, brought to the class's center and spread: (n own + 10 pooled) / (n + 10). So that a class of one or two rows
/// doesn't give them away, one more row counts in both: at what the decoder says, and as spread as classes are. Of a column of few values
/// the quantiles are those of the class's rows and a quarter of a row's worth of all rows, so that a value that a small class lacks may
/// come.
/// Standardized units. Immutable.
/// </summary>
sealed class ColumnQuantiles
{
    public const double PooledRows = 10;

    const double StrangeRows = 0.25;

    const int FewValues = 12;

    // Classes of fewer rows say nothing about a shape, or a variance.
    const int RowsOfShape = 5, RowsOfVariance = 3;

    readonly ClassRows[] _classes;
    readonly double _pooledVariance;

    // Of a column of few values all rows' values in order, otherwise null.
    readonly float[]? _few;

    // Sorted deviations from their class's mean over its standard deviation; empty where no class has rows enough.
    readonly float[] _shape;

    /// <param name="x">The column of the standardized training rows, in the order of the seeds.</param>
    /// <param name="weights">Weight of each seed.</param>
    /// <param name="starts">First seed of each class, and their number at the end.</param>
    public ColumnQuantiles(float[] x, double[] weights, int[] starts)
    {
        HashSet<float> values = [];
        for (int s = 0; s < x.Length && values.Count <= FewValues; s++)
            values.Add(x[s]);
        if (values.Count <= FewValues)
            _few = FloatSort.Sorted(x);
        _classes = new ClassRows[starts.Length - 1];
        List<float> shape = new(x.Length);
        int pooling = 0;
        for (int c = 0; c < _classes.Length; c++)
        {
            int first = starts[c], n = starts[c + 1] - first;
            ReadOnlySpan<float> own = x.AsSpan(first, n);
            (double mean, double deviation) = Moments(own);
            int[] order = FloatSort.Order(own);
            float[] sorted = new float[n];
            double[] sortedWeights = new double[n];
            for (int i = 0; i < n; i++)
                (sorted[i], sortedWeights[i]) = (own[order[i]], weights[first + order[i]]);
            _classes[c] = new(sorted, sortedWeights, mean, deviation);
            if (n >= RowsOfVariance)
            {
                _pooledVariance += deviation * deviation * n / (n - 1);
                pooling++;
            }
            if (n >= RowsOfShape)
                foreach (float value in sorted)
                    shape.Add((float)((value - mean) / Math.Max(deviation, 1e-6)));
        }
        _pooledVariance /= Math.Max(1, pooling);
        _shape = FloatSort.Sorted([.. shape]);
    }

    /// <summary>The quantile function of a class: share of the rows below, 0 to 1, to a standardized value.</summary>
    /// <param name="c">The class.</param>
    /// <param name="meanResidual">The mean of what decoding loses.</param>
    public Func<double, double> Of(int c, double meanResidual)
    {
        (float[] values, double[] weights, double mean, double deviation) = _classes[c];
        int n = values.Length;
        double center = mean - meanResidual / (n + 1), spread = Math.Sqrt((n * deviation * deviation + _pooledVariance) / (n + 1));
        double all = weights.Sum(), sum = 0;
        if (_few is not null)
            return Steps(values, weights, all, _few);
        double[] middles = new double[n];
        for (int i = 0; i < n; i++)
        {
            middles[i] = (sum + weights[i] / 2) / all;
            sum += weights[i];
        }
        double own = _shape.Length == 0 ? 1 : n / (n + PooledRows);
        return share => own * Between(middles, values, share)
            + (1 - own) * (_shape.Length == 0 ? 0 : center + spread * Quantile(_shape, share));
    }

    // The value up to which a share of the rows lies: n rows of the class by weight, and a quarter of a row of all.
    static Func<double, double> Steps(float[] own, double[] weights, double all, float[] few)
    {
        List<(double Value, double Share)> steps = [];
        (double rows, double sum) = (own.Length + StrangeRows, 0);
        for (int i = 0, s = 0; i < few.Length;)
        {
            float value = few[i];
            while (i < few.Length && few[i] == value)
                i++;
            for (; s < own.Length && own[s] <= value; s++)
                sum += weights[s];
            steps.Add((value, sum / all * own.Length / rows + i / (double)few.Length * StrangeRows / rows));
        }
        return share => steps.Find(step => step.Share >= share) is { Share: > 0 } found ? found.Value : steps[^1].Value;
    }

    static (double Mean, double Deviation) Moments(ReadOnlySpan<float> values)
    {
        (double mean, double squares) = (0, 0);
        foreach (float value in values)
            mean += value / (double)values.Length;
        foreach (float value in values)
            squares += (value - mean) * (value - mean);
        return (mean, Math.Sqrt(squares / values.Length));
    }

    // Linear between the points, the first and the last value beyond them.
    static double Between(double[] at, float[] values, double place)
    {
        int above = Array.BinarySearch(at, place);
        above = above < 0 ? ~above : above;
        if (above == 0)
            return values[0];
        if (above == at.Length)
            return values[^1];
        double rise = at[above] - at[above - 1];
        return values[above - 1] + (rise > 0 ? (place - at[above - 1]) / rise : 1) * ((double)values[above] - values[above - 1]);
    }

    /// <summary>A quantile of sorted values, linear between them.</summary>
    public static double Quantile(float[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = Math.Min((int)place, Math.Max(0, sorted.Length - 2));
        return sorted[below] + (place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]);
    }

    // Values in ascending order, and the weight of each.
    readonly record struct ClassRows(float[] Values, double[] Weights, double Mean, double Deviation);
}

namespace LeoCvae.Evaluation;

/// <summary>How far apart two samples of a column, or of columns, are.</summary>
static class ColumnDistances
{
    /// <summary>The two-sample Kolmogorov-Smirnov statistic: the largest difference of the shares up to a value.</summary>
    public static double KolmogorovSmirnov(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        (double[] x, double[] y) = (a.ToArray(), b.ToArray());
        Array.Sort(x);
        Array.Sort(y);
        double largest = 0;
        for (int i = 0, j = 0; i < x.Length && j < y.Length;)
        {
            double value = Math.Min(x[i], y[j]);
            while (i < x.Length && x[i] == value)
                i++;
            while (j < y.Length && y[j] == value)
                j++;
            largest = Math.Max(largest, Math.Abs((double)i / x.Length - (double)j / y.Length));
        }
        return largest;
    }

    /// <summary>Total variation: half the sum over all values of the differences of their shares.</summary>
    public static double TotalVariation(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        SortedDictionary<double, double> shares = [];
        foreach (double value in a)
            shares[value] = shares.GetValueOrDefault(value) + 1.0 / a.Length;
        foreach (double value in b)
            shares[value] = shares.GetValueOrDefault(value) - 1.0 / b.Length;
        return shares.Values.Sum(Math.Abs) / 2;
    }

    /// <summary>Pearson correlations of columns, d x d; NaN where a column is constant.</summary>
    public static double[,] Correlations(IReadOnlyList<double[]> columns)
    {
        int d = columns.Count;
        double[][] normal = [.. columns.Select(Normalize)];
        double[,] correlations = new double[d, d];
        for (int i = 0; i < d; i++)
            for (int j = 0; j <= i; j++)
            {
                double product = 0;
                for (int row = 0; row < normal[i].Length; row++)
                    product += normal[i][row] * normal[j][row];
                correlations[i, j] = correlations[j, i] = double.IsNaN(product) ? product : Math.Clamp(product, -1, 1);
            }
        return correlations;
    }

    /// <summary>
    /// 1 less half the mean absolute difference of the correlations of all pairs of columns that vary in both; NaN where there is no pair.
    /// </summary>
    public static double CorrelationSimilarity(IReadOnlyList<double[]> a, IReadOnlyList<double[]> b)
    {
        (double[,] left, double[,] right) = (Correlations(a), Correlations(b));
        (double sum, int pairs) = (0, 0);
        for (int i = 0; i < a.Count; i++)
            for (int j = 0; j < i; j++)
                if (!double.IsNaN(left[i, j]) && !double.IsNaN(right[i, j]))
                    (sum, pairs) = (sum + Math.Abs(left[i, j] - right[i, j]), pairs + 1);
        return pairs == 0 ? double.NaN : 1 - sum / pairs / 2;
    }

    // Mean 0 and length 1. A constant column is told by its range: its deviations are rounding errors.
    static double[] Normalize(double[] column)
    {
        double mean = column.Average(), length = column.Length == 0 || column.Min() == column.Max() ? double.NaN
            : Math.Sqrt(column.Sum(value => (value - mean) * (value - mean)));
        return [.. column.Select(value => (value - mean) / length)];
    }
}

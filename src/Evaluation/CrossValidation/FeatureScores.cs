namespace LeoCvae.Evaluation;

/// <summary>How much columns say about the class; higher is more.</summary>
static class FeatureScores
{
    const int Neighbors = 3;
    const double Noise = 1e-10, EulerGamma = 0.57721566490153286;

    /// <summary>
    /// F of a one-way analysis of variance, as scikit-learn's f_classif; 0 for a constant column, infinite where the classes' values are
    /// constant and differ.
    /// </summary>
    public static double AnovaF(ReadOnlySpan<double> column, ReadOnlySpan<int> labels, int classes)
    {
        double[] sums = new double[classes], means = new double[classes];
        int[] counts = new int[classes];
        double total = 0, between = 0, within = 0;
        for (int i = 0; i < column.Length; i++)
        {
            sums[labels[i]] += column[i];
            counts[labels[i]]++;
            total += column[i];
        }
        int present = 0;
        for (int c = 0; c < classes; c++)
            if (counts[c] > 0)
            {
                present++;
                means[c] = sums[c] / counts[c];
                between += counts[c] * (means[c] - total / column.Length) * (means[c] - total / column.Length);
            }
        for (int i = 0; i < column.Length; i++)
            within += (column[i] - means[labels[i]]) * (column[i] - means[labels[i]]);
        return column.IndexOfAnyExcept(column[0]) < 0 || present < 2 ? 0 : between / (present - 1) / (within / (column.Length - present));
    }

    /// <summary>
    /// Mutual information of a number and a class, in nats, at least 0 (Ross 2014, three neighbors), as scikit-learn's mutual_info_classif:
    /// scaled, with noise of 1e-10 that parts equal values, classes of one row left out.
    /// </summary>
    /// <param name="column">n values.</param>
    /// <param name="labels">n class indices.</param>
    /// <param name="classes">C.</param>
    /// <param name="seed">Seed of the noise.</param>
    /// <param name="number">The column's number.</param>
    public static double MutualInformation(ReadOnlySpan<double> column, ReadOnlySpan<int> labels, int classes, ulong seed, int number)
    {
        int[] counts = new int[classes];
        foreach (int label in labels)
            counts[label]++;
        double[] x = Parted(column, seed, number);
        double[][] ofClass = [.. counts.Select(count => new double[count])];
        int[] next = new int[classes];
        for (int i = 0; i < x.Length; i++)
            ofClass[labels[i]][next[labels[i]]++] = x[i];
        double[] all = [.. ofClass.Where(values => values.Length > 1).SelectMany(values => values)];
        if (all.Length == 0)
            return 0;
        Array.Sort(all);
        double[] digamma = Digamma(all.Length);
        double sum = 0;
        foreach (double[] values in ofClass.Where(values => values.Length > 1))
        {
            Array.Sort(values);
            int k = Math.Min(Neighbors, values.Length - 1);
            for (int i = 0; i < values.Length; i++)
                sum += digamma[k] - digamma[values.Length] - digamma[Nearer(all, values[i], KthDistance(values, i, k))];
        }
        return Math.Max(0, digamma[all.Length] + sum / all.Length);
    }

    /// <summary>
    /// How much a category says about the class, told by the levels that classifiers see of it (rare ones share one): mutual information in
    /// nats less its bias (Miller and Madow), at least 0, or Pearson's chi-squared over its degrees of freedom, which in rows that say
    /// nothing is 1 in the mean, as F is.
    /// </summary>
    /// <param name="column">n indices of categories.</param>
    /// <param name="categories">How many categories there are.</param>
    /// <param name="labels">n class indices.</param>
    /// <param name="classes">C.</param>
    /// <param name="score">Which of the two.</param>
    public static double OfCategories(ReadOnlySpan<double> column, int categories, ReadOnlySpan<int> labels, int classes,
        FeatureScore score)
    {
        int[] rowsOf = new int[categories];
        foreach (double cell in column)
            rowsOf[(int)cell]++;
        int[] levelOf = LevelBlock.Levels(rowsOf), ofLevel = new int[levelOf.Max() + 1], ofClass = new int[classes];
        int[,] together = new int[ofLevel.Length, classes];
        for (int i = 0; i < column.Length; i++)
        {
            int level = levelOf[(int)column[i]];
            ofLevel[level]++;
            ofClass[labels[i]]++;
            together[level, labels[i]]++;
        }
        double information = 0, chiSquared = 0, n = column.Length;
        for (int level = 0; level < ofLevel.Length; level++)
            for (int c = 0; c < classes; c++)
                if (ofClass[c] > 0)
                {
                    double expected = ofLevel[level] * (ofClass[c] / n), seen = together[level, c];
                    chiSquared += (seen - expected) * (seen - expected) / expected;
                    information += seen > 0 ? seen / n * Math.Log(seen / expected) : 0;
                }
        int freedom = (ofLevel.Length - 1) * (ofClass.Count(rows => rows > 0) - 1);
        return freedom == 0 ? 0
            : score == FeatureScore.AnovaF ? chiSquared / freedom
            : Math.Max(0, information - freedom / (2 * n));
    }

    static double[] Parted(ReadOnlySpan<double> column, ulong seed, int number)
    {
        double mean = 0, deviation = 0, size = 0;
        foreach (double value in column)
            mean += value / column.Length;
        foreach (double value in column)
            deviation += (value - mean) * (value - mean) / column.Length;
        deviation = deviation > 0 ? Math.Sqrt(deviation) : 1;
        foreach (double value in column)
            size += Math.Abs(value / deviation) / column.Length;
        float[] noise = new float[column.Length];
        new CounterRandom(seed, RandomStream.TieNoise).FillNormal((ulong)number, noise);
        double[] x = new double[column.Length];
        for (int i = 0; i < x.Length; i++)
            x[i] = column[i] / deviation + Noise * Math.Max(1, size) * noise[i];
        return x;
    }

    // Distance to the k-th nearest other value of a sorted list.
    static double KthDistance(double[] sorted, int i, int k)
    {
        (int low, int high, double distance) = (i - 1, i + 1, 0);
        for (; k > 0; k--)
            distance = low < 0 || (high < sorted.Length && sorted[high] - sorted[i] < sorted[i] - sorted[low]) ? sorted[high++] - sorted[i]
                : sorted[i] - sorted[low--];
        return distance;
    }

    // How many values of a sorted list are nearer than a distance; at least one, the value itself.
    static int Nearer(double[] sorted, double value, double distance)
    {
        int first = First(sorted, other => value - other < distance), end = First(sorted, other => other - value >= distance);
        return Math.Max(1, end - first);
    }

    static int First(double[] sorted, Func<double, bool> holdsFrom)
    {
        (int low, int high) = (0, sorted.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (holdsFrom(sorted[middle]))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    // Of the whole numbers up to n; place 0 is not used.
    static double[] Digamma(int n)
    {
        double[] digamma = new double[n + 1];
        if (n > 0)
            digamma[1] = -EulerGamma;
        for (int i = 1; i < n; i++)
            digamma[i + 1] = digamma[i] + 1.0 / i;
        return digamma;
    }
}

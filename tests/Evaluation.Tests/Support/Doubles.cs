namespace LeoCvae.Evaluation.Tests;

/// <summary>A resampler from a function.</summary>
sealed class ResamplerOf(string name, Func<Table, ulong, Table> resample) : IResampler
{
    public string Name => name;

    public Table Resample(TrainingRows training, ulong seed, CancellationToken cancellation) => resample(training.Table, seed);

    /// <summary>Rows, then more of them.</summary>
    public static Table Append(Table rows, IEnumerable<(double[] Values, string Label)> more)
    {
        (double[] Values, string Label)[] all =
            [.. Enumerable.Range(0, rows.RowCount).Select(row => (rows.Row(row).ToArray(), rows.Label(row))), .. more];
        double[,] values = new double[all.Length, rows.Schema.Columns.Count];
        for (int i = 0; i < all.Length; i++)
            for (int j = 0; j < all[i].Values.Length; j++)
                values[i, j] = all[i].Values[j];
        return Table.FromArrays(values, [.. all.Select(row => row.Label)], [.. rows.Schema.Columns.Select(column => column.Name)]);
    }
}

/// <summary>
/// The nearest class center, by a softmax of negative squared distances; deterministic, and quick enough for tests of what surrounds a
/// classifier.
/// </summary>
sealed class NearestCenter : IEarlyStoppingClassifier
{
    public string Name => "center";

    /// <summary>Whether the last fit was given rows to stop on.</summary>
    public bool WasStopped { get; private set; }

    public IFittedClassifier Fit(Matrix x, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, int classes, ulong seed,
        CancellationToken cancellation)
    {
        double[] mass = new double[classes];
        double[,] centers = new double[classes, x.Columns];
        for (int i = 0; i < x.Rows; i++)
        {
            double weight = weights.IsEmpty ? 1 : weights[i];
            mass[labels[i]] += weight;
            for (int j = 0; j < x.Columns; j++)
                centers[labels[i], j] += weight * x[i][j];
        }
        for (int c = 0; c < classes; c++)
            for (int j = 0; j < x.Columns; j++)
                centers[c, j] /= Math.Max(mass[c], double.Epsilon);
        return new Fitted(centers, mass);
    }

    public IFittedClassifier Fit(Matrix x,
        ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, int classes, Matrix stopX, ReadOnlySpan<int> stopLabels, ulong seed,
        CancellationToken cancellation)
    {
        WasStopped = stopX.Rows == stopLabels.Length && stopX.Columns == x.Columns;
        return Fit(x, labels, weights, classes, seed, cancellation);
    }

    sealed class Fitted(double[,] centers, double[] mass) : IFittedClassifier
    {
        public double[,] Probabilities(Matrix x)
        {
            double[,] probabilities = new double[x.Rows, mass.Length];
            for (int i = 0; i < x.Rows; i++)
            {
                double[] score = new double[mass.Length];
                for (int c = 0; c < mass.Length; c++)
                {
                    double distance = 0;
                    for (int j = 0; j < x.Columns; j++)
                        distance += (x[i][j] - centers[c, j]) * (x[i][j] - centers[c, j]);
                    score[c] = mass[c] * Math.Exp(-Math.Min(50, distance));
                }
                for (int c = 0; c < mass.Length; c++)
                    probabilities[i, c] = score[c] / score.Sum();
            }
            return probabilities;
        }

        public void Dispose()
        {
        }
    }
}

/// <summary>The same by another name.</summary>
sealed class Renamed(string name) : IClassifier
{
    public string Name => name;

    public IFittedClassifier Fit(Matrix x, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, int classes, ulong seed,
        CancellationToken cancellation) =>
        new NearestCenter().Fit(x, labels, weights, classes, seed, cancellation);
}

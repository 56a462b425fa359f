namespace LeoCvae;

/// <summary>
/// Chooses seeds, which are a class's training rows or the components of its mixture, in proportion to their weight, by inverse CDF on one
/// uniform number. Immutable and thread-safe.
/// </summary>
sealed class SeedBank
{
    readonly double[] _cumulative;

    // The same of the rows that components stand for; null where seeds are rows.
    readonly double[]? _cumulativeRows;

    /// <param name="starts">First seed of each class, and the number of all seeds at the end.</param>
    /// <param name="rows">Row of each seed in the training table; empty where seeds are components.</param>
    /// <param name="weights">Weight of each seed, above 0.</param>
    /// <param name="componentRows">Training rows that each component stands for; null where seeds are rows.</param>
    public SeedBank(IReadOnlyList<int> starts, IReadOnlyList<long> rows, IReadOnlyList<double> weights,
        IReadOnlyList<int>? componentRows = null)
    {
        (Starts, Rows, Weights) = (starts, [.. rows.Select(row => (int)row)], weights);
        _cumulative = Cumulative(weights);
        _cumulativeRows = componentRows is null ? null : Cumulative([.. componentRows.Select(count => (double)count)]);

        double[] Cumulative(IReadOnlyList<double> values)
        {
            double[] sums = new double[values.Count];
            for (int c = 0; c + 1 < starts.Count; c++)
            {
                double sum = 0;
                for (int s = starts[c]; s < starts[c + 1]; s++)
                    sums[s] = sum += values[s];
            }
            return sums;
        }
    }

    /// <summary>First seed of each class, and the number of all seeds at the end.</summary>
    public IReadOnlyList<int> Starts { get; }

    /// <summary>Row of each seed in the training table; empty where seeds are components.</summary>
    public IReadOnlyList<int> Rows { get; }

    /// <summary>Weight of each seed, (1 + H)^gamma or, of a component, the sum over its rows.</summary>
    public IReadOnlyList<double> Weights { get; }

    public int Count => _cumulative.Length;

    /// <summary>A seed's row in the training table; -1 of a component.</summary>
    public int Row(int seed) => Rows.Count == 0 ? -1 : Rows[seed];

    /// <summary>The seed of a class for a uniform number in [0, 1).</summary>
    public int Pick(int classIndex, double uniform, SeedWeights by = SeedWeights.Entropy)
    {
        (int start, int end) = (Starts[classIndex], Starts[classIndex + 1]);
        double[] cumulative = _cumulative;
        if (by == SeedWeights.Equal)
        {
            if (_cumulativeRows is null)
                return start + (int)(uniform * (end - start));
            cumulative = _cumulativeRows;
        }
        double wanted = uniform * cumulative[end - 1];
        (int low, int high) = (start, end - 1);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (cumulative[middle] > wanted)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}

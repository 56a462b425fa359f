namespace LeoCvae;

/// <summary>
/// Chooses seeds, which are a class's training rows or the components of its mixture, in proportion to their weight, by inverse CDF on one
/// uniform number. Immutable and thread-safe.
/// </summary>
sealed class SeedBank
{
    readonly int[] _starts, _rows;
    readonly double[] _cumulative;

    // Of as many even parts of each class's uniform numbers as it has seeds: about where their seeds begin.
    readonly int[] _near;

    // The same of the rows that components stand for; null where seeds are rows.
    readonly double[]? _cumulativeRows;

    /// <param name="starts">First seed of each class, and the number of all seeds at the end.</param>
    /// <param name="rows">Row of each seed in the training table; empty where seeds are components.</param>
    /// <param name="weights">Weight of each seed, above 0.</param>
    /// <param name="componentRows">Training rows that each component stands for; null where seeds are rows.</param>
    public SeedBank(IReadOnlyList<int> starts, IReadOnlyList<long> rows, IReadOnlyList<double> weights,
        IReadOnlyList<int>? componentRows = null)
    {
        (_starts, _rows, Weights) = ([.. starts], [.. rows.Select(row => (int)row)], weights);
        _cumulative = Cumulative(weights);
        _near = new int[weights.Count];
        for (int c = 0; c + 1 < starts.Count; c++)
            for (int s = starts[c], near = s; s < starts[c + 1]; s++)
                _near[s] = near = Pick(c, (double)(s - starts[c]) / (starts[c + 1] - starts[c]), _cumulative, near);
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
    public IReadOnlyList<int> Starts => _starts;

    /// <summary>Row of each seed in the training table; empty where seeds are components.</summary>
    public IReadOnlyList<int> Rows => _rows;

    /// <summary>Weight of each seed, (1 + H)^gamma or, of a component, the sum over its rows.</summary>
    public IReadOnlyList<double> Weights { get; }

    public int Count => _cumulative.Length;

    /// <summary>A seed's row in the training table; -1 of a component.</summary>
    public int Row(int seed) => _rows.Length == 0 ? -1 : _rows[seed];

    /// <summary>The seed of a class for a uniform number in [0, 1).</summary>
    public int Pick(int classIndex, double uniform, SeedWeights by = SeedWeights.Entropy)
    {
        (int start, int count) = (_starts[classIndex], _starts[classIndex + 1] - _starts[classIndex]);
        int part = start + (int)(uniform * count);
        return by == SeedWeights.Entropy ? Pick(classIndex, uniform, _cumulative, _near[part])
            : _cumulativeRows is null ? part
            : Pick(classIndex, uniform, _cumulativeRows, part);
    }

    // The first seed up to which weights are more than wanted, or the last one; from one that is near it.
    int Pick(int classIndex, double uniform, double[] cumulative, int near)
    {
        (int start, int last) = (_starts[classIndex], _starts[classIndex + 1] - 1);
        double wanted = uniform * cumulative[last];
        while (near > start && cumulative[near - 1] > wanted)
            near--;
        while (near < last && !(cumulative[near] > wanted))
            near++;
        return near;
    }
}

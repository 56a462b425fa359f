namespace LeoCvae;

/// <summary>
/// Chooses seeds: a class's seeds are its training rows, chosen in proportion to (1 + H)^gamma by inverse CDF on one
/// uniform number. Immutable and thread-safe.
/// </summary>
sealed class SeedBank
{
    readonly ManifestSeeds _seeds;
    readonly double[] _cumulative;

    public SeedBank(ManifestSeeds seeds)
    {
        _seeds = seeds;
        _cumulative = new double[seeds.Weights.Count];
        for (int c = 0; c + 1 < seeds.Starts.Count; c++)
        {
            double sum = 0;
            for (int s = seeds.Starts[c]; s < seeds.Starts[c + 1]; s++)
                _cumulative[s] = sum += seeds.Weights[s];
        }
    }

    /// <summary>The seed of a class for a uniform number in [0, 1).</summary>
    public int Pick(int classIndex, double uniform)
    {
        (int start, int end) = (_seeds.Starts[classIndex], _seeds.Starts[classIndex + 1]);
        double wanted = uniform * _cumulative[end - 1];
        (int low, int high) = (start, end - 1);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_cumulative[middle] > wanted)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    /// <summary>The training row of a seed.</summary>
    public int SourceRow(int seed) => _seeds.Rows[seed];
}

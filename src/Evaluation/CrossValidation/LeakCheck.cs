using System.Globalization;

namespace LeoCvae.Evaluation;

/// <summary>
/// Whether synthetic rows repeat test rows. A resampler can't be handed test rows, but may have got hold of the table elsewhere. On tables of few
/// distinct values chance repeats rows, too: so often at most as real rows do that were not seen (test rows equal to a training row), and no more often than
/// it repeats training rows. Repeats far beyond both are a leak.
/// </summary>
sealed class LeakCheck
{
    // Chance of an accusation where there is no leak; and what a real row's chance of a repeat is taken for above what was seen, since few test rows tell little.
    const double FalseAlarm = 1e-6, Unseen = 3;

    readonly int _synthetic;
    readonly double _chance;

    LeakCheck(int copied, int synthetic, double chance) => (Copied, _synthetic, _chance) = (copied, synthetic, chance);

    /// <summary>Synthetic rows that equal a test row and no training row.</summary>
    public int Copied { get; }

    /// <param name="training">The training rows.</param>
    /// <param name="test">Values of the test rows, prepared as the training rows.</param>
    /// <param name="resampled">The training rows, then synthetic ones.</param>
    public static LeakCheck Of(Table training, double[] test, Table resampled)
    {
        int width = training.Schema.Columns.Count, tests = test.Length / width, synthetic = resampled.RowCount - training.RowCount;
        if (synthetic == 0)
            return new(0, 0, 1);
        HashSet<ReadOnlyMemory<double>> trained = new(RowComparer.Instance), testOnly = new(RowComparer.Instance);
        double[] values = resampled.Values.ToArray();
        for (int row = 0; row < training.RowCount; row++)
            trained.Add(values.AsMemory(row * width, width));
        int repeats = 0, copied = 0, copiesOfTraining = 0;
        for (int row = 0; row < tests; row++)
            if (trained.Contains(test.AsMemory(row * width, width)))
                repeats++;
            else
                testOnly.Add(test.AsMemory(row * width, width));
        for (int row = training.RowCount; row < resampled.RowCount; row++)
            if (testOnly.Contains(values.AsMemory(row * width, width)))
                copied++;
            else if (trained.Contains(values.AsMemory(row * width, width)))
                copiesOfTraining++;
        double asReal = (repeats + Unseen) / (tests + Unseen), asTraining = (double)copiesOfTraining / synthetic * testOnly.Count / trained.Count;
        return new(copied, synthetic, Math.Min(1, Math.Max(asReal, asTraining)));
    }

    /// <exception cref="InvalidOperationException">There are more copies than chance makes.</exception>
    public void Require(string method)
    {
        if (UpperTail(Copied, _synthetic, _chance) < FalseAlarm)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"method '{method}': {Copied} of {_synthetic} synthetic rows equal a test row and no training row, expected {_chance:P1} of them at most: the resampler has seen test rows"));
    }

    /// <summary>A bound on the chance of k or more of n (Hoeffding 1963, in relative entropy).</summary>
    static double UpperTail(int k, int n, double p)
    {
        double share = n == 0 ? 0 : (double)k / n;
        if (share <= p)
            return 1;
        double entropy = share * Math.Log(share / p) + (share < 1 ? (1 - share) * Math.Log((1 - share) / (1 - p)) : 0);
        return Math.Exp(-n * entropy);
    }

    sealed class RowComparer : IEqualityComparer<ReadOnlyMemory<double>>
    {
        public static RowComparer Instance { get; } = new();

        public bool Equals(ReadOnlyMemory<double> a, ReadOnlyMemory<double> b) => a.Span.SequenceEqual(b.Span);

        public int GetHashCode(ReadOnlyMemory<double> row)
        {
            HashCode hash = default;
            foreach (double value in row.Span)
                hash.Add(value);
            return hash.ToHashCode();
        }
    }
}

namespace LeoCvae;

/// <summary>What a <see cref="RecallGate"/> measured.</summary>
/// <param name="Rows">The rows that were checked, ascending.</param>
/// <param name="Recalls">Of each the share of its neighbors that are right.</param>
sealed record MeasuredRecall(int[] Rows, double[] Recalls)
{
    /// <summary>Mean share of right neighbors; 1 where there are none to find.</summary>
    public double Mean => Recalls.Length == 0 ? 1 : Recalls.Average();

    /// <summary>The rows that fared worst, worst first; misses come in clusters, a good mean can hide them.</summary>
    public (int Row, double Recall)[] Worst(int count) =>
        [.. Rows.Zip(Recalls).OrderBy(pair => pair.Second).ThenBy(pair => pair.First).Take(count)];
}

/// <summary>
/// Measures on a sample of rows how many of the nearest neighbors a search has found. A neighbor is right if it is no farther than the
/// exact k-th: which of several equally far ones is listed doesn't matter.
/// </summary>
static class RecallGate
{
    /// <summary>Rows to check by default: the error of the mean is then a few thousandths, below .99 it is seen reliably.</summary>
    public const int DefaultRows = 500;

    /// <summary>Checks neighbors of x's rows; the sample depends on the seed and the number of rows only.</summary>
    public static MeasuredRecall Measure(Matrix x, NeighborLists lists, int threads, ulong seed = 0, int rows = DefaultRows,
        CancellationToken cancellation = default)
    {
        int[] chosen = Choose(x.Rows, rows, new(seed, RandomStream.RecallSample));
        return Compare(lists, chosen, ExactNeighbors.SomeRows(x, chosen, lists.K, threads, cancellation));
    }

    /// <summary>Checks the reference rows found for new rows.</summary>
    public static MeasuredRecall MeasureNew(Matrix newRows, Matrix reference, NeighborLists lists, int threads, ulong seed = 0,
        int rows = DefaultRows, CancellationToken cancellation = default)
    {
        int[] chosen = Choose(newRows.Rows, rows, new(seed, RandomStream.RecallSample));
        return Compare(lists, chosen, ExactNeighbors.NewRows(newRows, chosen, reference, lists.K, threads, cancellation));
    }

    static MeasuredRecall Compare(NeighborLists lists, int[] chosen, NeighborLists exact) =>
        new(chosen, [.. chosen.Select((row, i) => Right(lists.SquaredDistances(row), exact.SquaredDistances(i)))]);

    /// <summary>The share of a row's neighbors that are right.</summary>
    public static double Right(ReadOnlySpan<double> found, ReadOnlySpan<double> exact)
    {
        int right = 0;
        foreach (double distance in found)
            if (distance <= exact[^1])
                right++;
        return found.IsEmpty ? 1 : (double)right / found.Length;
    }

    /// <summary>Rows to check: one of each of as many equal ranges.</summary>
    public static int[] Choose(int n, int rows, CounterRandom random)
    {
        int count = Math.Min(n, rows);
        int[] chosen = new int[count];
        for (int i = 0; i < count; i++)
        {
            int first = (int)((long)i * n / count), end = (int)((i + 1L) * n / count);
            chosen[i] = first + (int)((ulong)random.Word((ulong)i, 0) * (uint)(end - first) >> 32);
        }
        return chosen;
    }
}

namespace LeoCvae;

/// <summary>
/// The Local Entropy Score (arXiv 2509.25334): H_i = -sum_c p(c) log2 p(c), where p(c) is the share of class c among the
/// k nearest other rows of row i (Euclidean distance of standardized features, ties by smaller row). Thread-safe.
/// </summary>
public static class LocalEntropy
{
    /// <summary>Default number of neighbors, k.</summary>
    public const int DefaultNeighbors = 15;

    /// <summary>Scores every row of a table against the table's other rows.</summary>
    /// <param name="table">At least two rows; features are standardized with the table's own statistics.</param>
    /// <param name="neighbors">k, at least 1; clamped to the number of other rows.</param>
    /// <param name="search">How neighbors are found; an approximate search is measured, and replaced by the exact one below a recall of
    /// 0.99.</param>
    /// <param name="maxDegreeOfParallelism">Threads; -1 uses all cores. The scores don't depend on it.</param>
    /// <param name="progress">Receives the share of the search that is done, roughly.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="ArgumentException">Fewer than two rows, rows without labels, or k below 1.</exception>
    public static EntropyScores Score(Table table, int neighbors = DefaultNeighbors, NeighborSearch search = NeighborSearch.Auto,
        int maxDegreeOfParallelism = -1, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        table.RequireLabels();
        RequireTwoRows(table.RowCount);
        return Score(TableEncoder.Fit(table).Encode(table), table.Labels, table.Schema.Classes, neighbors, search, maxDegreeOfParallelism,
            progress, cancellation);
    }

    internal static EntropyScores Score(Matrix x, ReadOnlySpan<int> labels, IReadOnlyList<string> classes, int neighbors,
        NeighborSearch search, int threads, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbors, 1);
        RequireTwoRows(x.Rows);
        (NeighborLists lists, SearchReport report) = NearestNeighbors.AllRows(x, neighbors, search, threads, progress, cancellation);
        return Of(lists, x.Rows, labels, classes, report);
    }

    /// <summary>H and class frequencies of rows whose neighbors are known.</summary>
    internal static EntropyScores Of(NeighborLists lists, int rows, ReadOnlySpan<int> labels, IReadOnlyList<string> classes,
        SearchReport report)
    {
        int k = lists.K;
        double[] bits = new double[rows], frequencies = new double[(long)rows * classes.Count];
        for (int row = 0; row < rows; row++)
            bits[row] = Of(lists.Ids(row), labels, frequencies.AsSpan(row * classes.Count, classes.Count));
        return new(k, report, classes, bits, frequencies);
    }

    /// <summary>H of a row whose neighbors are known, and its class frequencies.</summary>
    internal static double Of(ReadOnlySpan<int> neighbors, ReadOnlySpan<int> labels, Span<double> frequencies)
    {
        frequencies.Clear();
        foreach (int neighbor in neighbors)
            frequencies[labels[neighbor]]++;
        return ToShares(frequencies, neighbors.Length);
    }

    /// <summary>The same by the classes of the neighbors.</summary>
    internal static double Of(ReadOnlySpan<int> classes, Span<double> frequencies)
    {
        frequencies.Clear();
        foreach (int neighbor in classes)
            frequencies[neighbor]++;
        return ToShares(frequencies, classes.Length);
    }

    // Shares in place of counts; returns H.
    static double ToShares(Span<double> frequencies, int neighbors)
    {
        double sum = 0;
        foreach (ref double share in frequencies)
        {
            share /= neighbors;
            if (share > 0)
                sum -= share * Math.Log2(share);
        }
        return sum;
    }

    internal static void RequireTwoRows(int rows)
    {
        if (rows < 2)
            throw Fault.Argument("table",
                $"got a table of {rows} {(rows == 1 ? "row" : "rows")}, expected at least 2: a row needs a neighbor");
    }
}

using System.Globalization;

namespace LeoCvae;

/// <summary>
/// Finds the neighbours of all rows by the wanted search. Every approximate result is measured; one that misses too much is tried once
/// more with stronger settings, then replaced by the exact one.
/// </summary>
static class RowNeighbors
{
    /// <summary>Recall below which an approximate result isn't used: the error of the entropy is then far below that of choosing k.</summary>
    public const double LowestRecall = 0.99;

    // Below this the data have no structure that stronger settings could use.
    const double WorthAnotherTry = 0.9;
    const int WorstShown = 5, HnswEffort = 48;

    public static (NeighborLists Lists, SearchReport Report) AllRows(Matrix x, int k, NeighborSearch search, int threads, CancellationToken cancellation = default)
    {
        if (search == NeighborSearch.Auto)
            search = NeighborGraph.PaysOff(x.Rows, x.Columns) ? NeighborSearch.Graph : NeighborSearch.Exact;
        switch (search)
        {
            case NeighborSearch.Exact:
                return (ExactNeighbors.AllRows(x, k, threads, cancellation), new() { Used = search });
            case NeighborSearch.Graph:
                GraphOptions graph = new();
                return Gated(x, k, search, again => NeighborGraph.AllRows(x, k, again ? graph.Enlarged() : graph, threads, cancellation), threads, cancellation);
            case NeighborSearch.Hnsw:
                using (HnswIndex index = HnswIndex.Build(x, new HnswOptions { MaxDegreeOfParallelism = threads }, cancellation))
                    return Gated(x, k, search, again => SearchAll(index, k, again ? 4 * HnswEffort : HnswEffort, threads, cancellation), threads, cancellation);
            default:
                throw new ArgumentException($"search: got {(int)search}, expected a {nameof(NeighborSearch)}");
        }
    }

    static (NeighborLists, SearchReport) Gated(Matrix x, int k, NeighborSearch search, Func<bool, NeighborLists> run, int threads, CancellationToken cancellation)
    {
        NeighborLists lists = run(false);
        MeasuredRecall recall = RecallGate.Measure(x, lists, threads, cancellation: cancellation);
        if (recall.Mean is >= WorthAnotherTry and < LowestRecall)
        {
            lists = run(true);
            recall = RecallGate.Measure(x, lists, threads, cancellation: cancellation);
        }
        if (recall.Mean >= LowestRecall)
            return (lists, new() { Used = search, Recall = recall.Mean, CheckedRows = recall.Rows.Length, WorstRows = recall.Worst(WorstShown) });
        string note = string.Create(CultureInfo.InvariantCulture, $"{search.ToString().ToLowerInvariant()} search found only {recall.Mean:0.000} of the neighbours (the data have little structure), so the exact search was used");
        return (ExactNeighbors.AllRows(x, k, threads, cancellation), new() { Used = NeighborSearch.Exact, Note = note });
    }

    static NeighborLists SearchAll(HnswIndex index, int k, int effort, int threads, CancellationToken cancellation)
    {
        k = Math.Min(k, index.Rows - 1);
        int[] ids = new int[checked(index.Rows * k)];
        double[] distances = new double[ids.Length];
        Parallel.For(0, index.Rows, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, row =>
            index.SearchRow(row, ids.AsSpan(row * k, k), distances.AsSpan(row * k, k), Math.Max(effort, k)));
        return new(k, ids, distances);
    }
}

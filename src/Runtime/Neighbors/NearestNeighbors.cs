using System.Globalization;

namespace LeoCvae;

/// <summary>
/// Finds the neighbors of all rows, or of new rows, by the wanted search. Every approximate result is measured; one that misses too much is
/// tried once more with stronger settings, then replaced by the exact one.
/// </summary>
static class NearestNeighbors
{
    /// <summary>
    /// Recall below which an approximate result isn't used: the error of the entropy is then far below that of choosing k.
    /// </summary>
    public const double LowestRecall = 0.99;

    // Below this the data have no structure that stronger settings could use.
    const double WorthAnotherTry = 0.9;
    const int WorstShown = 5, HnswEffort = 48, MoreLists = 3;

    // The share of the time that an index takes to build, roughly.
    const double Building = 0.75;

    public static (NeighborLists Lists, SearchReport Report) AllRows(Matrix x, int k, NeighborSearch search, int threads,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (search == NeighborSearch.Auto)
            search = NeighborGraph.PaysOff(x.Rows, x.Columns) ? NeighborSearch.Graph : NeighborSearch.Exact;
        switch (search)
        {
            case NeighborSearch.Exact:
                return (ExactNeighbors.AllRows(x, k, threads, progress, cancellation), new() { Used = search });
            case NeighborSearch.Graph:
                GraphOptions graph = new();
                return Gated(x, k, search, again => NeighborGraph.AllRows(x, k, again ? graph.Enlarged() : graph, threads, progress,
                    cancellation), threads, progress, cancellation);
            case NeighborSearch.Hnsw:
                using (HnswIndex index = HnswIndex.BuildReporting(x, new HnswOptions { MaxDegreeOfParallelism = threads },
                    share => progress?.Report(Building * share), cancellation))
                    return Gated(x, k, search, again => SearchAll(index, k, again ? 4 * HnswEffort : HnswEffort, threads,
                        share => progress?.Report(Building + (1 - Building) * share), cancellation), threads, progress, cancellation);
            case NeighborSearch.Lists:
                return Gated(x, k, search, again => ListNeighbors.AllRows(x, k, again ? MoreLists : 1, threads, progress, cancellation),
                    threads, progress, cancellation);
            default:
                throw Fault.Argument(nameof(search), $"got {(int)search}, expected a {nameof(NeighborSearch)}");
        }
    }

    /// <summary>The min(k, reference) nearest reference rows of new rows.</summary>
    public static (NeighborLists Lists, SearchReport Report) NewRows(Matrix rows, HnswIndex reference, int k, NeighborSearch search,
        int threads, CancellationToken cancellation = default)
    {
        if (search == NeighborSearch.Auto)
            search = NeighborGraph.PaysOff(reference.Rows, reference.Columns) ? NeighborSearch.Hnsw : NeighborSearch.Exact;
        return search switch
        {
            NeighborSearch.Exact => (ExactNeighbors.NewRows(rows, reference.ToMatrix(), k, threads, cancellation), new() { Used = search }),
            NeighborSearch.Hnsw => GatedNewRows(rows, reference, Math.Min(k, reference.Rows), threads, cancellation),
            _ => throw Fault.Argument(nameof(search),
                $"got {search.ToString().ToLowerInvariant()}, expected auto, exact or hnsw: new rows are not each other's neighbors"),
        };
    }

    static (NeighborLists, SearchReport) GatedNewRows(Matrix rows, HnswIndex index, int k, int threads, CancellationToken cancellation)
    {
        Matrix reference = index.ToMatrix();
        NeighborLists Run(bool again) =>
            Search(rows.Rows, k, (row, ids, distances) => index.Search(rows[row], ids, distances, again ? 4 * HnswEffort : HnswEffort),
            threads, null, cancellation);
        return Gated(NeighborSearch.Hnsw, Run, lists => RecallGate.MeasureNew(rows, reference, lists, threads, cancellation: cancellation),
            () => ExactNeighbors.NewRows(rows, reference, k, threads, cancellation));
    }

    static (NeighborLists, SearchReport) Gated(Matrix x, int k, NeighborSearch search, Func<bool, NeighborLists?> run, int threads,
        IProgress<double>? progress, CancellationToken cancellation) =>
        Gated(search, run, lists => RecallGate.Measure(x, lists, threads, cancellation: cancellation),
            () => ExactNeighbors.AllRows(x, k, threads, progress, cancellation));

    static (NeighborLists, SearchReport) Gated(NeighborSearch search,
        Func<bool, NeighborLists?> run, Func<NeighborLists, MeasuredRecall> measure, Func<NeighborLists> exact)
    {
        string what = "";
        foreach (bool again in (bool[])[false, true])
        {
            if (run(again) is not NeighborLists lists)
            {
                what = "would not be quicker";
                break;
            }
            MeasuredRecall recall = measure(lists);
            if (recall.Mean >= LowestRecall)
                return (lists, new()
                {
                    Used = search,
                    Recall = recall.Mean,
                    CheckedRows = recall.Rows.Length,
                    WorstRows = recall.Worst(WorstShown)
                });
            what = string.Create(CultureInfo.InvariantCulture, $"found only {recall.Mean:0.000} of the neighbors");
            if (recall.Mean < WorthAnotherTry)
                break;
        }
        return (exact(), new()
        {
            Used = NeighborSearch.Exact,
            Note = $"{search.ToString().ToLowerInvariant()} search {what} (the data have little structure), so the exact search was used",
        });
    }

    static NeighborLists SearchAll(
        HnswIndex index, int k, int effort, int threads, Action<double> done, CancellationToken cancellation) =>
        Search(index.Rows, Math.Min(k, index.Rows - 1), (row, ids, distances) => index.SearchRow(row, ids, distances, effort), threads,
            done, cancellation);

    static NeighborLists Search(int rows, int k, Func<int, Span<int>, Span<double>, int> search, int threads, Action<double>? done,
        CancellationToken cancellation)
    {
        const int Parts = 50;
        int[] ids = new int[checked(rows * k)];
        double[] distances = new double[ids.Length];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        for (int part = 0, first = 0, end; part < Parts; part++, first = end)
        {
            end = (int)((part + 1L) * rows / Parts);
            Parallel.For(first, end, parallel, row => search(row, ids.AsSpan(row * k, k), distances.AsSpan(row * k, k)));
            done?.Invoke((part + 1.0) / Parts);
        }
        return new(k, ids, distances);
    }
}

using System.Collections.Concurrent;

namespace LeoCvae;

/// <summary>
/// Approximate nearest neighbors of all rows, the fast twin of <see cref="ExactNeighbors"/> for many rows: a forest of random projection
/// trees, whose leaves are searched exactly, then descent over the lists found so far. Distances are exact, ties go to the smaller row
/// number; neighbors may be missing, where data have no structure many: check with <see cref="RecallGate"/>.
/// </summary>
static unsafe class NeighborGraph
{
    // Measured on AMD EPYC with AVX-512, k = 15, recall gate included: as fast as exact at about 52k x 16, 27k x 64, 12k x 512.
    const double RowsTimesRootOfWidth = 230_000;

    // Leaves keep several times as many rows as lists, or lists won't fill.
    const int LeafPerCandidate = 4;

    /// <summary>Whether so many rows take less time here than with <see cref="ExactNeighbors"/>, where neighbors have structure.</summary>
    public static bool PaysOff(int rows, int columns) => rows * Math.Sqrt(columns) > RowsTimesRootOfWidth;

    /// <summary>About the min(k, n - 1) nearest other rows of every row; the same for any number of threads.</summary>
    /// <exception cref="ArgumentException">A value is not a finite number.</exception>
    public static NeighborLists AllRows(Matrix x, int k, GraphOptions options, int threads, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        return Simd.Run<OfAllRows, NeighborLists>(new(x, k, options, parallel, progress));
    }

    readonly struct OfAllRows(Matrix x, int k, GraphOptions options, ParallelOptions parallel, IProgress<double>? progress)
        : ISimdWork<NeighborLists>
    {
        public NeighborLists On<T>() where T : struct, ISimd<T> => AllRows<T>(x, k, options, parallel, progress);
    }

    internal static NeighborLists AllRows<T>(Matrix x, int k, GraphOptions options, ParallelOptions parallel,
        IProgress<double>? progress = null) where T : struct, ISimd<T>
    {
        k = Math.Min(k, x.Rows - 1);
        int leafSize = Math.Max(options.LeafSize, LeafPerCandidate * (k + options.Spare));
        DistinctRows distinct = DistinctRows.Of(x);
        if (distinct.Count <= leafSize)
            return ExactNeighbors.AllRows<T>(x, k, parallel, progress);
        CounterRandom random = new(options.Seed, RandomStream.GraphSearch);
        ProjectionTree first;
        fixed (float* rows = x.Values)
            first = new ProjectionForest<T>(rows, x.Columns, leafSize, random).Grow(0, 1, distinct.First, parallel)[0];
        // Rows of a leaf lie together from here on: most of what the descent reads is in a cache.
        PackedRows packed = new(x, first.Order, 2 * T.Count, parallel.MaxDegreeOfParallelism, withPanels: false);
        CandidateLists lists = new(packed.Count, k + options.Spare, packed.PanelRows + DistanceTile.Rows);
        // Trees and rounds take about the same time.
        double steps = options.Trees + options.Rounds;
        SearchLeaves<T>(first, packed, lists, leafSize, options, random, parallel, tree => progress?.Report(tree / steps));
        new NeighborDescent<T>(packed, lists, options, random, parallel).Run(round => progress?.Report((options.Trees + round) / steps));
        NeighborLists ranked = new GraphRanking(x, distinct, first.Order, packed, lists, k).Rank(parallel);
        progress?.Report(1);
        return ranked;
    }

    static void SearchLeaves<T>(ProjectionTree first, PackedRows packed, CandidateLists lists, int leafSize, GraphOptions options,
        CounterRandom random, ParallelOptions parallel, Action<int> done) where T : struct, ISimd<T>
    {
        // The first tree's order is the rows' order now.
        int[] all = [.. Enumerable.Range(0, packed.Count)];
        ProjectionTree[] trees = [first with { Order = all }, .. new ProjectionForest<T>(packed.Rows, packed.Width, leafSize, random)
            .Grow(1, options.Trees - 1, all, parallel)];
        ConcurrentBag<LocalJoin<T>> joins = [];
        foreach ((int i, ProjectionTree tree) in trees.Index())
        {
            // A tree's leaves have no rows in common: each task owns its lists.
            Parallel.For(0, tree.Leaves, parallel, () => joins.TryTake(out LocalJoin<T>? join) ? join : new(packed, lists, leafSize),
                (leaf, _, join) =>
            {
                ReadOnlySpan<int> ids = tree.Leaf(leaf);
                ids.CopyTo(join.Ids);
                join.Run(ids.Length, ids.Length, null);
                return join;
            }, joins.Add);
            done(i + 1);
        }
    }
}

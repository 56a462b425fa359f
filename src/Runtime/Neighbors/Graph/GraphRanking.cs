namespace LeoCvae;

/// <summary>
/// Makes neighbors out of the graph's candidates: recomputes in double the distances that may count, and puts duplicates back.
/// </summary>
/// <param name="x">The rows.</param>
/// <param name="distinct">Their groups.</param>
/// <param name="order">The row of x that stands at each place of the graph.</param>
/// <param name="packed">The graph's rows.</param>
/// <param name="lists">The graph's candidates.</param>
/// <param name="k">Neighbors a row.</param>
sealed unsafe class GraphRanking(Matrix x, DistinctRows distinct, int[] order, PackedRows packed, CandidateLists lists, int k)
{
    const int RowsPerTask = 256;

    readonly RowRanking _ranking = new(distinct, k);

    public NeighborLists Rank(ParallelOptions parallel)
    {
        int needed = Math.Min(k, distinct.Count - 1);
        bool[] isShort = new bool[packed.Count];
        Parallel.For(0, (packed.Count + RowsPerTask - 1) / RowsPerTask, parallel, task =>
        {
            List<(double Distance, int Group)> near = [];
            (float Distance, int Id)[] candidates = new (float, int)[lists.Capacity];
            for (int row = task * RowsPerTask; row < Math.Min(packed.Count, (task + 1) * RowsPerTask); row++)
            {
                Nearest(row, Sorted(row, candidates), needed, near);
                isShort[row] = near.Count < needed;
                if (!isShort[row])
                    _ranking.Set(distinct.GroupOf[order[row]], near);
            }
        });
        FillUp([.. Enumerable.Range(0, packed.Count).Where(row => isShort[row])], parallel);
        return _ranking.ToLists();
    }

    Span<(float Distance, int Id)> Sorted(int row, (float Distance, int Id)[] candidates)
    {
        ReadOnlySpan<int> ids = lists.Ids(row);
        ReadOnlySpan<float> distances = lists.Distances(row);
        int count = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] < 0)
                continue;
            int at = count++;
            for (; at > 0 && candidates[at - 1].Distance > distances[i]; at--)
                candidates[at] = candidates[at - 1];
            candidates[at] = (distances[i], ids[i] & ~CandidateLists.Marked);
        }
        return candidates.AsSpan(0, count);
    }

    // Only candidates that the kernel's error could bring among the nearest are worth a distance in double.
    void Nearest(int row, ReadOnlySpan<(float Distance, int Id)> candidates, int needed, List<(double Distance, int Group)> near)
    {
        near.Clear();
        if (candidates.Length < needed || needed == 0)
            return;
        double last = Math.Max(0, candidates[needed - 1].Distance),
            limit = last + 2 * DistanceTile.ErrorBound(packed.Width, packed.Norms[row], last);
        foreach ((float distance, int id) in candidates)
        {
            if (distance > limit && near.Count >= needed)
                break;
            (double Distance, int Group) entry = (Distance.Squared(x[order[row]], x[order[id]]), distinct.GroupOf[order[id]]);
            int at = near.Count;
            near.Add(entry);
            for (; at > 0 && IsBefore(entry, near[at - 1]); at--)
                near[at] = near[at - 1];
            near[at] = entry;
        }
    }

    static bool IsBefore((double Distance, int Group) a, (double Distance, int Group) b) => a.Distance < b.Distance
        || (a.Distance == b.Distance && a.Group < b.Group);

    // Lists that never filled; next to none.
    void FillUp(int[] places, ParallelOptions parallel)
    {
        int[] rows = [.. places.SelectMany(place => distinct.Members(distinct.GroupOf[order[place]]).ToArray())];
        if (rows.Length == 0)
            return;
        NeighborLists exact = ExactNeighbors.SomeRows(x, rows, k, parallel.MaxDegreeOfParallelism, parallel.CancellationToken);
        for (int i = 0; i < rows.Length; i++)
            _ranking.Set(rows[i], exact.Ids(i), exact.SquaredDistances(i));
    }
}

using System.Numerics;

namespace LeoCvae;

/// <summary>
/// Makes exact neighbors out of candidates: recomputes distances in double, proves by the kernel's error bound that no distinct row was
/// missed, searches a row again where that fails, and puts duplicates back.
/// </summary>
sealed unsafe class ExactRanking<T>(Matrix x, DistinctRows distinct, PackedRows packed, CandidateLists candidates, int k) where T : struct,
    ISimd<T>
{
    const int RowsPerTask = 256;

    readonly RowRanking _ranking = new(distinct, k);

    public NeighborLists Rank(ParallelOptions parallel)
    {
        int groups = distinct.Count, tasks = (groups + RowsPerTask - 1) / RowsPerTask;
        // Limits for a second search, in the kernel's scale; NaN where the first one is proven.
        float[] limits = new float[groups];
        Parallel.For(0, tasks, parallel, task =>
        {
            List<(double Distance, int Group)> near = [];
            for (int group = task * RowsPerTask; group < Math.Min(groups, (task + 1) * RowsPerTask); group++)
            {
                near.Clear();
                foreach (int candidate in candidates.Ids(group))
                    if (candidate >= 0)
                        near.Add((Exact(group, candidate), candidate));
                near.Sort();
                if (Unproven(group, near, out limits[group]))
                    continue;
                limits[group] = float.NaN;
                _ranking.Set(group, near);
            }
        });
        int[] again = [.. Enumerable.Range(0, groups).Where(group => !float.IsNaN(limits[group]))];
        Parallel.For(0, (again.Length + DistanceTile.Rows - 1) / DistanceTile.Rows, parallel, batch =>
            SearchAgain(again.AsSpan(batch * DistanceTile.Rows, Math.Min(DistanceTile.Rows, again.Length - batch * DistanceTile.Rows)),
                limits));
        return _ranking.ToLists();
    }

    double Exact(int group, int other) => Distance.Squared(x[distinct.First[group]], x[distinct.First[other]]);

    // A row that isn't kept has a kernel distance of at least the list's limit. Rows farther from the center than |a| + sqrt(D) can't be
    // among the neighbors, for all others the bound holds with |b| = |a| + sqrt(D).
    bool Unproven(int group, List<(double Distance, int Group)> near, out float limit)
    {
        limit = 0;
        if (near.Count == distinct.Count - 1)
            return false;
        double scaled = near[Math.Min(k, near.Count) - 1].Distance * packed.Scale * packed.Scale;
        double bound = scaled + DistanceTile.ErrorBound(packed.Width, packed.Norms[group], scaled);
        limit = MathF.BitIncrement((float)bound);
        return !(bound < candidates.Limits[group]);
    }

    void SearchAgain(ReadOnlySpan<int> groups, float[] limits)
    {
        int width = packed.Width, panelRows = packed.PanelRows, blockWidth = DistanceTile.BlockOf(width);
        float[] rows = PackedRows.Pinned(DistanceTile.Rows * width);
        float* tile = stackalloc float[DistanceTile.Size], noLimits = stackalloc float[panelRows],
            rowNorms = stackalloc float[DistanceTile.Rows], rowLimits = stackalloc float[DistanceTile.Rows];
        new Span<float>(noLimits, panelRows).Fill(float.NegativeInfinity);
        for (int r = 0; r < DistanceTile.Rows; r++)
        {
            int group = groups[Math.Min(r, groups.Length - 1)];
            new ReadOnlySpan<float>(packed.Rows + (long)group * width, width).CopyTo(rows.AsSpan(r * width));
            (rowNorms[r], rowLimits[r]) = (packed.Norms[group], r < groups.Length ? limits[group] : float.NegativeInfinity);
        }
        List<(double Distance, int Group)>[] near = [.. Enumerable.Range(0, groups.Length).Select(_ => new List<(double, int)>())];
        for (int column = 0; column < packed.Count; column += panelRows)
        {
            bool any = false;
            for (int feature = 0; feature < width; feature += blockWidth)
            {
                int features = Math.Min(blockWidth, width - feature);
                any = DistanceTile.AddBlock<T>(PackedRows.Pointer(rows) + feature, width,
                    packed.Panels + (long)column * width + (long)feature * panelRows, features, tile, feature == 0,
                    feature + features == width, rowNorms, packed.Norms + column, rowLimits, noLimits);
            }
            for (int r = 0; any && r < groups.Length; r++)
                for (uint hits = Below(tile + r * panelRows, rowLimits[r]); hits != 0; hits &= hits - 1)
                {
                    int other = column + BitOperations.TrailingZeroCount(hits);
                    if (other < packed.Count && other != groups[r])
                        near[r].Add((Exact(groups[r], other), other));
                }
        }
        for (int r = 0; r < groups.Length; r++)
        {
            near[r].Sort();
            _ranking.Set(groups[r], near[r]);
        }
        GC.KeepAlive(rows);
    }

    static uint Below(float* distances, float limit) =>
        T.LessThan(T.Load(distances), T.Create(limit)) | T.LessThan(T.Load(distances + T.Count), T.Create(limit)) << T.Count;
}

using System.Numerics;

namespace LeoCvae;

/// <summary>
/// Makes exact neighbours out of candidates: recomputes distances in double, proves by the kernel's error bound that no distinct row was
/// missed, searches a row again where that fails, and puts duplicates back.
/// </summary>
sealed unsafe class ExactRanking<T>(Matrix x, DistinctRows distinct, PackedRows packed, CandidateLists candidates, int k) where T : struct, ISimd<T>
{
    const int RowsPerTask = 256;

    // Rounding of a float, 2^-24. A tile's |a|^2 + |b|^2 - 2 a.b is off by no more than (d + 16) roundings of (|a| + |b|)^2: d for the dot
    // product, the rest for centring, norms and sums.
    const double Rounding = 1.0 / (1 << 24);

    readonly int[] _ids = new int[checked(x.Rows * k)];
    readonly double[] _distances = new double[x.Rows * k];

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
                Expand(group, near);
            }
        });
        int[] again = [.. Enumerable.Range(0, groups).Where(group => !float.IsNaN(limits[group]))];
        Parallel.For(0, (again.Length + DistanceTile.Rows - 1) / DistanceTile.Rows, parallel, batch =>
            SearchAgain(again.AsSpan(batch * DistanceTile.Rows, Math.Min(DistanceTile.Rows, again.Length - batch * DistanceTile.Rows)), limits));
        return new(k, _ids, _distances);
    }

    double Exact(int group, int other) => Distance.Squared(x[distinct.First[group]], x[distinct.First[other]]);

    // A row that isn't kept has a kernel distance of at least the list's limit. Rows farther from the centre than |a| + sqrt(D) can't be among the
    // neighbours, for all others the bound holds with |b| = |a| + sqrt(D).
    bool Unproven(int group, List<(double Distance, int Group)> near, out float limit)
    {
        limit = 0;
        if (near.Count == distinct.Count - 1)
            return false;
        double scaled = near[Math.Min(k, near.Count) - 1].Distance * packed.Scale * packed.Scale, radius = 2 * Math.Sqrt(packed.Norms[group]) + Math.Sqrt(scaled);
        double bound = scaled + (packed.Width + 16) * Rounding * radius * radius;
        limit = MathF.BitIncrement((float)bound);
        return !(bound < candidates.Limits[group]);
    }

    void SearchAgain(ReadOnlySpan<int> groups, float[] limits)
    {
        int width = packed.Width, panelRows = packed.PanelRows, blockWidth = DistanceTile.BlockOf(width);
        float[] rows = PackedRows.Pinned(DistanceTile.Rows * width);
        float* tile = stackalloc float[DistanceTile.Size], noLimits = stackalloc float[panelRows], rowNorms = stackalloc float[DistanceTile.Rows], rowLimits = stackalloc float[DistanceTile.Rows];
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
                any = DistanceTile.AddBlock<T>(PackedRows.Pointer(rows) + feature, width, packed.Panels + (long)column * width + (long)feature * panelRows, features, tile, feature == 0, feature + features == width, rowNorms, packed.Norms + column, rowLimits, noLimits);
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
            Expand(groups[r], near[r]);
        }
        GC.KeepAlive(rows);
    }

    static uint Below(float* distances, float limit) => T.LessThan(T.Load(distances), T.Create(limit)) | T.LessThan(T.Load(distances + T.Count), T.Create(limit)) << T.Count;

    // From the nearest distinct rows to the nearest rows: duplicates count as often as they stand in the table, at equal distance the smaller row first.
    void Expand(int group, List<(double Distance, int Group)> near)
    {
        List<(double Distance, int Row)> pool = [];
        void AddMembers(int of, double distance, int most)
        {
            foreach (int row in distinct.Members(of))
                if (most-- > 0)
                    pool.Add((distance, row));
        }
        // Of a group the k + 1 first rows are enough, one of them may be the row itself.
        AddMembers(group, 0, k + 1);
        foreach ((double distance, int other) in near)
        {
            // Sorted by distance: once there are k others, only ties with the last of them matter.
            if (pool.Count > k && distance > pool[^1].Distance)
                break;
            AddMembers(other, distance, k + 1);
        }
        pool.Sort();
        foreach (int row in distinct.Members(group))
        {
            int at = row * k, end = at + k;
            for (int i = 0; at < end; i++)
                if (pool[i].Row != row)
                    (_distances[at], _ids[at++]) = pool[i];
        }
    }
}

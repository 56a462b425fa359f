namespace LeoCvae;

/// <summary>
/// Exact nearest reference rows of a few queries. The reference streams by in blocks that are centered on the way: nothing of it is copied
/// as a whole. The kernel's distance, with its error bound, decides which distances are computed in double; only those count.
/// </summary>
/// <param name="queries">Rows to search for.</param>
/// <param name="chosen">Which of them.</param>
/// <param name="reference">Rows to search among.</param>
/// <param name="excludeSelf">Whether the queries are rows of the reference, and none is its own neighbor.</param>
/// <param name="k">Neighbors, at most as many as there are.</param>
sealed unsafe class ExactQueries<T>(Matrix queries, int[] chosen, Matrix reference, bool excludeSelf, int k) where T : struct, ISimd<T>
{
    const int PanelsPerTask = 4;

    readonly int _width = reference.Columns;
    readonly NearestFound _found = new(chosen.Length, k);
    readonly float[] _mean = new float[reference.Columns];
    float _scale;

    public NeighborLists Search(ParallelOptions parallel)
    {
        if (k == 0 || chosen.Length == 0)
            return _found.ToLists();
        RequireFinite(reference);
        RequireFinite(queries);
        _scale = (float)Math.Min(PackedRows.LargestScale,
            Math.Min(PackedRows.PowerOfTwo(reference.Values), PackedRows.PowerOfTwo(queries.Values)));
        float[] mean = PackedRows.Mean(reference, [.. Enumerable.Range(0, reference.Rows)]);
        for (int j = 0; j < _width; j++)
            _mean[j] = mean[j] * _scale;
        int perTask = PanelsPerTask * 2 * T.Count;
        Parallel.For(0, (chosen.Length + perTask - 1) / perTask, parallel, task =>
            Search(task * perTask, Math.Min(chosen.Length, (task + 1) * perTask), parallel.CancellationToken));
        return _found.ToLists();
    }

    void Search(int first, int end, CancellationToken cancellation)
    {
        QueryPanels<T> panels = new(_width, end - first);
        for (int i = 0; i < end - first; i++)
        {
            panels.Norms[i] = Center(queries[chosen[first + i]], panels.Row(i));
            panels.Limits[i] = float.PositiveInfinity;
        }
        panels.Pack(end - first);
        Found found = new(this, panels, first);
        float[] block = PackedRows.Pinned((long)QueryPanels.RowsPerBlock * _width), norms = PackedRows.Pinned(QueryPanels.RowsPerBlock);
        for (int start = 0; start < reference.Rows; start += QueryPanels.RowsPerBlock)
        {
            cancellation.ThrowIfCancellationRequested();
            int rows = Math.Min(QueryPanels.RowsPerBlock, reference.Rows - start);
            for (int i = 0; i < rows; i++)
                norms[i] = Center(reference[start + i], block.AsSpan(i * _width, _width));
            norms.AsSpan(rows).Fill(float.PositiveInfinity);
            panels.Meet(PackedRows.Pointer(block), PackedRows.Pointer(norms), start, rows, found);
        }
    }

    sealed class Found(ExactQueries<T> search, QueryPanels<T> panels, int firstQuery) : IRowFound
    {
        public float Take(int query, int row, float limit) => search.Take(firstQuery + query, row, panels.Norms[query], limit);
    }

    float Take(int query, int row, float norm, float limit)
    {
        int id = chosen[query];
        if (excludeSelf && row == id)
            return limit;
        double last = _found.Add(query, row, Distance.Squared(queries[id], reference[row])) * _scale * _scale;
        return double.IsFinite(last) ? MathF.BitIncrement((float)(last + DistanceTile.ErrorBound(_width, norm, last))) : limit;
    }

    static void RequireFinite(Matrix x)
    {
        for (int row = 0; row < x.Rows; row++)
            // The sum may overflow: then, and only then, each value is looked at.
            if (!float.IsFinite(System.Numerics.Tensors.TensorPrimitives.Sum(x[row])))
                foreach (float value in x[row])
                    if (!float.IsFinite(value))
                        throw Fault.Argument("rows", $"row {row}: got {value}, expected finite numbers");
    }

    // Centered and scaled, as PackedRows does it; returns the squared norm.
    float Center(ReadOnlySpan<float> source, Span<float> target)
    {
        int lanes = T.Count, j = 0;
        double norm = 0;
        fixed (float* from = source, to = target, mean = _mean)
        {
            T scale = T.Create(_scale), sum = default;
            for (; j <= _width - lanes; j += lanes)
            {
                T value = T.Subtract(T.MultiplyAdd(T.Load(from + j), scale, default), T.Load(mean + j));
                T.Store(value, to + j);
                sum = T.MultiplyAdd(value, value, sum);
            }
            norm = T.Sum(sum);
            for (; j < _width; j++)
            {
                to[j] = from[j] * _scale - mean[j];
                norm += (double)to[j] * to[j];
            }
        }
        return (float)norm;
    }
}

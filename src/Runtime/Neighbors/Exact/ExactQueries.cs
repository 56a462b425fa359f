using System.Numerics;

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
    const int PanelsPerTask = 4, RowsPerBlock = 16 * DistanceTile.Rows;

    // The largest power of two in a float is 2^127.
    static readonly double LargestScale = Math.ScaleB(1, 126);

    readonly int _width = reference.Columns, _panelRows = 2 * T.Count;
    readonly int[] _ids = new int[checked(chosen.Length * k)];
    readonly double[] _distances = new double[chosen.Length * k];
    readonly float[] _mean = new float[reference.Columns];
    float _scale;

    public NeighborLists Search(ParallelOptions parallel)
    {
        Array.Fill(_ids, int.MaxValue);
        Array.Fill(_distances, double.PositiveInfinity);
        if (k == 0 || chosen.Length == 0)
            return new(k, _ids, _distances);
        RequireFinite(reference);
        RequireFinite(queries);
        _scale = (float)Math.Min(LargestScale, Math.Min(PackedRows.PowerOfTwo(reference.Values), PackedRows.PowerOfTwo(queries.Values)));
        float[] mean = PackedRows.Mean(reference, [.. Enumerable.Range(0, reference.Rows)]);
        for (int j = 0; j < _width; j++)
            _mean[j] = mean[j] * _scale;
        int perTask = PanelsPerTask * _panelRows;
        Parallel.For(0, (chosen.Length + perTask - 1) / perTask, parallel, task =>
            Search(task * perTask, Math.Min(chosen.Length, (task + 1) * perTask), parallel.CancellationToken));
        return new(k, _ids, _distances);
    }

    void Search(int first, int end, CancellationToken cancellation)
    {
        int count = end - first, padded = (count + _panelRows - 1) / _panelRows * _panelRows;
        float[] block = PackedRows.Pinned((long)Math.Max(RowsPerBlock, padded) * _width), panels = PackedRows.Pinned((long)padded * _width);
        float[] norms = PackedRows.Pinned(padded), limits = PackedRows.Pinned(padded), blockNorms = PackedRows.Pinned(RowsPerBlock),
            noLimits = PackedRows.Pinned(DistanceTile.Rows);
        Array.Fill(norms, float.PositiveInfinity);
        Array.Fill(limits, float.NegativeInfinity);
        Array.Fill(noLimits, float.NegativeInfinity);
        for (int i = 0; i < count; i++)
        {
            norms[i] = Center(queries[chosen[first + i]], block.AsSpan(i * _width, _width));
            limits[i] = float.PositiveInfinity;
        }
        for (int panel = 0; panel < padded; panel += _panelRows)
            Transposition.ToPanel(PackedRows.Pointer(block) + (long)panel * _width, _width, _panelRows, _width,
                PackedRows.Pointer(panels) + (long)panel * _width, _panelRows);
        float* tile = stackalloc float[DistanceTile.Size];
        for (int start = 0; start < reference.Rows; start += RowsPerBlock)
        {
            cancellation.ThrowIfCancellationRequested();
            int rows = Math.Min(RowsPerBlock, reference.Rows - start);
            for (int i = 0; i < rows; i++)
                blockNorms[i] = Center(reference[start + i], block.AsSpan(i * _width, _width));
            blockNorms.AsSpan(rows).Fill(float.PositiveInfinity);
            for (int panel = 0; panel < padded; panel += _panelRows)
                for (int row = 0; row < rows; row += DistanceTile.Rows)
                    if (DistanceTile.AddBlock<T>(PackedRows.Pointer(block) + (long)row * _width, _width,
                        PackedRows.Pointer(panels) + (long)panel * _width, _width, tile, true, true, PackedRows.Pointer(blockNorms) + row,
                        PackedRows.Pointer(norms) + panel, PackedRows.Pointer(noLimits), PackedRows.Pointer(limits) + panel))
                        Collect(tile, first, panel, start + row, Math.Min(reference.Rows, start + row + DistanceTile.Rows), norms, limits);
        }
    }

    void Collect(float* tile, int first, int panel, int firstRow, int endRow, float[] norms, float[] limits)
    {
        int lanes = T.Count;
        float* panelLimits = PackedRows.Pointer(limits) + panel;
        for (int row = firstRow; row < endRow; row++, tile += _panelRows)
            for (uint hits = T.LessThan(T.Load(tile), T.Load(panelLimits)) | T.LessThan(T.Load(tile + lanes),
                T.Load(panelLimits + lanes)) << lanes; hits != 0; hits &= hits - 1)
            {
                int query = panel + BitOperations.TrailingZeroCount(hits), id = chosen[first + query];
                if (excludeSelf && row == id)
                    continue;
                double last = Insert(first + query, Distance.Squared(queries[id], reference[row]), row) * _scale * _scale;
                if (double.IsFinite(last))
                    limits[query] = MathF.BitIncrement((float)(last + DistanceTile.ErrorBound(_width, norms[query], last)));
            }
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

    // Into the sorted list; returns its largest distance.
    double Insert(int query, double distance, int row)
    {
        Span<int> ids = _ids.AsSpan(query * k, k);
        Span<double> distances = _distances.AsSpan(query * k, k);
        int at = k;
        for (; at > 0 && (distance < distances[at - 1] || (distance == distances[at - 1] && row < ids[at - 1])); at--)
            if (at < k)
                (distances[at], ids[at]) = (distances[at - 1], ids[at - 1]);
        if (at < k)
            (distances[at], ids[at]) = (distance, row);
        return distances[^1];
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

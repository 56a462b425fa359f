using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LeoCvae;

/// <summary>
/// Compares a few rows with each other: copies them together, packs the new ones into panels and runs the tile kernel. One thread's
/// workspace. Leaves of a tree own their rows' lists and update them at once; joins of the descent share lists, theirs are only read and
/// the finds go to <see cref="GraphUpdates"/>.
/// </summary>
sealed unsafe class LocalJoin<T> where T : struct, ISimd<T>
{
    // Rows to fetch ahead of the one that is copied.
    const int Ahead = 4;

    readonly PackedRows _packed;
    readonly CandidateLists _lists;
    readonly float[] _rows, _panels, _rowNorms, _panelNorms, _rowLimits, _panelLimits;

    /// <param name="packed">All rows.</param>
    /// <param name="lists">All rows' candidates.</param>
    /// <param name="most">Rows of a join at most.</param>
    public LocalJoin(PackedRows packed, CandidateLists lists, int most)
    {
        (_packed, _lists) = (packed, lists);
        int padded = most + 2 * T.Count;
        _rows = PackedRows.Pinned((long)(most + DistanceTile.Rows) * packed.Width);
        _panels = PackedRows.Pinned((long)padded * packed.Width);
        _rowNorms = PackedRows.Pinned(padded);
        _panelNorms = PackedRows.Pinned(padded);
        _rowLimits = PackedRows.Pinned(padded);
        _panelLimits = PackedRows.Pinned(padded);
        Ids = new int[most];
    }

    /// <summary>The rows to join, the new ones first; set by the caller.</summary>
    public int[] Ids { get; }

    /// <summary>Compares the new rows with all rows.</summary>
    /// <param name="count">Rows in <see cref="Ids"/>.</param>
    /// <param name="fresh">How many of them, from the first on, are new.</param>
    /// <param name="updates">Receives finds; null updates the lists, which nobody else may use then.</param>
    public void Run(int count, int fresh, GraphUpdates? updates)
    {
        Load(count, fresh);
        int width = _packed.Width, panelRows = 2 * T.Count;
        float* rows = PackedRows.Pointer(_rows), tile = stackalloc float[DistanceTile.Size];
        for (int panel = 0; panel < fresh; panel += panelRows)
        {
            float* packed = PackedRows.Pointer(_panels) + (long)panel * width;
            for (int row = 0; row < count; row += DistanceTile.Rows)
            {
                // A pair of new rows is looked at once, from the smaller position.
                if (row >= panel + panelRows && row + DistanceTile.Rows <= fresh)
                    continue;
                if (DistanceTile.AddBlock<T>(rows + (long)row * width, width, packed, width, tile, true, true,
                    PackedRows.Pointer(_rowNorms) + row, PackedRows.Pointer(_panelNorms) + panel, PackedRows.Pointer(_rowLimits) + row,
                    PackedRows.Pointer(_panelLimits) + panel))
                    Collect(tile, row, Math.Min(count, row + DistanceTile.Rows), panel, fresh, updates);
            }
        }
    }

    void Load(int count, int fresh)
    {
        int width = _packed.Width, panelRows = 2 * T.Count, inPanels = (fresh + panelRows - 1) / panelRows * panelRows;
        float* limits = _lists.Limits;
        for (int i = 0; i < count; i++)
        {
            int id = Ids[i];
            if (i + Ahead < count)
                Prefetch(Ids[i + Ahead]);
            new ReadOnlySpan<float>(_packed.Rows + (long)id * width, width).CopyTo(_rows.AsSpan(i * width, width));
            (_rowNorms[i], _rowLimits[i]) = (_packed.Norms[id], limits[id]);
        }
        // Padding is infinitely far, and nothing gets in there.
        _rowNorms.AsSpan(count, DistanceTile.Rows).Fill(float.PositiveInfinity);
        _rowLimits.AsSpan(count, DistanceTile.Rows).Fill(float.NegativeInfinity);
        _rowNorms.AsSpan(0, fresh).CopyTo(_panelNorms);
        _rowLimits.AsSpan(0, fresh).CopyTo(_panelLimits);
        _panelNorms.AsSpan(fresh, inPanels - fresh).Fill(float.PositiveInfinity);
        _panelLimits.AsSpan(fresh, inPanels - fresh).Fill(float.NegativeInfinity);
        for (int panel = 0; panel < fresh; panel += panelRows)
            Transposition.ToPanel(PackedRows.Pointer(_rows) + (long)panel * width, width, Math.Min(panelRows, fresh - panel), width,
                PackedRows.Pointer(_panels) + (long)panel * width, panelRows);
    }

    // Rows and lists lie anywhere in memory.
    void Prefetch(int id)
    {
        const int Line = 16, MostLines = 8;
        if (!Sse.IsSupported)
            return;
        float* row = _packed.Rows + (long)id * _packed.Width;
        for (int j = 0; j < Math.Min(_packed.Width, MostLines * Line); j += Line)
            Sse.Prefetch0(row + j);
        _lists.Prefetch(id);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Collect(float* tile, int firstRow, int endRow, int panel, int fresh, GraphUpdates? updates)
    {
        int lanes = T.Count;
        float* rowLimits = PackedRows.Pointer(_rowLimits), panelLimits = PackedRows.Pointer(_panelLimits);
        for (int row = firstRow; row < endRow; row++, tile += 2 * lanes)
        {
            T limit = T.Create(rowLimits[row]);
            uint hits = T.LessThan(T.Load(tile), T.Max(limit, T.Load(panelLimits + panel)))
                | T.LessThan(T.Load(tile + lanes), T.Max(limit, T.Load(panelLimits + panel + lanes))) << lanes;
            for (; hits != 0; hits &= hits - 1)
            {
                int lane = BitOperations.TrailingZeroCount(hits), column = panel + lane;
                if (row < fresh && column <= row)
                    continue;
                if (updates is null)
                    Update(row, column, tile[lane]);
                else
                    Note(updates, row, column, tile[lane]);
            }
        }
    }

    void Update(int row, int column, float distance)
    {
        int a = Ids[row], b = Ids[column];
        if (_lists.OfferOnce(a, b | CandidateLists.Marked, distance))
            (_rowLimits[row], _panelLimits[row]) = (_lists.Limits[a], _lists.Limits[a]);
        if (_lists.OfferOnce(b, a | CandidateLists.Marked, distance))
            (_rowLimits[column], _panelLimits[column]) = (_lists.Limits[b], _lists.Limits[b]);
    }

    void Note(GraphUpdates updates, int row, int column, float distance)
    {
        int a = Ids[row], b = Ids[column];
        if (distance < _rowLimits[row] && !_lists.Contains(a, b))
            updates.Add(a, b, distance);
        if (distance < _rowLimits[column] && !_lists.Contains(b, a))
            updates.Add(b, a, distance);
    }
}

using System.Numerics;

namespace LeoCvae;

/// <summary>What is done with a row that may be near a query.</summary>
interface IRowFound
{
    /// <summary>Takes a row; returns below what distance of the kernel others may be near the query from now on.</summary>
    float Take(int query, int row, float limit);
}

/// <summary>
/// Queries, packed into panels, that rows stream by: the distance kernel finds the rows that are below a query's limit. Not thread-safe.
/// </summary>
/// <param name="width">Features of a row.</param>
/// <param name="most">The most queries at a time.</param>
sealed unsafe class QueryPanels<T>(int width, int most) where T : struct, ISimd<T>
{
    /// <summary>Rows that stay in the first-level cache while panels stream by.</summary>
    public const int RowsPerBlock = 16 * DistanceTile.Rows;

    static readonly int PanelRows = 2 * T.Count;
    static readonly float[] NoLimits = Fill(float.NegativeInfinity);

    readonly float[] _rows = PackedRows.Pinned(Padded(most) * (long)width), _panels = PackedRows.Pinned(Padded(most) * (long)width),
        _norms = PackedRows.Pinned(Padded(most)), _limits = PackedRows.Pinned(Padded(most));
    int _count;

    /// <summary>Where a query's features go, before <see cref="Pack"/>.</summary>
    public Span<float> Row(int query) => _rows.AsSpan(query * width, width);

    /// <summary>Squared norms of the queries.</summary>
    public Span<float> Norms => _norms;

    /// <summary>Below what distance of the kernel a row may be near a query.</summary>
    public Span<float> Limits => _limits;

    /// <summary>Takes the first queries' features, norms and limits.</summary>
    public void Pack(int count)
    {
        _count = count;
        int padded = Padded(count);
        _norms.AsSpan(count, padded - count).Fill(float.PositiveInfinity);
        _limits.AsSpan(count, padded - count).Fill(float.NegativeInfinity);
        for (int panel = 0; panel < padded; panel += PanelRows)
            Transposition.ToPanel(PackedRows.Pointer(_rows) + (long)panel * width, width, PanelRows, width,
                PackedRows.Pointer(_panels) + (long)panel * width, PanelRows);
    }

    /// <summary>Shows rows to all queries.</summary>
    /// <param name="rows">The rows; memory behind them must be readable up to whole tiles.</param>
    /// <param name="norms">Their squared norms, infinite up to a whole tile.</param>
    /// <param name="count">How many they are; more than <see cref="RowsPerBlock"/> fall out of the cache.</param>
    /// <param name="found">Receives what may be near.</param>
    public void Meet<TFound>(float* rows, float* norms, int count, ref TFound found) where TFound : struct, IRowFound
    {
        float* tile = stackalloc float[DistanceTile.Size], panels = PackedRows.Pointer(_panels), queryNorms = PackedRows.Pointer(_norms),
            limits = PackedRows.Pointer(_limits), noLimits = PackedRows.Pointer(NoLimits);
        for (int panel = 0; panel < _count; panel += PanelRows)
            for (int row = 0; row < count; row += DistanceTile.Rows)
                if (DistanceTile.AddBlock<T>(rows + (long)row * width, width, panels + (long)panel * width, width, tile, true, true,
                    norms + row, queryNorms + panel, noLimits, limits + panel))
                    Collect(tile, panel, row, Math.Min(count, row + DistanceTile.Rows), limits + panel, ref found);
    }

    static void Collect<TFound>(float* tile, int panel, int firstRow, int endRow, float* limits, ref TFound found)
        where TFound : struct, IRowFound
    {
        int lanes = T.Count;
        for (int row = firstRow; row < endRow; row++, tile += PanelRows)
            for (uint hits = T.LessThan(T.Load(tile), T.Load(limits)) | T.LessThan(T.Load(tile + lanes), T.Load(limits + lanes)) << lanes;
                hits != 0; hits &= hits - 1)
            {
                int query = BitOperations.TrailingZeroCount(hits);
                limits[query] = found.Take(panel + query, row, limits[query]);
            }
    }

    static int Padded(int count) => (count + PanelRows - 1) / PanelRows * PanelRows;

    static float[] Fill(float value)
    {
        float[] filled = PackedRows.Pinned(DistanceTile.Rows);
        Array.Fill(filled, value);
        return filled;
    }
}

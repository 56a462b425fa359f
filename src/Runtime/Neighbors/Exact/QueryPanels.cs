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
abstract unsafe class QueryPanels
{
    /// <summary>Rows that stay in the first-level cache while panels stream by.</summary>
    public const int RowsPerBlock = 16 * DistanceTile.Rows;

    /// <summary>Panels for the widest registers that there are.</summary>
    /// <param name="width">Features of a row.</param>
    /// <param name="most">The most queries at a time.</param>
    public static QueryPanels Of(int width, int most) => Simd.Run<Making, QueryPanels>(new(width, most));

    /// <summary>Where a query's features go, before <see cref="Pack"/>.</summary>
    public abstract Span<float> Row(int query);

    /// <summary>Squared norms of the queries.</summary>
    public abstract Span<float> Norms { get; }

    /// <summary>Below what distance of the kernel a row may be near a query.</summary>
    public abstract Span<float> Limits { get; }

    /// <summary>The squared norm of a row.</summary>
    public abstract float Norm(ReadOnlySpan<float> row);

    /// <summary>Takes the first queries' features, norms and limits.</summary>
    public abstract void Pack(int count);

    /// <summary>Shows rows to all queries.</summary>
    /// <param name="rows">The rows; memory behind them must be readable up to whole tiles.</param>
    /// <param name="norms">Their squared norms, infinite up to a whole tile.</param>
    /// <param name="first">The number of the first of them.</param>
    /// <param name="count">How many they are; more than <see cref="RowsPerBlock"/> fall out of the cache.</param>
    /// <param name="found">Receives the numbers of those that may be near.</param>
    public abstract void Meet(float* rows, float* norms, int first, int count, IRowFound found);

    readonly struct Making(int width, int most) : ISimdWork<QueryPanels>
    {
        public QueryPanels On<T>() where T : struct, ISimd<T> => new QueryPanels<T>(width, most);
    }
}

/// <summary>The same on registers of one width.</summary>
sealed unsafe class QueryPanels<T>(int width, int most) : QueryPanels where T : struct, ISimd<T>
{
    static readonly int PanelRows = 2 * T.Count;
    static readonly float[] NoLimits = Fill(float.NegativeInfinity);

    readonly float[] _rows = PackedRows.Pinned(Padded(most) * (long)width), _panels = PackedRows.Pinned(Padded(most) * (long)width),
        _norms = PackedRows.Pinned(Padded(most)), _limits = PackedRows.Pinned(Padded(most));
    int _count;

    public override Span<float> Norms => _norms;

    public override Span<float> Limits => _limits;

    public override Span<float> Row(int query) => _rows.AsSpan(query * width, width);

    public override float Norm(ReadOnlySpan<float> row)
    {
        int lanes = T.Count, j = 0;
        float norm = 0;
        fixed (float* values = row)
        {
            T sum = default;
            for (; j <= row.Length - lanes; j += lanes)
                sum = T.MultiplyAdd(T.Load(values + j), T.Load(values + j), sum);
            norm = T.Sum(sum);
            for (; j < row.Length; j++)
                norm += values[j] * values[j];
        }
        return norm;
    }

    public override void Pack(int count)
    {
        _count = count;
        int padded = Padded(count);
        _norms.AsSpan(count, padded - count).Fill(float.PositiveInfinity);
        _limits.AsSpan(count, padded - count).Fill(float.NegativeInfinity);
        for (int panel = 0; panel < padded; panel += PanelRows)
            Transposition.ToPanel(PackedRows.Pointer(_rows) + (long)panel * width, width, PanelRows, width,
                PackedRows.Pointer(_panels) + (long)panel * width, PanelRows);
    }

    public override void Meet(float* rows, float* norms, int first, int count, IRowFound found)
    {
        float* tile = stackalloc float[DistanceTile.Size], panels = PackedRows.Pointer(_panels), queryNorms = PackedRows.Pointer(_norms),
            limits = PackedRows.Pointer(_limits), noLimits = PackedRows.Pointer(NoLimits);
        for (int panel = 0; panel < _count; panel += PanelRows)
            for (int row = 0; row < count; row += DistanceTile.Rows)
                if (DistanceTile.AddBlock<T>(rows + (long)row * width, width, panels + (long)panel * width, width, tile, true, true,
                    norms + row, queryNorms + panel, noLimits, limits + panel))
                    Collect(tile, panel, first + row, first + Math.Min(count, row + DistanceTile.Rows), limits + panel, found);
    }

    static void Collect(float* tile, int panel, int firstRow, int endRow, float* limits, IRowFound found)
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

using System.Numerics;

namespace LeoCvae;

/// <summary>
/// Exact nearest neighbors of all rows. A tile kernel visits each pair of distinct rows once, feeds both and keeps a few candidates more
/// than k; their distances are then recomputed in double. Where the kernel's error bound can't rule out that a row was missed, that row is
/// searched again with the bound as its limit: the result is exact, always. A row is excluded by its number; ties go to the smaller row
/// number.
/// </summary>
static unsafe class ExactNeighbors
{
    // A strip of rows stays in the second-level cache while panels stream by.
    const int Slack = 8, CacheFloats = 64 * 1024, Blocks = 16, SmallestBlock = 96;

    /// <summary>The min(k, n - 1) nearest other rows of every row; the same for any number of threads.</summary>
    /// <exception cref="ArgumentException">A value is not a finite number.</exception>
    public static NeighborLists AllRows(Matrix x, int k, int threads, IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        return Simd.Run<OfAllRows, NeighborLists>(new(x, k, parallel, progress));
    }

    /// <summary>The same for some of the rows: list i belongs to the i-th chosen one.</summary>
    /// <exception cref="ArgumentException">A value is not a finite number.</exception>
    public static NeighborLists SomeRows(Matrix x, int[] rows, int k, int threads, CancellationToken cancellation = default) =>
        Queries(x, rows, x, excludeSelf: true, Math.Min(k, x.Rows - 1), threads, cancellation);

    /// <summary>
    /// The min(k, reference) nearest reference rows of every new row; a new row that is identical to a reference row finds it.
    /// </summary>
    /// <exception cref="ArgumentException">A value is not a finite number, or the widths differ.</exception>
    public static NeighborLists NewRows(Matrix rows, Matrix reference, int k, int threads, CancellationToken cancellation = default) =>
        NewRows(rows, [.. Enumerable.Range(0, rows.Rows)], reference, k, threads, cancellation);

    /// <summary>The same for some of the new rows: list i belongs to the i-th chosen one.</summary>
    /// <exception cref="ArgumentException">A value is not a finite number, or the widths differ.</exception>
    public static NeighborLists NewRows(Matrix rows, int[] chosen, Matrix reference, int k, int threads,
        CancellationToken cancellation = default)
    {
        if (rows.Columns != reference.Columns)
            throw Fault.Argument(nameof(rows), $"got rows of {rows.Columns} features, expected {reference.Columns} as in the reference");
        return Queries(rows, chosen, reference, excludeSelf: false, Math.Min(k, reference.Rows), threads, cancellation);
    }

    static NeighborLists Queries(Matrix queries, int[] chosen, Matrix reference, bool excludeSelf, int k, int threads,
        CancellationToken cancellation)
    {
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        return Simd.Run<OfQueries, NeighborLists>(new(queries, chosen, reference, excludeSelf, k, parallel));
    }

    readonly struct OfAllRows(Matrix x, int k, ParallelOptions parallel, IProgress<double>? progress) : ISimdWork<NeighborLists>
    {
        public NeighborLists On<T>() where T : struct, ISimd<T> => AllRows<T>(x, k, parallel, progress);
    }

    readonly struct OfQueries(Matrix queries, int[] chosen, Matrix reference, bool excludeSelf, int k, ParallelOptions parallel)
        : ISimdWork<NeighborLists>
    {
        public NeighborLists On<T>() where T : struct, ISimd<T> =>
            new ExactQueries<T>(queries, chosen, reference, excludeSelf, k).Search(parallel);
    }

    internal static NeighborLists AllRows<T>(Matrix x, int k, ParallelOptions parallel, IProgress<double>? progress = null)
        where T : struct, ISimd<T>
    {
        k = Math.Min(k, x.Rows - 1);
        DistinctRows distinct = DistinctRows.Of(x);
        PackedRows packed = new(x, distinct.First, 2 * T.Count, parallel.MaxDegreeOfParallelism);
        CandidateLists candidates = new(distinct.Count, k + Slack, packed.PanelRows + DistanceTile.Rows);
        if (distinct.Count > 1)
            Search<T>(packed, candidates, parallel, progress);
        return new ExactRanking<T>(x, distinct, packed, candidates, k).Rank(parallel);
    }

    // Blocks of rows meet as in a round-robin tournament: in each round every block is in one pair only, so that threads
    // never share a row's list and need no locks.
    static void Search<T>(PackedRows packed, CandidateLists candidates, ParallelOptions parallel, IProgress<double>? progress)
        where T : struct, ISimd<T>
    {
        int panel = packed.PanelRows, perBlock = Math.Max(SmallestBlock, (packed.Count + Blocks - 1) / Blocks);
        perBlock = (perBlock + panel - 1) / panel * panel;
        int blocks = (packed.Count + perBlock - 1) / perBlock;
        blocks += blocks & 1;
        (int First, int End) Range(int block) => (Math.Min(packed.Count, block * perBlock), Math.Min(packed.Count, (block + 1) * perBlock));

        Parallel.For(0, blocks, parallel, block => Within<T>(packed, candidates, Range(block)));
        // Within blocks are half as many pairs as in a round.
        progress?.Report(1 / (2.0 * blocks - 1));
        for (int round = 0; round < blocks - 1; round++)
        {
            int r = round;
            Parallel.For(0, blocks / 2, parallel, pair =>
            {
                int a = pair == 0 ? blocks - 1 : (r + pair) % (blocks - 1), b = pair == 0 ? r : (r - pair + blocks - 1) % (blocks - 1);
                Between<T>(packed, candidates, Range(a), Range(b), both: true);
            });
            progress?.Report((2.0 * round + 3) / (2.0 * blocks - 1));
        }
    }

    // All pairs of a block: each strip of rows against itself, one-sided, and against the rows behind it.
    static void Within<T>(PackedRows packed, CandidateLists candidates, (int First, int End) block) where T : struct, ISimd<T>
    {
        int strip = 3 * packed.PanelRows;
        for (int first = block.First; first < block.End; first += strip)
        {
            int end = Math.Min(block.End, first + strip);
            Between<T>(packed, candidates, (first, end), (first, end), both: false);
            Between<T>(packed, candidates, (first, end), (end, block.End), both: true);
        }
    }

    /// <summary>Offers every pair of two ranges of rows; the second range starts at a panel.</summary>
    /// <param name="packed">The rows.</param>
    /// <param name="candidates">Receives the pairs.</param>
    /// <param name="rows">Rows of the one range.</param>
    /// <param name="columns">Rows of the other.</param>
    /// <param name="both">Whether pairs are offered to both rows, or only to the first range's (for a range with itself).</param>
    static void Between<T>(PackedRows packed, CandidateLists candidates, (int First, int End) rows, (int First, int End) columns,
        bool both) where T : struct, ISimd<T>
    {
        if (rows.First >= rows.End || columns.First >= columns.End)
            return;
        int width = packed.Width, panelRows = packed.PanelRows, blockWidth = DistanceTile.BlockOf(width);
        int strip = Math.Max(DistanceTile.Rows, CacheFloats / width / DistanceTile.Rows * DistanceTile.Rows);
        int tiles = (Math.Min(strip, rows.End - rows.First) + DistanceTile.Rows - 1) / DistanceTile.Rows;
        float* tileBuffer = stackalloc float[(width > blockWidth ? tiles : 1) * DistanceTile.Size], noLimits = stackalloc float[panelRows];
        new Span<float>(noLimits, panelRows).Fill(float.NegativeInfinity);
        float* limits = candidates.Limits, norms = packed.Norms;
        for (int stripFirst = rows.First; stripFirst < rows.End; stripFirst += strip)
        {
            int stripEnd = Math.Min(rows.End, stripFirst + strip);
            for (int column = columns.First; column < columns.End; column += panelRows)
            {
                float* panel = packed.Panels + (long)column * width;
                float* columnLimits = both ? limits + column : noLimits;
                for (int feature = 0; feature < width; feature += blockWidth)
                {
                    int features = Math.Min(blockWidth, width - feature);
                    bool isLast = feature + features == width;
                    float* tile = tileBuffer;
                    for (int row = stripFirst; row < stripEnd; row += DistanceTile.Rows)
                    {
                        if (DistanceTile.AddBlock<T>(packed.Rows + (long)row * width + feature, width, panel + (long)feature * panelRows,
                            features, tile, feature == 0, isLast, norms + row, norms + column, limits + row, columnLimits))
                            Offer<T>(candidates, tile, row, Math.Min(stripEnd, row + DistanceTile.Rows), column, columns.End, both);
                        if (width > blockWidth)
                            tile += DistanceTile.Size;
                    }
                }
            }
        }
    }

    static void Offer<T>(CandidateLists candidates, float* tile, int firstRow, int endRow, int firstColumn, int endColumn, bool both)
        where T : struct, ISimd<T>
    {
        float* limits = candidates.Limits;
        int lanes = T.Count, panelRows = 2 * lanes;
        for (int row = firstRow; row < endRow; row++, tile += panelRows)
        {
            T limit = T.Create(limits[row]), low = T.Load(tile), high = T.Load(tile + lanes);
            for (uint hits = T.LessThan(low, limit) | T.LessThan(high, limit) << lanes; hits != 0; hits &= hits - 1)
            {
                int lane = BitOperations.TrailingZeroCount(hits), column = firstColumn + lane;
                if (column != row && column < endColumn)
                    candidates.Offer(row, column, tile[lane]);
            }
            if (!both)
                continue;
            for (uint hits = T.LessThan(low, T.Load(limits + firstColumn)) | T.LessThan(high,
                T.Load(limits + firstColumn + lanes)) << lanes; hits != 0; hits &= hits - 1)
            {
                int lane = BitOperations.TrailingZeroCount(hits), column = firstColumn + lane;
                if (column < endColumn)
                    candidates.Offer(column, row, tile[lane]);
            }
        }
    }
}

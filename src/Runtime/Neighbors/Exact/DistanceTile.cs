using System.Runtime.CompilerServices;

namespace LeoCvae;

/// <summary>
/// The distance kernel: six rows against a panel of two registers of rows, |a|^2 + |b|^2 - 2 a.b, in registers throughout. One kernel
/// serves the exact search, tree leaves and local joins.
/// </summary>
static unsafe class DistanceTile
{
    public const int Rows = 6;

    // A block of a panel stays in the first-level cache.
    const int WidestBlock = 256;

    /// <summary>Floats that a tile's partial sums and distances take, for any register width.</summary>
    public const int Size = Rows * 2 * 16;

    // Rounding of a float, 2^-24. |a|^2 + |b|^2 - 2 a.b is off by no more than (d + 16) roundings of (|a| + |b|)^2: d for the dot
    // product, the rest for centring, norms and sums.
    const double Rounding = 1.0 / (1 << 24);

    /// <summary>
    /// How far a tile's squared distance can be from the true one, for a row with this squared norm and all rows within this squared
    /// distance of it: |b| is at most |a| plus the distance.
    /// </summary>
    public static double ErrorBound(int width, double squaredNorm, double squaredDistance)
    {
        double radius = 2 * Math.Sqrt(squaredNorm) + Math.Sqrt(squaredDistance);
        return (width + 16) * Rounding * radius * radius;
    }

    /// <summary>Features of a block: all of them, or equal parts of a wide row.</summary>
    public static int BlockOf(int width)
    {
        int parts = (width + WidestBlock - 1) / WidestBlock;
        return (width + parts - 1) / parts;
    }

    /// <summary>
    /// Adds a block of features to a tile's dot products. The last block turns them into squared distances, and says whether any is
    /// below its row's or its column's limit; the tile then holds the distances, row by row.
    /// </summary>
    /// <param name="rows">First of the six rows, at the block's first feature.</param>
    /// <param name="stride">Floats from a row to the next.</param>
    /// <param name="panel">The panel at the block's first feature.</param>
    /// <param name="width">Features of the block.</param>
    /// <param name="tile">Partial dot products, then distances: six rows of a panel's size.</param>
    /// <param name="isFirst">Whether the dot products start at zero.</param>
    /// <param name="isLast">Whether this is the last block.</param>
    /// <param name="rowNorms">Squared norms of the six rows.</param>
    /// <param name="panelNorms">Squared norms of the panel's rows.</param>
    /// <param name="rowLimits">Limits of the six rows.</param>
    /// <param name="panelLimits">Limits of the panel's rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool AddBlock<T>(float* rows, nint stride, float* panel, nint width, float* tile, bool isFirst, bool isLast,
        float* rowNorms, float* panelNorms, float* rowLimits, float* panelLimits) where T : struct, ISimd<T>
    {
        int lanes = T.Count, columns = 2 * lanes;
        float* r1 = rows + stride, r2 = r1 + stride, r3 = r2 + stride, r4 = r3 + stride, r5 = r4 + stride;
        T c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default,
            c40 = default, c41 = default, c50 = default, c51 = default;
        if (!isFirst)
        {
            (c00, c01) = (T.Load(tile + 0 * columns), T.Load(tile + 0 * columns + lanes));
            (c10, c11) = (T.Load(tile + 1 * columns), T.Load(tile + 1 * columns + lanes));
            (c20, c21) = (T.Load(tile + 2 * columns), T.Load(tile + 2 * columns + lanes));
            (c30, c31) = (T.Load(tile + 3 * columns), T.Load(tile + 3 * columns + lanes));
            (c40, c41) = (T.Load(tile + 4 * columns), T.Load(tile + 4 * columns + lanes));
            (c50, c51) = (T.Load(tile + 5 * columns), T.Load(tile + 5 * columns + lanes));
        }
        for (nint k = 0; k < width; k++, panel += columns)
        {
            T b0 = T.Load(panel), b1 = T.Load(panel + lanes);
            T a = T.Create(rows[k]);
            c00 = T.MultiplyAdd(a, b0, c00);
            c01 = T.MultiplyAdd(a, b1, c01);
            a = T.Create(r1[k]);
            c10 = T.MultiplyAdd(a, b0, c10);
            c11 = T.MultiplyAdd(a, b1, c11);
            a = T.Create(r2[k]);
            c20 = T.MultiplyAdd(a, b0, c20);
            c21 = T.MultiplyAdd(a, b1, c21);
            a = T.Create(r3[k]);
            c30 = T.MultiplyAdd(a, b0, c30);
            c31 = T.MultiplyAdd(a, b1, c31);
            a = T.Create(r4[k]);
            c40 = T.MultiplyAdd(a, b0, c40);
            c41 = T.MultiplyAdd(a, b1, c41);
            a = T.Create(r5[k]);
            c50 = T.MultiplyAdd(a, b0, c50);
            c51 = T.MultiplyAdd(a, b1, c51);
        }
        if (!isLast)
        {
            T.Store(c00, tile + 0 * columns);
            T.Store(c01, tile + 0 * columns + lanes);
            T.Store(c10, tile + 1 * columns);
            T.Store(c11, tile + 1 * columns + lanes);
            T.Store(c20, tile + 2 * columns);
            T.Store(c21, tile + 2 * columns + lanes);
            T.Store(c30, tile + 3 * columns);
            T.Store(c31, tile + 3 * columns + lanes);
            T.Store(c40, tile + 4 * columns);
            T.Store(c41, tile + 4 * columns + lanes);
            T.Store(c50, tile + 5 * columns);
            T.Store(c51, tile + 5 * columns + lanes);
            return false;
        }
        return Finish(c00, c01, panelNorms, rowNorms[0], panelLimits, rowLimits[0], tile + 0 * columns)
            | Finish(c10, c11, panelNorms, rowNorms[1], panelLimits, rowLimits[1], tile + 1 * columns)
            | Finish(c20, c21, panelNorms, rowNorms[2], panelLimits, rowLimits[2], tile + 2 * columns)
            | Finish(c30, c31, panelNorms, rowNorms[3], panelLimits, rowLimits[3], tile + 3 * columns)
            | Finish(c40, c41, panelNorms, rowNorms[4], panelLimits, rowLimits[4], tile + 4 * columns)
            | Finish(c50, c51, panelNorms, rowNorms[5], panelLimits, rowLimits[5], tile + 5 * columns);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool Finish<T>(T dots0, T dots1, float* panelNorms, float rowNorm, float* panelLimits, float rowLimit, float* distances) where T
        : struct, ISimd<T>
    {
        T minusTwo = T.Create(-2), norm = T.Create(rowNorm), limit = T.Create(rowLimit);
        T distance0 = T.MultiplyAdd(minusTwo, dots0, T.Add(norm, T.Load(panelNorms))),
            distance1 = T.MultiplyAdd(minusTwo, dots1, T.Add(norm, T.Load(panelNorms + T.Count)));
        T.Store(distance0, distances);
        T.Store(distance1, distances + T.Count);
        return (T.LessThan(distance0, T.Max(limit, T.Load(panelLimits))) | T.LessThan(distance1,
            T.Max(limit, T.Load(panelLimits + T.Count)))) != 0;
    }
}

using System.Runtime.CompilerServices;

namespace LeoCvae;

/// <summary>
/// C = start + A B in floats. Every element of C is one chain of multiply-adds over k = 0, 1, 2, ..., each rounded once: the result
/// is the same, bit for bit, for every register width, place in the matrix and way of splitting the work over rows, columns or
/// threads. (A processor without FMA rounds twice and gives other bits.) Nothing is allocated.
/// </summary>
static unsafe class Gemm
{
    /// <summary>Columns of B and C come in multiples of this, whatever the register width.</summary>
    public const int Lanes = 16;

    /// <summary>Floats of scratch memory that a caller lends to <see cref="Multiply{T}"/>.</summary>
    public const int ScratchSize = PanelDepth * PanelColumns;

    // A block of a panel stays in the first-level cache. Fewer rows, or a B of this size, don't repay packing.
    const int PanelDepth = 256, PanelColumns = 2 * Lanes, FewRows = 16, SmallB = 16 * 1024;

    /// <summary>A size rounded up to a multiple of <see cref="Lanes"/>.</summary>
    public static int Padded(int size) => checked(size + Lanes - 1) / Lanes * Lanes;

    /// <summary>A product of an m x k and a k x n matrix.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C, a multiple of <see cref="Lanes"/>.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="a">A; element (i, j) is at i * aRow + j * aColumn, so that A may be a transposed matrix.</param>
    /// <param name="aRow">Floats from a row of A to the next.</param>
    /// <param name="aColumn">Floats from a column of A to the next.</param>
    /// <param name="b">B, row by row.</param>
    /// <param name="bRow">Floats from a row of B to the next.</param>
    /// <param name="c">C, row by row.</param>
    /// <param name="cRow">Floats from a row of C to the next.</param>
    /// <param name="start">Where the sums start: null for zero, or C itself, or a bias.</param>
    /// <param name="startRow">Floats from a row of start to the next: cRow for C, 0 for a bias.</param>
    /// <param name="scratch"><see cref="ScratchSize"/> floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<T>(int m, int n, int k, float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow,
        float* start, nint startRow, float* scratch) where T : struct, ISimd<T>
    {
        bool isPacked = m > FewRows && k * bRow > SmallB;
        int depth = isPacked ? PanelDepth : Math.Max(1, k);
        int width;
        for (int column = 0; column < n; column += width)
        {
            width = Math.Min(2 * T.Count, n - column);
            float* to = c + column, from = start == null ? null : start + column;
            nint fromRow = startRow;
            for (int first = 0; first < k || first == 0; first += depth, from = to, fromRow = cRow)
            {
                int block = Math.Min(depth, k - first);
                float* panel = b + first * bRow + column;
                if (isPacked)
                {
                    Pack<T>(block, panel, bRow, width, scratch);
                    panel = scratch;
                }
                Panel<T>(m, width, block, a + first * aColumn, aRow, aColumn, panel, isPacked ? width : bRow, to, cRow, from, fromRow);
            }
        }
    }

    /// <summary>
    /// The same for a B that is stored transposed: n rows of k values. Rows up to a multiple of <see cref="Lanes"/> must be readable.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTransposed<T>(int m, int n, int k, float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c,
        nint cRow, float* start, nint startRow, float* scratch) where T : struct, ISimd<T>
    {
        int width;
        for (int column = 0; column < n; column += width)
        {
            width = Math.Min(2 * T.Count, n - column);
            float* to = c + column, from = start == null ? null : start + column;
            nint fromRow = startRow;
            for (int first = 0; first < k || first == 0; first += PanelDepth, from = to, fromRow = cRow)
            {
                int block = Math.Min(PanelDepth, k - first);
                Transposition.ToPanel(b + column * bRow + first, bRow, width, block, scratch, width);
                Panel<T>(m, width, block, a + first * aColumn, aRow, aColumn, scratch, width, to, cRow, from, fromRow);
            }
        }
    }

    /// <summary>Lays a B that is used again and again out for <see cref="MultiplyPanels{T}"/>: panels of columns, each row by row.
    /// </summary>
    /// <param name="b">k x columns, row by row.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="panels">Gets k x n floats, n the columns padded; zeros at first.</param>
    public static void ToPanels(ReadOnlySpan<float> b, int columns, float* panels)
    {
        int k = b.Length / columns, width;
        for (int column = 0; column < columns; column += width)
        {
            width = Math.Min(PanelColumns, Padded(columns) - column);
            int some = Math.Min(width, columns - column);
            for (int i = 0; i < k; i++)
                b.Slice(i * columns + column, some).CopyTo(new(panels + (long)column * k + (long)i * width, some));
        }
    }

    /// <summary>The same for a B in panels and rows of A side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyPanels<T>(int m, int n, int k, float* a, nint aRow, float* panels, float* c, nint cRow, float* start,
        nint startRow) where T : struct, ISimd<T>
    {
        int width;
        for (int column = 0; column < n; column += width)
        {
            width = Math.Min(PanelColumns, n - column);
            float* to = c + column, from = start == null ? null : start + column, panel = panels + (long)column * k;
            nint fromRow = startRow;
            for (int first = 0; first < k || first == 0; first += PanelDepth, from = to, fromRow = cRow)
                Panel<T>(m, width, Math.Min(PanelDepth, k - first), a + first, aRow, 1, panel + (long)first * width, width, to, cRow, from,
                    fromRow);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Pack<T>(int depth, float* b, nint bRow, int width, float* panel) where T : struct, ISimd<T>
    {
        for (; depth > 0; depth--, b += bRow, panel += width)
            for (int j = 0; j < width; j += T.Count)
                T.Store(T.Load(b + j), panel + j);
    }

    // All rows against a panel of one or two registers of columns.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Panel<T>(int m, int width, nint k, float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow,
        float* start, nint startRow) where T : struct, ISimd<T>
    {
        for (int column = 0; column < width;)
        {
            float* from = start == null ? null : start + column;
            if (width - column >= 2 * T.Count)
            {
                Rows<T, Two>(m, k, a, aRow, aColumn, b + column, bRow, c + column, cRow, from, startRow);
                column += 2 * T.Count;
            }
            else
            {
                Rows<T, One>(m, k, a, aRow, aColumn, b + column, bRow, c + column, cRow, from, startRow);
                column += T.Count;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Rows<T, TRegisters>(int m, nint k, float* a, nint aRow, nint aColumn, float* b, nint bRow, float* c, nint cRow,
        float* start, nint startRow)
        where T : struct, ISimd<T> where TRegisters : struct, IConstant
    {
        // AVX-512 has registers for eight rows of sums, the others for six.
        while (m > 0)
        {
            int rows;
            if (T.Count == 16 && m >= 8)
            {
                GemmTile.Run<T, Eight, TRegisters>(k, a, aRow, aColumn, b, bRow, c, cRow, start, startRow);
                rows = 8;
            }
            else if (T.Count < 16 && m >= 6)
            {
                GemmTile.Run<T, Six, TRegisters>(k, a, aRow, aColumn, b, bRow, c, cRow, start, startRow);
                rows = 6;
            }
            else if (m >= 4)
            {
                GemmTile.Run<T, Four, TRegisters>(k, a, aRow, aColumn, b, bRow, c, cRow, start, startRow);
                rows = 4;
            }
            else if (m >= 2)
            {
                GemmTile.Run<T, Two, TRegisters>(k, a, aRow, aColumn, b, bRow, c, cRow, start, startRow);
                rows = 2;
            }
            else
            {
                GemmTile.Run<T, One, TRegisters>(k, a, aRow, aColumn, b, bRow, c, cRow, start, startRow);
                rows = 1;
            }
            m -= rows;
            a += rows * aRow;
            c += rows * cRow;
            if (start != null)
                start += rows * startRow;
        }
    }
}

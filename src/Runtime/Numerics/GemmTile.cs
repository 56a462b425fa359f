using System.Runtime.CompilerServices;

namespace LeoCvae;

/// <summary>A number that is part of a type, so that the JIT compiles a kernel for it.</summary>
interface IConstant
{
    static abstract int Value { get; }
}

readonly struct One : IConstant
{
    public static int Value => 1;
}

readonly struct Two : IConstant
{
    public static int Value => 2;
}

readonly struct Four : IConstant
{
    public static int Value => 4;
}

readonly struct Six : IConstant
{
    public static int Value => 6;
}

readonly struct Eight : IConstant
{
    public static int Value => 8;
}

/// <summary>
/// The inner kernel of <see cref="Gemm"/>: up to eight rows by one or two registers of columns, sums in registers throughout.
/// </summary>
static unsafe class GemmTile
{
    /// <summary>C = start + A B for one tile; each element is one chain of multiply-adds in the order of k.</summary>
    /// <param name="k">Inner size.</param>
    /// <param name="a">A's first element; rows are rowStride apart, columns step.</param>
    /// <param name="rowStride">Floats from a row of A to the next.</param>
    /// <param name="step">Floats from a column of A to the next.</param>
    /// <param name="b">B's first row of the tile's columns.</param>
    /// <param name="bStride">Floats from a row of B to the next.</param>
    /// <param name="c">The tile's first element.</param>
    /// <param name="cStride">Floats from a row of C to the next.</param>
    /// <param name="start">Where the sums start, null for zero.</param>
    /// <param name="startStride">Floats from a row of start to the next; 0 for a bias.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T, TRows, TRegisters>(nint k, float* a, nint rowStride, nint step, float* b, nint bStride, float* c,
        nint cStride, float* start, nint startStride)
        where T : struct, ISimd<T> where TRows : struct, IConstant where TRegisters : struct, IConstant
    {
        int lanes = T.Count;
        T c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default, c30 = default, c31 = default;
        T c40 = default, c41 = default, c50 = default, c51 = default, c60 = default, c61 = default, c70 = default, c71 = default;
        if (start != null)
        {
            Load<T, TRegisters>(start, ref c00, ref c01);
            if (TRows.Value > 1) Load<T, TRegisters>(start + startStride, ref c10, ref c11);
            if (TRows.Value > 2) Load<T, TRegisters>(start + 2 * startStride, ref c20, ref c21);
            if (TRows.Value > 3) Load<T, TRegisters>(start + 3 * startStride, ref c30, ref c31);
            if (TRows.Value > 4) Load<T, TRegisters>(start + 4 * startStride, ref c40, ref c41);
            if (TRows.Value > 5) Load<T, TRegisters>(start + 5 * startStride, ref c50, ref c51);
            if (TRows.Value > 6) Load<T, TRegisters>(start + 6 * startStride, ref c60, ref c61);
            if (TRows.Value > 7) Load<T, TRegisters>(start + 7 * startStride, ref c70, ref c71);
        }
        float* a1 = a + rowStride, a2 = a1 + rowStride, a3 = a2 + rowStride, a4 = a3 + rowStride, a5 = a4 + rowStride, a6 = a5 + rowStride,
            a7 = a6 + rowStride;
        for (nint at = 0; k > 0; k--, at += step, b += bStride)
        {
            T b0 = T.Load(b), b1 = TRegisters.Value > 1 ? T.Load(b + lanes) : default;
            Add<T, TRegisters>(a[at], b0, b1, ref c00, ref c01);
            if (TRows.Value > 1) Add<T, TRegisters>(a1[at], b0, b1, ref c10, ref c11);
            if (TRows.Value > 2) Add<T, TRegisters>(a2[at], b0, b1, ref c20, ref c21);
            if (TRows.Value > 3) Add<T, TRegisters>(a3[at], b0, b1, ref c30, ref c31);
            if (TRows.Value > 4) Add<T, TRegisters>(a4[at], b0, b1, ref c40, ref c41);
            if (TRows.Value > 5) Add<T, TRegisters>(a5[at], b0, b1, ref c50, ref c51);
            if (TRows.Value > 6) Add<T, TRegisters>(a6[at], b0, b1, ref c60, ref c61);
            if (TRows.Value > 7) Add<T, TRegisters>(a7[at], b0, b1, ref c70, ref c71);
        }
        Store<T, TRegisters>(c, c00, c01);
        if (TRows.Value > 1) Store<T, TRegisters>(c + cStride, c10, c11);
        if (TRows.Value > 2) Store<T, TRegisters>(c + 2 * cStride, c20, c21);
        if (TRows.Value > 3) Store<T, TRegisters>(c + 3 * cStride, c30, c31);
        if (TRows.Value > 4) Store<T, TRegisters>(c + 4 * cStride, c40, c41);
        if (TRows.Value > 5) Store<T, TRegisters>(c + 5 * cStride, c50, c51);
        if (TRows.Value > 6) Store<T, TRegisters>(c + 6 * cStride, c60, c61);
        if (TRows.Value > 7) Store<T, TRegisters>(c + 7 * cStride, c70, c71);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Load<T, TRegisters>(float* from, ref T c0, ref T c1) where T : struct, ISimd<T> where TRegisters : struct, IConstant
    {
        c0 = T.Load(from);
        if (TRegisters.Value > 1) c1 = T.Load(from + T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add<T, TRegisters>(float value, T b0, T b1, ref T c0, ref T c1) where T : struct, ISimd<T> where TRegisters : struct,
        IConstant
    {
        T all = T.Create(value);
        c0 = T.MultiplyAdd(all, b0, c0);
        if (TRegisters.Value > 1) c1 = T.MultiplyAdd(all, b1, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<T, TRegisters>(float* to, T c0, T c1) where T : struct, ISimd<T> where TRegisters : struct, IConstant
    {
        T.Store(c0, to);
        if (TRegisters.Value > 1) T.Store(c1, to + T.Count);
    }
}

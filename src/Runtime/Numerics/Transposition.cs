using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace LeoCvae;

/// <summary>Turns rows into a panel, column by column, four by four in registers.</summary>
static unsafe class Transposition
{
    const int Side = 4;

    /// <summary>Packs rows. Counts are rounded up to four: the rows behind must be readable, what they hold comes along.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="stride">Floats from a row to the next.</param>
    /// <param name="count">How many, at most the panel's.</param>
    /// <param name="width">Features of a row.</param>
    /// <param name="panel">Gets feature j of row i at j * panelRows + i.</param>
    /// <param name="panelRows">Rows of a panel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToPanel(float* rows, nint stride, int count, nint width, float* panel, nint panelRows)
    {
        for (int i = 0; i < count; i += Side, rows += Side * stride, panel += Side)
        {
            float* r1 = rows + stride, r2 = r1 + stride, r3 = r2 + stride, to = panel;
            nint j = 0;
            for (; j <= width - Side; j += Side, to += Side * panelRows)
            {
                (Vector128<float> low02, Vector128<float> high02) = Interleave(Vector128.Load(rows + j), Vector128.Load(r2 + j));
                (Vector128<float> low13, Vector128<float> high13) = Interleave(Vector128.Load(r1 + j), Vector128.Load(r3 + j));
                (Vector128<float> c0, Vector128<float> c1) = Interleave(low02, low13);
                (Vector128<float> c2, Vector128<float> c3) = Interleave(high02, high13);
                c0.Store(to);
                c1.Store(to + panelRows);
                c2.Store(to + 2 * panelRows);
                c3.Store(to + 3 * panelRows);
            }
            for (; j < width; j++, to += panelRows)
                Vector128.Create(rows[j], r1[j], r2[j], r3[j]).Store(to);
        }
    }

    // (a0 b0 a1 b1), (a2 b2 a3 b3)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static (Vector128<float> Low, Vector128<float> High) Interleave(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? (Sse.UnpackLow(a, b), Sse.UnpackHigh(a, b))
        : AdvSimd.Arm64.IsSupported ? (AdvSimd.Arm64.ZipLow(a, b), AdvSimd.Arm64.ZipHigh(a, b))
        : (Vector128.Create(a[0], b[0], a[1], b[1]), Vector128.Create(a[2], b[2], a[3], b[3]));
}

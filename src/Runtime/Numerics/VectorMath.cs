using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LeoCvae;

/// <summary>
/// Element-wise kernels and sums of floats. Sums have a fixed number of lanes and a fixed order of adding them up, so that the
/// result doesn't depend on the register width. Counts are multiples of <see cref="Gemm.Lanes"/>.
/// </summary>
static unsafe class VectorMath
{
    /// <summary>Floats of a block of <see cref="SumOfSquares{T}"/>.</summary>
    public const int Block = 4096;

    const int Chains = 4, SquareLanes = Chains * Gemm.Lanes;

    /// <summary>e^x, within two units in the last place from -86 to 88.7; e^-86 below, infinity above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exp<T>(T x) where T : struct, ISimd<T>
    {
        const float Log2E = 1.44269504f, Ln2High = 0.693359375f, Ln2Low = -2.12194440e-4f, RoundToWhole = 12582912; // 1.5 * 2^23
        // The constant first: x86 gives back the second operand where one is not a number.
        x = T.Min(T.Create(89), T.Max(T.Create(-86), x));
        T shifted = T.MultiplyAdd(x, T.Create(Log2E), T.Create(RoundToWhole));
        T n = T.Subtract(shifted, T.Create(RoundToWhole));
        T r = T.MultiplyAdd(n, T.Create(-Ln2High), x);
        r = T.MultiplyAdd(n, T.Create(-Ln2Low), r);
        // Taylor's series; |r| is at most ln 2 / 2.
        T sum = T.Create(1f / 5040);
        sum = T.MultiplyAdd(sum, r, T.Create(1f / 720));
        sum = T.MultiplyAdd(sum, r, T.Create(1f / 120));
        sum = T.MultiplyAdd(sum, r, T.Create(1f / 24));
        sum = T.MultiplyAdd(sum, r, T.Create(1f / 6));
        sum = T.MultiplyAdd(sum, r, T.Create(0.5f));
        sum = T.MultiplyAdd(sum, r, T.Create(1));
        sum = T.MultiplyAdd(sum, r, T.Create(1));
        // In two factors: 2^128 is not a float, but half of it is.
        return T.Multiply(T.Multiply(sum, T.PowerOfTwo(T.Subtract(shifted, T.Create(1)))), T.Create(2));
    }

    /// <summary>values = e^values, any number of them.</summary>
    public static void ExpAll<T>(float* values, int count) where T : struct, ISimd<T>
    {
        int whole = count - count % T.Count;
        for (int i = 0; i < whole; i += T.Count)
            T.Store(Exp(T.Load(values + i)), values + i);
        if (whole == count)
            return;
        float* rest = stackalloc float[T.Count];
        new Span<float>(values + whole, count - whole).CopyTo(new(rest, T.Count));
        new Span<float>(rest + count - whole, T.Count - (count - whole)).Clear();
        T.Store(Exp(T.Load(rest)), rest);
        new Span<float>(rest, count - whole).CopyTo(new(values + whole, count - whole));
    }

    /// <summary>Logits to shares: e^logits over their sum.</summary>
    public static void Softmax<T>(float* logits, int count) where T : struct, ISimd<T>
    {
        float most = logits[0], sum = 0;
        for (int l = 1; l < count; l++)
            most = Math.Max(most, logits[l]);
        for (int l = 0; l < count; l++)
            logits[l] -= most;
        ExpAll<T>(logits, count);
        for (int l = 0; l < count; l++)
            sum += logits[l];
        for (int l = 0; l < count; l++)
            logits[l] /= sum;
    }

    /// <summary>values = LeakyReLU(values), times a mask where there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LeakyReLU<T>(float* values, float* mask, long count, float slope) where T : struct, ISimd<T>
    {
        T below = T.Create(slope);
        for (long i = 0; i < count; i += T.Count)
        {
            T x = T.Load(values + i);
            x = T.Max(T.Multiply(x, below), x);
            T.Store(mask == null ? x : T.Multiply(x, T.Load(mask + i)), values + i);
        }
    }

    /// <summary>The sum of squares of up to <see cref="Block"/> floats, a multiple of 64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float SumOfSquares<T>(float* values, int count) where T : struct, ISimd<T>
    {
        float* lanes = stackalloc float[SquareLanes];
        for (int lane = 0; lane < SquareLanes; lane += Chains * T.Count)
        {
            T s0 = default, s1 = default, s2 = default, s3 = default;
            for (int i = lane; i < count; i += SquareLanes)
            {
                T v0 = T.Load(values + i), v1 = T.Load(values + i + T.Count), v2 = T.Load(values + i + 2 * T.Count),
                    v3 = T.Load(values + i + 3 * T.Count);
                s0 = T.MultiplyAdd(v0, v0, s0);
                s1 = T.MultiplyAdd(v1, v1, s1);
                s2 = T.MultiplyAdd(v2, v2, s2);
                s3 = T.MultiplyAdd(v3, v3, s3);
            }
            T.Store(s0, lanes + lane);
            T.Store(s1, lanes + lane + T.Count);
            T.Store(s2, lanes + lane + 2 * T.Count);
            T.Store(s3, lanes + lane + 3 * T.Count);
        }
        return Fold(lanes, SquareLanes);
    }

    /// <summary>
    /// The sum of <see cref="Gemm.Lanes"/> lanes in as many registers as they take, the same for every width; registers beyond these are
    /// not looked at.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfLanes<T>(T first, T second, T third, T fourth) where T : struct, ISimd<T> => T.Sum(T.Count switch
    {
        16 => first,
        8 => T.Add(first, second),
        _ => T.Add(T.Add(first, third), T.Add(second, fourth)),
    });

    /// <summary>sums[j] = the sum of column j over all rows, from the first to the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ColumnSums<T>(float* values, nint stride, int rows, int columns, float* sums) where T : struct, ISimd<T>
    {
        for (int j = 0; j < columns; j += T.Count)
        {
            T sum = default;
            float* value = values + j;
            for (int i = 0; i < rows; i++, value += stride)
                sum = T.Add(sum, T.Load(value));
            T.Store(sum, sums + j);
        }
    }

    /// <summary>Whether none is infinite or no number: their products with 0 are no number, and so is a sum with one.</summary>
    public static bool AreFinite(ReadOnlySpan<double> values)
    {
        ref double start = ref MemoryMarshal.GetReference(values);
        Vector<double> first = default, second = default;
        int i = 0;
        for (; i <= values.Length - 2 * Vector<double>.Count; i += 2 * Vector<double>.Count)
        {
            first += Vector.LoadUnsafe(ref start, (nuint)i) * Vector<double>.Zero;
            second += Vector.LoadUnsafe(ref start, (nuint)(i + Vector<double>.Count)) * Vector<double>.Zero;
        }
        double sum = Vector.Sum(first + second);
        for (; i < values.Length; i++)
            sum += values[i] * 0;
        return sum == 0;
    }

    /// <summary>Adds lanes up, halves onto halves; their number is a power of two, 4 or more.</summary>
    public static float Fold(float* lanes, int count)
    {
        for (int half = count / 2; half >= Vector128<float>.Count; half /= 2)
            for (int i = 0; i < half; i += Vector128<float>.Count)
                (Vector128.Load(lanes + i) + Vector128.Load(lanes + i + half)).Store(lanes + i);
        return lanes[0] + lanes[2] + (lanes[1] + lanes[3]);
    }
}

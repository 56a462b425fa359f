using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace LeoCvae;

/// <summary>
/// A register of floats, so that a kernel is written once for every width. The JIT compiles each kernel for each
/// implementation; the wrapper costs nothing. Lane by lane all implementations give the same bits where
/// <see cref="MultiplyAdd"/> rounds once.
/// </summary>
unsafe interface ISimd<TSelf> where TSelf : struct, ISimd<TSelf>
{
    /// <summary>Floats in a register.</summary>
    static abstract int Count { get; }

    static abstract TSelf Load(float* source);

    static abstract TSelf Create(float value);

    static abstract void Store(TSelf value, float* target);

    /// <summary>a * b + c, rounded once where the processor can.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Add(TSelf a, TSelf b);

    static abstract TSelf Subtract(TSelf a, TSelf b);

    static abstract TSelf Multiply(TSelf a, TSelf b);

    static abstract TSelf Divide(TSelf a, TSelf b);

    static abstract TSelf Sqrt(TSelf value);

    static abstract TSelf Max(TSelf a, TSelf b);

    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>Bit i is set where a[i] is less than b[i].</summary>
    static abstract uint LessThan(TSelf a, TSelf b);

    /// <summary>Lane by lane: value where the condition is above 0, otherwise the other.</summary>
    static abstract TSelf IfPositive(TSelf condition, TSelf value, TSelf otherwise);

    /// <summary>2^n for a whole n of -126 to 127, given 1.5 * 2^23 + n.</summary>
    static abstract TSelf PowerOfTwo(TSelf shifted);

    /// <summary>Stores whole numbers, rounded towards 0; what is no number becomes 0.</summary>
    static abstract void StoreWhole(TSelf value, int* target);

    /// <summary>The sum of the lanes: halves onto halves.</summary>
    static abstract float Sum(TSelf value);
}

/// <summary>Which registers this processor has: kernels are compiled for the widest. Constants to the JIT.</summary>
static class Simd
{
    /// <summary>AVX-512.</summary>
    public static bool Has512 => Avx512F.IsSupported;

    /// <summary>AVX2 with FMA.</summary>
    public static bool Has256 => Avx2.IsSupported && Fma.IsSupported;

    /// <summary>Whether registers of every width round a product and a sum once; without it only the narrowest ones don't.</summary>
    public static bool Fuses => Fma.IsSupported || AdvSimd.IsSupported;

    /// <summary>Does work on the widest registers that there are.</summary>
    public static TResult Run<TWork, TResult>(TWork work) where TWork : struct, ISimdWork<TResult>, allows ref struct =>
        Has512 ? work.On<Simd512>() : Has256 ? work.On<Simd256>() : work.On<Simd128>();
}

/// <summary>Work on registers of any width, with what it needs: a structure, so that the call costs nothing.</summary>
interface ISimdWork<TResult>
{
    TResult On<T>() where T : struct, ISimd<T>;
}

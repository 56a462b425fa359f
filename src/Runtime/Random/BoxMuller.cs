using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LeoCvae;

/// <summary>
/// Box-Muller in double, for two pairs of words at once, by series of its own: what a system's mathematics library rounds otherwise
/// changes no bit, and nor does the register width. Logarithm, sine and cosine are within two units in the last place of a double.
/// </summary>
static class BoxMuller
{
    const int FractionBits = 52;
    const double TwoTo52 = 1L << FractionBits;

    /// <summary>Two pairs of normals from two pairs of words, of which each gives a uniform u by its top 24 bits.</summary>
    /// <param name="words">The first word of a pair is the low half of a lane, the second its high half.</param>
    /// <returns>sqrt(-2 ln(1 - u1)) cos(2 pi u2) and the same with the sine: (cosine, sine) of the first pair, then of the
    /// second.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Normals(Vector128<ulong> words)
    {
        const double Whole = 1 << 24;
        // 1 - u lies in (0, 1], so that the logarithm is finite.
        Vector128<double> radius = Vector128.Sqrt(-2 * Log((Vector128.Create(Whole) - ToDouble(
            (words >> 8) & Vector128.Create(0xFFFFFFul))) * (1 / Whole)));
        (Vector128<double> sin, Vector128<double> cos) = SinCos(2 * Math.PI * (ToDouble(words >> 40) * (1 / Whole)));
        Vector128<float> narrow = Vector128.Narrow(radius * cos, radius * sin);
        return Vector128.Shuffle(narrow, Vector128.Create(0, 2, 1, 3));
    }

    // Whole numbers below 2^52: they become the fraction of a double from 2^52 on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<double> ToDouble(Vector128<ulong> values) => (values | Vector128.Create(TwoTo52).AsUInt64())
        .AsDouble() - Vector128.Create(TwoTo52);

    /// <summary>
    /// ln x for positive normal numbers: x = m 2^e with m in [sqrt(1/2), sqrt(2)), and ln m = 2 artanh((m - 1) / (m + 1)).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector128<double> Log(Vector128<double> x)
    {
        const ulong One = 0x3FF0000000000000, RootOfHalf = 0x3FE6A09E667F3BCD;
        const double Bias = 1023, Ln2 = 0.69314718055994530942;
        Vector128<ulong> shifted = x.AsUInt64() + Vector128.Create(One - RootOfHalf);
        Vector128<double> e = ToDouble(shifted >> FractionBits) - Vector128.Create(Bias);
        Vector128<double> f = ((shifted & Vector128.Create((1ul << FractionBits) - 1)) + Vector128.Create(RootOfHalf))
            .AsDouble() - Vector128<double>.One;
        Vector128<double> s = f / (f + Vector128.Create(2.0)), z = s * s;
        Vector128<double> sum = Vector128.Create(2.0 / 23);
        for (int odd = 21; odd >= 3; odd -= 2)
            sum = Vector128.FusedMultiplyAdd(sum, z, Vector128.Create(2.0 / odd));
        // 2 s = f - s f, and f is exact.
        return Vector128.FusedMultiplyAdd(e, Vector128.Create(Ln2), Vector128.FusedMultiplyAdd(-s, f - z * sum, f));
    }

    /// <summary>Sine and cosine from 0 to 2 pi, by their series from -pi/4 to pi/4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector128<double> Sin, Vector128<double> Cos) SinCos(Vector128<double> x)
    {
        const double HalfPiLow = 6.123233995736766e-17, RoundToWhole = 1.5 * TwoTo52;
        Vector128<double> shifted = Vector128.FusedMultiplyAdd(x, Vector128.Create(2 / Math.PI), Vector128.Create(RoundToWhole)),
            quarters = shifted - Vector128.Create(RoundToWhole);
        Vector128<double> r = Vector128.FusedMultiplyAdd(-quarters, Vector128.Create(HalfPiLow),
            Vector128.FusedMultiplyAdd(-quarters, Vector128.Create(Math.PI / 2), x)), z = r * r;
        Vector128<double> sin = Vector128.Create(1.0 / 355687428096000), cos = Vector128.Create(1.0 / 20922789888000);
        sin = Vector128.FusedMultiplyAdd(sin, z, Vector128.Create(-1.0 / 1307674368000));
        sin = Vector128.FusedMultiplyAdd(sin, z, Vector128.Create(1.0 / 6227020800));
        sin = Vector128.FusedMultiplyAdd(sin, z, Vector128.Create(-1.0 / 39916800));
        sin = Vector128.FusedMultiplyAdd(sin, z, Vector128.Create(1.0 / 362880));
        sin = Vector128.FusedMultiplyAdd(sin, z, Vector128.Create(-1.0 / 5040));
        sin = Vector128.FusedMultiplyAdd(sin, z, Vector128.Create(1.0 / 120));
        sin = Vector128.FusedMultiplyAdd(sin, z, Vector128.Create(-1.0 / 6));
        sin = Vector128.FusedMultiplyAdd(sin, r * z, r);
        cos = Vector128.FusedMultiplyAdd(cos, z, Vector128.Create(-1.0 / 87178291200));
        cos = Vector128.FusedMultiplyAdd(cos, z, Vector128.Create(1.0 / 479001600));
        cos = Vector128.FusedMultiplyAdd(cos, z, Vector128.Create(-1.0 / 3628800));
        cos = Vector128.FusedMultiplyAdd(cos, z, Vector128.Create(1.0 / 40320));
        cos = Vector128.FusedMultiplyAdd(cos, z, Vector128.Create(-1.0 / 720));
        cos = Vector128.FusedMultiplyAdd(cos, z, Vector128.Create(1.0 / 24));
        cos = Vector128.FusedMultiplyAdd(cos, z, Vector128.Create(-0.5));
        cos = Vector128.FusedMultiplyAdd(cos, z, Vector128<double>.One);
        // An odd number of quarter turns swaps them; each changes its sign for half of the quarters.
        Vector128<ulong> quarter = shifted.AsUInt64(), isOdd = Vector128<ulong>.Zero - (quarter & Vector128<ulong>.One);
        Vector128<ulong> two = Vector128.Create(2ul), sinSign = (quarter & two) << 62,
            cosSign = ((quarter + Vector128<ulong>.One) & two) << 62;
        return ((Vector128.ConditionalSelect(isOdd.AsDouble(), cos, sin).AsUInt64() ^ sinSign).AsDouble(),
            (Vector128.ConditionalSelect(isOdd.AsDouble(), sin, cos).AsUInt64() ^ cosSign).AsDouble());
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace LeoCvae;

/// <summary>
/// Box-Muller in double, for as many pairs of words at once as a register holds, by series of its own: what a system's mathematics library
/// rounds otherwise changes no bit, and nor does the register width. Logarithm, sine and cosine are within two units in the last place of a
/// double.
/// </summary>
static class BoxMuller
{
    const int FractionBits = 52;
    const double TwoTo52 = 1L << FractionBits;

    /// <summary>Pairs of normals from pairs of words, of which each gives a uniform u by its top 24 bits.</summary>
    /// <param name="words">The first word of a pair is the low half of a lane, the second its high half.</param>
    /// <returns>sqrt(-2 ln(1 - u1)) cos(2 pi u2) and the same with the sine: (cosine, sine) of the first pair, then of the
    /// next.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Normals(Vector<ulong> words)
    {
        const double Whole = 1 << 24;
        // 1 - u lies in (0, 1], so that the logarithm is finite.
        Vector<double> radius = Vector.SquareRoot(-2 * Log((Vector.Create(Whole) - ToDouble(
            (words >> 8) & Vector.Create(0xFFFFFFul))) * (1 / Whole)));
        (Vector<double> sin, Vector<double> cos) = SinCos(2 * Math.PI * (ToDouble(words >> 40) * (1 / Whole)));
        Vector.Widen(Vector.Narrow(radius * cos, radius * sin).As<float, uint>(), out Vector<ulong> first, out Vector<ulong> second);
        return (first | second << 32).As<ulong, float>();
    }

    // Whole numbers below 2^52: they become the fraction of a double from 2^52 on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<double> ToDouble(Vector<ulong> values) => (values | Vector.Create(TwoTo52).As<double, ulong>())
        .As<ulong, double>() - Vector.Create(TwoTo52);

    /// <summary>
    /// ln x for positive normal numbers: x = m 2^e with m in [sqrt(1/2), sqrt(2)), and ln m = 2 artanh((m - 1) / (m + 1)).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<double> Log(Vector<double> x)
    {
        const ulong One = 0x3FF0000000000000, RootOfHalf = 0x3FE6A09E667F3BCD;
        const double Bias = 1023, Ln2 = 0.69314718055994530942;
        Vector<ulong> shifted = x.As<double, ulong>() + Vector.Create(One - RootOfHalf);
        Vector<double> e = ToDouble(shifted >> FractionBits) - Vector.Create(Bias);
        Vector<double> f = ((shifted & Vector.Create((1ul << FractionBits) - 1)) + Vector.Create(RootOfHalf))
            .As<ulong, double>() - Vector<double>.One;
        Vector<double> s = f / (f + Vector.Create(2.0)), z = s * s;
        // Not a loop: it would divide each time.
        Vector<double> sum = Vector.FusedMultiplyAdd(Vector.Create(2.0 / 23), z, Vector.Create(2.0 / 21));
        sum = Vector.FusedMultiplyAdd(sum, z, Vector.Create(2.0 / 19));
        sum = Vector.FusedMultiplyAdd(sum, z, Vector.Create(2.0 / 17));
        sum = Vector.FusedMultiplyAdd(sum, z, Vector.Create(2.0 / 15));
        sum = Vector.FusedMultiplyAdd(sum, z, Vector.Create(2.0 / 13));
        sum = Vector.FusedMultiplyAdd(sum, z, Vector.Create(2.0 / 11));
        sum = Vector.FusedMultiplyAdd(sum, z, Vector.Create(2.0 / 9));
        sum = Vector.FusedMultiplyAdd(sum, z, Vector.Create(2.0 / 7));
        sum = Vector.FusedMultiplyAdd(sum, z, Vector.Create(2.0 / 5));
        sum = Vector.FusedMultiplyAdd(sum, z, Vector.Create(2.0 / 3));
        // 2 s = f - s f, and f is exact.
        return Vector.FusedMultiplyAdd(e, Vector.Create(Ln2), Vector.FusedMultiplyAdd(-s, f - z * sum, f));
    }

    /// <summary>Sine and cosine from 0 to 2 pi, by their series from -pi/4 to pi/4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector<double> Sin, Vector<double> Cos) SinCos(Vector<double> x)
    {
        const double HalfPiLow = 6.123233995736766e-17, RoundToWhole = 1.5 * TwoTo52;
        Vector<double> shifted = Vector.FusedMultiplyAdd(x, Vector.Create(2 / Math.PI), Vector.Create(RoundToWhole)),
            quarters = shifted - Vector.Create(RoundToWhole);
        Vector<double> r = Vector.FusedMultiplyAdd(-quarters, Vector.Create(HalfPiLow),
            Vector.FusedMultiplyAdd(-quarters, Vector.Create(Math.PI / 2), x)), z = r * r;
        Vector<double> sin = Vector.Create(1.0 / 355687428096000), cos = Vector.Create(1.0 / 20922789888000);
        sin = Vector.FusedMultiplyAdd(sin, z, Vector.Create(-1.0 / 1307674368000));
        sin = Vector.FusedMultiplyAdd(sin, z, Vector.Create(1.0 / 6227020800));
        sin = Vector.FusedMultiplyAdd(sin, z, Vector.Create(-1.0 / 39916800));
        sin = Vector.FusedMultiplyAdd(sin, z, Vector.Create(1.0 / 362880));
        sin = Vector.FusedMultiplyAdd(sin, z, Vector.Create(-1.0 / 5040));
        sin = Vector.FusedMultiplyAdd(sin, z, Vector.Create(1.0 / 120));
        sin = Vector.FusedMultiplyAdd(sin, z, Vector.Create(-1.0 / 6));
        sin = Vector.FusedMultiplyAdd(sin, r * z, r);
        cos = Vector.FusedMultiplyAdd(cos, z, Vector.Create(-1.0 / 87178291200));
        cos = Vector.FusedMultiplyAdd(cos, z, Vector.Create(1.0 / 479001600));
        cos = Vector.FusedMultiplyAdd(cos, z, Vector.Create(-1.0 / 3628800));
        cos = Vector.FusedMultiplyAdd(cos, z, Vector.Create(1.0 / 40320));
        cos = Vector.FusedMultiplyAdd(cos, z, Vector.Create(-1.0 / 720));
        cos = Vector.FusedMultiplyAdd(cos, z, Vector.Create(1.0 / 24));
        cos = Vector.FusedMultiplyAdd(cos, z, Vector.Create(-0.5));
        cos = Vector.FusedMultiplyAdd(cos, z, Vector<double>.One);
        // An odd number of quarter turns swaps them; each changes its sign for half of the quarters.
        Vector<ulong> quarter = shifted.As<double, ulong>(), isOdd = Vector<ulong>.Zero - (quarter & Vector<ulong>.One);
        Vector<ulong> two = Vector.Create(2ul), sinSign = (quarter & two) << 62,
            cosSign = ((quarter + Vector<ulong>.One) & two) << 62;
        return ((Vector.ConditionalSelect(isOdd.As<ulong, long>(), cos, sin).As<double, ulong>() ^ sinSign).As<ulong, double>(),
            (Vector.ConditionalSelect(isOdd.As<ulong, long>(), sin, cos).As<double, ulong>() ^ cosSign).As<ulong, double>());
    }
}

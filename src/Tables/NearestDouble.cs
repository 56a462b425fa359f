using System.Numerics;

namespace LeoCvae;

/// <summary>
/// The double nearest to a decimal number, by the algorithm of Eisel and Lemire (Number parsing at a gigabyte per second, 2021), for powers
/// of ten where 128 bits always decide.
/// </summary>
static class NearestDouble
{
    const int LeastPower = -27, MostPower = 55, MantissaBits = 52, Bias = 1023;

    // 5^power from the highest bit on, cut off; of negative powers rounded up.
    static readonly (ulong High, ulong Low)[] PowersOf5 =
        [.. Enumerable.Range(LeastPower, MostPower - LeastPower + 1).Select(PowerOf5)];

    /// <summary>Gives digits * 10^power; false where it isn't decided.</summary>
    public static bool TryGet(ulong digits, int power, out double value)
    {
        value = 0;
        if (power is < LeastPower or > MostPower)
            return false;
        if (digits == 0)
            return true;
        int zeros = BitOperations.LeadingZeroCount(digits);
        digits <<= zeros;
        (ulong power5, ulong power5Low) = PowersOf5[power - LeastPower];
        ulong high = Math.BigMul(digits, power5, out ulong low);
        // More bits only where they may carry to those that are kept.
        if ((high & 0x1FF) == 0x1FF)
        {
            ulong more = Math.BigMul(digits, power5Low, out _);
            low += more;
            high += low < more ? 1UL : 0;
        }
        int upper = (int)(high >> 63), shift = upper + 64 - MantissaBits - 3;
        ulong mantissa = high >> shift;
        int exponent = ((152170 + 65536) * power >> 16) + 63 + upper - zeros + Bias;
        // Just between two doubles, the even one.
        if (low <= 1 && power is >= -4 and <= 23 && (mantissa & 3) == 1 && mantissa << shift == high)
            mantissa &= ~1UL;
        mantissa = (mantissa + (mantissa & 1)) >> 1;
        if (mantissa >= 2UL << MantissaBits)
            (mantissa, exponent) = (1UL << MantissaBits, exponent + 1);
        value = BitConverter.UInt64BitsToDouble(mantissa & ~(1UL << MantissaBits) | (ulong)exponent << MantissaBits);
        return true;
    }

    static (ulong High, ulong Low) PowerOf5(int power)
    {
        BigInteger five = BigInteger.Pow(5, Math.Abs(power));
        int bits = (int)five.GetBitLength();
        BigInteger scaled = power >= 0 ? five << (128 - bits) : (BigInteger.One << (bits + 127)) / five + 1;
        return ((ulong)(scaled >> 64), (ulong)(scaled & ulong.MaxValue));
    }
}

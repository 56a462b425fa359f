using System.Globalization;
using System.Numerics;

namespace LeoCvae;

/// <summary>The text of a number as UTF-8, in the invariant culture.</summary>
static class NumberBytes
{
    /// <summary>Bytes that any text fits in: the digits of the largest double, and as many decimals as a file has.</summary>
    public const int Longest = 400;

    // Below it a product with a power of ten is off by so little of itself that it is certain where it is rounded to, but near a half.
    const double LargestCertain = 1L << 51, Doubt = 1.0 / (1L << 52);

    static ReadOnlySpan<byte> Pairs =>
        "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"u8 +
        "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"u8;

    static ReadOnlySpan<double> PowersOf10 => [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>
    /// Writes a number: with so many decimals, none at the end being 0 unless they are written; the shortest text that is read as the same
    /// where there are none given. Never -0, nor -0.00 for a number that rounds to it.
    /// </summary>
    /// <param name="value">The number, finite.</param>
    /// <param name="decimals">How many decimals it has at most; null for a number that is not rounded.</param>
    /// <param name="written">How many decimals are written at least; null for as few as can be.</param>
    /// <param name="to">Room for <see cref="Longest"/> bytes.</param>
    /// <returns>The length of the text.</returns>
    public static int Write(double value, int? decimals, int? written, Span<byte> to)
    {
        if (decimals is not int most)
            return WithoutMinus(Format(value, "R", to));
        int places = Math.Max(most, written ?? 0);
        bool isShort = most > 0 && written is null;
        double scaled = places < PowersOf10.Length ? Math.Abs(value) * PowersOf10[places] : double.NaN, whole = Math.Round(scaled);
        if (!(scaled < LargestCertain && 0.5 - Math.Abs(scaled - whole) > scaled * Doubt))
        {
            Span<byte> text = Format(value, string.Create(CultureInfo.InvariantCulture, $"F{places}"), to);
            return WithoutMinus(isShort ? text.TrimEnd((byte)'0').TrimEnd((byte)'.') : text);
        }
        ulong units = (ulong)whole;
        if (isShort)
            for (; places > 0 && units % 10 == 0; places--)
                units /= 10;
        return WriteUnits(units, places, isNegative: value < 0 && units > 0, to);
    }

    // A number in units of its last decimal, from the last digit on.
    static int WriteUnits(ulong units, int places, bool isNegative, Span<byte> to)
    {
        int first = isNegative ? 1 : 0, length = first + Math.Max(DigitsOf(units), places + 1) + (places > 0 ? 1 : 0), at = length;
        to[0] = (byte)'-';
        for (; places >= 2; places -= 2)
            WritePair(ref units, to, at -= 2);
        if (places == 1)
        {
            to[--at] = (byte)('0' + units % 10);
            units /= 10;
        }
        if (at < length)
            to[--at] = (byte)'.';
        for (; at - first >= 2;)
            WritePair(ref units, to, at -= 2);
        if (at > first)
            to[first] = (byte)('0' + units);
        return length;
    }

    static void WritePair(ref ulong units, Span<byte> to, int at)
    {
        ulong rest = units / 100;
        int pair = 2 * (int)(units - 100 * rest);
        (to[at], to[at + 1]) = (Pairs[pair], Pairs[pair + 1]);
        units = rest;
    }

    // By the bits, 1233 / 4096 being log10(2), or one more.
    static int DigitsOf(ulong units)
    {
        units |= 1;
        int least = (64 - BitOperations.LeadingZeroCount(units)) * 1233 >> 12;
        return least + (units < PowersOf10[least] ? 0 : 1);
    }

    static Span<byte> Format(double value, string format, Span<byte> to) =>
        value.TryFormat(to, out int length, format, CultureInfo.InvariantCulture)
        ? to[..length] : throw new InvalidOperationException($"no room for the number {value}");

    static int WithoutMinus(Span<byte> text)
    {
        if (text[0] != '-' || text.ContainsAnyInRange((byte)'1', (byte)'9'))
            return text.Length;
        text[1..].CopyTo(text);
        return text.Length - 1;
    }
}

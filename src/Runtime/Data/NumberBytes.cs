using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace LeoCvae;

/// <summary>The text of a number as UTF-8, in the invariant culture.</summary>
static class NumberBytes
{
    /// <summary>Bytes that any text fits in: the digits of the largest double, and as many decimals as a file has.</summary>
    public const int Longest = 400;

    // Below it a product with a power of ten is off by so little of itself that it is certain where it is rounded to, but near a half.
    const double LargestCertain = 1L << 51, Doubt = 1.0 / (1L << 52);

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
        return WriteUnits(units, places, isShort, isNegative: value < 0 & units > 0, to);
    }

    /// <summary>Writes the shortest text that is read as the same number, as the format R does.</summary>
    /// <param name="value">The number, finite.</param>
    /// <param name="decimals">How many decimals numbers like it had so far, 0 at first; less where they have too many to try.</param>
    /// <param name="to">Room for <see cref="Longest"/> bytes.</param>
    /// <returns>The length of the text.</returns>
    public static int WriteShortest(double value, ref int decimals, Span<byte> to)
    {
        // Of less than 16 digits only one text is read as a number. Smaller and larger numbers, and -0, are written in other ways.
        const double LeastPlain = 1e-4, LeastLong = 1e15;
        double magnitude = Math.Abs(value);
        if (decimals >= 0 && (magnitude >= LeastPlain || BitConverter.DoubleToInt64Bits(value) == 0))
        {
            for (int places = decimals; places < PowersOf10.Length && magnitude * PowersOf10[places] < LeastLong; places++)
            {
                double whole = Math.Round(magnitude * PowersOf10[places]);
                if (whole / PowersOf10[places] != magnitude)
                    continue;
                decimals = places;
                return WriteUnits((ulong)whole, places, isShort: places > 0, isNegative: value < 0, to);
            }
            if (magnitude < LeastLong)
                decimals = -1;
        }
        return Format(value, "R", to).Length;
    }

    // A number of less than 10^16 units of its last decimal: all sixteen digits at once, those before the point and then those behind it.
    // What is written too much is written over, or isn't counted.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int WriteUnits(ulong units, int places, bool isShort, bool isNegative, Span<byte> to)
    {
        Vector128<byte> digits = Digits(units);
        uint others = ~Vector128.Equals(digits, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
        // At least one digit stands before the point; behind it zeros at the end are left out where it is to be short.
        int point = 16 - places, first = Math.Min(BitOperations.TrailingZeroCount(others), point - 1), at = isNegative ? 1 : 0,
            decimals = isShort ? Math.Max(0, 32 - BitOperations.LeadingZeroCount(others) - point) : places;
        Vector128<byte> text = digits + Vector128.Create((byte)'0'), indices = Vector128<byte>.Indices;
        to[0] = (byte)'-';
        Vector128.ShuffleNative(text, indices + Vector128.Create((byte)first)).CopyTo(to[at..]);
        at += point - first;
        to[at] = (byte)'.';
        Vector128.ShuffleNative(text, indices + Vector128.Create((byte)point)).CopyTo(to[(at + 1)..]);
        return decimals > 0 ? at + 1 + decimals : at;
    }

    // A byte each, the first one first: quarters of a number below 10^16, divided into pairs and then into digits, all at once.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<byte> Digits(ulong number)
    {
        uint high = (uint)(number / 100_000_000), low = (uint)(number - high * 100_000_000UL), first = high / 10_000, third = low / 10_000;
        Vector128<uint> fours = Vector128.Create(first, high - first * 10_000, third, low - third * 10_000),
            hundreds = (fours * 10486) >>> 20;
        Vector128<ushort> pairs = (hundreds | ((fours - hundreds * 100) << 16)).AsUInt16(), tens = (pairs * 103) >>> 10;
        return (tens | ((pairs - tens * 10) << 8)).AsByte();
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

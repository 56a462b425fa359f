using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace LeoCvae;

/// <summary>What a cell's text is as a number.</summary>
enum NumberTextKind
{
    Number,

    /// <summary>Digits only, with a zero before others: those of a code rather than of an amount.</summary>
    Padded,

    /// <summary>Whole digits beyond 2^53 that a double doesn't hold.</summary>
    Lost,

    /// <summary>It would become 0.</summary>
    Vanishing,

    /// <summary>Infinite, or too large.</summary>
    Infinite,

    /// <summary>With a decimal comma, or signs between thousands.</summary>
    Separated,

    /// <summary>More digits than any number needs.</summary>
    TooLong,

    /// <summary>No number.</summary>
    Text,
}

/// <summary>Reads numbers: a sign, digits, a decimal point, an exponent.</summary>
static class NumberText
{
    const int LongestNumber = 1000, LongestShort = 16;

    /// <summary>Stands for the decimals of a number with an exponent.</summary>
    public const int NoDecimals = -2;

    /// <summary>Bytes before a number that is read quickly.</summary>
    public const int Before = 16;

    // From there on a double doesn't hold every whole number.
    public const double LargestWhole = 1L << 53;
    const ulong LargestExact = (1UL << 53) - 1;
    const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    static readonly SearchValues<byte> Separators = SearchValues.Create(" .,'_"u8), Digits = SearchValues.Create("+-0123456789.eE"u8);

    static ReadOnlySpan<double> PowersOf10 => [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Reads most numbers; those that it doesn't read may be numbers too.</summary>
    /// <param name="number">The text.</param>
    /// <param name="value">The number, as double.Parse gives it.</param>
    /// <param name="decimals">How many digits stand behind the point; <see cref="NoDecimals"/> where it has an exponent.</param>
    public static bool TryReadPlain(ReadOnlySpan<byte> number, out double value, out int decimals)
    {
        if (number.Length <= LongestShort)
        {
            Span<byte> behind = stackalloc byte[Before + LongestShort];
            number.CopyTo(behind[Before..]);
            if (TryReadShort(behind[..(Before + number.Length)], out value, out decimals))
                return true;
        }
        (value, decimals) = (0, 0);
        // Zeros, very large numbers and those that begin with a zero are few, but for the plain zeros of sparse tables.
        if (number.IsEmpty || (number[0] == '0' && number.Length > 1 && number[1] != '.'))
            return false;
        if (TryReadDigits(number, out value, out decimals))
            return Math.Abs(value) < LargestWhole;
        if (!TryParse(number, out value) || !double.IsFinite(value)
            || (value == 0 ? number.Length > 1 && number.ContainsAnyInRange((byte)'1', (byte)'9') : Math.Abs(value) >= LargestWhole))
            return false;
        decimals = WrittenDecimals(number);
        return true;
    }

    /// <summary>How many digits stand behind a number's point; <see cref="NoDecimals"/> where it has an exponent.</summary>
    public static int WrittenDecimals(ReadOnlySpan<byte> number) => number.IndexOfAny((byte)'e', (byte)'E') >= 0 ? NoDecimals
        : number.IndexOf((byte)'.') is int point and >= 0 ? number.Length - point - 1 : 0;

    // A sign, up to 19 digits from the first that is no zero, a point among them, a short exponent.
    static bool TryReadDigits(ReadOnlySpan<byte> number, out double value, out int decimals)
    {
        const int MostDigits = 19;
        (value, decimals) = (0, 0);
        bool isNegative = number[0] == '-';
        ReadOnlySpan<byte> rest = isNegative ? number[1..] : number;
        ulong digits = 0;
        int whole = ReadDigits(ref rest, ref digits), power = 0, all = whole;
        if (rest is [(byte)'.', ..])
        {
            rest = rest[1..];
            decimals = ReadDigits(ref rest, ref digits);
            all += decimals;
            power = -decimals;
        }
        // So many digits may have overflowed, unless zeros are among the first.
        if (all == 0 || (all > MostDigits && DigitsFromFirst(number) > MostDigits))
            return false;
        if (rest is [(byte)'e' or (byte)'E', ..])
        {
            decimals = NoDecimals;
            rest = rest[1..];
            bool isBelow = rest is [(byte)'-', ..];
            if (rest is [(byte)'-' or (byte)'+', ..])
                rest = rest[1..];
            ulong exponent = 0;
            if (rest.Length is 0 or > 3 || ReadDigits(ref rest, ref exponent) == 0)
                return false;
            power += isBelow ? -(int)exponent : (int)exponent;
        }
        if (!rest.IsEmpty || !NearestDouble.TryGet(digits, power, out value))
            return false;
        if (isNegative)
            value = -value;
        return true;
    }

    static int DigitsFromFirst(ReadOnlySpan<byte> number)
    {
        int end = number.IndexOfAny((byte)'e', (byte)'E');
        ReadOnlySpan<byte> digits = (end < 0 ? number : number[..end]).TrimStart("-0."u8);
        return digits.Length - digits.Count((byte)'.');
    }

    // How many there are.
    static int ReadDigits(ref ReadOnlySpan<byte> rest, ref ulong digits)
    {
        int length = rest.Length;
        while (rest.Length >= 8)
        {
            ulong eight = BinaryPrimitives.ReadUInt64LittleEndian(rest) ^ NumberDigits.Zeros;
            if (NumberDigits.Others(eight) != 0)
                break;
            digits = digits * 100_000_000 + NumberDigits.Eight(eight);
            rest = rest[8..];
        }
        while (rest.Length > 0 && (uint)(rest[0] - '0') <= 9)
        {
            digits = digits * 10 + (uint)(rest[0] - '0');
            rest = rest[1..];
        }
        return length - rest.Length;
    }

    /// <summary>
    /// Reads most short numbers: a sign, up to 16 digits and a point among them. Digits and a power of ten that a double holds make one
    /// rounding, and so the double of double.Parse. There are few branches, since what comes next is hard to foresee.
    /// </summary>
    /// <param name="behind">The text, behind <see cref="Before"/> other bytes.</param>
    /// <param name="value">The number.</param>
    /// <param name="decimals">How many digits stand behind the point.</param>
    public static bool TryReadShort(ReadOnlySpan<byte> behind, out double value, out int decimals)
    {
        (value, decimals) = (0, 0);
        int all = behind.Length - Before;
        if (all is <= 0 or > LongestShort || (behind[Before] == '0') & (behind[Before + Math.Min(1, all - 1)] != '.') & (all > 1))
            return false;
        bool isNegative = behind[Before] == '-';
        int length = all - (isNegative ? 1 : 0);
        if (!(Sse41.IsSupported ? NumberDigits.TryRead16(behind, length, out ulong digits, out decimals)
            : NumberDigits.TryRead8(behind, length, out digits, out decimals)) || digits > LargestExact)
            return false;
        value = digits / PowersOf10[decimals];
        // The sign of a zero, too.
        value = BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(value) | (isNegative ? 1UL << 63 : 0));
        return true;
    }

    /// <summary>Reads any text.</summary>
    public static NumberTextKind Read(ReadOnlySpan<byte> number, out double value)
    {
        if (!TryParse(number, out value))
            return number.Length > LongestNumber && number.IndexOfAnyExcept(Digits) < 0 ? NumberTextKind.TooLong
                : IsInfinity(number) ? NumberTextKind.Infinite
                : IsSeparated(number) ? NumberTextKind.Separated
                : NumberTextKind.Text;
        if (!double.IsFinite(value))
            return NumberTextKind.Infinite;
        int e = number.IndexOfAny((byte)'e', (byte)'E');
        if (value == 0 && (e < 0 ? number : number[..e]).ContainsAnyInRange((byte)'1', (byte)'9'))
            return NumberTextKind.Vanishing;
        if (Math.Abs(value) >= LargestWhole && e < 0 && !IsKept(value, number))
            return NumberTextKind.Lost;
        return number[0] == '0' && number.Length > 1 && IsDigits(number) ? NumberTextKind.Padded : NumberTextKind.Number;
    }

    /// <summary>Digits and nothing else.</summary>
    public static bool IsDigits(ReadOnlySpan<byte> number) => !number.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <summary>What a number at fault should have been.</summary>
    public static string Expected(NumberTextKind kind, double value, bool hasDecimalComma) => kind switch
    {
        NumberTextKind.Vanishing => string.Create(CultureInfo.InvariantCulture,
            $"expected a number that a double can tell from 0, {double.Epsilon} or more"),
        NumberTextKind.Lost => string.Create(CultureInfo.InvariantCulture,
            $"which a double holds as {Whole(value)} only, expected at most {LargestWhole} or a number with an exponent"),
        NumberTextKind.Separated => $"expected a finite number; write numbers with a decimal " +
            $"{(hasDecimalComma ? "comma, no decimal point," : "point, no decimal comma,")} and nothing between thousands",
        NumberTextKind.TooLong => string.Create(CultureInfo.InvariantCulture, $"expected a number of at most {LongestNumber} characters"),
        _ => "expected a finite number",
    };

    static bool TryParse(ReadOnlySpan<byte> number, out double value)
    {
        value = 0;
        return number.Length <= LongestNumber && double.TryParse(number, Style, CultureInfo.InvariantCulture, out value);
    }

    // Digits of a large number that a double can't keep are those of an identifier; where it is the double's own value, or what its
    // shortest text says, it was a double before.
    static bool IsKept(double value, ReadOnlySpan<byte> number)
    {
        ReadOnlySpan<byte> digits = number.Contains((byte)'.') ? number.TrimEnd((byte)'0').TrimEnd((byte)'.') : number;
        return BigInteger.TryParse(Encoding.ASCII.GetString(digits), Style, CultureInfo.InvariantCulture, out BigInteger written)
            && (written == Whole(value) || written == new BigInteger(value));
    }

    static BigInteger Whole(double value) =>
        BigInteger.Parse(value.ToString("R", CultureInfo.InvariantCulture), Style, CultureInfo.InvariantCulture);

    static ReadOnlySpan<byte> WithoutSign(ReadOnlySpan<byte> number) => number is [(byte)'+' or (byte)'-', ..] ? number[1..] : number;

    static bool IsInfinity(ReadOnlySpan<byte> number) => WithoutSign(number) is ReadOnlySpan<byte> name
        && (Ascii.EqualsIgnoreCase(name, "inf"u8) || Ascii.EqualsIgnoreCase(name, "infinity"u8));

    // 1234,5 and 1.234.567,8 and 1 234 and 1_000: alike between thousands, and perhaps another sign before decimals.
    static bool IsSeparated(ReadOnlySpan<byte> number)
    {
        const int Thousand = 3;
        number = WithoutSign(number);
        int last = number.LastIndexOfAny(Separators);
        if (last < 0 || last == number.Length - 1 || !IsDigits(number[(last + 1)..]))
            return false;
        byte decimals = number[last];
        bool areThousands = number.Length - last - 1 == Thousand;
        ReadOnlySpan<byte> whole = number[..last];
        int first = whole.IndexOfAny(Separators);
        if (first < 0)
            return IsDigits(whole) && (decimals == ',' || (areThousands && whole.Length is >= 1 and <= Thousand));
        byte between = whole[first];
        if (between == decimals ? !areThousands : decimals is not ((byte)',' or (byte)'.'))
            return false;
        bool isFirst = true;
        foreach (Range range in whole.Split(between))
        {
            ReadOnlySpan<byte> part = whole[range];
            if (!IsDigits(part) || (isFirst ? part.Length is < 1 or > Thousand : part.Length != Thousand))
                return false;
            isFirst = false;
        }
        return true;
    }
}

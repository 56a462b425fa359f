using System.Buffers;
using System.Globalization;
using System.Numerics;
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
    const int LongestNumber = 1000;
    // From there on a double doesn't hold every whole number.
    public const double LargestWhole = 1L << 53;
    const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    static readonly SearchValues<byte> Separators = SearchValues.Create(" .,'_"u8), Digits = SearchValues.Create("+-0123456789.eE"u8);

    /// <summary>Reads most numbers; those that it doesn't read may be numbers too.</summary>
    public static bool TryReadPlain(ReadOnlySpan<byte> number, out double value) => TryParse(number, out value) && double.IsFinite(value)
        // Zeros, very large numbers and those that begin with a zero are few, but for the plain zeros of sparse tables.
        && (value == 0 ? number.Length == 1 || !number.ContainsAnyInRange((byte)'1', (byte)'9') : Math.Abs(value) < LargestWhole)
        && !(number[0] == '0' && number.Length > 1 && number[1] != '.');

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

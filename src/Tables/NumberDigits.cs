using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LeoCvae;

/// <summary>Reads up to 16 digits and a point among them.</summary>
static class NumberDigits
{
    /// <summary>Eight times '0'.</summary>
    public const ulong Zeros = 0x3030303030303030;

    // Of 16 bytes from the place N on, the last N are set.
    static ReadOnlySpan<byte> Last => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255];

    /// <summary>Reads the digits at the end of 16 bytes or more, all 16 at once.</summary>
    /// <param name="behind">The bytes, of which some stand before the digits.</param>
    /// <param name="length">How many are digits, or the one point among them; up to 16.</param>
    /// <param name="digits">The number without its point.</param>
    /// <param name="decimals">How many digits stand behind the point.</param>
    /// <returns>Whether there are such, and nothing else.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead16(ReadOnlySpan<byte> behind, int length, out ulong digits, out int decimals)
    {
        // What stands before the first digit becomes zeros.
        Vector128<byte> text = (Vector128.Create(behind[^16..]) - Vector128.Create((byte)'0')) & Vector128.Create(Last.Slice(length, 16));
        uint others = Vector128.GreaterThan(text, Vector128.Create((byte)9)).ExtractMostSignificantBits(),
            points = Vector128.Equals(text, Vector128.Create(unchecked((byte)('.' - '0')))).ExtractMostSignificantBits();
        int point = others == 0 ? -1 : BitOperations.TrailingZeroCount(others);
        decimals = others == 0 ? 0 : 15 - point;
        // The digits before the point move to where it stands.
        Vector128<sbyte> places = Vector128<sbyte>.Indices;
        text = Ssse3.Shuffle(text, (places + Vector128.LessThanOrEqual(places, Vector128.Create((sbyte)point))).AsByte());
        Vector128<short> pairs = Ssse3.MultiplyAddAdjacent(text, Vector128.Create((ushort)0x010A).AsSByte());
        Vector128<int> fours = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create(0x00010064).AsInt16());
        ulong eights = Sse2.MultiplyAddAdjacent(Sse41.PackUnsignedSaturate(fours, fours).AsInt16(), Vector128.Create(0x00012710).AsInt16())
            .AsUInt64().ToScalar();
        digits = ((uint)eights * 100_000_000UL) + (eights >> 32);
        return others == points && (others & (others - 1)) == 0 && length > (others == 0 ? 0 : 1);
    }

    /// <summary>The same, 8 bytes at a time.</summary>
    public static bool TryRead8(ReadOnlySpan<byte> behind, int length, out ulong digits, out int decimals)
    {
        (digits, decimals) = (0, 0);
        // The last digit is the highest byte; what stands before the first becomes zeros.
        ulong high = BinaryPrimitives.ReadUInt64LittleEndian(behind[^8..]) ^ Zeros,
            low = BinaryPrimitives.ReadUInt64LittleEndian(behind[^16..]) ^ Zeros;
        int before = 4 * Math.Max(0, 8 - length), beforeLow = 4 * Math.Min(8, 16 - length);
        high = high >> before >> before << before << before;
        low = low >> beforeLow >> beforeLow << beforeLow << beforeLow;
        ulong others = Others(high), othersLow = Others(low);
        if ((others | othersLow) != 0)
        {
            bool isHigh = others != 0;
            ulong other = isHigh ? others : othersLow;
            int at = BitOperations.TrailingZeroCount(other) & ~7;
            if ((isHigh && othersLow != 0) || (other & (other - 1)) != 0 || (byte)((isHigh ? high : low) >> at) != ('.' ^ '0'))
                return false;
            // The digits before the point move to where it stands.
            ulong first = (1UL << at) - 1, last = ~(first << 8 | 0xFF);
            if (isHigh)
            {
                decimals = 7 - at / 8;
                high = high & last | (high & first) << 8 | low >> 56;
                low <<= 8;
            }
            else
            {
                decimals = 15 - at / 8;
                low = low & last | (low & first) << 8;
            }
            length--;
        }
        digits = Eight(high);
        if (low != 0)
            digits += Eight(low) * 100_000_000;
        return length > 0;
    }

    /// <summary>The high bit of each byte that is no digit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Others(ulong digits) => (digits + 0x7676767676767676 | digits) & 0x8080808080808080;

    /// <summary>The number of eight digits, the first in the lowest byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Eight(ulong digits)
    {
        digits = digits * 10 + (digits >> 8);
        return ((digits & 0x000000FF000000FF) * 0x000F424000000064 + ((digits >> 16) & 0x000000FF000000FF) * 0x0000271000000001) >> 32;
    }
}

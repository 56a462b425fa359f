using System.Globalization;
using System.Numerics;
using Parquet.Meta;

namespace LeoCvae;

/// <summary>
/// Whether the differences in which a Parquet page's values are written are as many as they should be, and lie within its bytes: the
/// library takes memory for blocks of any size, and whatever was in memory for lengths that are not there.
/// </summary>
static class DeltaCheck
{
    const int LargestBlock = 1 << 20;

    /// <summary>Whether an encoding is of differences.</summary>
    public static bool IsOf(Encoding encoding) =>
        encoding is Encoding.DELTA_BINARY_PACKED or Encoding.DELTA_LENGTH_BYTE_ARRAY or Encoding.DELTA_BYTE_ARRAY;

    /// <summary>Looks at the values of a page.</summary>
    /// <param name="bytes">Its values, decompressed, without levels.</param>
    /// <param name="encoding">How they are written.</param>
    /// <param name="type">Of the column.</param>
    /// <param name="count">How many there should be.</param>
    /// <param name="mostBytes">How many bytes its texts may have.</param>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public static void Require(ReadOnlySpan<byte> bytes, Encoding encoding, Parquet.Meta.Type type, int count, long mostBytes)
    {
        int at = 0;
        if (encoding == Encoding.DELTA_BINARY_PACKED)
        {
            Walk(bytes, ref at, count, type == Parquet.Meta.Type.INT32 ? 32 : 64, []);
            return;
        }
        int[] prefixes = encoding == Encoding.DELTA_BYTE_ARRAY ? Lengths(bytes, ref at, count) : new int[count],
            suffixes = Lengths(bytes, ref at, count);
        long rest = bytes.Length - at, all = 0, before = 0;
        for (int i = 0; i < count; i++)
        {
            // The first text has none before it.
            if (prefixes[i] > before)
                throw Damaged($"a text begins with {prefixes[i]} bytes of one of {before}");
            before = prefixes[i] + (long)suffixes[i];
            (rest, all) = (rest - suffixes[i], all + before);
        }
        if (rest < 0 || all > mostBytes)
            throw Damaged($"its {bytes.Length} bytes are said to be texts of {all}");
    }

    static int[] Lengths(ReadOnlySpan<byte> bytes, ref int at, int count)
    {
        int[] lengths = new int[count];
        Walk(bytes, ref at, count, 32, lengths);
        foreach (int length in lengths)
            if (length < 0)
                throw Damaged($"a text has the length {length}");
        return lengths;
    }

    // Goes behind the values; into an array as long as they are many they go, too, as far as 32 bits hold them.
    static void Walk(ReadOnlySpan<byte> bytes, ref int at, int count, int widest, Span<int> values)
    {
        // A page without values may have no bytes either.
        if (count == 0 && at == bytes.Length)
            return;
        ulong block = Number(bytes, ref at), parts = Number(bytes, ref at), total = Number(bytes, ref at), first = Number(bytes, ref at);
        if (block > LargestBlock || parts == 0 || block % parts != 0 || block / parts % 8 != 0 || block == 0)
            throw Damaged($"its values are said to stand in blocks of {block} in {parts} parts");
        if (total != (ulong)count)
            throw Damaged($"its values are said to be {total}, expected {count}");
        (int size, int left, uint value) = ((int)(block / parts), count - 1, Signed(first));
        if (values.Length > 0)
            values[0] = (int)value;
        while (left > 0)
        {
            uint least = Signed(Number(bytes, ref at));
            if (bytes.Length - at < (int)parts)
                throw Truncated();
            ReadOnlySpan<byte> widths = bytes.Slice(at, (int)parts);
            at += widths.Length;
            foreach (byte width in widths)
            {
                if (left <= 0)
                    break;
                int some = Math.Min(size, left);
                if (width > widest)
                    throw Damaged($"a value is said to have {width} bits");
                if (bytes.Length - at < (some + 7) / 8 * width)
                    throw Truncated();
                for (int i = 0; i < some && values.Length > 0; i++)
                    values[count - left + i] = (int)(value += least + Bits(bytes[at..], i * width, width));
                // The last part may be cut off behind its last value.
                at += Math.Min(size / 8 * width, bytes.Length - at);
                left -= some;
            }
        }
    }

    // The lowest first.
    static uint Bits(ReadOnlySpan<byte> bytes, int from, int width)
    {
        ulong bits = 0;
        for (int i = 0, first = from / 8; i <= (from % 8 + width - 1) / 8 && width > 0; i++)
            bits |= (ulong)bytes[first + i] << (8 * i);
        return (uint)(bits >> (from % 8) & ((1UL << width) - 1));
    }

    /// <summary>How many of a page's values are there, by its levels of 0 and 1.</summary>
    public static int CountPresent(ReadOnlySpan<byte> levels, int values)
    {
        int present = 0;
        for (int at = 0; at < levels.Length && values > 0;)
        {
            ulong header = Number(levels, ref at);
            // Runs of eights of bits, or of one byte.
            bool areBits = (header & 1) != 0;
            for (ulong left = header >> 1; left > 0 && values > 0 && at < levels.Length;)
            {
                int some = areBits ? Math.Min(8, values) : (int)Math.Min(left, (ulong)values);
                present += areBits ? BitOperations.PopCount((uint)levels[at] & ((1u << some) - 1)) : levels[at] == 1 ? some : 0;
                values -= some;
                left = areBits ? left - 1 : 0;
                at++;
            }
        }
        return present;
    }

    static ulong Number(ReadOnlySpan<byte> bytes, ref int at) =>
        ThriftCheck.SkipVarint(bytes, ref at, out ulong value) ? value : throw Truncated();

    static uint Signed(ulong zigzag) => (uint)((long)(zigzag >> 1) ^ -(long)(zigzag & 1));

    static InvalidDataException Truncated() => new("a page has fewer bytes than its values need");

    static InvalidDataException Damaged(FormattableString what) =>
        new($"the values of a page are damaged: {what.ToString(CultureInfo.InvariantCulture)}");
}

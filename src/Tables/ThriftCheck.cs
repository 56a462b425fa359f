namespace LeoCvae;

/// <summary>
/// Whether bytes are one whole structure of Thrift's compact protocol, as a Parquet file's footer is, with fields of the types that
/// Parquet says: the library that reads it doesn't notice other ones, nor where the bytes end, and may never stop.
/// </summary>
static class ThriftCheck
{
    const int Deepest = 32, LongestVarint = 10;

    // The types of fields 1, 2, ... of structures: i a number, b bytes, t true or false, y a byte, [x] a list, a name a structure.
    static readonly Dictionary<string, string[]> Structures = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["File"] = "i [Schema] i [Group] [Pair] b [Any] Any b",
        ["Schema"] = "i i i b i i i i i Logical",
        ["Logical"] = "Any Any Any Any Decimal Any Time Time Any Integer Any Any Any Any Any Any Any Any",
        ["Decimal"] = "i i",
        ["Time"] = "t Any",
        ["Integer"] = "y t",
        ["Group"] = "[Chunk] i i [Sorting] i i i",
        ["Sorting"] = "i t t",
        ["Chunk"] = "b i Column i i i i Any b",
        ["Column"] = "i [i] [b] i i i i [Pair] i i i Statistics [PageStatistics] i i Any Any",
        ["Pair"] = "b b",
        ["Statistics"] = "b b i i b b t t i",
        ["PageStatistics"] = "i i i",
        ["Any"] = "",
    }.ToDictionary(pair => pair.Key, pair => pair.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);

    /// <summary>Whether the footer of a Parquet file begins there and ends within the bytes.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        return SkipStruct(bytes, ref at, 0, "File");
    }

    /// <summary>Reads a page's header; null where none begins there.</summary>
    public static PageHeader? ReadPage(ReadOnlySpan<byte> bytes)
    {
        const int Dictionary = 7;
        int[] numbers = new int[Dictionary + 2];
        (int at, int of) = (0, 0);
        bool hasChecksum = false;
        // Of the page's kinds of headers, the first number is that of its values.
        for (int field = 0; ;)
        {
            if (at >= bytes.Length)
                return null;
            byte header = bytes[at++];
            if (header == 0)
                return new(at, numbers[3], numbers[2], hasChecksum ? numbers[4] : null, of == 0 ? 0 : numbers[of], of == Dictionary);
            if (header >> 4 == 0)
                return null;
            field += header >> 4;
            if ((header & 15) is 4 or 5 or 6 && field < numbers.Length)
            {
                if (!SkipVarint(bytes, ref at, out ulong value))
                    return null;
                numbers[field] = (int)Signed(value);
                hasChecksum |= field == 4;
            }
            else if ((header & 15) == 12 && field is 5 or 7 or 8)
            {
                int inner = at;
                if (inner + 1 >= bytes.Length || bytes[inner++] != 0x15 || !SkipVarint(bytes, ref inner, out ulong value)
                    || !SkipStruct(bytes, ref at, 0, null))
                    return null;
                (of, numbers[field]) = (field, (int)Signed(value));
            }
            else if (!((header & 15) is 1 or 2) && !SkipValue(bytes, ref at, header & 15, 0, null))
                return null;
        }
    }

    static bool SkipStruct(ReadOnlySpan<byte> bytes, ref int at, int depth, string? structure)
    {
        string[] types = Structures[structure ?? "Any"];
        long field = 0;
        while (depth < Deepest && at < bytes.Length)
        {
            byte header = bytes[at++];
            if (header == 0)
                return true;
            // The number of a field, where it isn't told by its distance from the one before.
            ulong number = 0;
            if (header >> 4 == 0 && !SkipVarint(bytes, ref at, out number))
                return false;
            field = header >> 4 != 0 ? field + (header >> 4) : Signed(number);
            int wire = header & 15;
            string? type = field >= 1 && field <= types.Length ? types[field - 1] : null;
            // True and false are types of fields.
            if (!Fits(type, wire) || (wire is not (1 or 2) && !SkipValue(bytes, ref at, wire, depth, type)))
                return false;
        }
        return false;
    }

    static bool Fits(string? type, int wire) => type switch
    {
        null => true,
        "i" => wire is 4 or 5 or 6,
        "b" => wire == 8,
        "t" => wire is 1 or 2,
        "y" => wire == 3,
        _ => wire == (type[0] == '[' ? 9 : 12),
    };

    static bool SkipValue(ReadOnlySpan<byte> bytes, ref int at, int wire, int depth, string? type)
    {
        ulong length;
        switch (wire)
        {
            case 1 or 2 or 3:
                return Skip(bytes, ref at, 1);
            case 4 or 5 or 6:
                return SkipVarint(bytes, ref at, out _);
            case 7:
                return Skip(bytes, ref at, sizeof(double));
            case 8:
                return SkipVarint(bytes, ref at, out length) && Skip(bytes, ref at, length);
            case 9 or 10:
                if (at >= bytes.Length)
                    return false;
                byte list = bytes[at++];
                string? element = type?[1..^1];
                length = (ulong)(list >> 4);
                if (length == 15 && !SkipVarint(bytes, ref at, out length))
                    return false;
                if (length > 0 && !Fits(element, list & 15))
                    return false;
                for (ulong i = 0; i < length; i++)
                    if (!SkipValue(bytes, ref at, list & 15, depth + 1, element))
                        return false;
                return true;
            case 12:
                return SkipStruct(bytes, ref at, depth + 1, type);
            default:
                // Parquet has no maps.
                return false;
        }
    }

    static bool Skip(ReadOnlySpan<byte> bytes, ref int at, ulong count)
    {
        if (count > (ulong)(bytes.Length - at))
            return false;
        at += (int)count;
        return true;
    }

    // Small numbers of either sign are small varints.
    static long Signed(ulong zigzag) => (long)(zigzag >> 1) ^ -(long)(zigzag & 1);

    static bool SkipVarint(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        value = 0;
        for (int i = 0; i < LongestVarint && at < bytes.Length; i++)
        {
            byte part = bytes[at++];
            value |= (ulong)(part & 127) << (7 * i);
            if (part < 128)
                return true;
        }
        return false;
    }
}

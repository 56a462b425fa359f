using System.Globalization;
using Parquet.Meta;

namespace LeoCvae;

/// <summary>
/// Whether bytes are one whole structure of Thrift's compact protocol, as a Parquet file's footer is, with fields of the types that
/// Parquet says: the library that reads it doesn't notice other ones, nor where the bytes end, and may never stop.
/// </summary>
static class ThriftCheck
{
    const int Deepest = 32, LongestVarint = 10;

    // The types of fields 1, 2, ... of structures: i a number, d a double, b bytes, t true or false, y a byte, [x] a list, a name a
    // structure. Those that the library reads; of others, it skips simple values alone.
    static readonly Dictionary<string, string[]> Structures = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["File"] = "i [Schema] i [Group] [Pair] b [Order] Encryption b",
        ["Schema"] = "i i i b i i i i i Logical",
        ["Logical"] = "Any Any Any Any Decimal Any Time Time - Integer Any Any Any Any Any Variant Place Place",
        ["Decimal"] = "i i",
        ["Time"] = "t Unit",
        ["Unit"] = "Any Any Any",
        ["Integer"] = "y t",
        ["Variant"] = "y",
        ["Place"] = "b i",
        ["Group"] = "[Chunk] i i [Sorting] i i i",
        ["Sorting"] = "i t t",
        ["Chunk"] = "b i Column i i i i Crypto b",
        ["Crypto"] = "Any Key",
        ["Key"] = "[b] b",
        ["Column"] = "i [i] [b] i i i i [Pair] i i i Statistics [PageStatistics] i i Sizes Places",
        ["Sizes"] = "i [i] [i]",
        ["Places"] = "Box [i]",
        ["Box"] = "d d d d d d d d",
        ["Pair"] = "b b",
        ["Statistics"] = "b b i i b b t t",
        ["PageStatistics"] = "i i i",
        ["Order"] = "Any",
        ["Encryption"] = "Aes Aes",
        ["Aes"] = "b b t",
        ["Page"] = "i i i i DataPage Any DictionaryPage DataPageV2",
        ["DataPage"] = "i i i i Statistics",
        ["DictionaryPage"] = "i i t",
        ["DataPageV2"] = "i i i i i i t Statistics",
        ["Any"] = "",
    }.ToDictionary(pair => pair.Key, pair => pair.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);

    /// <summary>Why no footer of a Parquet file begins there and ends within the bytes; null where one does.</summary>
    public static string? FooterFault(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        string? misfit = null;
        return SkipStruct(bytes, ref at, 0, "File", ref misfit) ? null : misfit ?? "the footer isn't whole";
    }

    /// <summary>Reads a page's header; null where none begins there, or one that the library would read as another.</summary>
    public static PageHeader? ReadPage(ReadOnlySpan<byte> bytes)
    {
        const int DataPage = 0, DictionaryPage = 2, DataPageV2 = 3, OfData = 50, OfDictionary = 70, OfV2 = 80;
        int at = 0;
        Dictionary<int, int> numbers = [];
        string? misfit = null;
        if (!SkipStruct(bytes, ref at, 0, "Page", ref misfit, numbers) || !numbers.TryGetValue(1, out int type))
            return null;
        int of = type switch { DataPage => OfData, DictionaryPage => OfDictionary, DataPageV2 => OfV2, _ => -1 };
        if (!numbers.TryGetValue(of + 1, out int values))
            return null;
        return new(at, Number(3), Number(2), numbers.TryGetValue(4, out int checksum) ? checksum : null, values, type == DictionaryPage)
        {
            Levels = type == DataPageV2 ? (long)Number(OfV2 + 5) + Number(OfV2 + 6) : 0,
            Nulls = type == DataPageV2 ? Number(OfV2 + 2) : null,
            Encoding = (Encoding)Number(type == DataPageV2 ? OfV2 + 4 : of + 2),
            IsCompressed = type != DataPageV2 || !numbers.TryGetValue(OfV2 + 7, out int isCompressed) || isCompressed != 0,
        };

        int Number(int field) => numbers.GetValueOrDefault(field);
    }

    // The numbers of the structure and of those in it go into a dictionary, by ten times the outer field and the inner one: then no field
    // may be there twice.
    static bool SkipStruct(ReadOnlySpan<byte> bytes, ref int at, int depth, string type, ref string? misfit,
        Dictionary<int, int>? numbers = null, int outer = 0)
    {
        string[] types = Structures[type];
        long field = 0;
        while (depth < Deepest && at < bytes.Length)
        {
            byte header = bytes[at++];
            if (header == 0)
                return true;
            // The number of a field, where it isn't told by its distance from the one before.
            ulong told = 0;
            if (header >> 4 == 0 && !SkipVarint(bytes, ref at, out told))
                return false;
            long before = field;
            field = header >> 4 != 0 ? field + (header >> 4) : Signed(told);
            if (field is < short.MinValue or > short.MaxValue || (numbers is not null && field <= before))
                return false;
            int wire = header & 15;
            string? fieldType = field >= 1 && field <= types.Length && types[field - 1] != "-" ? types[field - 1] : null;
            // True and false are types of fields.
            if (!Fits(fieldType, wire))
            {
                misfit ??= string.Create(CultureInfo.InvariantCulture, $"field {field} of {type} in the footer is of another type than " +
                    $"in Parquet's format, and so can't be passed over");
                return false;
            }
            if (numbers is null || wire is not (1 or 2 or 4 or 5 or 6 or 12))
            {
                if (wire is not (1 or 2) && !SkipValue(bytes, ref at, wire, depth, fieldType, ref misfit))
                    return false;
            }
            else if (wire == 12)
            {
                if (outer != 0 || fieldType is null ? !SkipValue(bytes, ref at, wire, depth, fieldType, ref misfit)
                    : !SkipStruct(bytes, ref at, depth + 1, fieldType, ref misfit, numbers, (int)field * 10))
                    return false;
            }
            else
            {
                ulong value = wire == 1 ? 2u : 0;
                if (wire > 2 && (!SkipVarint(bytes, ref at, out value) || value > uint.MaxValue))
                    return false;
                numbers[outer + (int)field] = (int)Signed(value);
            }
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
        "d" => wire == 7,
        _ => wire == (type[0] == '[' ? 9 : 12),
    };

    static bool SkipValue(ReadOnlySpan<byte> bytes, ref int at, int wire, int depth, string? type, ref string? misfit)
    {
        ulong length;
        switch (wire)
        {
            case 3:
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
                    if (!SkipValue(bytes, ref at, list & 15, depth + 1, element, ref misfit))
                        return false;
                return true;
            case 12 when type is null:
                // Of what it doesn't know, the library skips an empty structure alone.
                return at < bytes.Length && bytes[at++] == 0;
            case 12:
                return SkipStruct(bytes, ref at, depth + 1, type, ref misfit);
            default:
                // Parquet has no maps, and no lists of true and false but in indexes.
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

    /// <summary>The number at the start of bytes; negative where there is none.</summary>
    public static long Varint(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        return SkipVarint(bytes, ref at, out ulong value) ? (long)Math.Min(value, long.MaxValue) : -1;
    }

    // Small numbers of either sign are small varints.
    static long Signed(ulong zigzag) => (long)(zigzag >> 1) ^ -(long)(zigzag & 1);

    /// <summary>Reads a number of seven bits a byte; false where it doesn't end.</summary>
    public static bool SkipVarint(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
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

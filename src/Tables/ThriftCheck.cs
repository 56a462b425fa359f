namespace LeoCvae;

/// <summary>
/// Whether bytes are one whole structure of Thrift's compact protocol, as a Parquet file's footer is: the library that reads it doesn't
/// notice where the bytes end.
/// </summary>
static class ThriftCheck
{
    const int Deepest = 32, LongestVarint = 10;

    /// <summary>Whether a structure begins there that ends within the bytes.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        return SkipStruct(bytes, ref at, 0);
    }

    static bool SkipStruct(ReadOnlySpan<byte> bytes, ref int at, int depth)
    {
        while (depth < Deepest && at < bytes.Length)
        {
            byte header = bytes[at++];
            if (header == 0)
                return true;
            // The number of a field, where it isn't told by its distance from the one before.
            if (header >> 4 == 0 && !SkipVarint(bytes, ref at, out _))
                return false;
            // True and false are types of fields.
            if ((header & 15) is not (1 or 2) && !SkipValue(bytes, ref at, header & 15, depth))
                return false;
        }
        return false;
    }

    static bool SkipValue(ReadOnlySpan<byte> bytes, ref int at, int type, int depth)
    {
        ulong length;
        switch (type)
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
                length = (ulong)(list >> 4);
                if (length == 15 && !SkipVarint(bytes, ref at, out length))
                    return false;
                for (ulong i = 0; i < length; i++)
                    if (!SkipValue(bytes, ref at, list & 15, depth + 1))
                        return false;
                return true;
            case 12:
                return SkipStruct(bytes, ref at, depth + 1);
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

using System.Globalization;
using Parquet.Meta;

namespace LeoCvae;

/// <summary>
/// Whether the pages of a Parquet column are of sizes that they can have, and their bytes those of their checksums, where they have such:
/// the library believes sizes and looks at no checksum.
/// </summary>
static class PageCheck
{
    // A page of a few bytes may hold much (one value again and again), but not any amount.
    const int HeaderBytes = 1 << 14, UsualPage = 1 << 26, MostOfAByte = 1 << 12;

    static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i =>
    {
        uint value = (uint)i;
        for (int bit = 0; bit < 8; bit++)
            value = (value & 1) == 0 ? value >> 1 : 0xEDB88320 ^ (value >> 1);
        return value;
    })];

    /// <summary>Looks at the pages of a column in a row group.</summary>
    /// <exception cref="InvalidDataException">A page is damaged.</exception>
    public static void Require(Stream stream, ColumnMetaData data)
    {
        if (data.TotalCompressedSize > stream.Length)
            throw new InvalidDataException($"its pages are said to have {data.TotalCompressedSize} bytes, in a file of {stream.Length}");
        long at = data.DictionaryPageOffset is long dictionary and > 0 ? Math.Min(dictionary, data.DataPageOffset) : data.DataPageOffset;
        long end = at + Math.Clamp(data.TotalCompressedSize, 0, stream.Length), values = 0;
        byte[] bytes = new byte[HeaderBytes];
        while (at >= 0 && at < Math.Min(end, stream.Length) && values < data.NumValues)
        {
            stream.Position = at;
            int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            // What can't be read here is left to the reader to refuse.
            if (ThriftCheck.ReadPage(bytes.AsSpan(0, read)) is not PageHeader page || page.Size < 0)
                return;
            if (page.Content < 0 || page.Content > Math.Max(UsualPage, (long)MostOfAByte * page.Size))
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                    $"a page says that its {page.Size} bytes hold {page.Content}"));
            if (page.Values < 0 || page.Values > (page.IsDictionary ? page.Content : data.NumValues))
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"a page says that it has {page.Values} " +
                    $"values, expected at most {(page.IsDictionary ? page.Content : data.NumValues)}"));
            at += page.Length;
            if (page.Size > stream.Length - at)
                throw new InvalidDataException("a page reaches past the end of the file");
            if (page.Checksum is int expected)
                RequireChecksum(stream, at, page.Size, (uint)expected);
            at += page.Size;
            values += page.IsDictionary ? 0 : page.Values;
        }
    }

    static void RequireChecksum(Stream stream, long at, int size, uint expected)
    {
        stream.Position = at;
        byte[] part = new byte[Math.Min(size, 1 << 16)];
        uint sum = uint.MaxValue;
        for (int left = size; left > 0;)
        {
            int read = stream.Read(part, 0, Math.Min(left, part.Length));
            if (read == 0)
                throw new InvalidDataException("a page reaches past the end of the file");
            foreach (byte b in part.AsSpan(0, read))
                sum = Table[(byte)(sum ^ b)] ^ (sum >> 8);
            left -= read;
        }
        if (~sum != expected)
            throw new InvalidDataException("a page's bytes are not those of its checksum");
    }
}

/// <summary>What a page's header says.</summary>
/// <param name="Length">Bytes of the header.</param>
/// <param name="Size">Bytes of the page behind it.</param>
/// <param name="Content">The same, decompressed.</param>
/// <param name="Checksum">CRC-32 of these bytes; null for none.</param>
/// <param name="Values">How many values it has.</param>
/// <param name="IsDictionary">Whether it is a dictionary.</param>
readonly record struct PageHeader(int Length, int Size, int Content, int? Checksum, int Values, bool IsDictionary);

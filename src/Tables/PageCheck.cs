using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using K4os.Compression.LZ4;
using Parquet.Meta;

namespace LeoCvae;

/// <summary>
/// Whether the pages of a Parquet column are of sizes that they can have, and their bytes those of their checksums, where they have such:
/// the library believes sizes and looks at no checksum.
/// </summary>
static class PageCheck
{
    const int HeaderBytes = 1 << 14, LongestHeader = 1 << 24, UsualPage = 1 << 26, UsualRows = 1 << 22, MostOfAByte = 1 << 12;
    const int FrameBytes = 32, Slack = 1 << 10;

    static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i =>
    {
        uint value = (uint)i;
        for (int bit = 0; bit < 8; bit++)
            value = (value & 1) == 0 ? value >> 1 : 0xEDB88320 ^ (value >> 1);
        return value;
    })];

    /// <summary>Looks at the pages of a column in a row group: all that the library will read.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="data">The column.</param>
    /// <param name="isNullable">Whether its cells may be without a value.</param>
    /// <returns>Where they begin and end, and whether they are without a value.</returns>
    /// <exception cref="InvalidDataException">A page is damaged, or of a size that it can't have.</exception>
    public static (long Start, long End, bool AreMissing) Require(Stream stream, ColumnMetaData data, bool isNullable = false)
    {
        bool areMissing = isNullable, isUnread = false;
        if (data.TotalCompressedSize > stream.Length)
            throw new InvalidDataException($"its pages are said to have {data.TotalCompressedSize} bytes, in a file of {stream.Length}");
        // As the library finds the first page.
        long start = new[] { data.DictionaryPageOffset ?? 0, data.DataPageOffset, data.IndexPageOffset ?? 0 }.Where(offset => offset != 0)
            .DefaultIfEmpty(0).Min(), at = start, values = 0, size = 0;
        byte[] bytes = new byte[HeaderBytes];
        while (values < data.NumValues)
        {
            if (at < 0 || at >= stream.Length)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                    $"its pages have {values} values, expected {data.NumValues}"));
            PageHeader page = ReadHeader(stream, at, ref bytes);
            at += page.Length;
            if (page.Size > stream.Length - at)
                throw new InvalidDataException("a page reaches past the end of the file");
            RequireSize(page, data.Codec);
            int least = page.IsDictionary ? LeastBytes(data.Type) : 0;
            if (page.Values < 0 || (page.IsDictionary ? page.Values > page.Content / least : page.Values > data.NumValues))
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"a page says that it has {page.Values} " +
                    $"values, expected at most {(page.IsDictionary ? page.Content / least : data.NumValues)}"));
            if (page.Checksum is int expected)
                RequireChecksum(stream, at, page.Size, (uint)expected);
            RequireContent(stream, at, page, data.Codec);
            if (!page.IsDictionary && DeltaCheck.IsOf(page.Encoding))
                RequireDeltas(stream, at, page, data, isNullable);
            bool isEmpty = page.Nulls == page.Values && page.Size == page.Levels;
            areMissing &= isEmpty || page.IsDictionary;
            isUnread |= isEmpty && page.IsCompressed && data.Codec == CompressionCodec.SNAPPY;
            at += page.Size;
            size += page.Size;
            values += page.IsDictionary ? 0 : page.Values;
        }
        if (values > data.NumValues || values > MostRows(size))
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"its pages have {values} values in {size} bytes, expected {Math.Min(data.NumValues, MostRows(size))}"));
        // The library would decompress nothing, which no compressed bytes are.
        if (isUnread && !areMissing)
            throw new NotSupportedException("a data page V2 without values beside others is not read where pages are compressed by " +
                "Snappy; write the file with another compression");
        return (start, at, areMissing);
    }

    /// <summary>How many rows bytes can have: few bytes may say one value again and again, but not any number of times.</summary>
    public static long MostRows(long bytes) => Math.Max(UsualRows, MostOfAByte * bytes);

    static PageHeader ReadHeader(Stream stream, long at, ref byte[] bytes)
    {
        while (true)
        {
            stream.Position = at;
            int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (ThriftCheck.ReadPage(bytes.AsSpan(0, read)) is PageHeader page && page.Size >= 0)
                return page;
            // Of long texts, it may hold the least and the largest.
            if (read < bytes.Length || bytes.Length >= LongestHeader)
                throw new InvalidDataException("a page doesn't begin with the header of one");
            bytes = new byte[4 * bytes.Length];
        }
    }

    static void RequireSize(PageHeader page, CompressionCodec codec)
    {
        if (page.Content < 0 || page.Content > Most(codec, page.Size))
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"a page says that its {page.Size} bytes hold {page.Content}"));
        if (page.Levels < 0 || page.Levels > Math.Min(page.Size, page.Content))
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"a page says that {page.Levels} of its {page.Size} bytes are levels"));
    }

    // To how many bytes others can be decompressed.
    static long Most(CompressionCodec codec, long size) => codec switch
    {
        CompressionCodec.UNCOMPRESSED => size,
        CompressionCodec.SNAPPY => 22 * size + Slack,
        CompressionCodec.GZIP => 1032 * size + Slack,
        CompressionCodec.LZ4 or CompressionCodec.LZ4_RAW => 255 * size + Slack,
        CompressionCodec.ZSTD => (1 << 15) * size + Slack,
        _ => Math.Max(UsualPage, MostOfAByte * size),
    };

    // An entry of a dictionary has as many bytes.
    static int LeastBytes(Parquet.Meta.Type type) => type switch
    {
        Parquet.Meta.Type.INT64 or Parquet.Meta.Type.DOUBLE => 8,
        Parquet.Meta.Type.INT96 => 12,
        Parquet.Meta.Type.BOOLEAN or Parquet.Meta.Type.FIXED_LEN_BYTE_ARRAY => 1,
        _ => 4,
    };

    // The library believes what the compressed bytes say of their length, and takes whatever was in memory for what they lack.
    static void RequireContent(Stream stream, long at, PageHeader page, CompressionCodec codec)
    {
        int size = page.Size - (int)page.Levels;
        if (!page.IsCompressed || size == 0 || codec is CompressionCodec.UNCOMPRESSED or CompressionCodec.GZIP)
            return;
        bool isWhole = codec is CompressionCodec.LZ4 or CompressionCodec.LZ4_RAW or CompressionCodec.BROTLI;
        byte[] bytes = new byte[isWhole ? size : Math.Min(size, FrameBytes)];
        stream.Position = at + page.Levels;
        stream.ReadExactly(bytes);
        long content = codec switch
        {
            CompressionCodec.SNAPPY => ThriftCheck.Varint(bytes),
            CompressionCodec.ZSTD => ZstdContent(bytes),
            CompressionCodec.BROTLI => BrotliContent(bytes, page.Content),
            CompressionCodec.LZ4 or CompressionCodec.LZ4_RAW => LZ4Codec.Decode(bytes, new byte[page.Content - (int)page.Levels]),
            _ => page.Content - page.Levels,
        };
        if (codec == CompressionCodec.LZ4 && content != page.Content - page.Levels)
            throw new NotSupportedException("LZ4 in the frames of Hadoop is not read; write the file with another compression");
        if (isWhole ? content != page.Content - page.Levels : content < 0 || content > Most(codec, size))
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"the {size} compressed bytes of a page are not those of {page.Content - page.Levels}"));
    }

    static void RequireDeltas(Stream stream, long at, PageHeader page, ColumnMetaData data, bool isNullable)
    {
        byte[] bytes = new byte[page.Size - page.Levels];
        stream.Position = at + page.Levels;
        stream.ReadExactly(bytes);
        if (page.IsCompressed && bytes.Length > 0)
            bytes = PageContent.Of(bytes, data.Codec, page.Content - (int)page.Levels,
                (int)Math.Min(Most(data.Codec, page.Size), int.MaxValue));
        ReadOnlySpan<byte> values = bytes;
        int count = page.Values - (page.Nulls ?? 0);
        // Levels stand behind their length.
        if (page.Nulls is null && isNullable)
        {
            if (values.Length < sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(values) is not (>= 0 and int length)
                || length > values.Length - sizeof(int))
                throw new InvalidDataException("a page has fewer bytes than its levels need");
            count = DeltaCheck.CountPresent(values.Slice(sizeof(int), length), page.Values);
            values = values[(sizeof(int) + length)..];
        }
        if (count < 0)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"a page says that {page.Nulls} of its {page.Values} values are missing"));
        DeltaCheck.Require(values, page.Encoding, data.Type, count, Math.Max(UsualPage, MostOfAByte * (long)page.Size));
    }

    // RFC 8878, 3.1.1.1: what a frame says of its content, where it does.
    static long ZstdContent(ReadOnlySpan<byte> frame)
    {
        const uint Magic = 0xFD2FB528;
        if (frame.Length < 6 || BinaryPrimitives.ReadUInt32LittleEndian(frame) != Magic)
            return -1;
        int descriptor = frame[4], bytes = (descriptor >> 6) switch { 1 => 2, 2 => 4, 3 => 8, _ => (descriptor >> 5) & 1 };
        int at = 5 + (1 - ((descriptor >> 5) & 1)) + ((descriptor & 3) switch { 0 => 0, 1 => 1, 2 => 2, _ => 4 });
        if (frame.Length < at + bytes)
            return -1;
        return bytes switch
        {
            0 => 0,
            1 => frame[at],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(frame[at..]) + 256,
            4 => BinaryPrimitives.ReadUInt32LittleEndian(frame[at..]),
            _ => BinaryPrimitives.ReadInt64LittleEndian(frame[at..]),
        };
    }

    static long BrotliContent(byte[] bytes, int most)
    {
        using BrotliStream stream = new(new MemoryStream(bytes), CompressionMode.Decompress);
        byte[] part = new byte[1 << 16];
        long content = 0;
        for (int read; content <= most && (read = stream.Read(part)) > 0;)
            content += read;
        return content;
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
readonly record struct PageHeader(int Length, int Size, int Content, int? Checksum, int Values, bool IsDictionary)
{
    /// <summary>How many bytes at its start are levels and never compressed.</summary>
    public long Levels { get; init; }

    /// <summary>How many values are missing; null where only the levels say so.</summary>
    public int? Nulls { get; init; }

    /// <summary>How the values are written.</summary>
    public Encoding Encoding { get; init; }

    /// <summary>Whether the others are compressed, where the column's are.</summary>
    public bool IsCompressed { get; init; } = true;
}

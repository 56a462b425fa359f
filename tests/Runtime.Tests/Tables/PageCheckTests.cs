using System.IO.Compression;
using K4os.Compression.LZ4;
using Parquet.Meta;

namespace LeoCvae.Runtime.Tests;

/// <summary>Sizes and checksums of a Parquet file's pages, of hand-made ones.</summary>
[TestClass]
public class PageCheckTests
{
    // The check value of CRC-32 for these bytes.
    static readonly byte[] Content = "123456789"u8.ToArray();
    const int Checksum = unchecked((int)0xCBF43926);

    [TestMethod]
    public void A_page_whose_checksum_is_its_bytes_or_that_has_none_is_taken()
    {
        Check(Page(9, 9, Checksum, 3));
        Check(Page(9, 9, null, 3));
        Check([.. Page(9, 9, Checksum, 1), .. Page(9, 100, null, 2)], CompressionCodec.GZIP);
    }

    [TestMethod]
    public void A_page_of_other_bytes_or_of_sizes_that_cannot_be_is_refused()
    {
        Refused(Page(9, 9, Checksum + 1, 3), "not those of its checksum");
        Refused([.. Page(9, 9, Checksum, 1), .. Page(9, 9, 7, 2)], "not those of its checksum");
        Refused(Page(9, int.MaxValue, null, 3), "its 9 bytes hold 2147483647");
        Refused(Page(9, 10, null, 3), "its 9 bytes hold 10");
        Refused(Page(9, -1, null, 3), "its 9 bytes hold -1");
        Refused(Page(9, 9, null, 4), "it has 4 values, expected at most 3");
        Refused(Page(9, 9, null, -4), "it has -4 values");
        Refused(Page(10, 10, Checksum, 3), "past the end of the file");
        Refused(Page(1879048191, 10, null, 3), "past the end of the file");
        Refused([.. Page(9, 9, null, 1), .. Page(9, 9, null, 1)], "its pages have 2 values, expected 3");
        Refused([.. Page(9, 9, null, 2), .. Page(9, 9, null, 2)], "its pages have 4 values in 18 bytes, expected 3");
    }

    [TestMethod]
    public void The_most_bytes_that_a_page_may_hold_are_those_that_its_codec_can_make_of_it()
    {
        foreach ((CompressionCodec codec, int most) in new[] { (CompressionCodec.SNAPPY, 1500), (CompressionCodec.GZIP, 12_000),
            (CompressionCodec.LZ4_RAW, 5000), (CompressionCodec.ZSTD, 400_000), (CompressionCodec.BROTLI, 1 << 26) })
            Refused(Page(9, most + 1, null, 3), $"its 9 bytes hold {most + 1}", codec);
    }

    [TestMethod]
    public void Bytes_that_do_not_hold_what_the_page_says_are_refused_before_they_are_decompressed()
    {
        // What the library would take memory for: 2 GB that Snappy and Zstandard speak of, and what LZ4 and Brotli leave as it was.
        Refused(Page(9, 100, null, 3, [0xFF, 0xFF, 0xFF, 0xFF, 7, 0, 0, 0, 0]), "compressed bytes", CompressionCodec.SNAPPY);
        Refused(Page(9, 100, null, 3, [0x28, 0xB5, 0x2F, 0xFD, 0xA0, 0xFF, 0xFF, 0xFF, 0x7F]), "compressed bytes", CompressionCodec.ZSTD);
        Refused(Page(9, 100, null, 3), "compressed bytes", CompressionCodec.ZSTD);
        Refused(Page(9, 100, null, 3), "compressed bytes", CompressionCodec.LZ4_RAW);
        byte[] lz4 = new byte[100], brotli = new byte[100];
        int length = LZ4Codec.Encode("leo leo leo leo leo leo leo leo "u8, lz4);
        Check(Page(length, 32, null, 3, lz4[..length]), CompressionCodec.LZ4_RAW);
        Refused(Page(length, 33, null, 3, lz4[..length]), "compressed bytes", CompressionCodec.LZ4_RAW);
        Expect.Throws<NotSupportedException>(() => Check(Page(length, 33, null, 3, lz4[..length]), CompressionCodec.LZ4), "Hadoop");
        Assert.IsTrue(BrotliEncoder.TryCompress("leo leo leo leo leo leo leo leo "u8, brotli, out length));
        Check(Page(length, 32, null, 3, brotli[..length]), CompressionCodec.BROTLI);
        Refused(Page(length, 33, null, 3, brotli[..length]), "compressed bytes", CompressionCodec.BROTLI);
        Refused(Page(length, 31, null, 3, brotli[..length]), "compressed bytes", CompressionCodec.BROTLI);
    }

    [TestMethod]
    public void Headers_that_the_library_would_read_as_others_are_refused()
    {
        // 2 GB of statistics in a few bytes, a field of another type, one twice, one that is unknown, none that says how many values.
        byte[] start = [0x15, 0, 0x15, 18, 0x15, 18];
        foreach (byte[] rest in (byte[][])[[0x2C, 0x15, 6, 0x4C, 0x18, 0xFF, 0xFF, 0xFF, 0xFF, 7], [0x28, 2, 6, 0, 0],
            [0x0C, 5, 0x15, 6, 0],
            [0x2C, 0x15, 6, 0x05, 2, 4, 0, 0], [0x2C, 0x15, 6, 0, 0xFC, 0x15, 6, 0, 0], [0x2C, 0, 0], [0x5C, 0x15, 6, 0, 0], [0]])
            Refused([.. start, .. rest, .. Content], "doesn't begin with the header of one");
        Refused([0x15, 8, .. start[2..], 0x2C, 0x15, 6, 0, 0, .. Content], "doesn't begin with the header of one");
        Check([.. start, 0x2C, 0x15, 6, 0, 0, .. Content]);
        // Long texts at its ends.
        Check([.. start, 0x2C, 0x15, 6, 0x4C, 0x18, 0x80, 0x80, 4, .. new byte[1 << 16], 0, 0, 0, .. Content]);
    }

    [TestMethod]
    public void Pages_are_looked_at_from_where_the_library_reads_them()
    {
        byte[] pages = [.. Page(9, 9, null, 4), .. Page(9, 9, null, 3)];
        int second = Page(9, 9, null, 4).Length;
        Assert.AreEqual(((long)second, (long)pages.Length, false), PageCheck.Require(new MemoryStream(pages), Column(pages, second)));
        ColumnMetaData indexed = Column(pages, second);
        indexed.IndexPageOffset = 1;
        Expect.Throws<InvalidDataException>(() => PageCheck.Require(new MemoryStream(pages), indexed), "the header of one");
        indexed.IndexPageOffset = -1;
        Expect.Throws<InvalidDataException>(() => PageCheck.Require(new MemoryStream(pages), indexed), "its pages have 0 values");
    }

    [TestMethod]
    public void More_rows_than_bytes_can_say_are_refused()
    {
        const int Rows = 1 << 28;
        byte[] pages = Page(9, 9, null, Rows);
        ColumnMetaData column = Column(pages, 0);
        column.NumValues = Rows;
        Expect.Throws<InvalidDataException>(() => PageCheck.Require(new MemoryStream(pages), column), "268435456 values in 9 bytes");
    }

    [TestMethod]
    public void Pages_without_values_are_missing_cells_and_beside_others_refused_where_the_library_would_decompress_nothing()
    {
        byte[] empty = EmptyPage(3, [6, 0]);
        ColumnMetaData column = Column(empty, 0);
        column.Codec = CompressionCodec.SNAPPY;
        Assert.AreEqual((0L, (long)empty.Length, true), PageCheck.Require(new MemoryStream(empty), column, isNullable: true));
        byte[] both = [.. EmptyPage(1, [2, 0]), .. Page(9, 9, null, 2, [7, 24, .. "1234567"u8])];
        Refused<NotSupportedException>(CompressionCodec.SNAPPY, "a data page V2 without values beside others");
        column = Column(both, 0);
        column.Codec = CompressionCodec.GZIP;
        Assert.IsFalse(PageCheck.Require(new MemoryStream(both), column, isNullable: true).AreMissing);

        void Refused<T>(CompressionCodec codec, string said) where T : Exception
        {
            ColumnMetaData column = Column(both, 0);
            column.Codec = codec;
            Expect.Throws<T>(() => PageCheck.Require(new MemoryStream(both), column, isNullable: true), said);
        }
    }

    [TestMethod]
    public void A_file_of_pages_without_values_is_read()
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder["t.parquet"], EmptyFile([]));
        Assert.AreEqual((1, 1), TableConverter.Convert(folder["t.parquet"], folder["t.csv"]));
        Assert.AreEqual("value\n\"\"\n", File.ReadAllText(folder["t.csv"]));
    }

    [TestMethod]
    public void A_field_of_the_footer_of_another_type_than_the_format_has_is_named()
    {
        using TempFolder folder = new();
        // The length of a Bloom filter, as a list of numbers.
        File.WriteAllBytes(folder["t.parquet"], EmptyFile([0x69, 0x15, 0]));
        Expect.Throws<InvalidDataException>(() => TableConverter.Convert(folder["t.parquet"], folder["t.csv"]),
            "field 15 of Column in the footer is of another type than in Parquet's format");
    }

    // One row of one float, which is missing, compressed by Snappy, in a page of nothing but levels; and what stands behind the other
    // fields of its column in the footer.
    static byte[] EmptyFile(byte[] column)
    {
        byte[] page = EmptyPage(1, [2, 0]);
        byte[] footer =
        [
            0x15, 2, 0x19, 0x2C, 0x48, 4, .. "root"u8, 0x15, 2, 0, 0x15, 8, 0x25, 2, 0x18, 5, .. "value"u8, 0, 0x16, 2,
            0x19, 0x1C, 0x19, 0x1C, 0x26, 8, 0x1C, 0x15, 8, 0x19, 0x15, 0, 0x19, 0x18, 5, .. "value"u8, 0x15, 2, 0x16, 2,
            0x16, .. Number(page.Length), 0x16, .. Number(page.Length), 0x26, 8, .. column, 0, 0, 0x16, 2, 0x16, 2, 0, 0,
        ];
        return [.. "PAR1"u8, .. page, .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8];
    }

    // A data page V2 of missing values: levels and nothing else.
    static byte[] EmptyPage(int values, byte[] levels) =>
    [
        0x15, 6, 0x15, .. Number(levels.Length), 0x15, .. Number(levels.Length), 0x5C, 0x15, .. Number(values), 0x15, .. Number(values),
        0x15, .. Number(values), 0x15, 0, 0x15, .. Number(levels.Length), 0x15, 0, 0, 0, .. levels,
    ];

    [TestMethod]
    [DataRow("lz4_raw")]
    [DataRow("brotli")]
    [DataRow("zstd")]
    [DataRow("snappy")]
    public void A_page_of_a_file_that_no_longer_decompresses_is_refused(string codec)
    {
        using TempFolder folder = new();
        byte[] whole = ParquetFiles.OfDuckDb(folder["t.parquet"], codec, "v1");
        Table table = TableFile.Read(folder["t.parquet"]);
        int refused = 0;
        for (int at = 4; at < 1000; at += 7)
        {
            byte[] bytes = [.. whole];
            bytes[at] ^= 0xFF;
            File.WriteAllBytes(folder["t.parquet"], bytes);
            try
            {
                // A value may be another one, but none comes from what was in memory.
                Table one = TableFile.Read(folder["t.parquet"]), two = TableFile.Read(folder["t.parquet"]);
                Assert.AreEqual(table.RowCount, one.RowCount);
                Assert.AreSequenceEqual(one.Values.ToArray(), two.Values.ToArray());
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.IsGreaterThan(5, refused);
    }

    static void Refused(byte[] pages, string said, CompressionCodec codec = CompressionCodec.UNCOMPRESSED) =>
        Expect.Throws<InvalidDataException>(() => Check(pages, codec), said);

    static void Check(byte[] pages, CompressionCodec codec = CompressionCodec.UNCOMPRESSED)
    {
        ColumnMetaData column = Column(pages, 0);
        column.Codec = codec;
        PageCheck.Require(new MemoryStream(pages), column);
    }

    static ColumnMetaData Column(byte[] pages, int first) =>
        new() { NumValues = 3, TotalCompressedSize = pages.Length, DataPageOffset = first };

    // A header of Thrift's compact protocol: numbers are fields 1, 2, ... of type 5, the data page's header field 5.
    static byte[] Page(int size, int content, int? checksum, int values, byte[]? bytes = null) =>
    [
        0x15, 0, 0x15, .. Number(content), 0x15, .. Number(size), .. checksum is int sum ? [0x15, .. Number(sum)] : (byte[])[],
        (byte)(checksum is null ? 0x2C : 0x1C), 0x15, .. Number(values), 0, 0, .. bytes ?? Content,
    ];

    static byte[] Number(int number)
    {
        List<byte> bytes = [];
        uint left = (uint)((number << 1) ^ (number >> 31));
        for (; left >= 128; left >>= 7)
            bytes.Add((byte)(left | 128));
        return [.. bytes, (byte)left];
    }
}

using Parquet.Meta;

namespace LeoCvae.Runtime.Tests;

/// <summary>Values of Parquet pages that are written as differences: hand-made ones, and those of DuckDB.</summary>
[TestClass]
public class DeltaCheckTests
{
    // 1, 2, 3, 5: differences of 1 and one or none more, in a block of 128 in 4 parts, of which the last three are not needed.
    static readonly byte[] Numbers = [128, 1, 4, 4, 2, 2, 1, 0, 0, 0, 4, 0, 0, 0];

    [TestMethod]
    public void Numbers_are_as_many_as_the_page_says_and_within_its_bytes()
    {
        Check(Numbers, 4);
        // Cut off behind the last value that is needed; no value and one.
        Check(Numbers[..11], 4);
        Check([], 0);
        Check([128, 1, 4, 0, 0], 0);
        Check([128, 1, 4, 1, 9], 1);
        Refused(Numbers, 5, "said to be 4, expected 5");
        Refused(Numbers, 3, "said to be 4, expected 3");
        Refused([], 4, "fewer bytes");
        Refused(Numbers[..3], 4, "fewer bytes");
        Refused(Numbers[..8], 4, "fewer bytes");
        Refused(Numbers[..10], 4, "fewer bytes");
    }

    [TestMethod]
    public void Blocks_and_widths_that_no_writer_makes_are_refused_before_memory_is_taken_for_them()
    {
        Refused([0xFF, 0xFF, 0xFF, 0xFF, 7, 1, .. Numbers[3..]], 4, "blocks of 2147483647 in 1 parts");
        Refused([0x80, 0x80, 0x80, 8, 4, .. Numbers[3..]], 4, "blocks of 16777216 in 4 parts");
        Refused([128, 1, 0, .. Numbers[3..]], 4, "in 0 parts");
        Refused([0, 4, .. Numbers[3..]], 4, "blocks of 0");
        Refused([128, 1, 3, .. Numbers[3..]], 4, "in 3 parts");
        Refused([128, 1, 32, .. Numbers[3..]], 4, "in 32 parts");
        Refused([.. Numbers[..6], 33, .. new byte[200]], 4, "33 bits");
        Refused([.. Numbers[..6], 65, .. new byte[600]], 4, "65 bits", Parquet.Meta.Type.INT64);
        DeltaCheck.Require([.. Numbers[..6], 64, 0, 0, 0, .. new byte[256]], Encoding.DELTA_BINARY_PACKED, Parquet.Meta.Type.INT64, 4, 0);
    }

    [TestMethod]
    public void Lengths_of_texts_are_those_of_the_bytes_behind_them()
    {
        CheckTexts([.. Numbers, .. new byte[11]], 4, Encoding.DELTA_LENGTH_BYTE_ARRAY);
        RefusedTexts([.. Numbers, .. new byte[10]], 4, Encoding.DELTA_LENGTH_BYTE_ARRAY, "said to be texts of 11");
        // From 0 on, one less each.
        RefusedTexts([128, 1, 4, 4, 0, 1, 0, 0, 0, 0, .. new byte[9]], 4, Encoding.DELTA_LENGTH_BYTE_ARRAY, "the length -1");
        RefusedTexts([.. Numbers[..3], 9, .. Numbers[4..], .. new byte[11]], 4, Encoding.DELTA_LENGTH_BYTE_ARRAY, "expected 4");
    }

    [TestMethod]
    public void Texts_that_go_on_from_one_another_have_no_more_bytes_than_a_page_can_say()
    {
        byte[] none = [128, 1, 4, 4, 0, 0, 0, 0, 0, 0], more = [128, 1, 4, 4, 0, 2, 0, 0, 0, 0], ones = [128, 1, 4, 4, 2, 0, 0, 0, 0, 0];
        CheckTexts([.. none, .. Numbers, .. new byte[11]], 4, Encoding.DELTA_BYTE_ARRAY);
        CheckTexts([.. more, .. ones, .. new byte[4]], 4, Encoding.DELTA_BYTE_ARRAY);
        RefusedTexts([.. Numbers, .. ones, .. new byte[4]], 4, Encoding.DELTA_BYTE_ARRAY, "begins with 1 bytes of one of 0");
        RefusedTexts([.. more, .. ones, .. new byte[3]], 4, Encoding.DELTA_BYTE_ARRAY, "texts of 10");
        // 10 + 9 ... bytes of 100 texts of one byte more each; and of 65,536, which are 2 GB.
        int many = 1 << 16;
        byte[] count = [0x80, 0x80, 4];
        byte[] growing = [128, 1, 4, .. count, 0, .. Enumerable.Repeat<byte[]>([2, 0, 0, 0, 0], many / 128).SelectMany(block => block)],
            same = [128, 1, 4, .. count, 2, .. Enumerable.Repeat<byte[]>([0, 0, 0, 0, 0], many / 128).SelectMany(block => block)];
        RefusedTexts([.. growing, .. same, .. new byte[many]], many, Encoding.DELTA_BYTE_ARRAY, "texts of 2147516416");
    }

    [TestMethod]
    public void Levels_say_how_many_values_are_there()
    {
        // Three that are there, eight of a byte, one that is missing.
        Assert.AreEqual(8, DeltaCheck.CountPresent([6, 1, 3, 0b10101011, 2, 0], 12));
        Assert.AreEqual(3, DeltaCheck.CountPresent([6, 1, 3, 0b10101011, 2, 0], 3));
        Assert.AreEqual(4, DeltaCheck.CountPresent([6, 1, 3, 0b10101001, 2, 0], 5));
        Assert.AreEqual(0, DeltaCheck.CountPresent([], 5));
        Assert.AreEqual(100, DeltaCheck.CountPresent([0x80, 0x80, 4, 1], 100));
    }

    [TestMethod]
    [DataRow("uncompressed")]
    [DataRow("snappy")]
    [DataRow("gzip")]
    [DataRow("zstd")]
    [DataRow("brotli")]
    [DataRow("lz4_raw")]
    public void A_file_of_differences_is_read_and_damaged_refused_or_another_one_never_what_was_in_memory(string codec)
    {
        using TempFolder folder = new();
        ParquetFiles.OfDuckDb(folder["v1.parquet"], codec, "v1");
        byte[] whole = ParquetFiles.OfDuckDb(folder["t.parquet"], codec, "v2");
        Assert.AreEqual(TableFile.Read(folder["v1.parquet"]).Sha256(), TableFile.Read(folder["t.parquet"]).Sha256());
        int refused = 0;
        for (int at = 4; at < Math.Min(whole.Length - 8, 3000); at += 11)
        {
            byte[] bytes = [.. whole];
            bytes[at] ^= (byte)(1 << at % 8);
            File.WriteAllBytes(folder["t.parquet"], bytes);
            try
            {
                Assert.AreEqual(TableFile.Read(folder["t.parquet"]).Sha256(), TableFile.Read(folder["t.parquet"]).Sha256());
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.IsGreaterThan(5, refused);
    }

    static void Check(byte[] bytes, int count) =>
        DeltaCheck.Require(bytes, Encoding.DELTA_BINARY_PACKED, Parquet.Meta.Type.INT32, count, 0);

    static void Refused(byte[] bytes, int count, string said, Parquet.Meta.Type type = Parquet.Meta.Type.INT32) =>
        Expect.Throws<InvalidDataException>(() => DeltaCheck.Require(bytes, Encoding.DELTA_BINARY_PACKED, type, count, 0), said);

    static void CheckTexts(byte[] bytes, int count, Encoding encoding) =>
        DeltaCheck.Require(bytes, encoding, Parquet.Meta.Type.BYTE_ARRAY, count, 1 << 26);

    static void RefusedTexts(byte[] bytes, int count, Encoding encoding, string said) =>
        Expect.Throws<InvalidDataException>(() => CheckTexts(bytes, count, encoding), said);
}

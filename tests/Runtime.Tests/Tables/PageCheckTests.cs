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
        Check([.. Page(9, 9, Checksum, 1), .. Page(9, 1000, null, 2)]);
    }

    [TestMethod]
    public void A_page_of_other_bytes_or_of_sizes_that_cannot_be_is_refused()
    {
        Refused(Page(9, 9, Checksum + 1, 3), "not those of its checksum");
        Refused([.. Page(9, 9, Checksum, 1), .. Page(9, 9, 7, 2)], "not those of its checksum");
        Refused(Page(9, int.MaxValue, null, 3), "its 9 bytes hold 2147483647");
        Refused(Page(9, -1, null, 3), "its 9 bytes hold -1");
        Refused(Page(9, 9, null, 4), "it has 4 values, expected at most 3");
        Refused(Page(9, 9, null, -4), "it has -4 values");
        Refused(Page(10, 10, Checksum, 3), "past the end of the file");
        Refused(Page(1879048191, 10, null, 3), "past the end of the file");
    }

    static void Refused(byte[] pages, string said) => Expect.Throws<InvalidDataException>(() => Check(pages), said);

    static void Check(byte[] pages) => PageCheck.Require(new MemoryStream(pages), new ColumnMetaData
    {
        NumValues = 3,
        TotalCompressedSize = pages.Length,
    });

    // A header of Thrift's compact protocol: numbers are fields 1, 2, ... of type 5, the data page's header field 5.
    static byte[] Page(int size, int content, int? checksum, int values) =>
    [
        0x15, 0, 0x15, .. Number(content), 0x15, .. Number(size), .. checksum is int sum ? [0x15, .. Number(sum)] : (byte[])[],
        (byte)(checksum is null ? 0x2C : 0x1C), 0x15, .. Number(values), 0, 0, .. Content,
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

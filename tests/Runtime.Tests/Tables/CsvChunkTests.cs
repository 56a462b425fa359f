using System.Text;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class CsvChunkTests
{
    [TestMethod]
    [DataRow("\n", "")]
    [DataRow("\r\n", "")]
    [DataRow("\r", "")]
    [DataRow("\n", "\uFEFF")]
    [DataRow("\r", "\uFEFF")]
    public void However_few_bytes_a_stream_gives_at_a_time_the_file_is_read_whole(string newLine, string mark)
    {
        string text = mark + Text(40, newLine);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        foreach (int chunk in (int[])[1, 2, 3, 4, 7, 31, 64, 250, 1 << 20])
        {
            CsvDocument document = TableFile.ReadDocument(new SlowStream(bytes, chunk), "t.csv");
            Assert.AreEqual(40, document.Table.RowCount);
            Assert.IsTrue(text == Csv.Write(document));
        }
    }

    [TestMethod]
    [DataRow("\n")]
    [DataRow("\r\n")]
    [DataRow("\r")]
    public void A_file_of_many_buffers_is_read_whole(string newLine)
    {
        const int Rows = 20_000;
        string text = Text(Rows, newLine);
        Assert.IsGreaterThan(4 << 16, text.Length);
        CsvDocument document = Csv.Read(text);
        Assert.AreEqual(Rows, document.Table.RowCount);
        for (int row = 0; row < Rows; row++)
            Assert.AreEqual(row * 7919L, document.Table.Row(row)[1]);
        Assert.IsTrue(text == Csv.Write(document));
    }

    [TestMethod]
    public void Line_ends_may_change_in_the_middle_of_a_long_file_and_stay_as_they_are()
    {
        string text = Text(10_000, "\n") + Text(10_000, "\r\n")["a,b,y\r\n".Length..];
        CsvDocument document = Csv.Read(text);
        Assert.AreEqual(20_000, document.Table.RowCount);
        Assert.HasCount(5, document.Table.Schema.Classes);
        Assert.IsTrue(text == Csv.Write(document));
    }

    static string Text(int rows, string newLine)
    {
        StringBuilder text = new StringBuilder("a,b,y").Append(newLine);
        for (int i = 0; i < rows; i++)
            text.Append(i).Append(",\"").Append(i * 7919L).Append("\",label ").Append(i % 5).Append(newLine);
        return text.ToString();
    }

    sealed class SlowStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, chunk)]);
    }
}

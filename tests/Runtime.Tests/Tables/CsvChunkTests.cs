using System.Globalization;
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
            TableDocument document = TableFile.ReadDocument(new SlowStream(bytes, chunk), "t.csv");
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
        TableDocument document = Csv.Read(text);
        Assert.AreEqual(Rows, document.Table.RowCount);
        for (int row = 0; row < Rows; row++)
            Assert.AreEqual(row * 7919L, document.Table.Row(row)[1]);
        Assert.IsTrue(text == Csv.Write(document));
    }

    [TestMethod]
    public void Line_ends_may_change_in_the_middle_of_a_long_file_and_stay_as_they_are()
    {
        string text = Text(10_000, "\n") + Text(10_000, "\r\n")["a,b,y\r\n".Length..];
        TableDocument document = Csv.Read(text);
        Assert.AreEqual(20_000, document.Table.RowCount);
        Assert.HasCount(5, document.Table.Schema.Classes);
        Assert.IsTrue(text == Csv.Write(document));
    }

    [TestMethod]
    [DataRow(20, 400)]
    [DataRow(400, 20)]
    [DataRow(100, 100)]
    public void A_file_whose_rows_get_longer_or_shorter_is_the_table_that_a_pipe_gives(int first, int then)
    {
        // The reader makes room for as many rows as there should be by the first of them.
        const int Rows = 20_000;
        StringBuilder text = new("a,b,name,y\n");
        for (int row = 0; row < Rows; row++)
            text.Append(CultureInfo.InvariantCulture, $"{row},{row % 7}.5,n{row % 3}").Append('x', row < Rows / 2 ? first : then)
                .Append(row % 2 == 0 ? ",p\n" : ",q\n");
        using TempFolder folder = new();
        string path = Path.Combine(folder.Path, "t.csv");
        File.WriteAllText(path, text.ToString());
        Table table = TableFile.Read(path), same = TableFile.Read(new SlowStream(File.ReadAllBytes(path), 1 << 20), "t.csv");
        Assert.AreEqual(Rows, table.RowCount);
        Assert.AreEqual(same.Sha256(), table.Sha256());
        Assert.HasCount(first == then ? 3 : 6, table.Schema.Columns[2].Categories!);
    }

    [TestMethod]
    public void Rows_of_more_bytes_than_a_chunk_are_written_back_byte_for_byte()
    {
        string label = new('x', 4000);
        StringBuilder text = new("a,y\n");
        for (int row = 0; row < 9000; row++)
            text.Append(row).Append(',').Append(label).Append(row % 3 == 0 ? "\r\n" : "\n");
        Assert.IsTrue(text.ToString() == Csv.Write(Csv.Read(text.ToString())));
    }

    [TestMethod]
    [DataRow((byte)'x', "has more than 1048576 bytes")]
    [DataRow((byte)',', "more than 4194304 fields")]
    [DataRow((byte)0, "has more than 1048576 bytes")]
    public void An_endless_line_is_refused_after_a_bounded_part_of_it(byte content, string message)
    {
        EndlessStream stream = new(content);
        InvalidDataException e = Expect.Throws<InvalidDataException>(() => TableFile.Read(stream, "t.csv"), "t.csv: line 1", message);
        Assert.IsLessThan(300, e.Message.Length);
        Assert.IsLessThan(1 << 24, stream.BytesRead);
    }

    [TestMethod]
    public void Blank_lines_take_no_memory()
    {
        byte[] blank = new byte[1 << 22];
        Array.Fill(blank, (byte)'\n');
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.AreEqual(1, TableFile.Read(new MemoryStream([.. "a,y\n"u8, .. blank, .. "1,x\n"u8]), "t.csv").RowCount);
        Assert.IsLessThan(blank.Length * 3 / 2, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    sealed class EndlessStream(byte content) : MemoryStream
    {
        public long BytesRead { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            buffer.Fill(content);
            BytesRead += buffer.Length;
            return buffer.Length;
        }
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

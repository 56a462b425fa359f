using System.Globalization;
using System.Text;
using Parquet.Schema;

namespace LeoCvae.Runtime.Tests;

/// <summary>A table that is read and written a batch at a time is the one that is read whole, to the byte.</summary>
[TestClass]
public class TableBatchesTests
{
    const string Header = "who,name,age,city,day,y\n";

    // Numbers with blanks, with decimals and without, missing ones, quotes, a category of numbers, names and a group of each row.
    static readonly string[] Lines = ["P1,n1,1.50,\"Ulm, D\",2024-02-29,p", "P1,n2, 2 ,7,2024-03-01,q", ",n3,NA,,,p", "P2,n4,1e3,Ulm,NA,r",
        "P2,n5,-0,\"say \"\"Ulm\"\"\",1999-12-31,p", "P3,n6,12.25,7,2000-01-01,q", "P1,n7,,Bonn,2000-01-02,q"];

    static readonly TableSchema Like = TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(
        "name,age,city,day,y\n" + string.Concat(Lines.Select(line => line[(line.IndexOf(',', StringComparison.Ordinal) + 1)..] + "\n")))),
        "like.csv", columns: new() { Columns = new Dictionary<string, ColumnChoice> { ["name"] = new() { Kind = ColumnKind.Identifier } } })
        .Schema;

    static readonly ColumnOptions Columns = new() { Like = Like };

    // All that a row of a table is, by names: categories and classes are numbered anew in each batch.
    static string Cells(Table table, int row) => string.Join('|', table.Schema.Columns.Select((column, j) =>
        table.Row(row)[j] is double cell && !double.IsNaN(cell)
            ? column.Categories?[(int)cell] ?? cell.ToString("R", CultureInfo.InvariantCulture) : "missing"))
        + (table.IsLabeled ? $"|{table.Label(row)}" : "");

    static ExtraColumn[] Added(Table table, IReadOnlyList<string?>? groups, long first) => [
        new("cells", row => $"{Cells(table, row)}|{groups?[row] ?? "alone"}"),
        ExtraColumn.OfNumbers("age + 1", row => table.Row(row)[1] + 1),
        ExtraColumn.OfWhole("number", row => (int)first + row)];

    static byte[] Whole(Func<TableDocument> read)
    {
        TableDocument document = read();
        using MemoryStream stream = new();
        document.Write(stream, null, Added(document.Table, document.Groups, 0));
        return stream.ToArray();
    }

    static byte[] InBatches(TableBatches rows, Action<TableBatch>? look = null)
    {
        using MemoryStream stream = new();
        using (rows)
            rows.Write(stream, batch =>
            {
                look?.Invoke(batch);
                return Added(batch.Table, batch.Groups, batch.FirstRow);
            });
        return stream.ToArray();
    }

    static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));

    static string Fault(Action read) => Assert.ThrowsExactly<InvalidDataException>(read).Message;

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(6)]
    [DataRow(7)]
    [DataRow(100)]
    public void A_text_is_written_as_if_it_had_been_read_whole(int batchRows)
    {
        string text = Header + string.Concat(Lines.Select(line => line + "\n"));
        foreach (string content in (string[])[text, text.TrimEnd('\n'), text.Replace("\n", "\r\n", StringComparison.Ordinal),
            '\uFEFF' + text, text.Replace("\n", "\n\n", StringComparison.Ordinal)])
        {
            byte[] whole = Whole(() => TableFile.ReadDocument(Text(content), "t.csv", groups: "who", columns: Columns));
            List<int> sizes = [];
            byte[] batches = InBatches(TableFile.ReadBatches(Text(content), "t.csv", Columns, groups: "who", batchRows: batchRows),
                batch => sizes.Add(batch.Table.RowCount));
            Assert.AreEqual(Encoding.UTF8.GetString(whole), Encoding.UTF8.GetString(batches));
            Assert.AreSequenceEqual(Lines.Chunk(batchRows).Select(chunk => chunk.Length), sizes);
        }
    }

    [TestMethod]
    [DataRow(LabelUse.Optional, "p", "q")]
    [DataRow(LabelUse.Optional, "", "NA")]
    [DataRow(LabelUse.Ignored, "p", "")]
    public void Labels_are_read_or_not_as_of_a_whole_table(LabelUse use, string first, string second)
    {
        string text = string.Concat(Lines.Select((line, i) => line[..^1] + (i % 2 == 0 ? first : second) + "\n"));
        byte[] whole = Whole(() => TableFile.ReadDocument(Text(Header + text), "t.csv", "y", use, "who", Columns));
        Assert.AreSequenceEqual(whole, InBatches(TableFile.ReadBatches(Text(Header + text), "t.csv", Columns, "y", use, "who",
            batchRows: 2)));
    }

    [TestMethod]
    public void Values_that_are_filled_in_are_those_of_all_rows()
    {
        ColumnOptions filled = Columns with { Missing = MissingUse.Impute };
        string text = Header + string.Concat(Lines.Select(line => line + "\n"));
        Assert.AreSequenceEqual(Whole(() => TableFile.ReadDocument(Text(text), "t.csv", groups: "who", columns: filled)),
            InBatches(TableFile.ReadBatches(Text(text), "t.csv", filled, groups: "who", batchRows: 2)));
    }

    [TestMethod]
    [DataRow("P1,n,old,Ulm,2024-02-29,p", DisplayName = "a text for a number")]
    [DataRow("P1,n,1e999,Ulm,2024-02-29,p", DisplayName = "a number too large")]
    [DataRow("P1,n,1,Ulm,29.02.2024,p", DisplayName = "a date in another form")]
    [DataRow("P1,n,1,Ulm,2024-02-29", DisplayName = "a field too few")]
    [DataRow("P1,n,1,Ulm,2024-02-29,", DisplayName = "no label")]
    [DataRow("P1,n,1,\"Ulm,2024-02-29,p", DisplayName = "a quote that is never closed")]
    [DataRow("P1,n,1,U\0lm,2024-02-29,p", DisplayName = "a NUL")]
    public void A_fault_in_a_later_batch_is_told_by_the_same_row_and_line(string line)
    {
        string text = Header + string.Concat(Lines.Select(line => line + "\n\n")) + line + "\n";
        string whole = Fault(() => TableFile.ReadDocument(Text(text), "t.csv", groups: "who", columns: Columns));
        foreach (int batchRows in (int[])[1, 3, 7, 8])
        {
            string batched = Fault(() => InBatches(TableFile.ReadBatches(Text(text), "t.csv", Columns, groups: "who",
                batchRows: batchRows)));
            Assert.StartsWith("t.csv: ", batched);
            Assert.AreEqual(Place(whole), Place(batched), batched);
        }

        // Which form dates are expected in is told by the rows at hand.
        static string Place(string message) => message.Split([", expected ", ", which is"], StringSplitOptions.None)[0];
    }

    [TestMethod]
    public void A_missing_value_that_is_refused_is_told_by_its_row()
    {
        ColumnOptions refuse = Columns with { Missing = MissingUse.Refuse };
        string text = Header + string.Concat(Lines.Take(2).Concat(Lines.Skip(3).Take(1)).Select(line => line + "\n"));
        Assert.Contains("row 3 (line 4), column 'day': the value is missing, as in 1 of 3 rows",
            Fault(() => TableFile.ReadDocument(Text(text), "t.csv", groups: "who", columns: refuse)));
        Assert.Contains("row 3 (line 4), column 'day': the value is missing, as in 1 of the first 3 rows",
            Fault(() => InBatches(TableFile.ReadBatches(Text(text), "t.csv", refuse, groups: "who", batchRows: 1))));
    }

    [TestMethod]
    public void Dates_have_the_form_that_the_first_have()
    {
        string Rows(params string[] days) => Header + string.Concat(days.Select(day => $"P1,n,1,Ulm,{day},p\n"));
        foreach (string text in (string[])[Rows("29.02.2024", "NA", "03.04.2024"), Rows("NA", "29.02.2024", "NA", "03.04.2024")])
            Assert.AreSequenceEqual(Whole(() => TableFile.ReadDocument(Text(text), "t.csv", groups: "who", columns: Columns)),
                InBatches(TableFile.ReadBatches(Text(text), "t.csv", Columns, groups: "who", batchRows: 1)));
        Assert.Contains("row 2 (line 3), column 'day': got '2024-04-03', expected a date as dd.MM.yyyy",
            Fault(() => InBatches(TableFile.ReadBatches(Text(Rows("29.02.2024", "2024-04-03")), "t.csv", Columns, groups: "who",
                batchRows: 1))));
    }

    [TestMethod]
    public void Other_columns_than_those_of_the_model_are_refused_before_a_row_is_read()
    {
        Assert.Contains("t.csv: the table doesn't fit the model: the column 'age' is missing (is 'Age' meant?)",
            Fault(() => TableFile.ReadBatches(Text("name,Age,city,day,y\n"), "t.csv", Columns)));
        Assert.ThrowsExactly<ArgumentException>(() => TableFile.ReadBatches(Text("a,y\n"), "t.csv", new()));
        Assert.Contains("got a header line only", Fault(() => InBatches(TableFile.ReadBatches(Text(Header), "t.csv", Columns,
            groups: "who"))));
    }

    [TestMethod]
    public void Added_columns_need_new_names_and_the_same_in_each_batch()
    {
        string text = Header + string.Concat(Lines.Select(line => line + "\n"));
        using TableBatches taken = TableFile.ReadBatches(Text(text), "t.csv", Columns, groups: "who");
        Assert.ThrowsExactly<ArgumentException>(() => taken.RequireNewColumns(["who"]));
        Assert.ThrowsExactly<ArgumentException>(() => taken.Write(Stream.Null, _ => [new("age", _ => "")]));
        Assert.ThrowsExactly<InvalidOperationException>(() => taken.Write(Stream.Null, _ => []));
        using TableBatches other = TableFile.ReadBatches(Text(text), "t.csv", Columns, groups: "who", batchRows: 2);
        Assert.ThrowsExactly<ArgumentException>(() => other.Write(Stream.Null, batch => [new($"from {batch.FirstRow}", _ => "")]));
    }

    [TestMethod]
    [DataRow(2, 1)]
    [DataRow(2, 3)]
    [DataRow(2, 5)]
    [DataRow(7, 3)]
    [DataRow(7, 7)]
    public void A_Parquet_file_is_written_as_if_it_had_been_read_whole(int groupRows, int batchRows)
    {
        using TempFolder folder = new();
        string path = folder["t.parquet"];
        string[][] cells = [.. Lines.Select(line => line.Replace("\"Ulm, D\"", "Ulm", StringComparison.Ordinal).Split(','))];
        DateTime?[] days = [.. cells.Select((row, i) => i == 2 ? (DateTime?)null : new DateTime(2024, 1, 1 + i))];
        ParquetFiles.Write(path, groupRows,
            (new DataField<string>("who"), cells.Select(row => row[0].Length == 0 ? null : row[0]).ToArray()),
            (new DataField<string>("name"), cells.Select(row => row[1]).ToArray()),
            (new DataField<double?>("age"), cells.Select((_, i) => i == 3 ? (double?)null : i / 4.0).ToArray()),
            (new DataField<string>("city"), cells.Select(row => row[3]).ToArray()),
            (new DateTimeDataField("day", DateTimeFormat.Date, isNullable: true), days),
            (new DataField<string>("y"), cells.Select(row => row[^1]).ToArray()));
        byte[] whole = Whole(() => TableFile.ReadDocument(path, groups: "who", columns: Columns));
        Assert.AreSequenceEqual(whole, InBatches(TableFile.ReadBatches(path, Columns, groups: "who", batchRows: batchRows),
            batch => Assert.IsLessThanOrEqualTo(batchRows, batch.Table.RowCount)));
        Assert.AreSequenceEqual(whole, InBatches(TableFile.ReadBatches(path, Columns with { Missing = MissingUse.Learn }, "y",
            LabelUse.Optional, "who", batchRows: batchRows)));
    }

    [TestMethod]
    public void A_fault_in_a_later_row_group_is_told_by_its_row()
    {
        using TempFolder folder = new();
        string path = folder["t.parquet"];
        TableSchema like = new([new() { Name = "a", Minimum = 0, Maximum = 1 }], "y", ["p"]);
        ParquetFiles.Write(path, 2, (new DataField<double>("a"), new[] { 1, 2, 3, double.PositiveInfinity }),
            (new DataField<string>("y"), new[] { "p", "p", "p", "p" }));
        string whole = Fault(() => TableFile.ReadDocument(path, columns: new() { Like = like }));
        Assert.Contains("row 4, column 'a'", whole);
        using TableBatches rows = TableFile.ReadBatches(path, new() { Like = like }, batchRows: 1);
        Assert.AreEqual(whole, Fault(() => rows.Write(Stream.Null, _ => [])));
    }

    [TestMethod]
    public void Tables_that_are_put_into_shape_come_in_batches_too()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["genes.csv"], "gene,s1,s2,s3\na,1,2,3\nb,4,5,6\n");
        File.WriteAllText(folder["labels.csv"], "id,y\ns1,p\ns3,q\ns9,q\n");
        SourceOptions source = new() { IsTransposed = true, Labels = folder["labels.csv"], Id = "id" };
        TableSchema like = new([new() { Name = "id", Kind = ColumnKind.Identifier, Minimum = 0, Maximum = 0, Decimals = 0 },
            new() { Name = "a", Minimum = 0, Maximum = 1 }, new() { Name = "b", Minimum = 0, Maximum = 1 }], "y", ["p"]);
        using TableBatches rows = TableFile.ReadBatches(folder["genes.csv"], new() { Like = like }, source: source, batchRows: 1);
        Assert.AreEqual(new JoinedLabels(2, 1, 1), rows.Labels);
        using MemoryStream stream = new();
        rows.Write(stream, batch => [ExtraColumn.OfNumbers("twice", row => 2 * batch.Table.Row(row)[1])]);
        Assert.AreEqual("id,a,b,y,twice\ns1,1,4,p,2\ns3,3,6,q,6\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    [TestMethod]
    public void Progress_is_the_share_of_the_file_and_rows_alone_where_it_has_no_end()
    {
        using TempFolder folder = new();
        string text = "a,y\n" + string.Concat(Enumerable.Repeat("1,p\n", 40_000));
        TableSchema like = new([new() { Name = "a", Minimum = 0, Maximum = 1 }], "y", ["p"]);
        File.WriteAllText(folder["t.csv"], text);
        Reports<TableProgress> file = new(), pipe = new();
        using (TableBatches rows = TableFile.ReadBatches(folder["t.csv"], new() { Like = like }, progress: file))
            rows.Write(Stream.Null, _ => []);
        using (TableBatches rows = TableFile.ReadBatches(Text(text), "t.csv", new() { Like = like }, progress: pipe))
            rows.Write(Stream.Null, _ => []);
        Assert.AreSequenceEqual(pipe.All.Select(value => value.Rows), file.All.Select(value => value.Rows));
        Assert.IsTrue(pipe.All.All(value => value.Share is null));
        Assert.IsNotEmpty(file.All);
        Assert.IsTrue(file.All.All(value => value.Share is > 0 and <= 1));
    }

    [TestMethod]
    public void A_text_of_more_than_two_gigabytes_is_read_in_batches_that_hold_little_of_it()
    {
        const int Rows = 2_200;
        byte[] line = [.. "1,"u8, .. Enumerable.Repeat((byte)'x', 1_000_000), .. ",p\n"u8];
        TableSchema like = new([new() { Name = "a", Minimum = 0, Maximum = 1 }], "y", ["p"]);
        ColumnOptions columns = new() { Like = like, Columns = new Dictionary<string, ColumnChoice> { ["note"] = new() } };
        using TableBatches rows = TableFile.ReadBatches(new Repeated("a,note,y\n"u8.ToArray(), line, Rows), "t.csv", columns);
        (long last, int most, Counted written) = (0, 0, new());
        rows.Write(written, batch =>
        {
            (last, most) = (batch.FirstRow + batch.Table.RowCount, Math.Max(most, batch.Table.RowCount));
            return [];
        });
        Assert.AreEqual(Rows, last);
        Assert.AreEqual(68, most);
        Assert.AreEqual(9 + ((long)Rows * line.Length), written.Bytes);
        Assert.IsGreaterThan(int.MaxValue, written.Bytes);
    }

    // A header, then one line again and again.
    sealed class Repeated(byte[] header, byte[] line, int times) : OneWay
    {
        byte[] _now = header;
        int _at, _left = times;

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (_at == _now.Length && _left-- > 0)
                (_now, _at) = (line, 0);
            int count = Math.Min(buffer.Length, _now.Length - _at);
            _now.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }
    }

    sealed class Counted : OneWay
    {
        public long Bytes { get; private set; }

        public override void Write(byte[] buffer, int offset, int count) => Bytes += count;
    }

    abstract class OneWay : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

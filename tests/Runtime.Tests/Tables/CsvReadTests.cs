using System.Text;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class CsvReadTests
{
    const string Plain = "a,b,y\n1,2.5,no\n-3,.25,yes\n";

    [TestMethod]
    public void A_plain_file_gives_columns_values_labels_and_decimals()
    {
        Table table = Csv.Read(Plain).Table;
        Assert.AreSequenceEqual([1, 2.5, -3, 0.25], table.Values.ToArray());
        Assert.AreSequenceEqual(["no", "yes"], table.Schema.Classes);
        Assert.AreEqual("y", table.Schema.Target);
        Assert.AreEqual(2, table.Schema.TargetIndex);
        Assert.AreEqual(new ColumnSpec { Name = "a", Minimum = -3, Maximum = 1, Decimals = 0 }, table.Schema.Columns[0]);
        Assert.AreEqual(new ColumnSpec { Name = "b", Minimum = 0.25, Maximum = 2.5, Decimals = 2 }, table.Schema.Columns[1]);
    }

    [TestMethod]
    [DataRow("a,b,y\r\n1,2.5,no\r\n-3,.25,yes\r\n", DisplayName = "CRLF")]
    [DataRow("a,b,y\r1,2.5,no\r-3,.25,yes\r", DisplayName = "CR")]
    [DataRow("a,b,y\n1,2.5,no\r\n-3,.25,yes\r", DisplayName = "a mixture")]
    [DataRow("a,b,y\n1,2.5,no\n-3,.25,yes", DisplayName = "no final newline")]
    [DataRow("a,b,y\r\n1,2.5,no\r\n-3,.25,yes", DisplayName = "no final newline, CRLF")]
    [DataRow("\n\na,b,y\n\n\n1,2.5,no\n\n-3,.25,yes\n\n\n", DisplayName = "blank lines")]
    [DataRow("\r\na,b,y\r\n\r\n1,2.5,no\r\n-3,.25,yes\r\n\r\n", DisplayName = "blank lines, CRLF")]
    [DataRow("\uFEFFa,b,y\n1,2.5,no\n-3,.25,yes\n", DisplayName = "byte order mark")]
    [DataRow("\uFEFF\"a\",\"b\",\"y\"\n\"1\",\"2.5\",\"no\"\n\"-3\",\".25\",\"yes\"\n", DisplayName = "byte order mark, all quoted")]
    [DataRow("a,b,y\n 1,2.5 ,no\n-3\t, .25 ,yes\n", DisplayName = "blanks around numbers")]
    public void The_same_table_in_other_bytes_is_the_same_table(string text)
    {
        Table expected = Csv.Read(Plain).Table, actual = Csv.Read(text).Table;
        Assert.AreSequenceEqual(expected.Values.ToArray(), actual.Values.ToArray());
        Assert.AreSequenceEqual(expected.Labels.ToArray(), actual.Labels.ToArray());
        Assert.AreSequenceEqual(expected.Schema.Classes, actual.Schema.Classes);
        Assert.AreSequenceEqual(expected.Schema.Columns, actual.Schema.Columns);
    }

    [TestMethod]
    public void Every_way_to_write_a_number_is_read()
    {
        Table table = Csv.Read("a,y\n+1.50,x\n1e5,x\n\" 7 \",x\n.5,x\n5.,x\n-0,x\n1E-3,x\n00012,x\n123456789012345680,x\n").Table;
        Assert.AreSequenceEqual([1.5, 1e5, 7, 0.5, 5, 0, 0.001, 12, 123456789012345680d], table.Values.ToArray());
        Assert.AreEqual(3, table.Schema.Columns[0].Decimals);
    }

    [TestMethod]
    public void The_label_column_may_stand_anywhere()
    {
        Table first = Csv.Read("y,a,b\nno,1,2\n", "y").Table, middle = Csv.Read("a,y,b\n1,no,2\n", "y").Table,
            last = Csv.Read("a,b,y\n1,2,no\n").Table;
        Assert.AreSequenceEqual([0, 1, 2], [first.Schema.TargetIndex, middle.Schema.TargetIndex, last.Schema.TargetIndex]);
        foreach (Table table in (Table[])[first, middle, last])
        {
            Assert.AreSequenceEqual([1d, 2], table.Row(0).ToArray());
            Assert.AreEqual("no", table.Label(0));
            Assert.IsNull(last.Schema.Mismatch(table.Schema));
        }
    }

    [TestMethod]
    public void Quoted_labels_and_names_may_hold_anything()
    {
        Table table = Csv.Read("\"size, cm\",\"the \"\"class\"\"\"\n1,\"a,b\"\n2,\"two\nlines\"\n3,\"\"\"q\"\"\"\n4,\"\r\n-\"\n").Table;
        Assert.AreEqual("size, cm", table.Schema.Columns[0].Name);
        Assert.AreEqual("the \"class\"", table.Schema.Target);
        Assert.AreSequenceEqual(["a,b", "two\nlines", "\"q\"", "\r\n-"], table.Schema.Classes);
    }

    [TestMethod]
    public void A_number_sign_begins_no_comment()
    {
        Table table = Csv.Read("#a,y\n1,#x\n2,x\n").Table;
        Assert.AreEqual("#a", table.Schema.Columns[0].Name);
        Assert.AreSequenceEqual(["#x", "x"], table.Schema.Classes);
        Assert.AreEqual(2, Csv.Read("y,a\n#x,1\n#,2\n", "y").Table.RowCount);
    }

    [TestMethod]
    public void Names_and_labels_are_UTF_8_and_told_apart_by_case_and_blanks()
    {
        Table table = Csv.Read("größe,класс\n1,да\n2,🙂\n3,Да\n4,да \n").Table;
        Assert.AreEqual("größe", table.Schema.Columns[0].Name);
        Assert.AreEqual("класс", table.Schema.Target);
        Assert.AreSequenceEqual(["да", "🙂", "Да", "да "], table.Schema.Classes);
    }

    [TestMethod]
    public void Labels_may_be_numbers_and_keep_their_text() =>
        Assert.AreSequenceEqual(["1", "1.0", "01"], Csv.Read("a,y\n1,1\n1,1.0\n1,01\n").Table.Schema.Classes);

    [TestMethod]
    public void Other_delimiters_leave_commas_alone()
    {
        Assert.AreSequenceEqual(["a,b"], Csv.Read("x\ty\n1\ta,b\n", delimiter: '\t').Table.Schema.Classes);
        Assert.AreSequenceEqual(["a,b"], Csv.Read("x;y\n1;a,b\n", delimiter: ';').Table.Schema.Classes);
    }

    [TestMethod]
    public void A_hundred_thousand_columns_are_read_and_written_back()
    {
        const int Width = 100_000;
        StringBuilder text = new();
        text.AppendJoin(',', Enumerable.Range(0, Width).Select(i => $"gene{i}")).Append(",y\n");
        for (int row = 0; row < 2; row++)
            text.AppendJoin(',', Enumerable.Range(0, Width).Select(i => row * i)).Append(row == 0 ? ",a\n" : ",b\n");
        TableDocument document = Csv.Read(text.ToString());
        Assert.HasCount(Width, document.Table.Schema.Columns);
        Assert.AreEqual(Width - 1, document.Table.Row(1)[^1]);
        Assert.IsTrue(text.ToString() == Csv.Write(document));
    }
}

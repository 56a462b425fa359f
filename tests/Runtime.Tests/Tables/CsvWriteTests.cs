using System.Text;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class CsvWriteTests
{
    [TestMethod]
    public void Real_rows_are_written_back_byte_for_byte()
    {
        Random random = new(3);
        string[] numbers = ["+1.50", "1e5", "\" 7 \"", ".5", "5.", "-0", "-0.0", "00.7", " 3", "\"4\"", "1E-07", "0.1000",
            "100000000000000000000", "\"+.5e+1\""];
        string[] labels = ["a", "\"a\"", "\"b,c\"", "\"d\"\"e\"", "\"two\nlines\"", "\"two\r\nlines\"", "#x", " a ", "ä🙂", "'"];
        for (int round = 0; round < 200; round++)
        {
            (string newLine, char delimiter, int target) = (random.Next(2) == 0 ? "\n" : "\r\n", random.Next(2) == 0 ? ',' : '\t',
                random.Next(4));
            string Row(Func<int, string> field) => string.Join(delimiter, Enumerable.Range(0, 4).Select(field));
            StringBuilder text = new StringBuilder(random.Next(3) == 0 ? "\uFEFF" : "")
                .Append(Row(i => i == target ? "\"y, or z\"" : $"x{i}"));
            for (int row = random.Next(1, 8); row > 0; row--)
                text.Append(newLine)
                    .Append(Row(i => i == target ? labels[random.Next(labels.Length)] : numbers[random.Next(numbers.Length)]));
            TableDocument document = Csv.Read(text + (random.Next(2) == 0 ? newLine : ""), "y, or z", delimiter);
            Assert.AreEqual(text + newLine, Csv.Write(document));
            Assert.StartsWith(text + newLine, Csv.Write(document, Csv.Append(document, ([1, 2, 3], document.Table.Label(0)))));
        }
    }

    [TestMethod]
    public void A_column_is_added_under_no_name_that_could_not_be_read_again()
    {
        TableDocument document = Csv.Read("a,y\n1,x\n");
        foreach (string name in (string[])["\uFEFF1", "z\0", "z\uD800"])
        {
            Expect.Throws<ArgumentException>(() => document.RequireNewColumns([name]), "added: column ", "has ");
            Expect.Throws<ArgumentException>(() => document.Write(Stream.Null, null, new ExtraColumn(name, _ => "1")), "added: column ");
        }
    }

    [TestMethod]
    public void Synthetic_rows_follow_in_the_files_own_layout()
    {
        TableDocument document = Csv.Read("a,y,b\r\n1.50,\"p,q\",2", "y");
        Assert.AreEqual("a,y,b\r\n1.50,\"p,q\",2\r\n3.14,\"p,q\",-7\r\n", Csv.Write(document, Csv.Append(document, ([3.14, -7], "p,q"))));
    }

    [TestMethod]
    public void Blank_lines_are_left_out_line_ends_stay_and_a_missing_one_is_the_headers() =>
        Assert.AreEqual("a,y\r\n1,x\n2,x\r\n", Csv.Write(Csv.Read("\na,y\r\n\r\n1,x\n\n2,x")));

    [TestMethod]
    [DataRow("1", 2.0, "2")]
    [DataRow("1", -3.4, "-3")]
    [DataRow("1", 1e15, "1000000000000000")]
    [DataRow("1.25", 2.0, "2.00")]
    [DataRow("1.25", 1234567.5, "1234567.50")]
    [DataRow("0.000000000001", 0.5, "0.500000000000")]
    [DataRow("1e5", 0.1, "0")]
    [DataRow("7.89e-05", 0.00001, "0.00001")]
    [DataRow("3.0", 2.0, "2.0")]
    [DataRow("1e-13", 0.1, "0.1")]
    [DataRow("1e-13", 1e-7, "1E-07")]
    [DataRow("1.1234567890123", 0.30000000000000004, "0.30000000000000004")]
    public void Synthetic_numbers_have_the_columns_decimals_or_all_their_digits(string seen, double value, string expected) =>
        Assert.AreEqual(expected, Written(seen, value));

    [TestMethod]
    [DataRow("3.5920", "1.2500", "2.5000", DisplayName = "all with four decimals")]
    [DataRow("3.592", "1.25", "2.5", DisplayName = "as short as can be")]
    [DataRow("3.592", "7", "2.5", DisplayName = "with whole numbers")]
    [DataRow("3.592", "1.5e0", "2.5", DisplayName = "with an exponent")]
    public void Synthetic_numbers_are_written_as_the_column_writes_them(string first, string second, string expected)
    {
        TableDocument document = Csv.Read($"a,y\n{first},x\n{second},x\n");
        Assert.AreEqual(expected, Csv.Write(document, Csv.Append(document, ([2.5], "x"))).Split('\n')[3].Split(',')[0]);
    }

    [TestMethod]
    public void A_number_of_absurdly_many_decimals_is_refused_and_many_do_not_make_many()
    {
        Expect.Throws<InvalidDataException>(() => Csv.Read($"a,y\n0.{new string('0', 100_000)},x\n"), "row 1 (line 2), column 'a'",
            "of 100002 bytes", "at most 1000 characters");
        TableDocument document = Csv.Read($"a,y\n0.{new string('0', 900)},x\n");
        Assert.EndsWith("\n2,x\n", Csv.Write(document, Csv.Append(document, ([2], "x"))));
    }

    [TestMethod]
    [DataRow("1", -0.0)]
    [DataRow("1", -0.3)]
    [DataRow("1.5", -0.04)]
    [DataRow("1.25", -0.001)]
    [DataRow("1e5", -0.0)]
    public void Minus_zero_is_never_written(string seen, double value)
    {
        string written = Written(seen, value);
        Assert.AreEqual(0, double.Parse(written, System.Globalization.CultureInfo.InvariantCulture));
        Assert.DoesNotContain("-", written);
    }

    [TestMethod]
    public void Extra_columns_come_last_in_the_header_real_and_synthetic_rows()
    {
        TableDocument document = Csv.Read("y;a\nu;1\n\"v;w\";2\n", "y", ';');
        Table table = Csv.Append(document, ([3], "v;w"));
        Assert.AreEqual("y;a;synthetic;\"a;b\"\nu;1;0;\"0\n\"\n\"v;w\";2;0;\"1\n\"\n\"v;w\";3;1;\"2\n\"\n",
            Csv.Write(document, table, new ExtraColumn("synthetic", row => table.IsSynthetic(row) ? "1" : "0"),
                new ExtraColumn("a;b", row => $"{row}\n")));
    }

    [TestMethod]
    [DataRow("a")]
    [DataRow("y")]
    public void An_extra_column_whose_name_is_taken_is_refused_before_anything_is_written(string name)
    {
        TableDocument document = Csv.Read("a,y\n1,x\n");
        using MemoryStream stream = new();
        Expect.Throws<ArgumentException>(() => document.Write(stream, null, new ExtraColumn(name, _ => "")), $"column '{name}'", "already");
        Expect.Throws<ArgumentException>(() =>
            document.Write(stream, null, new ExtraColumn("new", _ => ""), new ExtraColumn("new", _ => "")), "column 'new'", "already");
        Assert.AreEqual(0, stream.Length);
    }

    [TestMethod]
    [DataRow("t.csv")]
    [DataRow("t.parquet")]
    public void How_far_the_writing_is_is_told(string name)
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["a.csv"], "a,y\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i},{i % 2}\n")));
        TableConverter.Convert(folder["a.csv"], folder[name]);
        TableDocument document = TableFile.ReadDocument(folder[name]);
        Table rows = new(document.Table.Schema, new double[20_000], new int[20_000], 0, new int[20_000]);
        Reports<TableProgress> reports = new();
        document.Write(Stream.Null, document.Table.Append(rows), [], reports);
        reports.All.Select(report => report.Share!.Value).RequireRising(2);
        Assert.IsTrue(reports.All.Any(report => report.Share is > 0.4 and < 0.6));
    }

    [TestMethod]
    public void Rows_of_another_table_are_refused()
    {
        TableDocument document = Csv.Read("a,b,y\n1,2,x\n");
        using MemoryStream stream = new();
        Expect.Throws<ArgumentException>(() => document.Write(stream, Csv.Read("a,c,y\n1,2,x\n").Table),
            "the column 'b' is missing; got the column 'c', which is not expected");
        Expect.Throws<ArgumentException>(() => document.Write(stream, Csv.Read("a,y\n1,x\n").Table), "the column 'b' is missing");
        Expect.Throws<ArgumentException>(() => document.Write(stream, Csv.Read("a,b,y\n1,2,x\n3,4,x\n").Table),
            "got 2 real rows, expected 1");
        Assert.AreEqual(0, stream.Length);
    }

    static string Written(string seen, double value)
    {
        TableDocument document = Csv.Read($"a,y\n{seen},x\n");
        return Csv.Write(document, Csv.Append(document, ([value], "x"))).Split('\n')[2].Split(',')[0];
    }
}

using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Parquet.Schema;

namespace LeoCvae.Runtime.Tests;

/// <summary>A table in another format is the same table, and comes back the same.</summary>
[TestClass]
public class TableConverterTests
{
    const string Table = "id,zip,n,x,wide,flag,day,seen,zoned,note,missing,y\n" +
        "007,01234,1,0.5,12345678901234567890,true,2024-02-29,2024-01-02T03:04:05.250000,2024-01-02T03:04:05+01:00," +
        "\"a, \"\"b\"\"\nc\",,p\n" +
        "008,56789,-20,1e-300,12345678901234567891,false,1969-12-31,1969-12-31T23:59:59.999999,2024-07-02T03:04:05+02:00, blank,,q\n" +
        "009,NA,,-0.1,null,,NA,,,\u65e5\u672c \U0001d11e,,p\n" +
        "010,00000,9007199254740992,NaN,5,true,9999-12-31,2024-01-02T03:04:05.000001,1969-12-31T23:00:00+00:00,,,q\n";

    static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    static (long, int) Convert(TempFolder folder, string from, string to, SourceOptions? source = null, SourceOptions? target = null) =>
        TableConverter.Convert(folder[from], folder[to], overwrite: true, source, target);

    [TestMethod]
    [DataRow("a.csv", "b.csv")]
    [DataRow("a.csv", "b.parquet")]
    [DataRow("a.csv.gz", "b.csv")]
    [DataRow("a.parquet", "b.csv.gz")]
    public void How_far_it_is_is_told(string from, string to)
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["a.csv"], "a,b\n" + string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{i},word {i % 7}\n")));
        if (from != "a.csv")
            Convert(folder, "a.csv", from);
        Reports<TableProgress> reports = new();
        TableConverter.Convert(folder[from], folder[to], progress: reports);
        reports.All.Select(report => report.Share!.Value).RequireRising(8);
    }

    [TestMethod]
    public void Every_cell_keeps_its_value_from_text_to_Parquet_and_back_and_forth()
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder["a.csv"], Text(Table));
        Assert.AreEqual((4L, 12), Convert(folder, "a.csv", "b.parquet"));
        (string[] columns, List<object?[]> rows) = ParquetFiles.Read(folder["b.parquet"]);
        Assert.AreSequenceEqual(["id: ReadOnlyMemory`1?", "zip: ReadOnlyMemory`1?", "n: Int64?", "x: Double?", "wide: ReadOnlyMemory`1?",
            "flag: Boolean?", "day: DateTime?", "seen: DateTime?", "zoned: DateTime?", "note: ReadOnlyMemory`1?", "missing: Double?",
            "y: ReadOnlyMemory`1?"], columns);
        Assert.AreSequenceEqual(["007", "01234", 1L, 0.5, "12345678901234567890", true, new DateTime(2024, 2, 29),
            new DateTime(2024, 1, 2, 3, 4, 5, 250), new DateTime(2024, 1, 2, 2, 4, 5), "a, \"b\"\nc", null, "p"], rows[0]);
        Assert.AreSequenceEqual(["009", null, null, -0.1, null, null, null, null, null, "\u65e5\u672c \U0001d11e", null, "p"], rows[2]);
        Assert.AreEqual(9007199254740992L, rows[3][2]);
        Assert.AreEqual(" blank", rows[1][9]);

        Convert(folder, "b.parquet", "c.csv");
        string[] lines = File.ReadAllText(folder["c.csv"]).Split('\n');
        Assert.AreEqual("007,01234,1,0.5,12345678901234567890,true,2024-02-29,2024-01-02T03:04:05.250000,2024-01-02T02:04:05Z," +
            "\"a, \"\"b\"\"", lines[1]);
        Assert.AreEqual("009,,,-0.1,,,,,,\u65e5\u672c \U0001d11e,,p", lines[4]);
        Convert(folder, "c.csv", "d.parquet");
        Assert.AreSequenceEqual(rows.SelectMany(row => row), ParquetFiles.Read(folder["d.parquet"]).Rows.SelectMany(row => row));
        Convert(folder, "d.parquet", "e.csv.gz");
        Convert(folder, "e.csv.gz", "f.csv");
        Assert.AreEqual(File.ReadAllText(folder["c.csv"]), File.ReadAllText(folder["f.csv"]));
        Convert(folder, "d.parquet", "g.parquet");
        Assert.AreSequenceEqual(File.ReadAllBytes(folder["d.parquet"]), File.ReadAllBytes(folder["g.parquet"]));
    }

    [TestMethod]
    [DataRow("a.tsv", "a\tb c\td;e\ty\n1.50\t\" x\"\"\"\t1,5\tp\r\n\"2\t\"\t\"\"\tNA\tq\n")]
    [DataRow("a.csv", "\uFEFFa,\"b\nc\",y\r\"1,5\",x y,p\r2,,q\r")]
    [DataRow("a.csv", "a\n\"\"\n1\n")]
    public void Text_keeps_its_texts_and_line_ends_whatever_separates_them(string name, string text)
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder[name], Text(text));
        string other = name == "a.csv" ? "b.tsv" : "b.csv";
        Convert(folder, name, other, name == "a.csv" ? new() { Delimiter = ',' } : null);
        Convert(folder, other, "c.csv", new() { Delimiter = name == "a.csv" ? '\t' : ',' }, new() { Delimiter = ';' });
        Convert(folder, "c.csv", "d" + name, new() { Delimiter = ';' });
        Assert.AreSequenceEqual(Cells(text, name == "a.csv" ? ',' : '\t'),
            Cells(File.ReadAllText(folder["d" + name]), name == "a.csv" ? ',' : '\t'));
        Assert.AreEqual(text.Contains('\r'), File.ReadAllText(folder["d" + name]).Contains('\r'));
    }

    // By a reader of its own: quotes, then what separates.
    static List<string> Cells(string text, char delimiter)
    {
        List<string> cells = [""];
        bool isQuoted = false;
        foreach (char character in text.TrimStart('\uFEFF'))
            if (character == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && (character == delimiter || character is '\r' or '\n'))
                cells.Add("");
            else
                cells[^1] += character;
        return cells;
    }

    // A column that is text from its last row on is read again for the texts before it.
    [TestMethod]
    [DataRow("a\tn\ty\r1.50\t\"x\"\"\t\"\tp\r\r\"2\r\"\tNA\tq", '\t')]
    [DataRow("\uFEFFn,day,y\n1,2024-02-29,p\n,NA,q\nword,2024-03-01,p\nNA,,q\nother word,2024-03-02,q\n", ',')]
    public void A_stream_that_comes_once_becomes_the_same_as_a_file_that_is_read_twice(string text, char delimiter)
    {
        byte[] Converted(Stream content, char? to)
        {
            using MemoryStream converted = new();
            TableConverter.Convert(content, "t", delimiter, converted, to, new() { Delimiter = delimiter });
            return converted.ToArray();
        }
        foreach (char? to in (char?[])[';', null])
        {
            byte[] zipped = Zip(Text(text));
            using MemoryStream file = new(Text(text)), second = new([9, .. Text(text)]) { Position = 1 };
            byte[] expected = Converted(file, to);
            Assert.AreSequenceEqual(expected, Converted(second, to));
            Assert.AreSequenceEqual(expected, Converted(new GZipStream(new MemoryStream(zipped), CompressionMode.Decompress), to));
            using TempFolder folder = new();
            File.WriteAllBytes(folder["a.csv.gz"], zipped);
            using Stream gzip = TableFile.OpenRead(folder["a.csv.gz"]);
            Assert.AreSequenceEqual(expected, Converted(gzip, to));
        }
    }

    static byte[] Zip(byte[] bytes)
    {
        using MemoryStream to = new();
        using (GZipStream zip = new(to, CompressionLevel.Optimal))
            zip.Write(bytes);
        return to.ToArray();
    }

    [TestMethod]
    [DataRow("a,y\n1,p\n2,q\n", "a,y\n1,p\n2,q\n3,q\n")]
    [DataRow("a,y\n1,p\n2,q\n", "a,y\n1,p\n")]
    [DataRow("a,y\n1,p\n2,q\n", "a,y\n1,p\nx,q\n")]
    [DataRow("a,y\n1,p\n2,q\n", "a,y\n1,p\n2,q,3\n")]
    [DataRow("a,y\n2024-01-01,p\n2024-01-02,q\n", "a,y\n2024-01-01,p\n2024-13-02,q\n")]
    public void A_file_that_changes_between_its_two_readings_is_refused(string before, string after)
    {
        using Changing content = new(Text(before), Text(after));
        Expect.Throws<InvalidDataException>(() => TableConverter.Convert(content, "t.csv", ',', new MemoryStream(), null),
            "t.csv: the file changed while it was read");
    }

    /// <summary>Another file from when it is read again.</summary>
    sealed class Changing(byte[] before, byte[] after) : MemoryStream(before)
    {
        readonly MemoryStream _after = new(after);
        bool _isAgain;

        public override long Position
        {
            get => base.Position;
            set => _isAgain = true;
        }

        public override int Read(Span<byte> buffer) => _isAgain ? _after.Read(buffer) : base.Read(buffer);
    }

    [TestMethod]
    public void Decimal_commas_come_and_go_in_numbers_only()
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder["a.csv"], Text("x;code;y\n1,50;1,5 km;p\nNA;2.5;q\n-2,25;;p\n"));
        Convert(folder, "a.csv", "b.csv", new() { Delimiter = ';', HasDecimalComma = true });
        Assert.AreEqual("x,code,y\n1.50,\"1,5 km\",p\nNA,2.5,q\n-2.25,,p\n", File.ReadAllText(folder["b.csv"]));
        Convert(folder, "b.csv", "c.csv", null, new() { Delimiter = ';', HasDecimalComma = true });
        Assert.AreEqual(File.ReadAllText(folder["a.csv"]), File.ReadAllText(folder["c.csv"]));
        Convert(folder, "a.csv", "d.parquet", new() { Delimiter = ';', HasDecimalComma = true });
        Assert.AreEqual(-2.25, ParquetFiles.Read(folder["d.parquet"]).Rows[2][0]);
        Convert(folder, "d.parquet", "e.csv", null, new() { Delimiter = ';', HasDecimalComma = true });
        Assert.AreEqual("x;code;y\n1,5;1,5 km;p\n;2.5;q\n-2,25;;p\n", File.ReadAllText(folder["e.csv"]));
    }

    [TestMethod]
    [DataRow("duckdb-v1.parquet")]
    [DataRow("duckdb-v2.parquet")]
    public void Files_of_another_program_become_the_CSV_that_it_writes_itself(string name)
    {
        using TempFolder folder = new();
        string oracle = Path.Combine(AppContext.BaseDirectory, "Oracles", name);
        TableConverter.Convert(oracle, folder["t.csv"]);
        TableConverter.Convert(folder["t.csv"], folder["t.parquet"]);
        foreach (string file in (string[])[folder["t.csv"], folder["t.parquet"]])
            Assert.AreEqual(TableFile.Read(oracle).Sha256(), TableFile.Read(file).Sha256());
        string[] expected = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Oracles", "duckdb.csv"));
        foreach ((string line, string other) in expected.Zip(File.ReadAllLines(folder["t.csv"])))
            // Doubles that are whole have no decimals here, times their own form.
            Assert.AreEqual(
                Regex.Replace(Regex.Replace(line.Replace("nan,", ",", StringComparison.Ordinal), "(-[0-9]{2}) ([0-9]{2}:)", "$1T$2")
                    .Replace("+00,", "Z,", StringComparison.Ordinal), ",([0-9]+)[.]0(?=,)", ",$1"), other);
    }

    [TestMethod]
    public void Columns_at_fault_as_a_kind_are_text_and_those_that_are_told()
    {
        using TempFolder folder = new();
        string rows = string.Concat(Enumerable.Range(0, 40).Select(row => (row == 7 ? "?" : $"{row}")
            + (row == 3 ? ",2024-13-01" : $",2024-01-{1 + row % 28:00}") + $",{row}\n"));
        File.WriteAllBytes(folder["a.csv"], Text("mixed,dates,told\n" + rows));
        TableConverter.Convert(folder["a.csv"], folder["b.parquet"], texts: ["told"]);
        Assert.AreSequenceEqual(["mixed: ReadOnlyMemory`1?", "dates: ReadOnlyMemory`1?", "told: ReadOnlyMemory`1?"],
            ParquetFiles.Read(folder["b.parquet"]).Columns);
        TableConverter.Convert(folder["b.parquet"], folder["c.csv"]);
        Assert.AreEqual("mixed,dates,told\n" + rows, File.ReadAllText(folder["c.csv"]));
    }

    [TestMethod]
    public void What_a_text_cannot_hold_is_refused_and_nothing_is_written()
    {
        using TempFolder folder = new();
        void Refused(DataField field, Array values, params string[] said)
        {
            ParquetFiles.Write(folder["t.parquet"], (field, values));
            Expect.Throws<InvalidDataException>(() => Convert(folder, "t.parquet", "t.csv"), said);
            Assert.AreSequenceEqual(["t.parquet"], folder.Entries);
        }
        Refused(new DataField("x", typeof(string), false), (string[])["a", "b\0"], "row 2, column 'x': ", "NUL");
        Refused(new DataField("x", typeof(string), false), (string[])["a", "b\uFEFF"], "row 2, column 'x': ", "byte order mark");
        Refused(new DataField("x", typeof(string), false), (string[])["a", new string('z', 1 << 21)], "row 2, column 'x'", "2097152 bytes");
        Refused(new DataField<Guid>("x"), new Guid[2], "column 'x' is a UUID", "leave x out of the file");
        Expect.Throws<InvalidDataException>(() => TableConverter.Convert(new MemoryStream("a,a\n1,2\n"u8.ToArray()), "t", ',',
            new MemoryStream(), null), "column 'a' is given twice");
        Expect.Throws<ArgumentException>(() => Convert(folder, "t.parquet", "t.xlsx"), "'.xlsx'");
    }
}

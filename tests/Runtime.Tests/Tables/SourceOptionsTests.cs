using System.Text;

namespace LeoCvae.Runtime.Tests;

/// <summary>Delimiters and decimal commas: told, or refused with the option that tells them.</summary>
[TestClass]
public class SourceOptionsTests
{
    static TableDocument Read(string text, char? delimiter = null, bool hasDecimalComma = false, ColumnOptions? columns = null) =>
        TableFile.ReadDocument(new MemoryStream(Encoding.UTF8.GetBytes(text)), "t.csv", "y", columns: columns,
            source: new() { Delimiter = delimiter, HasDecimalComma = hasDecimalComma });

    [TestMethod]
    [DataRow(';')]
    [DataRow('\t')]
    [DataRow('|')]
    [DataRow(' ')]
    [DataRow(',')]
    public void A_table_with_decimal_commas_is_the_table_with_points_and_is_written_with_commas(char delimiter)
    {
        string text = "a;b;c;y\r\n1,50;-3;1e2;p\r\n\"2,25\";NA;-1,5E-3;\"q,r\"\r\n",
            points = "a;b;c;y\n1.50;-3;1e2;p\n2.25;NA;-1.5E-3;\"q,r\"\n";
        // Where the delimiter is a comma, numbers stand in quotes.
        if (delimiter == ',')
            text = text.Replace("1,50", "\"1,50\"", StringComparison.Ordinal).Replace("-1,5E-3", "\"-1,5E-3\"", StringComparison.Ordinal);
        text = text.Replace(';', delimiter);
        TableDocument document = Read(text, delimiter, hasDecimalComma: true);
        Assert.AreEqual(Read(points, ';').Table.Sha256(), document.Table.Sha256());
        Assert.AreSequenceEqual(Read(points, ';').Table.Schema.Columns, document.Table.Schema.Columns);
        string written = Csv.Write(document, Csv.Append(document, ([3.131, double.NaN, 0.25], "p")),
            ExtraColumn.OfNumbers("bits", row => row + 0.5), new ExtraColumn("note", _ => "1.5"));
        string[] lines = written.Split("\r\n"), read = text.Split("\r\n");
        string Field(string number) => delimiter == ',' ? $"\"{number}\"" : number;
        Assert.AreEqual(read[0] + $"{delimiter}bits{delimiter}note", lines[0]);
        Assert.AreEqual(read[1] + $"{delimiter}{Field("0,5")}{delimiter}1.5", lines[1]);
        Assert.AreEqual(string.Join(delimiter, Field("3,13"), "NA", Field("0,25"), "p", Field("2,5"), "1.5"), lines[3]);
    }

    [TestMethod]
    public void Texts_and_dates_beside_numbers_with_commas_stay_as_they_are()
    {
        TableSchema schema = Read("city;day;code;y\n1,5 km;01.02.2024;01;p\n2.5;03.02.2024;007;q\n", ';', true).Table.Schema;
        Assert.AreSequenceEqual(["1,5 km", "2.5"], schema.Columns[0].Categories!);
        Assert.AreEqual("dd.MM.yyyy", schema.Columns[1].Format);
        Assert.AreSequenceEqual(["01", "007"], schema.Columns[2].Categories!);
    }

    [TestMethod]
    public void A_number_that_is_written_otherwise_is_refused_with_the_option_that_reads_it()
    {
        Expect.Throws<InvalidDataException>(() => Read("a;y\n1,5;p\n2;q\n", ';'),
            "row 1 (line 2), column 'a': got '1,5'", "no decimal comma", "--decimal , reads decimal commas");
        InvalidDataException e = Expect.Throws<InvalidDataException>(() => Read("a;y\n1.234.567,8;p\n2;q\n", ';'), "got '1.234.567,8'");
        Assert.DoesNotContain("--decimal", e.Message);
        foreach (string number in (string[])["1.5", "1.234,5"])
            Expect.Throws<InvalidDataException>(() => Read($"a;y\n{number};p\n2,5;q\n", ';', true, new()
            {
                Columns = new Dictionary<string, ColumnChoice> { ["a"] = new() { Kind = ColumnKind.Numeric } },
            }), $"got '{number}'", "decimal comma, no decimal point");
    }

    [TestMethod]
    [DataRow("a;b;y\n1;2;p\n", "the column 'a;b;y' only", "separated by ';': --delimiter semicolon")]
    [DataRow("a\tb\ty\n1\t2\tp\n", "separated by 'tab': name the file .tsv, or give --delimiter tab")]
    [DataRow("a|b|y\n1|2|p\n", "separated by '|': --delimiter pipe")]
    [DataRow("id,age;weight;y\n1,2;3;p\n", "',' splits the header into 2 columns and ';' into 3, as it does the first row",
        "--delimiter semicolon takes the one, --delimiter comma the other")]
    [DataRow("id,age;weight;y\n1;3\n", "got 1 fields, expected 2", "';' splits the header into 3 columns", "--delimiter semicolon")]
    public void A_table_that_seems_to_have_another_delimiter_is_refused_with_it(string text, params string[] said) =>
        Expect.Throws<InvalidDataException>(() => TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "t.csv"), said);

    [TestMethod]
    public void A_delimiter_that_was_told_is_not_doubted()
    {
        Table table = TableFile.Read(new MemoryStream("id,age;weight;y\n1,2;3;p\n7,2;3;q\n"u8.ToArray()), "t.csv",
            source: new() { Delimiter = ',' });
        Assert.AreEqual("age;weight;y", table.Schema.Target);
        // Quoted fields that hold it are no sign of it.
        Assert.AreEqual(2, TableFile.Read(new MemoryStream("\"a;b;c\",y\n1,\"p;q;r\"\n2,x\n"u8.ToArray()), "t.csv").RowCount);
    }

    [TestMethod]
    public void Delimiters_have_names_and_what_may_be_part_of_a_number_is_none()
    {
        foreach ((string text, char delimiter) in (ReadOnlySpan<(string, char)>)
            [(";", ';'), ("tab", '\t'), ("\\t", '\t'), ("comma", ','), ("semicolon", ';'), ("pipe", '|'), ("space", ' '), ("~", '~')])
            Assert.AreEqual(delimiter, SourceOptions.ParseDelimiter(text));
        foreach (string text in (string[])["", ";;", "a", "1", ".", "-", "\"", "\n", "ä", "e"])
            Expect.Throws<ArgumentException>(() => SourceOptions.ParseDelimiter(text), "expected one character that separates fields");
        Expect.Throws<ArgumentException>(() => Read("a,y\n1,p\n", '.'), "got the delimiter '.'");
    }

    [TestMethod]
    public void Text_files_need_a_delimiter_and_Parquet_has_none()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["t.txt"], "a;y\n1;p\n");
        Expect.Throws<ArgumentException>(() => TableFile.Read(folder["t.txt"]), "got the extension '.txt'",
            "--delimiter to say what separates the fields");
        Assert.AreEqual(1, TableFile.Read(folder["t.txt"], source: new() { Delimiter = ';' }).RowCount);
        TableFile.Write(Csv.Read("a,y\n1,p\n").Table, folder["t.parquet"]);
        Expect.Throws<ArgumentException>(() => TableFile.Read(folder["t.parquet"], source: new() { Delimiter = ';' }), "has none");
        Expect.Throws<ArgumentException>(() => TableFile.Read(folder["t.parquet"], source: new() { HasDecimalComma = true }),
            "has numbers");
    }
}

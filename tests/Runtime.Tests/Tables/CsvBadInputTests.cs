using System.Text;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class CsvBadInputTests
{
    [TestMethod]
    [DataRow("")]
    [DataRow("\n\r\n\n")]
    [DataRow("\uFEFF")]
    public void An_empty_file_is_refused(string text) => Refused(text, "the file is empty", "header line");

    [TestMethod]
    [DataRow("a,b,y")]
    [DataRow("a,b,y\n\n\n")]
    public void A_header_without_rows_is_refused(string text) => Refused(text, "a header line only", "expected rows");

    [TestMethod]
    public void One_column_is_not_a_table() => Refused("a;b;y\n1;2;x\n", "the column 'a;b;y' only", "separated by ','");

    [TestMethod]
    [DataRow("a,a,y\n1,2,x\n", "line 1: column 'a' is given twice")]
    [DataRow("a,y,y\n1,2,x\n", "line 1: column 'y' is given twice")]
    [DataRow("\n\na,a,y\n1,2,x\n", "line 3: column 'a' is given twice")]
    [DataRow("a,,y\n1,2,x\n", "line 1: column 2 has no name")]
    [DataRow("\"\",b,y\n1,2,x\n", "line 1: column 1 has no name")]
    [DataRow("\uFEFF,b,y\n1,2,x\n", "line 1: column 1 has no name")]
    [DataRow("a,b,\n1,2,x\n", "line 1: column 3 has no name")]
    public void Names_that_are_empty_or_come_twice_are_refused(string text, string message) => Refused(text, message);

    [TestMethod]
    public void A_missing_label_column_is_refused_with_those_there_are()
    {
        InvalidDataException e = Assert.ThrowsExactly<InvalidDataException>(() => Csv.Read("a,b,y\n1,2,x\n", "Y"));
        Assert.AreEqual("t.csv: no column 'Y' for the label; the columns are 'a', 'b', 'y'", e.Message);
    }

    [TestMethod]
    [DataRow("a,b,y\n1,2,x\n1,2\n", "row 2 (line 3): got 2 fields, expected 3")]
    [DataRow("a,b,y\n1,2,x\n1,2,x,\n", "row 2 (line 3): got 4 fields, expected 3")]
    [DataRow("a,b,y\r\n\r\n1,2,x\r\n\r\n\r\n1\r\n", "row 2 (line 6): got 1 fields, expected 3")]
    [DataRow("a,b,y\n \n1,2,x\n", "row 1 (line 2): got 1 fields, expected 3")]
    public void A_ragged_row_is_refused_by_row_and_line(string text, string message) => Refused(text, message);

    [TestMethod]
    [DataRow("Infinity", "got 'Infinity', expected a finite number")]
    [DataRow("-inf", "got '-inf', expected a finite number")]
    [DataRow("1e999", "got '1e999', expected a finite number")]
    [DataRow("\"1,5\"", "got '1,5', expected a finite number; write numbers with a decimal point")]
    [DataRow("1.234.567", "got '1.234.567', expected a finite number; write numbers with a decimal point")]
    public void A_number_that_is_none_is_refused_by_row_line_and_column(string cell, string message)
    {
        Refused($"size,age,y\n1,2,x\n3,{cell},x\n", "row 2 (line 3), column 'age': " + message, "--categories age", "--drop age");
        Refused($"size,age,y\r\n1,2,\"x\r\n\"\r\n3,{cell},x\r\n", "row 2 (line 4), column 'age': " + message);
        Refused($"size,age,y\r1,2,x\r\r3,{cell},x\r", "row 2 (line 4), column 'age': " + message);
    }

    [TestMethod]
    [DataRow("1 2", "got '1 2', ")]
    [DataRow("?", "got '?', ")]
    [DataRow("0x1F", "got '0x1F', ")]
    [DataRow("\u22125", "got '\u22125', ")]
    [DataRow("1\u200B", "got '1\\u200b', ")]
    [DataRow("1\u00A0", "got '1\\xa0', ")]
    [DataRow("\uFF11", "got '\uFF11', ")]
    [DataRow("größer", "got 'größer', ")]
    [DataRow("\"1\r\n2\"", "got '1\\r\\n2', ")]
    [DataRow("12345678901234567890123456789012345678901x", "got '1234567890123456789012345678901234567890...', ")]
    public void A_text_among_many_numbers_is_refused_by_row_line_and_column(string cell, string message)
    {
        string numbers = string.Concat(Enumerable.Range(1, 30).Select(i => $"1,{i}.5,x\n"));
        message = $"row 31 (line 32), column 'age': {message}expected a finite number, as in 30 of 31 rows";
        Refused($"size,age,y\n{numbers}3,{cell},x\n", message, "--categories age", "--drop age");
        Refused($"size,age,y\n3,{cell},x\n{numbers}", message.Replace("31 (line 32)", "1 (line 2)", StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow("a,y\n1,x\n2,\n", "row 2 (line 3), column 'y': got an empty label")]
    [DataRow("y,a\nx,1\n\"\",2\n", "row 2 (line 3), column 'y': got an empty label")]
    public void An_empty_label_is_refused(string text, string message) =>
        Expect.Throws<InvalidDataException>(() => Csv.Read(text, "y"), "t.csv: " + message);

    [TestMethod]
    public void Bytes_that_are_not_UTF_8_are_refused_by_line()
    {
        byte[] Latin1(string text) => Encoding.Latin1.GetBytes(text);
        Expect.Throws<InvalidDataException>(() => Csv.Read(Latin1("größe,y\n1,x\n")), "t.csv: line 1", "'größe' is not UTF-8");
        Expect.Throws<InvalidDataException>(() => Csv.Read(Latin1("a,y\n1,x\n2,nö\n")), "t.csv: line 3", "'nö' is not UTF-8");
        Expect.Throws<InvalidDataException>(() => Csv.Read(Latin1("a,y\n1,x\nü,x\n")), "t.csv: line 3", "'ü' is not UTF-8");
    }

    [TestMethod]
    [DataRow("utf-16", true)]
    [DataRow("utf-16", false)]
    [DataRow("utf-16BE", true)]
    [DataRow("utf-16BE", false)]
    [DataRow("utf-32", true)]
    [DataRow("utf-32", false)]
    [DataRow("utf-32BE", true)]
    [DataRow("utf-32BE", false)]
    public void Text_of_wide_characters_is_refused_by_name_with_a_mark_or_without(string encoding, bool hasMark)
    {
        Encoding wide = Encoding.GetEncoding(encoding);
        byte[] bytes = [.. hasMark ? wide.GetPreamble() : [], .. wide.GetBytes("größe,y\n1,x\n2,да\n")];
        Expect.Throws<InvalidDataException>(() => Csv.Read(bytes),
            $"t.csv: this is {encoding[..6].ToUpperInvariant()} text; save the file as UTF-8");
    }

    [TestMethod]
    [DataRow("1F8B0800", "gzip-compressed; name it .csv.gz")]
    [DataRow("504B0304", "a zip archive (.zip, .xlsx")]
    [DataRow("50415231", "Parquet")]
    [DataRow("80049500", "a Python pickle")]
    [DataRow("D0CF11E0", "an old Office file")]
    [DataRow("7365703D3B0A", "its first line, 'sep=', is no header; remove that line")]
    [DataRow("EFBBBF7365703D2C0A", "its first line, 'sep=', is no header; remove that line")]
    [DataRow("3C21444F43545950452068746D6C3E", "HTML or XML")]
    public void A_file_of_another_kind_is_refused_by_name_with_advice(string start, string message) =>
        Expect.Throws<InvalidDataException>(() => Csv.Read([.. Convert.FromHexString(start), .. "a,y\n1,x\n"u8]), "t.csv: this is ",
            message);

    [TestMethod]
    [DataRow("a,y\n1\0,x\n", "line 2", "'1\\x00' has a NUL character")]
    [DataRow("a,y\n1,x\n\0\0\u0030,x\n", "line 3", "a NUL character")]
    [DataRow("a,y\n1,x\0\n", "line 2", "a NUL character")]
    [DataRow("a,y\0\n1,x\n", "line 1", "a NUL character")]
    [DataRow("a,y\n1,\"x\0\"\n", "line 2", "a NUL character")]
    [DataRow("\"\uFEFFa\",y\n1,x\n", "line 1", "'\\ufeffa' has a byte order mark")]
    [DataRow("\uFEFF\uFEFFa,y\n1,x\n", "line 1", "a byte order mark")]
    [DataRow("\n\n\uFEFFa,y\n1,x\n", "line 3", "a byte order mark")]
    [DataRow("a,y\n1,x\n\uFEFF2,x\n", "line 3", "a byte order mark")]
    [DataRow("a,y\n1,x\uFEFF\n", "line 2", "a byte order mark")]
    [DataRow("a,y\n1_000,x\n", "line 2", "got '1_000'", "nothing between thousands")]
    [DataRow("a,y\n\"1,234\",x\n", "line 2", "got '1,234'", "no decimal comma, and nothing between thousands")]
    [DataRow("a,y\n\"1.234,5\",x\n", "line 2", "got '1.234,5'", "no decimal comma")]
    [DataRow("a,y\n1e400,x\n", "line 2", "got '1e400', expected a finite number")]
    public void No_character_is_lost_or_taken_for_another(string text, params string[] message) => Refused(text, message);

    [TestMethod]
    [DataRow("1e-400", "got '1e-400', expected a number that a double can tell from 0")]
    [DataRow("-0.001e-400", "got '-0.001e-400', expected a number that a double can tell from 0")]
    [DataRow("-9007199254740993", "which a double holds as -9007199254740992 only")]
    [DataRow("9007199254740993.0", "got '9007199254740993.0', which a double holds as 9007199254740992 only")]
    [DataRow("9007199254740992.5", "which a double holds as 9007199254740992 only")]
    [DataRow("1234567890123456789.0", "which a double holds as 1234567890123456800 only", "--categories id", "--drop id leaves it out")]
    public void A_number_that_a_double_would_lose_is_refused_by_row_and_column(string cell, params string[] said)
    {
        foreach (string text in (string[])[cell, $" {cell} ", $"\"{cell}\""])
            Refused($"a,id,y\n1,2,x\n1,{text},x\n", ["row 2 (line 3), column 'id'", .. said]);
    }

    [TestMethod]
    [DataRow("9007199254740992", 9007199254740992)]
    [DataRow("9007199254740994", 9007199254740994)]
    [DataRow("9007199254740994.00", 9007199254740994)]
    [DataRow("+1234567890123456768", 1234567890123456768.0)]
    [DataRow("-1234567890123456800", -1234567890123456768.0)]
    [DataRow("100000000000000000000000", 1e23)]
    [DataRow("1.234567890123456789e18", 1234567890123456789e0)]
    [DataRow("1e300", 1e300)]
    [DataRow("4503599627370497.5", 4503599627370497.5)]
    [DataRow("0.1234567890123456789012345", 0.1234567890123456789012345)]
    [DataRow("5e-324", 5e-324)]
    [DataRow("0.000", 0)]
    [DataRow("0e-400", 0)]
    [DataRow("-0", -0.0)]
    public void A_number_that_a_double_keeps_or_rounds_as_it_rounds_all_is_read(string cell, double value) =>
        Assert.AreEqual(BitConverter.DoubleToInt64Bits(value),
            BitConverter.DoubleToInt64Bits(Csv.Read($"a,y\n{cell},x\n").Table.Row(0)[0]));

    [TestMethod]
    [DataRow("a,y\n1,\"x\" \n2,z\n", "line 2: field 2: a blank stands after the closing quote")]
    [DataRow("a,y\n1,x\n\"2\"\t,z\n", "line 3: field 1: a blank stands after the closing quote")]
    [DataRow("a,y\n1,\"x\"z\n", "line 2: field 2: 'z' stands after the closing quote")]
    [DataRow("\"a\";\"y\"\n1;\"x\"\n", "expected the end of the field; --delimiter semicolon takes it for what separates columns")]
    [DataRow("\"a\"\t\"y\"\n1\t\"x\"\n", "expected the end of the field; --delimiter tab takes it for what separates columns")]
    [DataRow("a,b,y\n1, \"2\",x\n", "line 2: field 2: a blank stands before a quote")]
    [DataRow("a,y\n1, \"\"x", "line 2: field 2: a blank stands before a quote")]
    [DataRow("a,y\n1, \"p, q\"\n", "line 2: field 2: a blank stands before a quote")]
    [DataRow("a,y\n1,x\n2,\"z\n", "line 3: field 2 begins with a quote that is never closed")]
    public void A_quote_that_is_out_of_place_is_named(string text, string message) => Refused(text, message);

    [TestMethod]
    [DataRow("5.0,3.5,b\n4.5,3.4,a\n5.9,3.4,b\n", "line 1", "there seems to be no header line")]
    [DataRow("5.0,5.0,b\n4.5,3.4,a\n", "column '5.0' is given twice", "Is there a header line?")]
    [DataRow(",x,y\n0,5,a\n", "column 1 has no name", "row names or an index", "index=False")]
    [DataRow("x,z,y,\n5,3,b,\n", "column 4 has no name", "a separator too many at the end of the line")]
    [DataRow("x,z,y\n5,3,b,\n", "got 4 fields, expected 3", "a separator too many at the end of the line")]
    [DataRow("x,z,y\n1,5,3,b\n", "got 4 fields, expected 3",
        "if the first field names the row, --row-names takes it as its id, or remove it")]
    [DataRow("x;z;y\n1;5;b\n", "the column 'x;z;y' only", "seem to be separated by ';'")]
    [DataRow("x\tz\ty\n1\t5\tb\n", "seem to be separated by 'tab'", "name the file .tsv")]
    public void A_header_that_is_missing_or_does_not_fit_is_refused_with_a_hint(string text, params string[] message) =>
        Refused(text, message);

    [TestMethod]
    public void Columns_may_be_named_by_their_numbers()
    {
        Assert.AreEqual(3, Csv.Read("0,1,2\n5.5,3,1\n4,2,2\n1,1,0\n").Table.RowCount);
        Assert.AreEqual(2, Csv.Read("400,402.5,kind\n5.5,3,a\n4,2,b\n").Table.RowCount);
    }

    [TestMethod]
    [DataRow("a,y\n1,x\n2,\"never closed\n3,x\n")]
    [DataRow("a,y\n1,x\n2,\"")]
    [DataRow("\"a,y\n1,x\n")]
    [DataRow("a,y\n1,\"x\"z\n")]
    public void Quotes_that_do_not_close_where_a_field_ends_are_refused(string text) => Refused(text, "line");

    [TestMethod]
    public void Random_bytes_are_read_or_refused_and_never_crash()
    {
        Random random = new(8);
        byte[] alphabet = Encoding.UTF8.GetBytes("aay1,,,\n\n\r\"#.-e \uFEFF\0\té;");
        for (int round = 0; round < 3000; round++)
        {
            byte[] bytes = [.. "a,y\n1,x\n"u8[..random.Next(9)],
                .. Enumerable.Range(0, random.Next(30)).Select(_ => alphabet[random.Next(alphabet.Length)])];
            try
            {
                Assert.IsGreaterThan(0, Csv.Read(bytes).Table.RowCount);
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith("t.csv: ", e.Message);
            }
        }
    }

    static void Refused(string text, params string[] parts)
    {
        InvalidDataException e = Expect.Throws<InvalidDataException>(() => Csv.Read(text), parts);
        Assert.StartsWith("t.csv: ", e.Message);
        Assert.IsFalse(e.Message.Contains('\n'), e.Message);
    }
}

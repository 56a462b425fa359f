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
    [DataRow("NaN", "got 'NaN', expected a finite number")]
    [DataRow("nan", "got 'nan', expected a finite number")]
    [DataRow("Infinity", "got 'Infinity', expected a finite number")]
    [DataRow("-inf", "got '-inf', expected a finite number")]
    [DataRow("1e999", "got '1e999', expected a finite number")]
    [DataRow("", "got an empty cell, expected a number")]
    [DataRow("  ", "got an empty cell, expected a number")]
    [DataRow("\"\"", "got an empty cell, expected a number")]
    [DataRow("NA", "got 'NA', expected a finite number")]
    [DataRow("\"1,5\"", "got '1,5', expected a finite number")]
    [DataRow("1.234.567", "got '1.234.567', expected a finite number")]
    [DataRow("1 2", "got '1 2', expected a finite number")]
    [DataRow("0x1F", "got '0x1F', expected a finite number")]
    [DataRow("\u22125", "got '\u22125', expected a finite number")]
    [DataRow("größer", "got 'größer', expected a finite number")]
    [DataRow("\"1\r\n2\"", "got '1  2', expected a finite number")]
    [DataRow("12345678901234567890123456789012345678901x", "got '1234567890123456789012345678901234567890...', expected a finite number")]
    public void A_cell_that_is_no_finite_number_is_refused_by_row_line_and_column(string cell, string message)
    {
        Refused($"size,age,y\n1,2,x\n3,{cell},x\n", "row 2 (line 3), column 'age': " + message);
        Refused($"size,age,y\r\n1,2,\"x\r\n\"\r\n3,{cell},x\r\n", "row 2 (line 4), column 'age': " + message);
        Refused($"size,age,y\r1,2,x\r\r3,{cell},x\r", "row 2 (line 4), column 'age': " + message);
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
        Expect.Throws<InvalidDataException>(() => Csv.Read(Latin1("a,y\n1,x\nü,x\n")), "t.csv: row 2 (line 3), column 'a'", "got 'ü'");
        Expect.Throws<InvalidDataException>(() => Csv.Read([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("a,y\n1,x\n")]), "t.csv: ");
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
            byte[] bytes = [.. "a,y\n1,x\n"u8[..random.Next(9)], .. Enumerable.Range(0, random.Next(30)).Select(_ => alphabet[random.Next(alphabet.Length)])];
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

using System.Text;

namespace LeoCvae.Runtime.Tests;

/// <summary>What columns seem to be, and what they are refused for.</summary>
[TestClass]
public class ColumnKindTests
{
    const int Many = 30;

    [TestMethod]
    [DataRow(ColumnKind.Numeric, "1", "0", "1")]
    [DataRow(ColumnKind.Numeric, "7", "7", "7", DisplayName = "one value")]
    [DataRow(ColumnKind.Numeric, "", "NA", "", DisplayName = "all missing")]
    [DataRow(ColumnKind.Numeric, "1e3", "", "-2.50")]
    [DataRow(ColumnKind.Numeric, "00.5", "01.5", "12", DisplayName = "padded amounts")]
    [DataRow(ColumnKind.Numeric, "20240229", "20240301", "20240302", DisplayName = "dates of digits only")]
    [DataRow(ColumnKind.Category, "true", "false", "true")]
    [DataRow(ColumnKind.Category, "yes", "no", "")]
    [DataRow(ColumnKind.Category, "one", "one", "one", DisplayName = "one name")]
    [DataRow(ColumnKind.Category, "2", "3", "5more", DisplayName = "few numbers and a text")]
    [DataRow(ColumnKind.Category, "01234", "56789", "01234", DisplayName = "zip codes")]
    [DataRow(ColumnKind.Category, "9007199254740993", "9007199254740992", "1", DisplayName = "digits that a double would lose")]
    [DataRow(ColumnKind.Category, "Male", "male", " male", DisplayName = "case and blanks")]
    [DataRow(ColumnKind.Category, "\"a,b\"", "\"say \"\"hi\"\"\"", "\"two\nlines\"", DisplayName = "quotes and newlines")]
    [DataRow(ColumnKind.Category, "[0-10)", ">30", "10-20", DisplayName = "ranges")]
    [DataRow(ColumnKind.Category, "192.168.0.1", "10.0.0.1", "10.0.0.1")]
    [DataRow(ColumnKind.Category, "12:30", "07:15", "00:00", DisplayName = "times of day")]
    [DataRow(ColumnKind.Category, "2024-02-29", "n.d.", "2024-03-01", DisplayName = "a few dates and a text")]
    [DataRow(ColumnKind.Date, "2024-02-29", "", "1999-12-31")]
    [DataRow(ColumnKind.Date, "29.02.2024", "NA", "31.12.1999")]
    [DataRow(ColumnKind.Date, "2/29/2024", "12/31/1999", "1/1/0001")]
    [DataRow(ColumnKind.Date, "9999-12-31", "0001-01-01", "1970-01-01")]
    [DataRow(ColumnKind.DateTime, "2024-02-29T23:59:59.999999Z", "1970-01-01T00:00:00.000001Z", "1969-12-31T23:59:59.500000Z")]
    [DataRow(ColumnKind.DateTime, "2024-03-31 01:59:00+01:00", "2024-03-31 03:00:00+02:00", "")]
    [DataRow(ColumnKind.DateTime, "2024-02-29 13:05", "2024-02-29 00:00", "2024-02-29 23:59")]
    public void A_column_is_what_its_cells_are(ColumnKind kind, string first, string second, string third)
    {
        Table table = Read([first, second, third]);
        Assert.AreEqual(kind, table.Schema.Columns[0].Kind);
        // The same whatever the order, whether the bytes are kept or the file is read twice, and in each part of a table.
        Assert.AreEqual(kind, Read([third, second, first]).Schema.Columns[0].Kind);
        Assert.AreEqual(kind, table.Select([0, 1]).Schema.Columns[0].Kind);
        Assert.AreEqual(table.Sha256(), Csv.Read(File([first, second, third])).Table.Sha256());
        using TempFolder folder = new();
        System.IO.File.WriteAllText(folder["t.csv"], File([first, second, third]));
        Assert.AreEqual(table.Sha256(), TableFile.Read(folder["t.csv"]).Sha256());
    }

    [TestMethod]
    public void Names_that_come_before_and_after_numbers_are_all_kept_as_they_are_written()
    {
        foreach (string[] cells in (string[][])[["1.0", "1", "x", "1.0"], ["x", "1.0", "1", "1.0"], ["", "1.0", "1", "x"]])
            Assert.AreSequenceEqual(cells.Select(cell => cell.Length > 0 ? cell : null), Read(cells).Column<string?>("c"));
        Table table = Read(["1.0", "1", "x", "1.0"]);
        Assert.AreSequenceEqual(["1.0", "1", "x"], table.Schema.Columns[0].Categories!);
        Assert.AreSequenceEqual([0.0, 1, 2, 0], table.Column<string>("c").Select(name =>
            (double)table.Schema.Columns[0].Categories!.Index().First(category => category.Item == name).Index));
    }

    [TestMethod]
    public void Texts_that_are_all_different_name_the_rows_where_there_are_enough()
    {
        string[] names = [.. Enumerable.Range(0, Many).Select(row => $"P-{row}")];
        Assert.AreEqual(ColumnKind.Category, Read(names[..19]).Schema.Columns[0].Kind);
        Table table = Read(names[..20]);
        Assert.AreEqual(new ColumnSpec { Name = "c", Kind = ColumnKind.Identifier, Minimum = 0, Maximum = 0, Decimals = 0 },
            table.Schema.Columns[0]);
        Assert.IsTrue(table.Values.ToArray().Where((_, i) => i % 2 == 0).All(cell => cell == 0));
        // Numbers of as many digits are names too; a name that comes twice makes categories.
        Assert.AreEqual(ColumnKind.Identifier, Read([.. Enumerable.Range(0, Many).Select(row => $"{row:0000}")]).Schema.Columns[0].Kind);
        Assert.AreEqual(ColumnKind.Category, Read([.. names, names[3]]).Schema.Columns[0].Kind);
        Assert.AreEqual(ColumnKind.Identifier, Read([.. names, ""]).Schema.Columns[0].Kind);
    }

    [TestMethod]
    public void A_hundred_thousand_categories_are_read_and_written_back()
    {
        string[] cells = [.. Enumerable.Range(0, 100_000).Select(row => $"name {row}"), "name 7"];
        Table table = Read(cells);
        Assert.HasCount(100_000, table.Schema.Columns[0].Categories!);
        using MemoryStream stream = new();
        TableFile.Write(table, stream);
        Assert.IsTrue(File(cells) == Encoding.UTF8.GetString(stream.ToArray()));
    }

    [TestMethod]
    [DataRow("1e999", "row 32 (line 33), column 'c': got '1e999', expected a finite number", "--categories c", "--drop c")]
    [DataRow("-inf", "row 32 (line 33), column 'c': got '-inf', expected a finite number")]
    [DataRow("?", "row 32 (line 33), column 'c': got '?', expected a finite number, as in 30 of 32 rows",
        "leave a cell empty where its value is missing", "--categories c")]
    [DataRow("12 kg", "got '12 kg', expected a finite number, as in 30 of 32 rows")]
    public void A_few_texts_among_numbers_are_refused(string cell, params string[] said) =>
        Refused([.. Enumerable.Range(0, Many).Select(row => $"{row}.5"), "", cell, cell], said);

    [TestMethod]
    public void Codes_that_are_mostly_numbers_are_categories()
    {
        // Diagnoses: many numbers that come again and again, and more than a few texts that do.
        string[] cells = [.. Enumerable.Range(0, 900).Select(row => $"{row % 90 + 200}.{row % 3}"),
            .. Enumerable.Range(0, 60).Select(row => $"V{row % 6 + 50}")];
        Assert.AreEqual(ColumnKind.Category, Read(cells).Schema.Columns[0].Kind);
    }

    [TestMethod]
    [DataRow("2024-02-29", "01.03.2024", "got '01.03.2024', which is a date written as dd.MM.yyyy, expected yyyy-MM-dd",
        "--categories c takes the texts as names")]
    [DataRow("2024-02-29T10:00:00", "2024-02-29T10:00:00Z", "got '2024-02-29T10:00:00Z', which is a date written as",
        "expected yyyy-MM-ddTHH:mm:ss as")]
    [DataRow("13/01/2024", "01/13/2024", "written as MM/dd/yyyy, expected dd/MM/yyyy")]
    [DataRow("01/02/2024", "03/04/2024", "got '01/02/2024', which may be a date as dd/MM/yyyy or as MM/dd/yyyy", "--schema", "format")]
    public void Dates_of_more_than_one_form_are_refused(string first, string second, params string[] said) =>
        Refused([first, first, second], said);

    [TestMethod]
    [DataRow("2023-02-29", DisplayName = "no leap year")]
    [DataRow("2024-13-01", DisplayName = "no such month")]
    [DataRow("0000-01-01", DisplayName = "no such year")]
    [DataRow("10000-01-01", DisplayName = "a year too late")]
    [DataRow("unknown", DisplayName = "a text")]
    public void A_date_that_is_none_is_refused_among_many(string cell) =>
        Refused([.. Enumerable.Range(0, Many).Select(day => new DateOnly(2024, 1, 1).AddDays(day).ToString("yyyy-MM-dd", null)), cell],
            $"row 31 (line 32), column 'c': got '{cell}', expected a date as yyyy-MM-dd, as in most rows", "--categories c");

    [TestMethod]
    public void A_leap_second_is_refused_among_many_times() =>
        Refused([.. Enumerable.Range(0, Many).Select(minute => $"2016-12-31T23:{minute + 10}:00Z"), "2016-12-31T23:59:60Z"],
            "got '2016-12-31T23:59:60Z', expected a date as yyyy-MM-ddTHH:mm:ss'Z', as in most rows");

    [TestMethod]
    public void Times_are_points_in_time_whatever_the_offset_and_a_common_offset_is_kept()
    {
        // The hour that comes twice when summer time ends.
        Table mixed = Read(["2024-10-27T02:30:00+02:00", "2024-10-27T02:30:00+01:00", "2024-10-27T01:30:00+00:00"]);
        Assert.AreEqual("yyyy-MM-ddTHH:mm:sszzz", mixed.Schema.Columns[0].Format);
        DateTime utc = new(2024, 10, 27, 0, 30, 0, DateTimeKind.Utc);
        Assert.AreSequenceEqual([utc, utc.AddHours(1), utc.AddHours(1)], mixed.Column<DateTime>("c"));
        Table common = Read(["2024-10-27T02:30:00+05:30", "2024-12-27T02:30:00+05:30"]);
        Assert.AreEqual("yyyy-MM-ddTHH:mm:ss'+05:30'", common.Schema.Columns[0].Format);
        Assert.AreEqual(new(2024, 10, 26, 21, 0, 0, DateTimeKind.Utc), common.Column<DateTime>("c")[0]);
        Assert.AreEqual(new(2024, 10, 27, 2, 30, 0, TimeSpan.FromHours(5.5)), common.Column<DateTimeOffset>("c")[0]);
    }

    [TestMethod]
    public void Every_form_of_dates_is_read_and_written_as_it_was()
    {
        DateTimeOffset[] times = [.. Enumerable.Range(0, Many).Select(i => new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero)
            .AddDays(13 * i).AddMinutes(7 * i))];
        foreach (string date in (string[])["yyyy-MM-dd", "yyyy/MM/dd", "yyyy.MM.dd", "dd.MM.yyyy", "d.M.yyyy", "dd/MM/yyyy", "MM/dd/yyyy",
            "d/M/yyyy", "M/d/yyyy", "dd-MM-yyyy", "MM-dd-yyyy", "dd-MMM-yyyy", "dd MMM yyyy", "d MMM yyyy"])
            foreach (string time in (string[])["", " HH:mm", " HH:mm:ss", " HH:mm:ss.ff"])
            {
                string[] cells = [.. times.Select(at => at.ToString(date + time, System.Globalization.CultureInfo.InvariantCulture))];
                ColumnSpec column = Read(cells).Schema.Columns[0];
                Assert.AreEqual(date + time, column.Format);
                Assert.AreEqual(time.Length == 0 ? ColumnKind.Date : ColumnKind.DateTime, column.Kind);
                Assert.AreEqual(cells[^1], CellText.Of(column, column.Maximum));
            }
    }

    [TestMethod]
    public void Free_text_is_refused_with_advice()
    {
        string[] notes =
            [.. Enumerable.Range(0, Many).Select(row => $"Patient {row} came in with a cough and was sent home again after {row} hours")];
        Refused(notes, "column 'c'", "expected numbers or categories, not free text", "--drop c leaves it out");
        Refused(["x", new string('x', 5000)], "of 5000 bytes", "free text");
        // A few long names are categories, and links name the rows.
        Assert.AreEqual(ColumnKind.Category, Read([.. notes[..3], .. notes[..3]]).Schema.Columns[0].Kind);
        Assert.AreEqual(ColumnKind.Identifier,
            Read([.. notes.Select(note => "https://example.org/" + note.Replace(' ', '/'))]).Schema.Columns[0].Kind);
    }

    [TestMethod]
    public void All_columns_at_fault_are_named_in_one_line_with_what_helps()
    {
        string[] names = ["a b", "b", "c,d", "e", "f"];
        string text = "\"a b\",b,\"c,d\",e,f,y\n" + string.Concat(Enumerable.Range(0, Many)
            .Select(row => string.Join(',', names.Select((_, j) => $"{row}.{j}")) + ",x\n"))
            + "?,1e999,1,1,1,x\n1,1,?,1,1,x\n1,1,1,-,1,x\n1,1,1,1,n.a.,x\n1,1,1,1,1,x\n";
        InvalidDataException e = Expect.Throws<InvalidDataException>(() => Csv.Read(text),
            "row 31 (line 32), column 'a b': got '?'", "column 'b': got '1e999'", "and so on in 4 columns",
            "--categories 'a b,\"c,d\",e,f' takes", "--drop ... leaves",
            "--categories b ");
        Assert.DoesNotContain("\n", e.Message);
    }

    [TestMethod]
    [DataRow("a,b,c\n1,2\0,x\n", "NUL")]
    [DataRow("a,b,c\nx,y\uFEFF,x\n", "byte order mark")]
    public void Names_that_are_no_text_are_refused(string text, string said) =>
        Expect.Throws<InvalidDataException>(() => Csv.Read(text), "line 2", said);

    [TestMethod]
    public void A_table_whose_columns_only_name_the_rows_has_no_feature() =>
        Expect.Throws<InvalidDataException>(
            () => Csv.Read("id,y\n" + string.Concat(Enumerable.Range(0, Many).Select(row => $"r{row},x\n"))), "'id' names the rows",
            "--categories id");

    [TestMethod]
    [DataRow("39,Private,no\n50,Gov,yes\n41,Private,no\n", "the columns' names are cells ('39', 'Private')")]
    public void A_mixed_table_without_a_header_is_refused(string text, string said) =>
        Expect.Throws<InvalidDataException>(() => Csv.Read(text), said, "there seems to be no header line");

    [TestMethod]
    public void Random_tables_are_read_or_refused_in_one_line_and_written_back_as_they_were()
    {
        Random random = new(3);
        string[] cells = ["1", "2.5", "", "NA", "x", "X", "x ", "01", "2024-02-29", "2024-02-29T10:00:00Z", "01.03.2024", "1e999",
            "9007199254740993", "\"a\nb\"", "\"q\"\"\"", "inf", "0", "-0.0", "\"1,5\"", "ß"];
        for (int round = 0; round < 2000; round++)
        {
            string[] some = random.GetItems(cells, random.Next(1, 4));
            string text = File([.. random.GetItems(some, random.Next(1, 40))]);
            try
            {
                TableDocument document = Csv.Read(text);
                Assert.AreEqual(text, Csv.Write(document));
                Assert.AreEqual(document.Table.Sha256(), TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "t.csv").Sha256());
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith("t.csv: ", e.Message);
                Assert.DoesNotContain("\n", e.Message);
            }
        }
    }

    static void Refused(string[] cells, params string[] said)
    {
        InvalidDataException e = Expect.Throws<InvalidDataException>(() => Read(cells), said);
        Assert.StartsWith("t.csv: row ", e.Message);
        Assert.DoesNotContain("\n", e.Message);
    }

    static string File(string[] cells) => "c,n,y\n"
        + string.Concat(cells.Select((cell, row) => $"{cell},{row},{(row % 2 == 0 ? "p" : "q")}\n"));

    static Table Read(string[] cells) => TableFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(File(cells))), "t.csv");
}

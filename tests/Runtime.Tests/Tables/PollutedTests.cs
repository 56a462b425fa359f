using System.Text;

namespace LeoCvae.Runtime.Tests;

/// <summary>
/// The pollutions of the Pollock benchmark (Vitagliano et al., PVLDB 16, 2023) and their kin, made of a clean table: a file is read exactly
/// as the table is, perhaps with the option that its message names, or refused in one line that says where. None is read as another table.
/// </summary>
[TestClass]
public class PollutedTests
{
    static readonly string[] Header = ["day", "count", "code", "price", "name", "note", "kind"];

    // A date, whole numbers, codes, decimals, names with blanks, and texts that need quotes.
    static readonly string[][] Clean =
    [
        Header,
        ["2018-01-28", "2", "MG-8769", "74.69", "Hiking Boots", "rugged, light and quick", "shoe"],
        ["2018-01-29", "0", "RI-3895", "29.81", "Light-Up Jacket", "from running, biking or walking, the \"best\"", "cloth"],
        ["2018-01-30", "1", "RI-8070", "80.08", "Trail Shoes", "ideal for warm, dry conditions", "shoe"],
        ["2018-01-31", "12", "RI-9546", "25.55", "Fly Rods", "one-handed, or two-handed", "gear"],
        ["2018-02-13", "9", "CC-9259", "48.00", "Throw Pillow", "paddling fun", "gear"],
        ["2018-02-14", "3", "CC-1697", "12.10", "Rug", "wool, 3'", "gear"],
        ["2018-02-15", "7", "CC-1698", "5.25", "Lamp", "brass", "gear"],
    ];

    static readonly Writing Plain = new();

    [TestMethod]
    public void The_clean_table_is_read_in_every_writing_that_says_what_it_means()
    {
        Writing[] writings =
        [
            Plain, new() { LineEnd = "\r\n" }, new() { LineEnd = "\r" }, new() { QuotesAll = true }, new() { Start = "\uFEFF" },
            new() { LastLineEnd = "" }, new() { LastLineEnd = "\n\n\n" }, new() { Start = "\n\n" },
            new() { Delimiter = ";" }, new() { Delimiter = "\t" }, new() { Delimiter = "|" }, new() { Delimiter = " " },
            new() { Delimiter = ":" }, new() { Delimiter = "~" }, new() { Delimiter = "^" },
        ];
        foreach (Writing writing in writings)
        {
            SourceOptions? told = writing.Delimiter == "," ? null : new() { Delimiter = writing.Delimiter[0] };
            AssertClean(writing.Of(Clean), told);
        }
    }

    [TestMethod]
    public void Another_delimiter_that_was_not_told_is_refused_with_the_option_that_reads_it()
    {
        foreach ((string delimiter, string said) in ((string, string)[])[(";", "--delimiter semicolon"), ("\t", "--delimiter tab"),
            ("|", "--delimiter pipe"), (" ", "--delimiter space"), (":", "--delimiter ':'"), ("~", "--delimiter '~'"),
            ("^", "--delimiter '^'"), ("\u0001", "write ',' in its place")])
        {
            // Without commas in texts.
            string[][] table = [.. Clean.Select(row => row.Select(cell => cell.Replace(",", "", StringComparison.Ordinal)
                .Replace(" ", "", StringComparison.Ordinal)).ToArray())];
            Refused(new Writing { Delimiter = delimiter }.Of(table), said);
            // With some in quotes.
            Refused(new Writing { Delimiter = delimiter, QuotesAll = true }.Of(Clean), "line ");
        }
        Refused(new Writing { Delimiter = ", " }.Of(Clean), "line 2: field 6: a blank stands before a quote");
        foreach (string delimiter in (string[])[", ", " ,"])
            Refused(new Writing { Delimiter = delimiter }.Of([.. Clean.Select(row => row[..5])]),
                "line 1: a blank stands beside every ','");
        // Columns lined up.
        Refused(string.Concat(Clean.Select(row => row[0].PadRight(12) + row[1].PadLeft(8) + row[3].PadLeft(9) + "\n")),
            "lined up by blanks");
    }

    [TestMethod]
    [DataRow("a;b,c,y;z\n1;5,2,x;p\n2;5,3,x;q\n3;5,3,x;r\n", "--delimiter semicolon takes the one, --delimiter comma the other")]
    [DataRow("Weight, kg;Height, cm;y\n70,5;180,1;p\n60,5;170,1;q\n", "--delimiter semicolon takes the one")]
    [DataRow("a|b,c\n1|2,3\n4|5,6\n", "--delimiter pipe takes the one")]
    public void Two_delimiters_that_split_all_rows_alike_are_refused(string text, string said) => Refused(text, said);

    [TestMethod]
    public void One_separator_more_or_less_in_any_row_at_any_place_is_refused_by_line()
    {
        for (int row = 0; row < Clean.Length; row++)
            for (int field = 0; field <= Header.Length; field++)
                foreach (bool all in (bool[])[false, true])
                {
                    Writing writing = new() { QuotesAll = all };
                    int at = row, before = field;
                    Refused(writing.Of(Clean, (line, fields) => line == at
                        ? [.. fields[..before], "", .. fields[before..]] : fields), Line(row));
                    if (field > 0 && field < Header.Length)
                        Refused(writing.Of(Clean, (line, fields) => line == at
                            ? [.. fields[..(before - 1)], fields[before - 1] + fields[before], .. fields[(before + 1)..]] : fields),
                            Line(row));
                }
    }

    [TestMethod]
    public void One_quote_more_before_any_field_is_part_of_it_or_refused_by_line()
    {
        for (int row = 0; row < Clean.Length; row++)
            for (int field = 0; field < Header.Length; field++)
                foreach (bool all in (bool[])[false, true])
                    foreach (bool behind in (bool[])[false, true])
                    {
                        string Quoted(string text) => behind ? text + "\"" : "\"" + text;
                        (int at, int which) = (row, field);
                        string text = new Writing { QuotesAll = all }.Of(Clean, (line, fields) => line == at
                            ? [.. fields.Select((cell, i) => i == which ? Quoted(cell) : cell)] : fields);
                        string[][] expected = [.. Clean.Select((cells, line) => cells.Select((cell, i) =>
                            line == at && i == which ? Quoted(cell) : cell).ToArray())];
                        ReadExactlyOrRefused(text, expected);
                    }
    }

    [TestMethod]
    public void Another_delimiter_in_one_row_is_refused_by_line()
    {
        for (int row = 0; row < Clean.Length; row++)
            foreach (string delimiter in (string[])[" ", ";", "\t", "|"])
                foreach (bool all in (bool[])[false, true])
                {
                    string[] lines = new Writing { QuotesAll = all }.Of(Clean).TrimEnd('\n').Split('\n');
                    lines[row] = new Writing { QuotesAll = all, Delimiter = delimiter }.Of([Clean[row]]).TrimEnd('\n');
                    Refused(string.Join('\n', lines) + "\n", row == 0 ? "" : "line ");
                }
    }

    [TestMethod]
    public void Several_header_lines_are_refused_by_line()
    {
        string text = Plain.Of(Clean), header = text[..(text.IndexOf('\n', StringComparison.Ordinal) + 1)];
        Refused(header + text, "row 1 (line 2): the header is repeated");
        Refused(header + header + text, "row 1 (line 2): the header is repeated");
        Refused(header + new Writing { QuotesAll = true }.Of(Clean), "row 1 (line 2): the header is repeated");
        Refused(Insert(1, "date", "pieces", "text", "EUR", "text", "text", "text"), "row 1 (line 2): got 'pieces', 'EUR'",
            "expected numbers in the columns 'count', 'price'", "another header");
        Refused(Insert(1, "", "pieces", "", "", "", "", "kind"), "row 1 (line 2)", "'pieces'", "expected a finite number");
        Refused(Insert(1, [["date", "int", "", "double", "", "", "k"], ["day", "pieces", "", "EUR", "", "", "l"]]), "row 1 (line 2)",
            "'int', 'double'");
    }

    [TestMethod]
    public void Lines_before_the_header_are_refused_with_where_it_seems_to_be()
    {
        string text = Plain.Of(Clean);
        Refused("PREAMBLE,,,,,,\n,,,,,,\n" + text, "line 1: column 2 has no name", "the header seems to be line 3 ('day,count,code,");
        Refused("PREAMBLE,,,,,,\n" + text, "the header seems to be line 2");
        foreach (string preamble in (string[])["# made by a device", "Report", "Report of May, 2018", "#a,b,c", "\"Sales, all\""])
        {
            Refused($"{preamble}\n{text}", "the header seems to be line 2 ('day,count,code,price,name,note,kind'): leave out what stands");
            Refused($"{preamble}\n\n# second\n{text}", "line ");
            Refused($"# first\n{preamble}\n\n{text}", "line ");
        }
        Refused(Insert(0, "Report", "of", "May", "2018", "by", "our", "shop"), "row 1 (line 2): got 'count', 'price'");
    }

    [TestMethod]
    public void Lines_behind_the_rows_are_refused_by_line()
    {
        string text = Plain.Of(Clean);
        foreach (string note in (string[])["# total 34", "Total", "Source: shop", "a,b", "-- 7 rows --", "\u001A"])
        {
            Refused($"{text}{note}\n", "line 9");
            Refused($"{text}\n{note}\n", "line 10");
        }
        Refused(Insert(Clean.Length, "", "FOOTNOTE", "", "", "", "", "kind"), "row 8 (line 9), column 'count': got 'FOOTNOTE'");
        Refused(Insert(Clean.Length, "Note", "a", "b", "c", "d", "e", "f"), "row 8 (line 9): got 'a', 'c'", "a note?");
    }

    [TestMethod]
    public void Several_tables_in_one_file_are_refused_by_line()
    {
        string text = Plain.Of(Clean);
        foreach (string between in (string[])["", "\n", "\n\n"])
        {
            string line = $"line {Clean.Length + 1 + between.Length}";
            Refused(text + between + text, line, "are these two tables?");
            Refused(text + between + new Writing { QuotesAll = true }.Of(Clean), line, "are these two tables?");
            Refused(text + between + Plain.Of([.. Clean.Select(row => row[..5])]), line, "got 5 fields");
            Refused(text + between + Plain.Of([.. Clean.Select(row => row.Append("more").ToArray())]), line, "got 8 fields");
            string[][] other = [["when", "how many", "what", "EUR", "who", "why", "sort"], .. Clean[1..]];
            Refused(text + between + Plain.Of(other), line, "got 'how many', 'EUR'", "expected numbers in the columns 'count', 'price'");
        }
    }

    [TestMethod]
    public void A_missing_header_is_refused()
    {
        Refused(Plain.Of(Clean[1..]), "line 1", "there seems to be no header line");
        Refused(Plain.Of([.. Clean[1..].Select(row => row[1..4])]), "line 1", "('2', 'MG-8769', '74.69')", "no header line");
        Refused(Plain.Of([.. Clean[1..].Select(row => new[] { row[3], row[1], row[6] })]), "line 1", "no header line");
        Refused("5.1,3.5,1.4\n4.9,3.0,1.4\n4.7,3.2,1.3\n", "line 1", "no header line");
        // Wavelengths, years and numbered columns are names.
        foreach (string header in (string[])["400,402.5,405,407.5", "2019,2020,2021,2022", "0,1,2,3"])
            ReadExactlyOrRefused($"{header}\n1,2,3,4\n5,6,7,8\n",
                [header.Split(','), ["1", "2", "3", "4"], ["5", "6", "7", "8"]], mayRefuse: false);
    }

    [TestMethod]
    public void Files_without_rows_or_with_one_are_told_apart()
    {
        Refused("", "the file is empty");
        Refused("\n\r\n", "the file is empty");
        Refused(Plain.Of(Clean[..1]), "a header line only");
        ReadExactlyOrRefused(Plain.Of(Clean[..2]), Clean[..2], mayRefuse: false);
    }

    [TestMethod]
    [DataRow("'", "'")]
    [DataRow("`", "`")]
    [DataRow("\u201C", "\u201D")]
    [DataRow("\u00AB", "\u00BB")]
    public void Other_quotes_are_refused_by_line_and_field(string open, string close)
    {
        // All fields, the cells only, a column only, or where it is needed.
        string Quoted(string cell) => open + cell + close;
        Refused(Of((_, _) => true), "line 1: field 1: got ", "expected a name in double quotes or none");
        Refused(Of((row, _) => row > 0 && row < 1), "line ");
        string[][] narrow = [.. Clean.Select(row => row[..5])];
        Refused(Joined([.. narrow.Select((row, i) => i == 0 ? row : [.. row.Select(Quoted)])]), "row 1 (line 2), column 'day'");
        Refused(Joined([.. narrow.Select((row, i) => i == 0 ? row : [.. row[..4], Quoted(row[4])])]), "row 1 (line 2), column 'name'",
            "expected double quotes or none");
        Refused(Of((row, cell) => cell.Contains(',', StringComparison.Ordinal)), "row 1 (line 2): got 8 fields");
        // A column that was asked to be text is what it is.
        string text = Joined([.. narrow.Select((row, i) => i == 0 ? row : [.. row[..4], Quoted(row[4])])]);
        Assert.AreEqual(text, Converted(text, null, "name"));

        string Of(Func<int, string, bool> quotes) =>
            Joined([.. Clean.Select((row, i) => row.Select(cell => quotes(i, cell) ? Quoted(cell) : cell).ToArray())]);

        static string Joined(string[][] rows) => string.Concat(rows.Select(row => string.Join(',', row) + "\n"));
    }

    [TestMethod]
    public void Labels_in_single_quotes_are_refused() => Expect.Throws<InvalidDataException>(
        () => Csv.Read("a,y\n1,'p'\n2,'q'\n3,'p'\n"), "t.csv: column 'y': got 'p'", "expected double quotes or none");

    [TestMethod]
    [DataRow("\\\"")]
    [DataRow("\"")]
    [DataRow("/\"")]
    public void Quotes_that_are_escaped_otherwise_are_refused_by_line(string escaped)
    {
        foreach (string cell in (string[])["3\" pipe", "pipe 3\"", "\"best\", really", "\"", "a \"b\", \"c\" d"])
            for (int field = 0; field < Header.Length; field++)
                foreach (bool all in (bool[])[false, true])
                {
                    string[][] table = [.. Clean.Select((row, i) => row.Select((text, j) => i == 2 && j == field ? cell : text).ToArray())];
                    ReadExactlyOrRefused(new Writing { QuotesAll = all, EscapedQuote = escaped }.Of(table), table);
                }
    }

    [TestMethod]
    public void Delimiters_that_are_escaped_are_refused_by_line() =>
        Refused("a,b,y\n1,Anytown\\, WW,p\n2,Ulm,q\n", "row 1 (line 2): got 4 fields, expected 3");

    [TestMethod]
    public void Another_encoding_is_refused()
    {
        string[][] table = [Header, .. Clean[1..].Select(row => row.Select(cell => cell.Replace('g', 'ü')).ToArray())];
        string text = Plain.Of(table);
        ReadExactlyOrRefused(text, table, mayRefuse: false);
        foreach ((string encoding, string said) in ((string, string)[])[("latin1", "is not UTF-8"), ("utf-16", "UTF-16"),
            ("utf-16BE", "UTF-16"), ("utf-32", "UTF-32")])
            Refused(Encoding.GetEncoding(encoding).GetBytes(text), said);
        // Half of it in another one.
        Refused([.. Encoding.UTF8.GetBytes(text), .. Encoding.Latin1.GetBytes("2018-02-16,1,CC-1699,5.00,Tür,,gear\n")],
            "line 9", "not UTF-8");
    }

    [TestMethod]
    public void Line_ends_of_several_kinds_in_one_file_are_all_line_ends()
    {
        string[] lines = Plain.Of(Clean).TrimEnd('\n').Split('\n');
        string[] ends = ["\n", "\r\n", "\r"];
        AssertClean(string.Concat(lines.Select((line, i) => line + ends[i % 3])), null);
        foreach (string end in (string[])["\v", "\f", "\u0085", "\u2028", ";"])
            Refused(string.Join(end, lines), "");
    }

    [TestMethod]
    public void Blank_lines_are_skipped_except_in_one_column_where_one_may_be_a_missing_value()
    {
        AssertClean(Plain.Of(Clean).Replace("\n", "\n\n", StringComparison.Ordinal), null);
        Refused("a\n1\n\n3\n", "row 2 (line 4), column 'a': a blank line stands before it");
        ReadExactlyOrRefused("a\n1\n\"\"\n3\n\n", [["a"], ["1"], [""], ["3"]], mayRefuse: false);
    }

    [TestMethod]
    [DataRow("{\"a\":1,\"b\":2}\n{\"a\":3,\"b\":4}\n", "JSON")]
    [DataRow("[{\"a\":1},\n{\"a\":3}]\n", "JSON")]
    [DataRow("{\n  \"a\": 1\n}\n", "JSON")]
    [DataRow("@relation iris\n@attribute a numeric\n@data\n1\n", "ARFF")]
    [DataRow("| a | b |\n|---|---|\n| 1 | 2 |\n", "--delimiter pipe")]
    [DataRow("INSERT INTO t VALUES (1, 'a');\nINSERT INTO t VALUES (2, 'b');\n", "line 1")]
    [DataRow("#1.2\n2\t3\nName\tDescription\ts1\ts2\tkind\ng1\tna\t1\t2\tp\ng2\tna\t3\t4\tq\ng3\tna\t3\t4\tq\n", "--delimiter tab")]
    [DataRow("Report\na;b;c\n1;2;3\n4;5;6\n", "is line 1 the header? Leave it out if not, and give --delimiter semicolon")]
    public void Other_formats_are_refused(string text, string said) => Refused(text, said);

    static string Line(int row) => row == 0 ? "line " : $"line {row + 1}";

    static string Insert(int at, params string[] row) => Insert(at, [row]);

    static string Insert(int at, string[][] rows) => Plain.Of([.. Clean[..at], .. rows, .. Clean[at..]]);

    static void AssertClean(string text, SourceOptions? source) => AssertCells(Clean, Converted(text, source));

    // Neither with another cell.
    static void ReadExactlyOrRefused(string text, string[][] expected, bool mayRefuse = true)
    {
        string read;
        try
        {
            read = Converted(text, null);
        }
        catch (InvalidDataException e) when (mayRefuse)
        {
            AssertLine(e);
            return;
        }
        AssertCells(expected, read);
    }

    static void AssertCells(string[][] expected, string converted) => Assert.AreEqual(Plain.Of(expected),
        converted.ReplaceLineEndings("\n").TrimStart('\uFEFF'));

    static void Refused(string text, params string[] said) => Refused(Encoding.UTF8.GetBytes(text), said);

    static void Refused(byte[] bytes, params string[] said)
    {
        InvalidDataException e = Expect.Throws<InvalidDataException>(() => Converted(bytes, null), said);
        AssertLine(e);
        // Nor as a table with labels.
        Assert.ThrowsExactly<InvalidDataException>(() => Csv.Read(bytes, delimiter: null));
    }

    static void AssertLine(InvalidDataException e)
    {
        Assert.StartsWith("t.csv: ", e.Message);
        Assert.DoesNotContain("\n", e.Message);
        Assert.IsTrue(((string[])["line", "column", "this is", "the file is empty"]).Any(e.Message.Contains), e.Message);
    }

    static string Converted(string text, SourceOptions? source, params string[] texts) =>
        Converted(Encoding.UTF8.GetBytes(text), source, texts);

    // By way of the reader and the writer, to commas.
    static string Converted(byte[] bytes, SourceOptions? source, params string[] texts)
    {
        using MemoryStream to = new();
        TableConverter.Convert(new MemoryStream(bytes), "t.csv", source?.Delimiter ?? ',', to, ',', source, null, texts);
        return Encoding.UTF8.GetString(to.ToArray());
    }

    /// <summary>How a table is written.</summary>
    sealed record Writing
    {
        public string Delimiter { get; init; } = ",";

        public string LineEnd { get; init; } = "\n";

        public string? LastLineEnd { get; init; }

        public string Start { get; init; } = "";

        public string EscapedQuote { get; init; } = "\"\"";

        public bool QuotesAll { get; init; }

        /// <summary>The text; a line's fields may be changed when they are in quotes already.</summary>
        public string Of(string[][] rows, Func<int, string[], string[]>? pollute = null) => Start + string.Concat(rows.Select((row, line) =>
        {
            // A line of one empty field would be a blank one.
            string[] fields = row is [""] ? ["\"\""] : [.. row.Select(Field)];
            return string.Join(Delimiter, pollute?.Invoke(line, fields) ?? fields)
                + (line == rows.Length - 1 ? LastLineEnd ?? LineEnd : LineEnd);
        }));

        string Field(string cell) => QuotesAll || cell.Contains(Delimiter, StringComparison.Ordinal)
            || cell.AsSpan().ContainsAny("\"\r\n,") ? $"\"{cell.Replace("\"", EscapedQuote, StringComparison.Ordinal)}\"" : cell;
    }
}

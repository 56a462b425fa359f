using System.IO.Compression;
using System.Text;

namespace LeoCvae.Cli.Tests;

/// <summary>
/// A table of malformed and hostile inputs: each is one line that says what and where, exit code 1 (2 for syntax), and no file is written
/// or changed. They run within the process, one at a time.
/// </summary>
[TestClass]
[DoNotParallelize]
public class HostileInputTests : CliTest
{
    const string Train = "train t.csv --model new", Good = "a,b,y\n1,2,p\n3,4,q\n5,6,p\n";

    /// <summary>A case: the file t.csv (or another), the command line, and what its line must say.</summary>
    public sealed record BadInput(
        string Name, byte[] Content, string[] Said, string Line = Train, string File = "t.csv", string? Labels = null)
    {
        public int ExitCode { get; init; } = 1;

        /// <summary>Copies of the content that make up the file, one behind the other.</summary>
        public int Times { get; init; } = 1;

        public override string ToString() => Name;
    }

    public static IEnumerable<BadInput[]> Cases => All().Select(one => new[] { one });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Is_refused_in_one_line(BadInput one)
    {
        using (FileStream file = File.Create(At(one.File)))
            for (int i = 0; i < one.Times; i++)
                file.Write(one.Content);
        if (one.Labels is not null)
            Write("labels.csv", one.Labels);
        if (one.File != "t.csv" && one.Line.Contains("t.csv", StringComparison.Ordinal))
            Write("t.csv", Good);
        if (one.Line.Contains("model", StringComparison.Ordinal) && !one.Line.Contains("--model new", StringComparison.Ordinal))
            CopyModel("model");
        AssertRefused(one.ExitCode, one.Line.Split(' '), (folder, arguments) => InProcess.Run(folder, arguments), one.Said);
    }

    [TestMethod]
    public void There_are_at_least_150_cases_of_different_names()
    {
        string[] names = [.. All().Select(one => one.Name)];
        Assert.IsGreaterThanOrEqualTo(150, names.Distinct().Count());
        Assert.HasCount(names.Distinct().Count(), names);
    }

    static IEnumerable<BadInput> All() => [.. Shapes(), .. Quotes(), .. Characters(), .. Formats(), .. Numbers(), .. Labels(), .. Sizes(),
        .. Gzips(), .. Parquets(), .. Schemas(), .. Constraints(), .. LabelFiles(), .. Options(), .. Models()];

    static BadInput Text(string name, string text, params string[] said) => new(name, Encoding.UTF8.GetBytes(text), ["t.csv", .. said]);

    static BadInput Bytes(string name, byte[] content, params string[] said) => new(name, content, ["t.csv", .. said]);

    static IEnumerable<BadInput> Shapes() =>
    [
        Text("nothing", "", "the file is empty"),
        Text("blank lines", "\n\r\n\r", "the file is empty"),
        Text("a mark only", "\uFEFF", "the file is empty"),
        Text("a header only", "a,b,y\n", "a header line only"),
        Text("a header without a line end", "a,b,y", "a header line only"),
        Text("one column", "y\np\nq\n", "the column 'y' only"),
        Text("semicolons", Good.Replace(',', ';'), "--delimiter semicolon"),
        Text("tabs", Good.Replace(',', '\t'), "--delimiter tab"),
        Text("pipes", Good.Replace(',', '|'), "--delimiter pipe"),
        Text("blanks between", Good.Replace(',', ' '), "the column 'a b y' only"),
        Text("blanks behind commas", Good.Replace(",", ", "), "line 1", "a blank stands beside every ','"),
        Text("blanks before commas", Good.Replace(",", " ,"), "line 1", "a blank stands beside every ','"),
        Text("two delimiters everywhere", "a;b,c;y\n1;2,3;p\n4;5,6;q\n", "line 1", "--delimiter semicolon takes the one"),
        Text("another delimiter in one row", "a,b,y\n1,2,p\n3;4;q\n", "row 2 (line 3)", "got 1 fields, expected 3"),
        Text("a field less", "a,b,y\n1,2,p\n3,q\n", "row 2 (line 3)", "got 2 fields, expected 3"),
        Text("a field more", "a,b,y\n1,2,p\n\n3,4,5,q\n", "row 2 (line 4)", "got 4 fields, expected 3"),
        Text("a line of blanks", "a,b,y\n1,2,p\n \n", "row 2 (line 3)", "got 1 fields"),
        Text("a separator behind each row", "a,b,y\n1,2,p,\n3,4,q,\n", "row 1 (line 2)", "a separator too many"),
        Text("a separator behind each line", "a,b,y,\n1,2,p,\n3,4,q,\n", "line 1", "column 4 has no name", "a separator too many"),
        Text("row names without a name", "a,b,y\n1,1,2,p\n2,3,4,q\n", "got 4 fields", "--row-names"),
        Text("an index without a name", ",a,y\n0,1,p\n1,2,q\n", "column 1 has no name", "--row-names"),
        Text("a name twice", "a,a,y\n1,2,p\n3,4,q\n", "line 1", "column 'a' is given twice"),
        Text("a label column twice", "y,a,y\nq,2,p\np,4,q\n", "line 1", "column 'y' is given twice"),
        Text("no name in the middle", "a,,y\n1,2,p\n3,4,q\n", "line 1", "column 2 has no name"),
        Text("no header", "5.1,3.5,p\n4.9,3.0,q\n4.7,3.1,p\n", "line 1", "no header line"),
        Text("no header but dates", "2024-01-01,5,p\n2024-01-02,6,q\n2024-01-03,7,p\n", "line 1", "no header line"),
        Text("the header twice", "a,b,y\n" + Good, "row 1 (line 2)", "the header is repeated"),
        Text("files put together", Good + Good, "row 4 (line 5)", "are these two tables?"),
        Text("units below the header", "a,b,y\nkg,cm,\n1,2,p\n3,4,q\n5,6,p\n", "row 1 (line 2)", "column 'y'"),
        Text("units with a label", "a,b,y\nkg,cm,k\n1,2,p\n3,4,q\n5,6,p\n", "row 1 (line 2)", "got 'kg', 'cm'"),
        Text("a second table", Good + "\nc,d,z\n7,8,p\n", "row 4 (line 6)", "got 'c', 'd'"),
        Text("a wider second table", Good + "\nc,d,e,z\n7,8,9,p\n", "row 4 (line 6)", "got 4 fields"),
        Text("a title", "Report of 2024\n" + Good, "t.csv: got the column 'Report of 2024' only", "the header seems to be line 2"),
        Text("comments", "# one\n# two\n" + Good, "the header seems to be line 3 ('a,b,y')"),
        Text("a delimited title", "Report,,\n,,\n" + Good, "the header seems to be line 3"),
        Text("a note below", Good + "# 3 rows\n", "row 4 (line 5)", "got 1 fields"),
        Text("a total below", Good + "total,12,r\n", "row 4 (line 5), column 'a': got 'total'"),
        Text("the end mark of DOS", Good + "\u001A", "row 4 (line 5)", "got 1 fields"),
    ];

    static IEnumerable<BadInput> Quotes() =>
    [
        Text("an open quote", "a,b,y\n1,2,\"p\n3,4,q\n", "line 2", "never closed"),
        Text("an open quote in the header", "a,\"b,y\n1,2,p\n", "line 1", "never closed"),
        Text("a quote at the end", "a,b,y\n1,2,\"", "line 2", "never closed"),
        Text("text behind a quote", "a,b,y\n1,2,\"p\"x\n3,4,q\n", "line 2", "field 3: 'x' stands after the closing quote"),
        Text("a blank behind a quote", "a,b,y\n1,\"2\" ,p\n3,4,q\n", "line 2", "field 2: a blank stands after the closing quote"),
        Text("a blank before a quote", "a,b,y\n1, \"2\",p\n3,4,q\n", "line 2", "field 2: a blank stands before a quote"),
        Text("quotes escaped by a backslash", "a,b,y\n1,\"a \\\"b\\\"\",p\n3,4,q\n", "line 2", "stands after the closing quote"),
        Text("a separator missing before a quote", "a,b,y\nx\"1, 2\",p\n3,4,q\n", "line 2", "fields 1 and 2", "a separator missing"),
        Text("single quotes around names", "'a','b','y'\n1,2,p\n3,4,q\n", "line 1: field 1: got 'a'", "double quotes"),
        Text("single quotes around cells", "a,b,y\n'x',2,p\n'z',4,q\n", "row 1 (line 2), column 'a': got 'x'", "double quotes"),
        Text("single quotes around labels", "a,b,y\n1,2,'p'\n3,4,'q'\n", "column 'y': got 'p'", "double quotes"),
        Text("single quotes around a comma", "a,b,y\n'1,5',2,p\n3,4,q\n", "row 1 (line 2)", "got 4 fields"),
        Text("typographic quotes", "\u201Ca\u201D,b,y\n1,2,p\n3,4,q\n", "line 1: field 1", "double quotes"),
        Text("a separator that is escaped", "a,b,y\n1\\,5,2,p\n3,4,q\n", "row 1 (line 2)", "got 4 fields"),
    ];

    static IEnumerable<BadInput> Characters()
    {
        byte[] wide = [.. "a,b,y\n1,"u8, 0xED, 0xA0, 0x80, .. ",p\n3,4,q\n"u8];
        foreach ((string name, string text) in ((string, string)[])[("a cell", "a,b,y\n1\0,2,p\n"), ("a label", "a,b,y\n1,2,p\0\n"),
            ("a name", "a\0,b,y\n1,2,p\n"), ("quotes", "a,b,y\n1,2,\"\0\"\n"), ("a whole cell", "a,b,y\n\0\0\0\0,2,p\n")])
            yield return Text($"a NUL in {name}", text, "line ", "has a NUL character");
        yield return Bytes("Latin-1 in a cell", Encoding.Latin1.GetBytes("a,b,y\n1,2,p\nü,4,q\n"), "line 3", "'ü' is not UTF-8");
        yield return Bytes("Latin-1 in a name", Encoding.Latin1.GetBytes("größe,b,y\n1,2,p\n"), "line 1", "'größe' is not UTF-8");
        yield return Bytes("Latin-1 in a label", Encoding.Latin1.GetBytes("a,b,y\n1,2,nö\n"), "line 2", "'nö' is not UTF-8");
        yield return Bytes("two encodings", [.. Encoding.UTF8.GetBytes("a,b,y\nä,2,p\n"), .. Encoding.Latin1.GetBytes("ä,4,q\n")],
            "line 3", "'ä' is not UTF-8");
        yield return Bytes("an overlong NUL", [.. "a,b,y\n1,"u8, 0xC0, 0x80, .. ",p\n"u8], "line 2", "is not UTF-8");
        yield return Bytes("half a surrogate pair", wide, "line 2", "is not UTF-8");
        yield return Bytes("a character that is cut off", [.. "a,b,y\n1,2,p\n3,4,"u8, 0xC3], "line 3", "is not UTF-8");
        foreach (string encoding in (string[])["utf-16", "utf-16BE", "utf-32", "utf-32BE"])
            foreach (bool hasMark in (bool[])[false, true])
                yield return Bytes($"{encoding}{(hasMark ? " with a mark" : "")}",
                    [.. hasMark ? Encoding.GetEncoding(encoding).GetPreamble() : [], .. Encoding.GetEncoding(encoding).GetBytes(Good)],
                    $"this is {encoding[..6].ToUpperInvariant()} text");
        yield return Text("two marks", "\uFEFF\uFEFF" + Good, "line 1", "a byte order mark");
        yield return Text("a mark in the middle", Good + "\uFEFF" + Good, "line 5", "a byte order mark");
        yield return Text("an escape sequence", "a,b,y\n1,2,\u001B[31mp\n3,4\n", "row 2 (line 3)", "got 2 fields");
        yield return Text("an escape sequence as a name", "\u001B[2Ja,\u001B[2Ja,y\n1,2,p\n", "'\\x1b[2Ja' is given twice");
    }

    static IEnumerable<BadInput> Formats()
    {
        foreach ((string name, string start, string said) in ((string, string, string)[])[("gzip", "1F8B0800", "gzip-compressed"),
            ("a zip archive", "504B0304", "a zip archive"), ("Parquet", "50415231", "Parquet, not text"),
            ("Arrow", "4152524F5731", "Arrow"),
            ("Feather", "46454131", "Feather"), ("an old Excel file", "D0CF11E0", "an old Office file"), ("NumPy", "934E554D5059", "NumPy"),
            ("HDF5", "89484446", "HDF5"), ("SQLite", "53514C69746520666F726D61742033", "SQLite"), ("bzip2", "425A68", "bzip2"),
            ("xz", "FD377A585A", "xz-compressed"), ("Zstandard", "28B52FFD", "zstd"), ("7z", "377ABCAF", "7z"),
            ("PDF", "25504446", "a PDF"),
            ("R data", "524458", "R data"), ("a pickle", "8004", "pickle"), ("another pickle", "8002", "pickle")])
            yield return Bytes($"{name} as CSV", [.. Convert.FromHexString(start), .. Encoding.UTF8.GetBytes(Good)], "this is ", said);
        yield return Text("HTML", "<!DOCTYPE html><html>404</html>", "HTML or XML");
        yield return Text("XML", "<?xml version=\"1.0\"?><a/>", "HTML or XML");
        yield return Text("Excel's first line", "sep=;\na;b;y\n", "its first line, 'sep=', is no header");
        yield return Text("JSON rows", "{\"a\":1,\"y\":2}\n{\"a\":3,\"y\":4}\n", "JSON, not a table");
        yield return Text("a JSON array", "[{\"a\":1}]\n", "JSON, not a table");
        yield return Text("ARFF", "@relation iris\n@data\n1,2\n", "an ARFF file");
        yield return Text("RTF", "{\\rtf1 a,b}", "RTF");
        yield return Text("a Markdown table", "| a | y |\n|---|---|\n| 1 | p |\n", "--delimiter pipe");
    }

    // Thirty numbers, and one cell that is none.
    static IEnumerable<BadInput> Numbers()
    {
        foreach ((string name, string cell, string said) in ((string, string, string)[])[("1e999", "1e999", "finite"),
            ("-1e999", "-1e999", "finite"), ("inf", "inf", "finite"), ("-Infinity", "-Infinity", "finite"),
            ("1e-400", "1e-400", "tell from 0"), ("a decimal comma", "\"1,5\"", "no decimal comma"),
            ("thousands", "\"1,234.5\"", "nothing between thousands"),
            ("points between thousands", "1.234.567", "nothing between thousands"),
            ("blanks between thousands", "1 234", "nothing between thousands"), ("underscores", "1_000", "nothing between thousands"),
            ("digits that are lost", "9007199254740993.5", "which a double holds as"), ("a question mark", "?", "as in 30 of 31 rows"),
            ("a formula", "=1+1", "as in 30 of 31 rows"), ("a formula of Excel", "\"=\"\"01\"\"\"", "as in 30 of 31 rows"),
            ("a command", "@SUM(1)", "as in 30 of 31 rows"), ("hexadecimal digits", "0x1F", "as in 30 of 31 rows"),
            ("digits of another script", "\u0661\u0662", "as in 30 of 31 rows"), ("a wide minus", "\u22125", "as in 30 of 31 rows"),
            ("a blank that is not seen", "1\u00A0", "'1\\xa0'"), ("text from right to left", "\u202E1", "'\\u202e1'"),
            ("the NULL of MySQL", "\\N", "as in 30 of 31 rows"), ("an error of Excel", "#DIV/0!", "as in 30 of 31 rows"),
            ("two lines", "\"1\n2\"", "'1\\n2'"), ("1,001 digits", new string('1', 1001), "at most 1000")])
            yield return Text($"{name} among numbers", Among(i => $"{i}.5", cell), "row 16 (line 17), column 'a'", said);
        yield return Text("dates of two forms", Among(i => $"2024-01-{i:D2}", "15.01.2024"), "row 16 (line 17), column 'a'", "yyyy-MM-dd");
        yield return Text("a day that isn't", Among(i => $"2024-01-{i:D2}", "2024-02-30"), "row 16 (line 17), column 'a'", "a date");
        yield return Text("dates of which day", "a,b,y\n3/4/2024,2,p\n5/6/2024,4,q\n", "column 'a'", "may be a date as");
        yield return new("leading zeros as numbers with a text", Encoding.UTF8.GetBytes(Among(i => $"0{i}", "x")),
            ["row 16 (line 17), column 'a'", "'x'"], Train + " --numbers a");
        yield return new("free text", Encoding.UTF8.GetBytes("a,b,y\n" + string.Concat(Enumerable.Range(0, 30).Select(i =>
            $"this is the note of patient number {i} of them,{i},{(i % 2 == 0 ? 'p' : 'q')}\n"))), ["column 'a'", "free text", "--drop a"]);

        static string Among(Func<int, string> usual, string other) => "a,b,y\n" + string.Concat(Enumerable.Range(1, 31).Select(i =>
            $"{(i == 16 ? other : usual(i))},{i},{(i % 2 == 0 ? 'p' : 'q')}\n"));
    }

    static IEnumerable<BadInput> Labels() =>
    [
        Text("an empty label", "a,b,y\n1,2,p\n3,4,\n", "row 2 (line 3), column 'y'", "an empty label"),
        Text("a blank label", "a,b,y\n1,2,p\n3,4,  \n", "row 2 (line 3), column 'y'", "'  '"),
        Text("a label NA", "a,b,y\n1,2,p\n3,4,NA\n", "row 2 (line 3), column 'y'", "'NA'", "a missing value"),
        Text("no label at all", "a,b,y\n1,2,\n3,4,\n", "row 1 (line 2), column 'y'"),
        new("one class", "a,b,y\n1,2,p\n3,4,p\n"u8.ToArray(), ["label column 'y'", "one class only ('p')"]),
        Text("a label of 5,000 bytes", $"a,b,y\n1,2,{new string('p', 5000)}\n3,4,q\n", "line 2", "at most 4096"),
        Text("a name of 5,000 bytes", $"{new string('a', 5000)},b,y\n1,2,p\n3,4,q\n", "line 1", "at most 4096"),
        new("a target of another case", Encoding.UTF8.GetBytes(Good), ["no column 'Y'", "'a', 'b', 'y'"], Train + " --target Y"),
        new("a target with a blank", Encoding.UTF8.GetBytes(Good.Replace(",y", ", y")), ["no column 'y'", "' y'"], Train + " --target y"),
        new("groups that are the label", Encoding.UTF8.GetBytes(Good), ["'y' is the label column"], Train + " --groups y"),
        new("groups that aren't there", Encoding.UTF8.GetBytes(Good), ["no column 'patient'"], Train + " --groups patient"),
        Text("names of rows only", "id,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"r{i},{(i % 2 == 0 ? 'p' : 'q')}\n")),
            "'id' names the rows"),
        new("all columns left out", Encoding.UTF8.GetBytes(Good), ["all feature columns are left out"], Train + " --drop a,b"),
        new("the label left out", Encoding.UTF8.GetBytes(Good), ["'y' is the label column and can't be left out"], Train + " --drop y"),
        new("missing values refused", Encoding.UTF8.GetBytes("a,b,y\n1,,p\n3,4,q\n5,6,p\n"), ["row 1 (line 2), column 'b'", "missing"],
            Train + " --missing refuse"),
    ];

    static IEnumerable<BadInput> Sizes()
    {
        const int Million = 1_000_000;
        byte[] text = new byte[Million], blank = new byte[Million], commas = new byte[Million];
        text.AsSpan().Fill((byte)'x');
        blank.AsSpan().Fill((byte)'\n');
        commas.AsSpan().Fill((byte)',');
        yield return Bytes("a field of 100 MB", text, "line 1", "more than 1048576 bytes; is this a table?") with { Times = 100 };
        yield return Bytes("a quoted field of 2 MB", [.. "a,b,y\n1,\""u8, .. text, .. text, .. "\",p\n"u8], "line 2", "field 2",
            "more than 1048576 bytes");
        yield return Bytes("20 MB of blank lines", blank, "the file is empty") with { Times = 20 };
        yield return Bytes("5,000,000 columns", commas, "line 1", "more than 4194304 fields") with { Times = 5 };
        yield return Text("1,000,000 columns of one name", string.Join(',', Enumerable.Repeat("a", Million)) + "\n1,2\n",
            "'a' is given twice");
        yield return Text("1,000,000 columns and a short row", string.Join(',', Enumerable.Range(0, Million)) + "\n1,2\n",
            "row 1 (line 2)", "got 2 fields, expected 1000000");
        yield return Text("a name of 1,000,000 blanks", new string(' ', Million) + ",y\n1,p\n", "line 1", "at most 4096");
    }

    static IEnumerable<BadInput> Gzips()
    {
        byte[] zipped = Zip(Encoding.UTF8.GetBytes("a,b,y\n"
            + string.Concat(Enumerable.Range(0, 3000).Select(i => $"{i * 7919 % 997},{i % 13},p\n"))));
        BadInput Gz(string name, byte[] content, params string[] said) => new(name, content, ["t.csv.gz", .. said],
            "train t.csv.gz --model new", "t.csv.gz");
        return
        [
            Gz("gzip that is cut in half", zipped[..(zipped.Length / 2)], ""),
            Gz("gzip without its last byte", zipped[..^1], ""),
            Gz("gzip without its end", zipped[..^8], "gzip data are"),
            Gz("gzip with other bytes behind", [.. zipped, 1, 2, 3], "truncated, or followed by other bytes"),
            Gz("gzip that is damaged", [.. zipped[..60], (byte)~zipped[60], .. zipped[61..]], ""),
            Gz("gzip with a wrong sum", [.. zipped[..^8], (byte)~zipped[^8], .. zipped[^7..]], "damaged"),
            Gz("an empty gzip", [], ""),
            Gz("the header of a gzip", zipped[..10], ""),
            Gz("text named gzip", Encoding.UTF8.GetBytes(Good), "not gzip-compressed, as the name says"),
            Gz("gzip in gzip", Zip(zipped), "gzip-compressed"),
            Gz("gzip of nothing", Zip([]), "the file is empty"),
        ];
    }

    static byte[] Zip(byte[] bytes)
    {
        using MemoryStream to = new();
        using (GZipStream zip = new(to, CompressionLevel.Optimal))
            zip.Write(bytes);
        return to.ToArray();
    }

    static IEnumerable<BadInput> Parquets()
    {
        using MemoryStream to = new();
        TableConverter.Convert(new MemoryStream(Encoding.UTF8.GetBytes(Good)), "t.csv", ',', to, null);
        byte[] whole = to.ToArray();
        BadInput File(string name, byte[] content, params string[] said) => new(name, content, ["t.parquet", .. said],
            "train t.parquet --model new", "t.parquet");
        return
        [
            File("an empty Parquet file", [], "the file is empty"),
            File("Parquet's first bytes", "PAR1"u8.ToArray(), "truncated"),
            File("Parquet that is cut in half", whole[..(whole.Length / 2)], "truncated"),
            File("Parquet without its last byte", whole[..^1], "truncated"),
            File("Parquet with a byte more", [.. whole, 0], "truncated"),
            File("Parquet with a long footer", [.. whole[..^8], 255, 255, 255, 127, .. whole[^4..]], "a footer of 2147483647 bytes"),
            File("Parquet with a negative footer", [.. whole[..^8], 255, 255, 255, 255, .. whole[^4..]], "a footer of -1 bytes"),
            File("Parquet with half a footer", [.. whole[..^8], 20, 0, 0, 0, .. whole[^4..]], ""),
            File("Parquet without data", [.. "PAR1"u8, .. whole[^(8 + BitConverter.ToInt32(whole, whole.Length - 8))..]], ""),
            File("encrypted Parquet", [.. "PARE"u8, .. whole[4..^4], .. "PARE"u8], "encrypted"),
            File("text named Parquet", Encoding.UTF8.GetBytes(Good), "no Parquet file, as its name says"),
            File("gzip named Parquet", Zip(whole), "no Parquet file, as its name says"),
        ];
    }

    static IEnumerable<BadInput> Schemas()
    {
        foreach ((string name, string json, string[] said) in ((string, string, string[])[])[
            ("no text", "", []), ("no JSON", "columns: a", []), ("half a JSON", "{\"columns\": {\"a\"", []), ("a list", "[]", []),
            ("a number", "1", []), ("no columns", "{}", ["columns"]), ("columns that are a list", "{\"columns\": [1]}", ["columns"]),
            ("an unknown property", "{\"columns\": {\"a\": {\"kind\": \"number\", \"unit\": 3}}}", ["unit"]),
            ("an unknown kind", "{\"columns\": {\"a\": {\"kind\": \"text\"}}}", ["text"]),
            ("a kind that is a number", "{\"columns\": {\"a\": {\"kind\": 3}}}", []),
            ("no kind", "{\"columns\": {\"a\": {}}}", ["a"]),
            ("a column that isn't there", "{\"columns\": {\"c\": {\"kind\": \"number\"}}}", ["no column 'c'"]),
            ("a column twice", "{\"columns\": {\"a\": {\"kind\": \"number\"}, \"a\": {\"kind\": \"category\"}}}", ["a"]),
            ("categories of numbers", "{\"columns\": {\"a\": {\"kind\": \"category\", \"categories\": [1]}}}", ["categories"]),
            ("categories that lack one", "{\"columns\": {\"a\": {\"kind\": \"category\", \"categories\": [\"1\"]}}}",
                ["column 'a'", "'3'"]),
            ("a format of a number", "{\"columns\": {\"a\": {\"kind\": \"number\", \"format\": \"d\"}}}", ["format"]),
            ("a format that is none", "{\"columns\": {\"a\": {\"kind\": \"date\", \"format\": \"%\"}}}", ["format"]),
            ("half a character", "{\"columns\": {\"\\ud800\": {\"kind\": \"number\"}}}", ["half of a surrogate pair"]),
            ("a deep one", new string('[', 5000), [])])
            yield return new($"a schema of {name}", Encoding.UTF8.GetBytes(json), said, Train + " --schema s.json", "s.json");
        yield return new("a schema in Latin-1", Encoding.Latin1.GetBytes("{\"columns\": {\"ä\": {\"kind\": \"number\"}}}"), [],
            Train + " --schema s.json", "s.json");
        yield return new("a schema that isn't there", Encoding.UTF8.GetBytes(Good), ["none.json"], Train + " --schema none.json");
    }

    static IEnumerable<BadInput> Constraints()
    {
        foreach ((string name, string json, string[] said) in ((string, string, string[])[])[
            ("no JSON", "order a b", []), ("an object", "{}", []), ("an unknown kind", "[{\"kind\": \"max\", \"columns\": [\"a\", \"b\"]}]",
                ["kinds dependency"]),
            ("no columns", "[{\"kind\": \"order\"}]", ["columns"]), ("one column", "[{\"kind\": \"order\", \"columns\": [\"a\"]}]", []),
            ("a column that isn't there", "[{\"kind\": \"order\", \"columns\": [\"a\", \"c\"]}]", ["'c'"]),
            ("a column of itself", "[{\"kind\": \"order\", \"columns\": [\"a\", \"a\"]}]", ["got a column twice"]),
            ("what doesn't hold", "[{\"kind\": \"order\", \"columns\": [\"b\", \"a\"]}]", ["'b <= a' doesn't hold in row 1: got b 2, a 1"]),
            ("a total that is a text", "[{\"kind\": \"sum\", \"columns\": [\"a\", \"b\"], \"total\": \"x\"}]", ["expected a JSON list"]),
            ("an unknown property", "[{\"kind\": \"order\", \"columns\": [\"a\", \"b\"], \"strict\": true}]", ["strict"]),
            ("half a character", "[{\"kind\": \"order\", \"columns\": [\"\\ud800\", \"a\"]}]", []), ("half a JSON", "[{\"kind\": ", [])])
            yield return new($"constraints of {name}", Encoding.UTF8.GetBytes(json), said, Train + " --constraints c.json", "c.json");
    }

    static IEnumerable<BadInput> LabelFiles()
    {
        const string Ids = "id,a\ns1,1\ns2,2\ns3,3\n", Line = "train t.csv --model new --labels labels.csv --id id";
        foreach ((string name, string table, string labels, string said) in ((string, string, string, string)[])[
            ("without the ids", Ids, "sample,y\ns1,p\n", "no column 'id'"),
            ("with an id twice", Ids, "id,y\ns1,p\ns1,q\n", "'s1' is given twice"),
            ("of no row", Ids, "id,y\nx1,p\nx2,q\n", "no row has a label"),
            ("of another case", Ids, "id,y\nS1,p\nS2,q\n", "differ in case"),
            ("that are missing", Ids, "id,y\ns1,\ns2,NA\n", "no row has a label"), ("without rows", Ids, "id,y\n", "a header line only"),
            ("without text", Ids, "", "the file is empty"), ("with ids only", Ids, "id\ns1\n", "expected another one for the label"),
            ("with a short row", Ids, "id,y\ns1,p\ns2\n", "line 3"), ("for a table without ids", Good, "id,y\ns1,p\n", "no column 'id'"),
            ("for ids given twice", "id,a\ns1,1\ns1,2\n", "id,y\ns1,p\n", "'s1' is given twice"),
            ("for a missing id", "id,a\ns1,1\n,2\n", "id,y\ns1,p\n", "the id is missing"),
            ("for a column that is there", "id,a,y\ns1,1,p\n", "id,y\ns1,p\n", "'y' is there already"),
            ("of one class", Ids, "id,y\ns1,p\ns2,p\n", "one class only")])
            yield return new($"labels {name}", Encoding.UTF8.GetBytes(table), [said], Line, Labels: labels);
        yield return new("genes in ragged rows", Encoding.UTF8.GetBytes("gene,s1,s2\ng1,1,2\ng2,3\n"), ["line 3", "got 2 fields"],
            Line + " --transpose", Labels: "id,y\ns1,p\ns2,q\n");
        yield return new("a sample that is there twice", Encoding.UTF8.GetBytes("gene,s1,s1\ng1,1,2\ng2,3,4\n"), ["'s1' is given twice"],
            Line + " --transpose", Labels: "id,y\ns1,p\ns2,q\n");
    }

    static IEnumerable<BadInput> Options()
    {
        foreach ((string name, string line, string[] said) in ((string, string, string[])[])[
            ("a delimiter that is a digit", Train + " --delimiter 7", ["--delimiter: got '7'"]),
            ("a delimiter that is a quote", Train + " --delimiter \"", ["--delimiter"]),
            ("a delimiter of two characters", Train + " --delimiter ;;", ["--delimiter: got ';;'"]),
            ("a decimal sign", Train + " --decimal ;", ["--decimal: got ';'"]),
            ("an output in no folder", "convert t.csv none/out.csv", ["'none/out.csv'", "doesn't exist"]),
            ("an output of no format", "convert t.csv out.xlsx", ["'out.xlsx'", "expected .csv"]),
            ("an output below a file", "convert t.csv o.csv/out.csv", ["'o.csv/out.csv'"]),
            ("an output that is there", "convert t.csv o.csv", ["'o.csv' exists already"]),
            ("an input that isn't there", "convert none.csv out.csv", ["no such file: 'none.csv'"]),
            ("an input that is a folder", "convert model out.csv", ["'model'"]),
            ("an input of no format", "convert t.xls out.csv", ["'t.xls'"]),
            ("an empty input", "convert  out.csv", []),
            ("text of a column that isn't there", "convert t.csv out.parquet --text c", ["no column 'c'"]),
            ("a replaced file for a bad table", "convert b.csv o.csv --overwrite", ["no such file: 'b.csv'"])])
            yield return new(name, Encoding.UTF8.GetBytes("mine"), said, line, "o.csv");
    }

    static IEnumerable<BadInput> Models()
    {
        const string Embed = "embed model t.csv --out out.csv";
        foreach ((string name, string file, string text, string said) in ((string, string, string, string)[])[
            ("a table without a column", "t.csv", "length,count,kind\n1,2,odd\n", "'share' is missing"),
            ("a table with another column", "t.csv", "length,count,share,more,kind\n1,2,3,4,odd\n", "'more'"),
            ("a text for a number", "t.csv", "length,count,share,kind\n1,x,3,odd\n", "column 'count'"),
            ("a class that isn't the model's", "t.csv", "length,count,share,kind\n1,2,3,new\n", "'new'")])
            yield return new($"{name} for a model", Encoding.UTF8.GetBytes(text), [said], Embed, file);
    }
}

using System.IO.Compression;
using System.Text;

namespace LeoCvae.Cli.Tests;

/// <summary>Tables at fault: exit code 1, one line that says what was got, what was expected and where, and no file.</summary>
[TestClass]
public class BadTableTests : CliTest
{
    const string Forever = "--epochs 16000000 --patience 16000000";

    [TestMethod]
    [DataRow("", "the file is empty", "header", DisplayName = "empty")]
    [DataRow("\n\n", "the file is empty", "header", DisplayName = "blank lines only")]
    [DataRow("a,b,y\n", "header line only", "expected rows", DisplayName = "header only")]
    [DataRow("y\np\nq\n", "'y' only", "at least one feature column", DisplayName = "one column")]
    [DataRow("a;b;y\n1;2;p\n3;4;q\n", "'a;b;y' only", "separated by ','", DisplayName = "another delimiter")]
    [DataRow("a,b,y\n1,2,p\n3,q\n", "row 2 (line 3)", "got 2 fields, expected 3", DisplayName = "a short row")]
    [DataRow("a,b,y\n1,2,p\n\n3,4,q,5\n", "row 2 (line 4)", "got 4 fields, expected 3", DisplayName = "a long row")]
    [DataRow("a,b,y\n1,2,p\n3,-inf,q\n", "row 2 (line 3)", "column 'b'", "'-inf'", DisplayName = "infinite")]
    [DataRow("a,b,y\n1,2,p\n3,1e999,q\n", "row 2 (line 3)", "column 'b'", "'1e999'", "finite number", DisplayName = "too large")]
    [DataRow("a,b,y\n1,\"2,5\",p\n3,4,q\n", "row 1 (line 2)", "column 'b'", "'2,5'", DisplayName = "a decimal comma")]
    [DataRow("a,b,y\n1,2,p\n3,4,\n", "row 2 (line 3)", "column 'y'", "empty label", DisplayName = "an empty label")]
    [DataRow("a,a,y\n1,2,p\n3,4,q\n", "line 1", "'a'", "twice", DisplayName = "a name twice")]
    [DataRow("a,,y\n1,2,p\n3,4,q\n", "line 1", "column 2", "no name", DisplayName = "no name")]
    [DataRow("a,b,y\n1,2,\"p\n3,4,q\n", "line 2", "quote", DisplayName = "an open quote")]
    public void A_table_that_cannot_be_read_is_refused(string table, params string[] said)
    {
        Write("table.csv", table);
        Fault($"train table.csv --model new --log-losses losses.csv {Forever}", ["table.csv", .. said]);
        Refuse(1, ["score", "-", "--out", "out.csv"], table, ["standard input", .. said]);
    }

    [TestMethod]
    public void Nothing_is_trained_or_written_for_a_table_at_fault_or_one_class_only()
    {
        Write("table.csv", "a,b,y\n1,2,p\n3,4,p\n");
        Fault($"train table.csv --model new {Forever}", "label column 'y'", "one class only ('p')", "at least two classes");
        Fault($"oversample table.csv --out out.csv --save-model new {Forever}", "label column 'y'", "one class only ('p')");
        Write("table.csv", "a,b,y\n1,2,p\n3,4\n");
        Fault($"oversample table.csv --out out.csv --save-model new {Forever}", "table.csv", "row 2 (line 3)");
    }

    [TestMethod]
    [DataRow("train {0} --model new")]
    [DataRow("oversample {0} --out out.csv")]
    [DataRow("score {0} --out out.csv")]
    public void A_table_that_is_not_there_or_not_a_table_is_refused(string verb)
    {
        string Line(string data) => string.Format(null, verb, data);
        Fault(Line("missing.csv"), "no such file: 'missing.csv'");
        Directory.CreateDirectory(At("folder.csv"));
        Fault(Line("folder.csv"), "'folder.csv' is a folder");
        Write("table.xlsx", "a,y\n1,p\n");
        Fault(Line("table.xlsx"), "'table.xlsx'", "'.xlsx'", ".csv, .tsv, .csv.gz, .tsv.gz or .parquet");
    }

    [TestMethod]
    public void A_label_column_that_is_not_there_is_named_with_those_that_are()
    {
        Write("table.csv", Samples.Table);
        Fault("train table.csv --target sort --model new", "no column 'sort'", "'length', 'count', 'share', 'kind'");
        Fault("oversample table.csv --target Kind --out out.csv", "no column 'Kind'", "'kind'");
        Fault("score table.csv --target kind, --out out.csv", "no column 'kind,'", "'kind'");
        Fault("train table.csv --target share --model new", "label column 'share'", "looks like a measurement");
    }

    [TestMethod]
    [DataRow("NA")]
    [DataRow("nan")]
    [DataRow(" ")]
    [DataRow("null")]
    public void A_missing_label_is_refused_by_every_verb_in_the_same_words(string label)
    {
        Write("table.csv", $"a,b,y\n1,2,p\n3,4,q\n5,6,{label}\n7,9,p\n");
        string where = "row 3 (line 4), column 'y': got the label", advice = "fill it in or leave the row out";
        Fault("train table.csv --model new", where, advice);
        Fault("oversample table.csv --out out.csv", where, advice);
        Fault("score table.csv --out out.csv", where, advice);
        Fault("evaluate table.csv --methods none", where, advice);
    }

    [TestMethod]
    public void Names_that_are_numbers_and_a_column_that_counts_the_rows_are_doubted()
    {
        Write("table.csv", "400,402.5,y\n"
            + string.Concat(Enumerable.Range(0, 12).Select(row => $"{row + 100},{row * row % 7},{(row % 3 == 0 ? "p" : "q")}\n")));
        string said = Done("score table.csv --out out.csv").Error;
        Assert.Contains("warning: the names of all feature columns are numbers ('400', ...): is there a header line?", said);
        Assert.Contains("warning: column '400' counts the rows (100, 101, ...): a row number or an id is no feature; remove it " +
            "(--drop, or --ids to keep the column)", said);
    }

    [TestMethod]
    public void Text_that_is_not_utf8_is_refused()
    {
        File.WriteAllBytes(At("latin.csv"), Encoding.Latin1.GetBytes("a,y\n1,caf\u00e9\n2,q\n"));
        Fault("score latin.csv --out out.csv", "latin.csv", "line 2", "UTF-8");
    }

    [TestMethod]
    public void A_damaged_gzip_file_is_refused_however_much_of_it_can_be_read()
    {
        using (MemoryStream memory = new())
        {
            // Stored, not packed: all that is left of a file that was cut short can be read, up to whole lines.
            using (GZipStream stream = new(memory, CompressionLevel.NoCompression, leaveOpen: true))
                stream.Write(Encoding.UTF8.GetBytes(Samples.Table));
            byte[] whole = memory.ToArray();
            int lastLine = Samples.Lines[^1].Length + 1;
            byte[] wrongSum = [.. whole];
            wrongSum[^8] ^= 1;
            Dictionary<string, byte[]> damaged = new()
            {
                ["cut.csv.gz"] = whole[..^(8 + lastLine)],
                ["tail.csv.gz"] = whole[..^8],
                ["head.csv.gz"] = whole[..5],
                ["sum.csv.gz"] = wrongSum,
                ["text.csv.gz"] = Encoding.UTF8.GetBytes(Samples.Table),
            };
            foreach ((string name, byte[] bytes) in damaged)
            {
                File.WriteAllBytes(At(name), bytes);
                Fault($"train {name} --model new {Forever}", name, "gzip");
                Fault($"score {name} --out out.csv", name, "gzip");
            }
        }
    }
}

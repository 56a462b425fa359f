using System.Text.Json;

namespace LeoCvae.Cli.Tests;

/// <summary>--groups COLUMN: rows of a group stay together, and the column is no feature.</summary>
[TestClass]
public class GroupsTests : CliTest
{
    const string Quick = "--epochs 2 --hidden 8 --latent 2 --neighbors 2";

    // Two rows of a patient each, with the column between the features; the last one's name is missing.
    static readonly string Table = "length,patient,count,share,kind\n" + string.Concat(Samples.Lines.Select((line, row) =>
        line.Insert(line.IndexOf(',', StringComparison.Ordinal), row == Samples.Rows - 1 ? "," : $",P {row / 2}") + "\n"));

    [TestInitialize]
    public void WriteTable()
    {
        Write("table.csv", Table);
        Write("plain.csv", Samples.Table);
    }

    [TestMethod]
    public void Train_says_how_many_groups_there_are_and_fits_without_the_column()
    {
        Outcome outcome = Done($"train table.csv --groups patient --model grouped {Quick} --log-losses grouped.csv");
        Assert.Contains($"read {Samples.Rows} rows x 3 columns", outcome.Output);
        Assert.Contains($"'patient': {Samples.Rows / 2 + 1} groups in {Samples.Rows} rows, 1 of them rows without one", outcome.Output);
        Done($"train plain.csv --model plain {Quick} --log-losses plain-losses.csv");
        Assert.AreNotEqual(Read("plain-losses.csv"), Read("grouped.csv"));
        foreach (string file in Directory.EnumerateFiles(At("grouped")))
            Assert.DoesNotContain("patient", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)), file);
        Assert.AreEqual(Samples.Rows / 2 + 1, Json($"train table.csv --groups patient --model again {Quick}").GetProperty("groups")
            .GetInt32());
        Assert.AreEqual(Snapshot("grouped"), Snapshot("again"));
    }

    [TestMethod]
    public void Oversample_writes_real_rows_as_read_and_synthetic_ones_of_no_group()
    {
        Done($"oversample table.csv --groups patient --out out.csv --save-model model {Quick}");
        Assert.StartsWith(Table, Read("out.csv"));
        string[] synthetic = Read("out.csv").TrimEnd('\n').Split('\n')[(1 + Samples.Rows)..];
        Assert.HasCount(3 * Samples.Common - Samples.Rows, synthetic);
        foreach (string[] cells in synthetic.Select(line => line.Split(',')))
        {
            Assert.HasCount(5, cells);
            Assert.AreEqual("", cells[1]);
            Assert.AreNotEqual("", cells[0] + cells[2]);
        }
        // A fitted model takes the same table.
        Done("oversample table.csv --groups patient --out second.csv --model model");
        Assert.AreEqual(Read("out.csv"), Read("second.csv"));
        // What was written can be read again; a row that was made stands for itself.
        Assert.Contains("rows without one", Done($"train out.csv --groups patient --model again {Quick}").Output);
    }

    [TestMethod]
    public void Score_and_embed_leave_the_column_out_and_write_it()
    {
        Done($"train table.csv --groups patient --model model --with-reference {Quick}");
        foreach (string verb in (string[])["score DATA", "score DATA --model model", "embed model DATA"])
        {
            Done($"{verb.Replace("DATA", "table.csv", StringComparison.Ordinal)} --groups patient --out grouped.csv --overwrite");
            Done($"{verb.Replace("DATA", "plain.csv", StringComparison.Ordinal)} --out without.csv --overwrite");
            string[] grouped = Read("grouped.csv").TrimEnd('\n').Split('\n'), without = Read("without.csv").TrimEnd('\n').Split('\n');
            Assert.HasCount(without.Length, grouped);
            foreach ((string line, string plain) in grouped.Zip(without))
            {
                List<string> cells = [.. line.Split(',')];
                cells.RemoveAt(1);
                Assert.AreEqual(plain, string.Join(',', cells));
            }
            Assert.StartsWith(Table.Split('\n')[1], grouped[1]);
        }
    }

    [TestMethod]
    public void Evaluate_keeps_groups_in_one_fold_and_says_how_many()
    {
        const string Options = "--methods none,leo --classifiers logreg --folds 3";
        JsonElement json = Json($"evaluate table.csv --groups patient {Options} --results results.json --report report.html");
        const int Groups = Samples.Rows / 2 + 1;
        Assert.AreEqual(Groups, json.GetProperty("groups").GetInt32());
        using JsonDocument results = JsonDocument.Parse(Read("results.json"));
        Assert.AreEqual(Groups, results.RootElement.GetProperty("evaluation").GetProperty("origin").GetProperty("groups").GetInt32());
        Assert.Contains($"{Samples.Rows} rows are of {Groups} groups", Read("report.html"));
        Outcome outcome = Done($"evaluate table.csv --groups patient {Options}");
        Assert.Contains($"note: the {Samples.Rows} rows are of {Groups} groups", outcome.Output);
        Assert.DoesNotContain("groups", Done($"evaluate plain.csv {Options}").Output);
    }

    [TestMethod]
    public void A_group_that_holds_most_rows_stands_in_the_way_of_folds()
    {
        Write("one.csv", "patient,a,y\n" + string.Concat(Enumerable.Range(0, 12).Select(row => $"P,{row},{(row % 2 == 0 ? "p" : "q")}\n")));
        Fault("evaluate one.csv --groups patient --folds 3", "got 1 groups for 3 folds, expected at least as many");
    }

    [TestMethod]
    [DataRow("train DATA --model new")]
    [DataRow("oversample DATA --out new.csv")]
    [DataRow("score DATA --out new.csv")]
    [DataRow("evaluate DATA")]
    public void A_column_that_cannot_be_the_groups_is_refused(string verb)
    {
        string line = verb.Replace("DATA", "table.csv", StringComparison.Ordinal);
        Fault($"{line} --groups Patient",
            "table.csv: no column 'Patient' for the groups; the columns are 'length', 'patient', 'count', 'share', 'kind'");
        Fault($"{line} --groups kind", "column 'kind' is the label column, the last one", "--target");
        Fault($"{line} --groups kind --target kind", "column 'kind' is the label column, expected another one");
        Misuse($"{line} --groups", "--groups");
    }

    [TestMethod]
    public void A_column_of_rows_that_all_differ_is_warned_of() =>
        Assert.Contains("warning: group column 'count': each row is a group of its own",
            Done($"train - --groups count --target kind --model model {Quick}",
            "count,x,kind\n"
                + string.Concat(Enumerable.Range(0, 30).Select(row => $"{row},{row % 7},{(row % 3 == 0 ? "p" : "q")}\n"))).Error);
}

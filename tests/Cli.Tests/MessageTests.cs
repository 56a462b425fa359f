using System.Globalization;
using System.Text;

namespace LeoCvae.Cli.Tests;

/// <summary>What data, names and paths can do to what is printed: nothing.</summary>
[TestClass]
public class MessageTests : CliTest
{
    const string Hostile = "a\u001b[31m\u0007\u202e\u200bz", Shown = "a\\x1b[31m\\x07\\u202e\\u200bz",
        Quick = "--epochs 1 --hidden 4 --latent 2";

    [TestMethod]
    public void Names_and_cells_cannot_steer_the_terminal()
    {
        Write("cell.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 30).Select(row => $"{row},{row % 2}\n")) + $"{Hostile},1\n");
        Fault("score cell.csv --out out.csv", "row 31 (line 32)", "[31m", "expected a finite number");
        Write("column.csv", $"{Hostile},y\n1,p\ninf,q\n");
        Fault("score column.csv --out out.csv", $"'{Shown}'");
        Write("twice.csv", $"{Hostile},{Hostile},y\n1,2,p\n");
        Fault("score twice.csv --out out.csv", $"'{Shown}'");
        Fault($"score {Hostile}.csv --out out.csv", $"{Shown}.csv");
        Fault($"train cell.csv --model new --preset {Hostile}", $"'{Shown}'");
        Misuse($"train cell.csv --{Hostile}", Shown);
        Misuse(Hostile, Shown);
    }

    [TestMethod]
    public void Nor_can_classes_columns_and_folders_in_what_a_run_says()
    {
        Write("table.csv", $"{Hostile},\"two\nlines\"\n"
            + string.Concat(Enumerable.Range(0, 40).Select(row => $"{row},{(row % 3 == 0 ? "\"r\n" + Hostile + "\"" : "common")}\n")));
        string folder = "model" + Hostile;
        foreach (string line in (string[])[
            $"train table.csv --model {folder} {Quick}", $"oversample table.csv --out o.csv {Quick}", $"inspect {folder}",
            $"generate {folder} --out g.csv --count 4",
            "score table.csv --out s.csv", $"embed {folder} table.csv --out e.csv",
            "evaluate table.csv --methods none,ros --classifiers logreg --folds 2"])
        {
            Outcome outcome = Done(line);
            Assert.IsFalse((outcome.Output + outcome.Error).EnumerateRunes().Any(rune => rune.Value != '\n'
                && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format), line);
        }
        Assert.Contains($"'two\\nlines': 'r\\n{Shown}' 14, common 26", Done("score table.csv --out again.csv").Output);
        Assert.Contains(Hostile, Read("again.csv"));
        Assert.AreEqual(14, Json("score table.csv --out json.csv").GetProperty("class_counts").GetProperty("r\n" + Hostile).GetInt32());
    }

    [TestMethod]
    public void A_message_is_not_as_long_as_the_data()
    {
        string name = new('n', 4000), cell = new('c', 1_000_000);
        Write("cell.csv", $"x,y\n1,p\n{cell},q\n");
        Fault("score cell.csv --out out.csv", "cell.csv", "column 'x'", "ccc", "of 1000000 bytes", "expected ");
        Write("name.csv", $"{name},y\n" + string.Concat(Enumerable.Range(0, 30).Select(row => $"{row},{(row % 2 == 0 ? name : "p")}\n")));
        Outcome train = Done($"train name.csv --model model {Quick}"), inspect = Done("inspect model");
        Assert.IsLessThan(4000, train.Output.Length + train.Error.Length);
        Assert.IsLessThan(20_000, inspect.Output.Length);
        Assert.Contains("(3901 characters left out)", train.Output);
        Fault("generate model --out out.csv --class none=1", "unknown class 'none'", "left out)", "'p'");
    }

    [TestMethod]
    public void Labels_that_differ_in_blanks_only_are_told_once_and_shown_in_quotes()
    {
        Write("table.csv", "a,y\n" + string.Concat(Enumerable.Range(0, 40)
            .Select(row => $"{row},{(row % 4 == 0 ? " F" : row % 4 == 1 ? "F " : row % 4 == 2 ? "F" : "M")}\n")));
        Outcome outcome = Done($"oversample table.csv --out out.csv {Quick}");
        Assert.ContainsSingle(line => line.StartsWith("warning: label column 'y': ' F', 'F ', 'F' differ in blanks only",
            StringComparison.Ordinal), outcome.ErrorLines);
        Assert.Contains("'y': ' F' 10, 'F ' 10, F 10, M 10", outcome.OutputLines[0]);
        Assert.Contains("' F' 10", outcome.OutputLines[^1]);
    }

    [TestMethod]
    public void A_name_that_begins_with_an_at_sign_is_no_response_file()
    {
        Write("@table.csv", Samples.Table.Replace("kind", "@kind", StringComparison.Ordinal)
            .Replace(",odd", ",@odd", StringComparison.Ordinal));
        Done($"train @table.csv --target @kind --model @model {Quick}");
        Done("generate @model --class @odd=3 --out @out.csv");
        Assert.AreEqual(3, TableFile.Read(At("@out.csv")).RowCount);
        Fault("score @missing.csv --out out.csv", "'@missing.csv'");
    }

    [TestMethod]
    [DataRow("x,y", 0.37, "train {0} --model new --epochs 16000000 --patience 16000000", DisplayName = "prices, train")]
    [DataRow("x,y", 0.37, "oversample {0} --out out.csv --epochs 16000000 --patience 16000000", DisplayName = "prices, oversample")]
    [DataRow("x,y", 0.37, "evaluate {0}", DisplayName = "prices, evaluate")]
    [DataRow("x,y", 1, "evaluate {0}", DisplayName = "numbers of rows")]
    public void A_measurement_as_label_is_refused_before_any_work(string header, double step, string verb)
    {
        Write("table.csv", header + "\n" + string.Concat(Enumerable.Range(0, 200)
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row % 17},{row * step:0.##}\n"))));
        Fault(string.Format(null, verb, "table.csv"), "label column 'y' has 200 classes in 200 rows, 200 of them with one row",
            "looks like a measurement", "--target", "--yes");
    }

    [TestMethod]
    public void A_rounded_measurement_is_one_too_but_class_codes_are_not()
    {
        Write("rounded.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 300)
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row % 17},{row % 30 * 0.5}\n"))));
        Fault("train rounded.csv --model new", "30 classes in 300 rows", "--yes");
        Write("codes.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 300)
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row % 17},{row % 30}\n"))));
        Done($"train codes.csv --model codes {Quick}");
        Write("grades.csv", "x,y\n" + string.Concat(Enumerable.Range(0, 60)
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row % 17},{1 + row % 3 * 0.5}\n"))));
        Done($"train grades.csv --model grades {Quick}");
    }

    [TestMethod]
    public void Who_means_many_tiny_classes_says_so_and_gets_a_warning_of_each_kind()
    {
        Write("ids.csv",
            "x,y\n" + string.Concat(Enumerable.Range(0, 300).Select(row => $"{row % 17},c{(row < 250 ? row : 250 + row % 10)}\n")));
        Fault("train ids.csv --model ids", "looks like", "--yes");
        Outcome outcome = Done($"train ids.csv --model ids --yes {Quick}");
        Assert.IsLessThan(6, outcome.ErrorLines.Length, outcome.Error);
        Assert.Contains("250 classes have one row each ('c0', 'c1', ", outcome.Error);
        Assert.Contains("10 classes have 5 rows, no more than k = 15", outcome.Error);
        Assert.IsLessThan(6000, Read("ids/MODEL_CARD.md").Length);
    }

    [TestMethod]
    public void A_feature_that_is_named_like_an_added_column_can_be_kept()
    {
        Write("pca.csv",
            "z1,z2,y\n" + string.Concat(Enumerable.Range(0, 40).Select(row => $"{row},{row % 7},{(row % 3 == 0 ? "p" : "q")}\n")));
        Done($"train pca.csv --model pca {Quick}");
        Fault("embed pca pca.csv --out e.csv", "column 'z1'", "--prefix");
        Done("embed pca pca.csv --out e.csv --prefix latent");
        Assert.StartsWith("z1,z2,y,latent1,latent2\n", Read("e.csv"));
        Fault("embed pca pca.csv --out f.csv --prefix ", "--prefix", "''");
        Done("score pca.csv --out s.csv");
        Fault("score s.csv --target y --out t.csv", "column 'entropy_bits'", "scored already", "--prefix");
        Done("score s.csv --target y --out t.csv --prefix second_");
        Assert.StartsWith("z1,z2,y,entropy_bits,p_p,p_q,second_entropy_bits,second_p_p,second_p_q\n", Read("t.csv"));
        Write("marked.csv", "a,synthetic,y\n1,0,p\n3,0,q\n5,1,p\n");
        Fault("oversample marked.csv --out out.csv --mark", "'synthetic'", "leave out --mark");
    }
}

namespace LeoCvae.Cli.Tests;

/// <summary>How many rows each class gets: common 40, rare 20, odd 16 before.</summary>
[TestClass]
public class StrategyTests : CliTest
{
    [TestInitialize]
    public void WriteTable()
    {
        Write("table.csv", Samples.Table);
        CopyModel("model");
    }

    [TestMethod]
    [DataRow("auto", 40, 40, 40)]
    [DataRow("all", 40, 40, 40)]
    [DataRow("not-majority", 40, 40, 40)]
    [DataRow("minority", 40, 20, 40)]
    [DataRow("ratio:0.45", 40, 20, 18)]
    [DataRow("ratio:0.51", 40, 21, 21)]
    [DataRow("ratio:1", 40, 40, 40)]
    [DataRow("counts:odd=100,common=40", 40, 20, 100)]
    [DataRow("add:rare=3,odd=0,common=1", 41, 23, 16)]
    public void A_strategy_gives_the_classes_these_sizes(string strategy, int common, int rare, int odd)
    {
        Outcome outcome = Done($"oversample table.csv --model model --out out.csv --strategy {strategy}");
        Assert.IsEmpty(outcome.Error);
        Assert.AreSequenceEqual([common, rare, odd], TableFile.Read(At("out.csv")).ClassCounts());
    }

    [TestMethod]
    public void Where_the_smallest_classes_tie_minority_takes_each()
    {
        Write("tie.csv", "a,y\n1,p\n2,p\n3,p\n4,q\n5,r\n6,p\n");
        Done("oversample tie.csv --out out.csv --strategy minority --epochs 1 --hidden 4");
        Assert.AreSequenceEqual([4, 4, 4], TableFile.Read(At("out.csv")).ClassCounts());
    }

    [TestMethod]
    [DataRow("add:age=20,sex=1=5", 9, 3, 2)]
    [DataRow("counts:age=20,sex=1=5,age=30, sex=2=7", 5, 7, 2)]
    [DataRow("add:-=1,age=30, sex=2=1", 4, 4, 3)]
    public void A_class_may_be_named_like_a_stratum(string strategy, int first, int second, int third)
    {
        Write("strata.csv", "a,y\n1,\"age=20,sex=1\"\n2,\"age=20,sex=1\"\n3,\"age=20,sex=1\"\n4,\"age=20,sex=1\"\n" +
            "5,\"age=30, sex=2\"\n6,\"age=30, sex=2\"\n7,\"age=30, sex=2\"\n8,-\n9,-\n");
        Done(["oversample", "strata.csv", "--out", "out.csv", "--strategy", strategy, "--epochs", "1", "--hidden", "4"]);
        Assert.AreSequenceEqual([first, second, third], TableFile.Read(At("out.csv")).ClassCounts());
        Done(["train", "strata.csv", "--model", "strata", "--epochs", "1", "--hidden", "4"]);
        Done(["generate", "strata", "--out", "more.csv", "--class", "age=30, sex=2=2", "--class", "-=1"]);
        Assert.AreEqual(3, TableFile.Read(At("more.csv")).RowCount);
    }

    [TestMethod]
    [DataRow(44, 40, 40, 40, "")]
    [DataRow(43, 40, 39, 39, "warning: auto asks for 44 more rows; capped at 42 (--max-rows changes that)")]
    [DataRow(4, 40, 20, 20, "warning: auto asks for 44 more rows; capped at 4 (--max-rows changes that)")]
    [DataRow(0, 40, 20, 16, "warning: auto asks for 44 more rows; capped at 0 (--max-rows changes that)")]
    public void The_cap_lets_the_smallest_classes_grow_first_and_is_said_aloud(int cap, int common, int rare, int odd, string warning)
    {
        Outcome outcome = Done($"oversample table.csv --model model --out out.csv --max-rows {cap} --quiet");
        Assert.AreEqual(warning, outcome.Error.TrimEnd('\n'));
        Assert.AreSequenceEqual([common, rare, odd], TableFile.Read(At("out.csv")).ClassCounts());
    }

    [TestMethod]
    public void Without_a_cap_at_most_ten_times_the_real_rows_are_added()
    {
        // 30 classes: one of 600 rows, 29 of one row; auto would add 29 x 599 = 17371 rows to 629.
        Write("wide.csv", "a,y\n" + string.Concat(Enumerable.Range(0, 600).Select(row => $"{row % 13},big\n"))
            + string.Concat(Enumerable.Range(0, 29).Select(c => $"{c},c{c}\n")));
        Outcome outcome = Done("oversample wide.csv --out out.csv --epochs 1 --hidden 4 --latent 2 --batch 629 --quiet");
        Assert.Contains("warning: auto asks for 17371 more rows; capped at 6264 (--max-rows changes that)", outcome.Error);
        Assert.AreEqual(629 + 6264, TableFile.Read(At("out.csv")).RowCount);
    }

    [TestMethod]
    [DataRow("counts:odd=15", "'odd'", "15", "at least its present 16 rows")]
    [DataRow("counts:none=50", "unknown class 'none'", "'common', 'rare', 'odd'")]
    [DataRow("add:none=50", "unknown class 'none'", "'common', 'rare', 'odd'")]
    [DataRow("add:odd=-1", "'odd'", "-1", "0 or more")]
    [DataRow("add:odd=1,odd=2", "'odd'", "twice")]
    [DataRow("add:odd", "'odd'", "NAME=COUNT")]
    [DataRow("add:odd=1.5", "'odd=1.5'", "whole number")]
    [DataRow("add:odd=99999999999", "'odd=99999999999'", "whole number")]
    [DataRow("add:", "'add:'", "expected auto, minority")]
    [DataRow("ratio:0", "got 0", "above 0")]
    [DataRow("ratio:1.01", "got 1.01", "at most 1")]
    [DataRow("ratio:0,5", "'ratio:0,5'", "expected auto, minority")]
    [DataRow("most", "--strategy", "'most'", "expected auto, minority")]
    public void A_strategy_that_does_not_fit_is_refused_before_any_training(string strategy, params string[] said) =>
        Fault($"oversample table.csv --out out.csv --strategy {strategy} --epochs 16000000 --patience 16000000", said);
}

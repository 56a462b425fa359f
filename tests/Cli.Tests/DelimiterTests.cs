namespace LeoCvae.Cli.Tests;

/// <summary>--delimiter and --decimal: what was told of the input goes for the output.</summary>
[TestClass]
public class DelimiterTests : CliTest
{
    static string European => Samples.Table.Replace(',', ';').Replace('.', ',');

    [TestInitialize]
    public void WriteTable()
    {
        Write("table.csv", Samples.Table);
        Write("european.csv", European);
        CopyModel("model");
    }

    [TestMethod]
    [DataRow("oversample {0} --model model --out {1}")]
    [DataRow("score {0} --out {1}")]
    [DataRow("embed model {0} --out {1}")]
    public void A_verb_reads_and_writes_as_it_was_told(string line)
    {
        Done(string.Format(null, line, "table.csv", "out.csv"));
        string expected = Read("out.csv").Replace(',', ';').Replace('.', ',');
        Done(string.Format(null, line, "european.csv", "out2.csv") + " --delimiter ; --decimal ,");
        Assert.AreEqual(expected, Read("out2.csv"));
        Write("european.txt", European);
        Done(string.Format(null, line, "european.txt", "out.txt") + " --delimiter semicolon --decimal comma");
        Assert.AreEqual(expected, Read("out.txt"));
        Assert.AreEqual(expected, Done(string.Format(null, line, "-", "-") + " --delimiter ; --decimal ,", European).Output);
    }

    [TestMethod]
    public void Verbs_that_only_read_take_it_too()
    {
        Done("train table.csv --model points --epochs 1 --hidden 8");
        Done("train european.csv --model commas --epochs 1 --hidden 8 --delimiter ; --decimal ,");
        Assert.AreEqual(Snapshot("points"), Snapshot("commas"));
        Done("evaluate european.csv --delimiter ; --decimal , --methods none --classifiers logreg --folds 2");
        Assert.AreEqual(Done("inspect table.csv").Output,
            Done("inspect european.csv --delimiter ; --decimal ,").Output.Replace("european.csv", "table.csv", StringComparison.Ordinal));
    }

    [TestMethod]
    public void What_was_not_told_or_wrongly_is_refused_in_one_line()
    {
        Fault("score european.csv --out out.csv", "got the column 'length;count;share;kind' only", "--delimiter semicolon");
        Fault("score european.csv --out out.csv --delimiter ;", "column 'length': got '", "--decimal , reads decimal commas");
        Fault("score table.csv --out out.csv --delimiter 7", "--delimiter: got '7', expected one character");
        Fault("score table.csv --out out.csv --decimal x", "--decimal: got 'x', expected , or .");
        Write("table.txt", Samples.Table);
        Fault("score table.txt --out out.csv", "'table.txt'", "--delimiter to say");
        Fault("score table.parquet --out out.csv --delimiter ;", "'table.parquet': got a delimiter for Parquet");
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LeoCvae.Cli.Tests;

[TestClass]
public class ScoreTests : CliTest
{
    [TestInitialize]
    public void WriteTable() => Write("table.csv", Samples.Table);

    [TestMethod]
    public void Rows_get_their_entropy_and_the_class_frequencies_of_their_neighbors()
    {
        Outcome outcome = Done("score table.csv --target kind --out scores.csv");
        Assert.Contains($"wrote the scores of {Samples.Rows} rows to scores.csv: k = 15, entropy mean ", outcome.Output);
        Assert.Contains("seed 42", outcome.Output);
        EntropyScores scores = LocalEntropy.Score(TableFile.Read(At("table.csv")));
        string[] lines = Read("scores.csv").TrimEnd('\n').Split('\n');
        Assert.AreEqual("length,count,share,kind,entropy_bits,p_common,p_rare,p_odd", lines[0]);
        for (int row = 0; row < Samples.Rows; row++)
        {
            Assert.StartsWith(Samples.Lines[row] + ",", lines[row + 1]);
            double[] added = [.. lines[row + 1].Split(',')[4..].Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
            Assert.AreSequenceEqual([scores.Bits[row], .. scores.Frequencies(row)], added);
            Assert.AreEqual(1, added[1..].Sum(), 1e-12);
        }
    }

    [TestMethod]
    public void The_number_of_neighbors_can_be_chosen_and_its_limit_is_said()
    {
        Done("score table.csv --out one.csv --neighbors 1");
        foreach (string line in Read("one.csv").TrimEnd('\n').Split('\n')[1..])
            Assert.AreEqual("0", line.Split(',')[4]);
        Outcome outcome = Done("score table.csv --out all.csv --neighbors 100 --quiet");
        Assert.IsEmpty(outcome.Output);
        Assert.AreEqual($"warning: k is clamped from 100 to 75 neighbors: the table has {Samples.Rows} rows\n", outcome.Error);
    }

    [TestMethod]
    public void An_index_scores_its_own_rows_and_new_ones_and_says_which()
    {
        string said = Done("index table.csv --target kind --out reference.knn --neighbors 5").Output;
        Assert.Contains($"indexed {Samples.Rows} rows in", said);
        string own = Done("score table.csv --index reference.knn --out own.csv").Output;
        Assert.Contains("the rows are the indexed ones: none is its own neighbor", own);
        Assert.Contains("k = 5", own);
        Write("copy.csv", Samples.Table + Samples.Lines[0] + "\n");
        Assert.Contains("the rows are new ones", Done("score copy.csv --index reference.knn --out new.csv --neighbors 1").Output);
        foreach (string line in Read("new.csv").TrimEnd('\n').Split('\n')[1..])
            Assert.AreEqual("0", line.Split(',')[4]);
        JsonElement output = Json("index table.csv --out again.knn --neighbors 100").GetProperty("output");
        Assert.AreEqual(Samples.Rows - 1, output.GetProperty("neighbors").GetInt32());
        Fault("score table.csv --index reference.knn --neighbors 6 --out o.csv", "got 6 neighbors, expected 1 to 5");
        Fault("score table.csv --index table.csv --out o.csv", "table.csv", "it is no index");
        Fault("score table.csv --index none.knn --out o.csv", "no such file");
        Fault("index table.csv --out reference.knn", "exists already");
        Fault("index table.csv --out new.knn --missing impute", "needs all rows");
    }

    [TestMethod]
    [DataRow("score table.csv --index a.knn --model m --out o.csv")]
    [DataRow("score table.csv --index a.knn --search exact --out o.csv")]
    [DataRow("score table.csv --index o.csv --out o.csv")]
    [DataRow("index - --out reference.knn")]
    [DataRow("index table.csv --out table.csv --overwrite")]
    public void An_index_goes_with_no_other_search_and_is_no_other_file(string line) => Misuse(line);

    [TestMethod]
    [DataRow("auto", "exact")]
    [DataRow("exact", "exact")]
    [DataRow("graph", "graph")]
    [DataRow("hnsw", "hnsw")]
    public void The_search_can_be_chosen_and_what_it_found_is_said(string wanted, string used)
    {
        Outcome outcome = Done($"score table.csv --out scores.csv --search {wanted}");
        Assert.Contains(used == "exact" ? "exact search" : $"{used} search with recall 1.0000, measured on {Samples.Rows} rows",
            outcome.Output);
        JsonElement search = Json($"score table.csv --out again.csv --search {wanted}").GetProperty("search");
        Assert.AreEqual(used, search.GetProperty("used").GetString());
        Assert.AreEqual(1, search.GetProperty("recall").GetDouble());
        Assert.AreEqual(used == "exact" ? 0 : 5, search.GetProperty("worst_rows").GetArrayLength());
        Assert.AreEqual(Read("scores.csv"), Read("again.csv"));
    }

    [TestMethod]
    public void A_fallback_to_the_exact_search_is_a_warning()
    {
        Random random = new(1);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        StringBuilder table = new();
        table.AppendJoin(',', Enumerable.Range(0, 64).Select(j => $"x{j}")).Append(",kind\n");
        for (int i = 0; i < 4000; i++)
            table.AppendJoin(',', Enumerable.Range(0, 64).Select(_ => Normal().ToString("F4", CultureInfo.InvariantCulture)))
                .Append(i % 3 == 0 ? ",rare\n" : ",common\n");
        Write("gaussian.csv", table.ToString());
        Outcome outcome = Done("score gaussian.csv --out scores.csv --search graph");
        Assert.StartsWith("warning: graph search found only 0.", outcome.Error);
        Assert.EndsWith(" so the exact search was used\n", outcome.Error);
        Assert.EndsWith("\nexact search\n", outcome.Output);
        Done("score gaussian.csv --out exact.csv --search exact");
        Assert.AreEqual(Read("exact.csv"), Read("scores.csv"));
    }

    [TestMethod]
    public void An_unknown_search_is_refused() =>
        Fault("score table.csv --out scores.csv --search fast", "--search", "'fast'", "auto, exact, graph, hnsw or lists");

    [TestMethod]
    public void The_machine_readable_object_holds_what_the_text_says()
    {
        JsonElement output = Json("score table.csv --out scores.csv --neighbors 5").GetProperty("output");
        Assert.AreEqual(5, output.GetProperty("neighbors").GetInt32());
        Assert.IsInRange(0, Math.Log2(3), output.GetProperty("mean_entropy_bits").GetDouble());
        Assert.IsInRange(0, Math.Log2(3), output.GetProperty("max_entropy_bits").GetDouble());
    }

    [TestMethod]
    public void Scoring_against_the_rows_of_a_model_that_keeps_none_is_refused_with_advice()
    {
        CopyModel("model");
        Fault("score table.csv --out scores.csv --model model", $"none of its {Samples.Rows} training rows", "--with-reference");
    }

    [TestMethod]
    public void Rows_without_labels_are_scored_and_embedded_against_the_rows_that_a_model_keeps()
    {
        Done($"train table.csv --model model --with-reference {SharedModel.Options}");
        Write("new.csv", "length,count,share\n11.5,20,0.300\n19.0,-30,1.000\n");
        Outcome outcome = Done("score new.csv --model model --out scores.csv");
        Assert.Contains("read 2 rows x 3 columns from new.csv; no labels", outcome.Output);
        Assert.Contains("k = 15", outcome.Output);
        using LeoModel model = LeoModel.Load(At("model"));
        EntropyScores scores = model.Score(TableFile.Read(At("new.csv"), "kind", LabelUse.Ignored));
        string[] lines = Read("scores.csv").TrimEnd('\n').Split('\n');
        Assert.AreEqual("length,count,share,entropy_bits,p_common,p_rare,p_odd", lines[0]);
        for (int row = 0; row < 2; row++)
            Assert.AreSequenceEqual([scores.Bits[row], .. scores.Frequencies(row)],
                lines[row + 1].Split(',')[3..].Select(text => double.Parse(text, CultureInfo.InvariantCulture)));
        Done("embed model new.csv --out embedding.csv");
        Assert.StartsWith($"length,count,share,{SharedModel.LatentHeader}\n11.5,20,0.300,", Read("embedding.csv"));
        Assert.Contains("reference.knn", Done("inspect model").Output);
        Fault("score new.csv --model model --search graph --out again.csv", "got graph", "auto, exact or hnsw");
        Assert.AreEqual("warning: k is clamped from 100 to 76 neighbors: the model keeps 76 rows\n",
            Done("score new.csv --model model --neighbors 100 --out all.csv --quiet").Error);
    }

    [TestMethod]
    public void Labels_that_are_not_looked_at_may_be_blank_or_missing()
    {
        Done($"train table.csv --model model --with-reference {SharedModel.Options}");
        Write("new.csv", "length,count,share,kind\n11.5,20,0.300,\n19.0,-30,1.000,NA\n");
        Done("score new.csv --model model --out scores.csv");
        Assert.Contains("\n11.5,20,0.300,,", Read("scores.csv"));
        Assert.Contains("\n19.0,-30,1.000,NA,", Read("scores.csv"));
    }

    [TestMethod]
    [DataRow("0", "at least 1")]
    [DataRow("-3", "at least 1")]
    [DataRow("2.5", "whole number")]
    [DataRow("k", "whole number")]
    public void A_bad_number_of_neighbors_is_refused(string neighbors, string expected) =>
        Fault($"score table.csv --out scores.csv --neighbors {neighbors}", "--neighbors", $"'{neighbors}'", expected);

    [TestMethod]
    public void A_table_that_has_such_a_column_already_is_refused()
    {
        Write("scored.csv", "a,entropy_bits,y\n1,2,p\n3,4,q\n");
        Fault("score scored.csv --out scores.csv", "'entropy_bits'", "already");
    }
}

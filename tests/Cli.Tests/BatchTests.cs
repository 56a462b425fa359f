using System.Globalization;
using System.Text;

namespace LeoCvae.Cli.Tests;

/// <summary>Tables of more rows than a batch has are scored and embedded as they would be whole.</summary>
[TestClass]
public class BatchTests : CliTest
{
    const int Rows = 70_000;

    [TestInitialize]
    public void FitAndWriteTable()
    {
        Write("table.csv", Samples.Table);
        Done($"train table.csv --model model --with-reference {SharedModel.Options}");
        StringBuilder rows = new("length,count,share\n");
        for (int row = 0; row < Rows; row++)
            rows.Append(CultureInfo.InvariantCulture, $"{10 + row % 97 / 10.0:F1},{row % 89 - 30},{row % 83 / 100.0:F3}\n");
        Write("rows.csv", rows.ToString());
    }

    [TestMethod]
    public void Scores_and_latent_means_are_those_of_the_whole_table()
    {
        using LeoModel model = LeoModel.Load(At("model"));
        TableDocument document = TableFile.ReadDocument(At("rows.csv"), "kind", LabelUse.Ignored);
        EntropyScores scores = model.Score(document.Table);
        Matrix means = model.Embed(document.Table);
        string Whole(params ExtraColumn[] added)
        {
            using MemoryStream stream = new();
            document.Write(stream, null, added);
            return Encoding.UTF8.GetString(stream.ToArray());
        }

        string said = Done("score rows.csv --model model --out scores.csv").Output;
        Assert.Contains($"read {Rows} rows x 3 columns from rows.csv; no labels", said);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"wrote the scores of {Rows} rows to scores.csv: k = 15, entropy " +
            $"mean {scores.Bits.ToArray().Average():0.0000}, max {scores.Bits.ToArray().Max():0.0000} bits"), said);
        string expected = Whole([ExtraColumn.OfNumbers("entropy_bits", row => scores.Bits[row]), .. scores.Classes.Select((name, c) =>
            ExtraColumn.OfNumbers($"p_{name}", row => scores.Frequencies(row)[c]))]);
        Assert.AreEqual(expected, Read("scores.csv"));
        Assert.AreEqual(expected, Done("score - --model model --out -", Read("rows.csv")).Output);

        Done("embed model rows.csv --out means.csv");
        Assert.AreEqual(Whole([.. Enumerable.Range(0, means.Columns).Select(l =>
            ExtraColumn.OfNumbers($"z{l + 1}", row => means[row][l]))]), Read("means.csv"));
    }

    [TestMethod]
    public void A_fault_in_the_last_row_leaves_nothing_half_written()
    {
        Write("old.csv", "old\n");
        string rows = Read("rows.csv");
        foreach ((string row, string said) in (ReadOnlySpan<(string, string)>)[("1,2,x\n", "row 70001 (line 70002), column 'share'"),
            ("1,2\n", "row 70001 (line 70002): got 2 fields"), ("1,1e200,0.5\n", "row 70000, column 'count'")])
        {
            Write("rows.csv", rows + row);
            Fault("score rows.csv --model model --out new.csv", said);
            Fault("embed model rows.csv --out old.csv --overwrite", said);
        }
    }

    [TestMethod]
    public void A_fit_on_a_sample_is_said_and_all_real_rows_are_written()
    {
        Outcome outcome = Done($"oversample table.csv --max-training-rows 40 --mark --out out.csv {SharedModel.Options}");
        Assert.Contains($"fitted on 40 of {Samples.Rows} rows, stratified: ", outcome.Error);
        string[] lines = Read("out.csv").TrimEnd('\n').Split('\n')[1..];
        Assert.AreSequenceEqual(Samples.Lines, lines.Take(Samples.Rows).Select(line => string.Join(',', line.Split(',')[..4])));
        foreach (string[] cells in lines.Skip(Samples.Rows).Select(line => line.Split(',')))
            Assert.EndsWith("," + cells[3], Samples.Lines[int.Parse(cells[5], CultureInfo.InvariantCulture)]);
        Fault("train table.csv --model new --max-training-rows 2", "--max-training-rows: got 2 rows for 3 classes");
    }
}

using System.Globalization;
using System.Text.Json;

namespace LeoCvae.Cli.Tests;

[TestClass]
public class EmbedTests : CliTest
{
    [TestInitialize]
    public void CopyModelAndTable()
    {
        CopyModel("model");
        Write("table.csv", Samples.Table);
    }

    [TestMethod]
    public void Rows_get_their_latent_means()
    {
        Outcome outcome = Done("embed model table.csv --out embedding.csv");
        Assert.Contains($"wrote {Samples.Rows} rows with 4 latent means to embedding.csv (seed 42, not used)", outcome.Output);
        using LeoModel model = LeoModel.Load(At("model"));
        Matrix means = model.Embed(TableFile.Read(At("table.csv")));
        string[] lines = Read("embedding.csv").TrimEnd('\n').Split('\n');
        Assert.AreEqual($"length,count,share,kind,{SharedModel.LatentHeader}", lines[0]);
        for (int row = 0; row < Samples.Rows; row++)
        {
            Assert.StartsWith(Samples.Lines[row] + ",", lines[row + 1]);
            Assert.AreSequenceEqual(means[row].ToArray(), lines[row + 1].Split(',')[4..]
                .Select(text => float.Parse(text, CultureInfo.InvariantCulture)));
        }
    }

    [TestMethod]
    public void The_label_column_is_the_models_wherever_it_stands()
    {
        Done("embed model table.csv --out last.csv");
        Write("first.csv", "kind,length,count,share\n" + string.Concat(Samples.Lines.Select(line => line.Split(','))
            .Select(cells => $"{cells[3]},{cells[0]},{cells[1]},{cells[2]}\n")));
        Done("embed model first.csv --out first-embedded.csv");
        string[] Means(string file) => [.. Read(file).TrimEnd('\n').Split('\n').Select(line => string.Join(',', line.Split(',')[4..]))];
        Assert.AreSequenceEqual(Means("last.csv"), Means("first-embedded.csv"));
    }

    [TestMethod]
    public void The_machine_readable_object_holds_what_the_text_says()
    {
        JsonElement json = Json("embed model table.csv --out embedding.csv");
        Assert.AreEqual(4, json.GetProperty("output").GetProperty("latent_size").GetInt32());
        Assert.AreEqual(Samples.Rows, json.GetProperty("rows").GetInt32());
    }

    [TestMethod]
    [DataRow("length,count,share\n1,2,3\n", "none of its 76 training rows", "rows without labels", "--with-reference",
        DisplayName = "no label column")]
    [DataRow("length,width,share,kind\n1,2,3,odd\n", "the column 'count' is missing; got the column 'width', which is not expected",
        "--drop width leaves it out", DisplayName = "another column")]
    [DataRow("length,Count,share,kind\n1,2,3,odd\n", "the column 'count' is missing (is 'Count' meant?)", DisplayName = "another case")]
    [DataRow("length,kind\n1,odd\n", "the columns 'count', 'share' are missing", DisplayName = "too few columns")]
    [DataRow("length,count,share,kind\n1,2,3,even\n", "unknown class 'even'", "'common', 'rare', 'odd'", DisplayName = "another class")]
    [DataRow("length,count,share,kind\n1,x,3,odd\n", "table.csv", "row 1 (line 2)", "column 'count'", "'x'", DisplayName = "text")]
    public void A_table_that_does_not_fit_the_model_is_refused(string table, params string[] said)
    {
        Write("table.csv", table);
        Fault("embed model table.csv --out embedding.csv", said);
    }

    [TestMethod]
    public void A_label_column_that_is_blank_throughout_is_none()
    {
        Write("blank.csv", "length,count,share,kind\n11.5,20,0.300,\n19.0,-30,1.000,NA\n");
        Write("none.csv", "length,count,share\n11.5,20,0.300\n19.0,-30,1.000\n");
        Fault("embed model blank.csv --out out.csv", "none of its 76 training rows", "rows without labels", "--with-reference");
        Done($"train table.csv --model kept --with-reference {SharedModel.Options}");
        Assert.Contains("read 2 rows x 3 columns from blank.csv; no labels", Done("embed kept blank.csv --out blank-out.csv").Output);
        Done("embed kept none.csv --out none-out.csv");
        Assert.AreEqual(Read("none-out.csv"), Read("blank-out.csv").Replace(",kind", "", StringComparison.Ordinal)
            .Replace("0.300,,", "0.300,", StringComparison.Ordinal).Replace("1.000,NA,", "1.000,", StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow("", "odd", "got the label 'odd', expected none as in the rows before it")]
    [DataRow("odd", "", "got an empty label, expected a class name")]
    public void Labels_of_some_rows_only_are_refused(string first, string second, string said)
    {
        Write("some.csv", $"length,count,share,kind\n1,2,3,{first}\n4,5,6,{second}\n");
        Fault("embed model some.csv --out out.csv", "row 2 (line 3), column 'kind'", said);
    }

    [TestMethod]
    public void The_generator_alone_cannot_embed_and_says_what_is_needed() =>
        Fault("embed model/generator.onnx table.csv --out embedding.csv", "encoder.onnx", "load the whole folder");

    [TestMethod]
    [DataRow("length,width,share,kind\n1,2,3,odd\n4,5,6,rare\n", "the column 'count' is missing", "'width'",
        DisplayName = "another column")]
    [DataRow("length,count,share,sort\n1,2,3,odd\n4,5,6,rare\n", "label column", "'sort'", "'kind'", DisplayName = "another label column")]
    [DataRow("length,count,share,kind\n1,2,3,odd\n4,5,6,even\n", "unknown class 'even'", DisplayName = "another class")]
    public void Nor_is_it_oversampled_with_that_model(string table, params string[] said)
    {
        Write("table.csv", table);
        Fault("oversample table.csv --model model --out out.csv", said);
    }
}

using System.Text.Json;

namespace LeoCvae.Cli.Tests;

[TestClass]
public class GenerateTests : CliTest
{
    [TestInitialize]
    public void CopyModel() => CopyModel("model");

    [TestMethod]
    public void Rows_of_the_named_classes_come_in_the_models_order()
    {
        Outcome outcome = Done("generate model --class odd=2 --class common=3 --out rows.csv --seed 9");
        Assert.Contains("wrote 5 synthetic rows to rows.csv (seed 9): common 3, rare 0, odd 2", outcome.Output);
        string[] lines = Read("rows.csv").TrimEnd('\n').Split('\n');
        Assert.AreEqual("length,count,share,kind", lines[0]);
        Assert.AreSequenceEqual(["common", "common", "common", "odd", "odd"], lines[1..].Select(line => line.Split(',')[3]));
    }

    [TestMethod]
    [DataRow(9, 3, 3, 3)]
    [DataRow(10, 3, 3, 4)]
    [DataRow(11, 3, 4, 4)]
    [DataRow(0, 0, 0, 0)]
    public void A_count_is_split_equally_and_the_rarer_classes_get_the_remainder(int count, int common, int rare, int odd) =>
        Assert.Contains($": common {common}, rare {rare}, odd {odd}", Done($"generate model --count {count} --out rows.csv").Output);

    [TestMethod]
    [DataRow(Samples.Rows, Samples.Common, Samples.Rare, Samples.Odd)]
    [DataRow(19, 10, 5, 4)]
    [DataRow(1, 1, 0, 0)]
    public void A_count_can_be_split_as_the_training_table_was(int count, int common, int rare, int odd) =>
        Assert.Contains($": common {common}, rare {rare}, odd {odd}",
            Done($"generate model --count {count} --like-training --out rows.csv").Output);

    [TestMethod]
    public void Values_stay_in_the_columns_range_and_keep_its_decimals()
    {
        Done("generate model --count 500 --out rows.csv");
        Table real = TableFile.Read(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Samples.Table)), "sample"),
            made = TableFile.Read(At("rows.csv"));
        foreach ((ColumnSpec before, ColumnSpec after) in real.Schema.Columns.Zip(made.Schema.Columns))
        {
            Assert.AreEqual(before.Decimals, after.Decimals, before.Name);
            Assert.IsGreaterThanOrEqualTo(before.Minimum, after.Minimum, before.Name);
            Assert.IsLessThanOrEqualTo(before.Maximum, after.Maximum, before.Name);
        }
    }

    [TestMethod]
    public void The_generator_alone_is_enough()
    {
        Done("generate model --count 20 --out whole.csv");
        File.Move(At("model/generator.onnx"), At("alone.onnx"));
        Directory.Delete(At("model"), recursive: true);
        Done("generate alone.onnx --count 20 --out alone.csv");
        Assert.AreEqual(Read("whole.csv"), Read("alone.csv"));
    }

    [TestMethod]
    public void More_rows_begin_with_the_same_ones()
    {
        Done("generate model --class rare=5 --out few.csv");
        Done("generate model --class rare=2000 --out many.csv");
        Assert.StartsWith(Read("few.csv"), Read("many.csv"));
    }

    [TestMethod]
    public void The_machine_readable_object_holds_what_the_text_says()
    {
        JsonElement json = Json("generate model --count 7 --out rows.csv --seed 3");
        Assert.AreEqual(3, json.GetProperty("seed").GetInt32());
        Assert.AreEqual(7, json.GetProperty("output").GetProperty("synthetic_rows").GetInt32());
        Assert.AreEqual(3, json.GetProperty("output").GetProperty("class_counts").GetProperty("odd").GetInt32());
    }

    [TestMethod]
    [DataRow("--class none=5", "unknown class 'none'", "'common', 'rare', 'odd'")]
    [DataRow("--class odd=-5", "'odd'", "-5", "0 or more")]
    [DataRow("--class odd", "'odd'", "NAME=COUNT")]
    [DataRow("--class =5", "'=5'", "NAME=COUNT")]
    [DataRow("--class odd=many", "'odd=many'", "whole number")]
    [DataRow("--class odd=1 --class odd=2", "'odd'", "twice")]
    [DataRow("--count -1", "--count", "'-1'", "at least 0")]
    [DataRow("--count ten", "--count", "'ten'", "whole number")]
    [DataRow("--count 2.5", "--count", "'2.5'", "whole number")]
    [DataRow("--count 9999999999", "--count", "'9999999999'", "2147483647")]
    public void A_request_that_cannot_be_met_is_refused(string request, params string[] said) =>
        Fault($"generate model {request} --out rows.csv", said);
}

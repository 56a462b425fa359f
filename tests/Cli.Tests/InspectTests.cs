using System.Security.Cryptography;
using System.Text.Json;

namespace LeoCvae.Cli.Tests;

[TestClass]
public class InspectTests : CliTest
{
    [TestInitialize]
    public void CopyModel() => CopyModel("model");

    [TestMethod]
    public void The_text_shows_classes_columns_options_files_and_all_hashes()
    {
        string text = Done("inspect model").Output;
        using LeoModel model = LeoModel.Load(At("model"));
        foreach (string part in (string[])["format 3", "engine ", "arXiv:2509.25334", "all hashes are right",
            $"trained on {Samples.Rows} rows, 2 epochs", model.Manifest.Provenance.DataSha256, "class of 'kind'"])
            Assert.Contains(part, text);
        string[] lines = text.Split('\n');
        string Line(string name) => Assert.ContainsSingle(line => line.StartsWith($"│ {name} ", StringComparison.Ordinal), lines, name);
        foreach ((string name, int rows) in model.Schema.Classes.Zip(model.Manifest.Provenance.ClassCounts))
            Assert.Contains($" {rows} ", Line(name));
        foreach (ColumnSpec column in model.Schema.Columns)
            Assert.Contains(" number ", Line(column.Name));
        foreach (JsonProperty option in model.Manifest.Options.EnumerateObject())
            Assert.Contains($" {option.Value} ", Line(option.Name));
        foreach (string file in Directory.EnumerateFiles(At("model")))
            Assert.Contains($" {new FileInfo(file).Length} │ {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))} ",
                System.Text.RegularExpressions.Regex.Replace(Line(Path.GetFileName(file)), " +", " "));
    }

    [TestMethod]
    public void The_machine_readable_object_is_the_manifest_and_the_files()
    {
        JsonElement json = Json("inspect model");
        using JsonDocument manifest = JsonDocument.Parse(Read("model/model.json"));
        Assert.IsTrue(JsonElement.DeepEquals(manifest.RootElement, json.GetProperty("manifest")));
        Assert.AreSequenceEqual(["MODEL_CARD.md", "decoder.onnx", "encoder.onnx", "generator.onnx", "model.json"],
            json.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("name").GetString()));
        foreach (JsonElement file in json.GetProperty("files").EnumerateArray())
            Assert.AreEqual(Convert.ToHexStringLower(SHA256.HashData(
                File.ReadAllBytes(At("model/" + file.GetProperty("name").GetString())))), file.GetProperty("sha256").GetString());
    }

    [TestMethod]
    public void The_card_belongs_to_people_and_may_change_or_go()
    {
        File.AppendAllText(At("model/MODEL_CARD.md"), "\nNot for the west wing.\n");
        Done("inspect model");
        File.Delete(At("model/MODEL_CARD.md"));
        Assert.DoesNotContain("MODEL_CARD.md", Done("inspect model").Output);
    }

    [TestMethod]
    public void A_generator_alone_can_be_inspected() => Assert.Contains("generator.onnx", Done("inspect model/generator.onnx").Output);

    [TestMethod]
    public void A_warning_at_training_is_shown_again()
    {
        Write("small.csv", "a,b,y\n1,2,p\n3,4,q\n5,6,p\n");
        Done("train small.csv --model small --epochs 1");
        Assert.Contains("warning at training: k is clamped from 15 to 2 neighbors", Done("inspect small").Output);
    }
}

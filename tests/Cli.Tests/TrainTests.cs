using System.Text.Json;

namespace LeoCvae.Cli.Tests;

[TestClass]
public class TrainTests : CliTest
{
    static readonly string[] ModelFiles = ["MODEL_CARD.md", "decoder.onnx", "encoder.onnx", "generator.onnx", "model.json"];

    [TestInitialize]
    public void WriteTable() => Write("table.csv", Samples.Table);

    [TestMethod]
    public void Training_writes_a_folder_that_loads_and_says_what_it_did()
    {
        Outcome outcome = Done("train table.csv --target kind --model model --epochs 3");
        Assert.Contains(
            $"read {Samples.Rows} rows x 3 columns from table.csv; 'kind': common {Samples.Common}, rare {Samples.Rare}, odd {Samples.Odd}",
            outcome.Output);
        Assert.Contains("trained 3 epochs (preset default, seed 42)", outcome.Output);
        Assert.Contains("wrote the model to model (5 files, ", outcome.Output);
        Assert.IsEmpty(outcome.Error);
        Assert.AreSequenceEqual(ModelFiles, Directory.EnumerateFiles(At("model")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using LeoModel model = LeoModel.Load(At("model"));
        Assert.AreSequenceEqual(["common", "rare", "odd"], model.Schema.Classes);
        Assert.AreEqual(3, model.Manifest.Provenance.Epochs);
    }

    [TestMethod]
    public void Every_training_option_reaches_the_model()
    {
        Done("train table.csv --model model --preset paper --device cpu --neighbors 4 --entropy-power 1.5 --kld-weight 0.25 --latent 3 " +
            "--hidden 8 --epochs 2 --patience 7 --learning-rate 2e-3 --batch 9 --seed 18446744073709551615");
        using LeoModel model = LeoModel.Load(At("model"));
        JsonElement options = model.Manifest.Options;
        Assert.AreEqual(3, model.Manifest.LatentSize);
        foreach ((string name, string value) in new[] {
            ("preset", "\"paper\""), ("device", "\"cpu\""), ("entropy_neighbors", "4"), ("entropy_power", "1.5"), ("kld_weight", "0.25"),
            ("latent_size", "3"), ("hidden_size", "8"),
            ("max_epochs", "2"), ("patience", "7"), ("learning_rate", "0.002"), ("batch_size", "9"), ("seed", "18446744073709551615") })
            Assert.AreEqual(value, options.GetProperty(name).GetRawText(), name);
    }

    [TestMethod]
    public void The_losses_are_written_one_line_an_epoch()
    {
        Done("train table.csv --model model --epochs 4 --log-losses losses.csv");
        string[] lines = Read("losses.csv").TrimEnd('\n').Split('\n');
        Assert.AreEqual("epoch,train_loss,train_reconstruction,train_kld,validation_loss,is_best", lines[0]);
        Assert.HasCount(5, lines);
        for (int epoch = 1; epoch < lines.Length; epoch++)
        {
            Assert.StartsWith($"{epoch},", lines[epoch]);
            Assert.HasCount(6, lines[epoch].Split(','));
            Assert.EndsWith(epoch == 1 ? ",1" : lines[epoch][^2..], lines[epoch]);
        }
    }

    [TestMethod]
    public void The_label_is_the_last_column_unless_another_is_named()
    {
        Write("middle.csv", "a,class,b\n1,x,2\n3,y,4\n5,x,6\n7,y,8\n");
        Done("train middle.csv --target class --model model --epochs 1");
        using LeoModel model = LeoModel.Load(At("model"));
        Assert.AreEqual("class", model.Schema.Target);
        Assert.AreEqual(1, model.Schema.TargetIndex);
    }

    [TestMethod]
    public void What_has_to_be_adapted_to_a_small_table_is_said_and_kept_in_the_model()
    {
        Write("small.csv", "a,b,y\n1,2,p\n3,4,q\n5,6,p\n");
        Outcome outcome = Done("train small.csv --model model --epochs 1 --quiet");
        Assert.IsEmpty(outcome.Output);
        foreach (string line in outcome.ErrorLines)
            Assert.StartsWith("warning: ", line);
        Assert.Contains("k is clamped from 15 to 2 neighbors", outcome.Error);
        using LeoModel model = LeoModel.Load(At("model"));
        Assert.AreSequenceEqual(outcome.ErrorLines, model.Manifest.Provenance.Warnings.Select(warning => $"warning: {warning}"));
    }

    [TestMethod]
    public void An_existing_model_is_replaced_whole_when_asked_to()
    {
        CopyModel("model");
        Write("model/MODEL_CARD.md", "old");
        Done("train table.csv --model model --epochs 1 --overwrite");
        Assert.AreSequenceEqual(ModelFiles, Directory.EnumerateFiles(At("model")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.AreNotEqual("old", Read("model/MODEL_CARD.md"));
        Assert.AreSequenceEqual(["model", "table.csv"], Directory.EnumerateFileSystemEntries(At()).Select(Path.GetFileName)
            .Order(StringComparer.Ordinal));
    }

    [TestMethod]
    public void The_machine_readable_object_holds_what_the_text_says()
    {
        JsonElement json = Json("train table.csv --model model --epochs 2 --seed 7");
        Assert.AreEqual(7, json.GetProperty("seed").GetInt32());
        Assert.AreEqual(Samples.Rows, json.GetProperty("rows").GetInt32());
        Assert.AreEqual(Samples.Odd, json.GetProperty("class_counts").GetProperty("odd").GetInt32());
        Assert.AreEqual(2, json.GetProperty("training").GetProperty("epochs").GetInt32());
        Assert.AreEqual(0, json.GetProperty("training").GetProperty("warnings").GetArrayLength());
        Assert.AreEqual("model", json.GetProperty("model").GetProperty("folder").GetString());
    }
}

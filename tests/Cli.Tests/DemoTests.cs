using System.Text.Json;

namespace LeoCvae.Cli.Tests;

[TestClass]
public class DemoTests : CliTest
{
    [TestMethod]
    public void The_demo_needs_nothing_and_can_be_repeated()
    {
        Outcome first = Done("demo");
        string files = Snapshot();
        Assert.Contains($"all files are in {At("leocvae-demo")}", first.Output);
        Assert.IsEmpty(first.Error);
        foreach (string step in (string[])["1. A real, imbalanced table", "2. Fit:",
            "3. Reload the plain ONNX files and generate, without TorchSharp", "seed 42", "real, row 0", "new, seed "])
            Assert.Contains(step, first.Output);
        Assert.AreSequenceEqual(["leocvae-demo"], Directory.EnumerateFileSystemEntries(At()).Select(Path.GetFileName));
        Assert.AreSequenceEqual(["balanced.csv", "breast-cancer.csv", "model"],
            Directory.EnumerateFileSystemEntries(At("leocvae-demo")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        Outcome second = Done("demo --quiet");
        Assert.AreEqual("", second.Output + second.Error);
        Assert.AreEqual(files, Snapshot(), "the second run wrote other files");
    }

    [TestMethod]
    public void It_writes_what_it_says()
    {
        string shipped = File.ReadAllText(Path.Combine(Cli.Root, "tools", "leocvae", "Demo", "breast-cancer.csv"));
        Outcome outcome = Done("demo --seed 5 --json");
        using JsonDocument json = JsonDocument.Parse(outcome.Output);
        Assert.AreEqual(At("leocvae-demo"), json.RootElement.GetProperty("folder").GetString());
        Assert.AreEqual(5, json.RootElement.GetProperty("seed").GetInt32());
        Assert.AreEqual(shipped, Read("leocvae-demo/breast-cancer.csv"));
        Assert.StartsWith(shipped, Read("leocvae-demo/balanced.csv"));
        Assert.AreSequenceEqual([357, 357], TableFile.Read(At("leocvae-demo/balanced.csv"), "diagnosis").ClassCounts());
        Assert.Contains("wrote 569 real and 145 synthetic rows to leocvae-demo/balanced.csv (seed 5): malignant 357, benign 357",
            outcome.Error.Replace('\\', '/'));

        Done("oversample leocvae-demo/breast-cancer.csv --model leocvae-demo/model --seed 5 --out again.csv");
        Assert.AreEqual(Read("leocvae-demo/balanced.csv"), Read("again.csv"));
    }

    [TestMethod]
    public void A_file_where_its_folder_belongs_is_left_alone()
    {
        Write("leocvae-demo", "mine");
        Fault("demo", "leocvae-demo");
    }
}

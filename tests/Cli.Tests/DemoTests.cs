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
    public void The_mixed_demo_shows_what_is_found_held_and_gained()
    {
        Outcome outcome = Done("demo --mixed");
        Assert.IsEmpty(outcome.Error);
        foreach (string part in (string[])["columns: 4 numbers, 4 categories, 2 dates, 1 identifier; missing values in 1",
            "held by every row: city determines state; granted <= due", "0 of 470 new rows are invalid", "forest: means over folds",
            "weights", $"all files are in {At("leocvae-demo-mixed")}"])
            Assert.Contains(part, outcome.Output);
        string shipped = File.ReadAllText(Path.Combine(Cli.Root, "tools", "leocvae", "Demo", "loans.csv"));
        Assert.StartsWith(shipped, Read("leocvae-demo-mixed/balanced.csv"));

        // By the texts alone: no other city, state or date, ids of their own, incomes missing as often as in the class.
        string[][] Rows(string csv) => [.. csv.TrimEnd('\n').Split('\n').Skip(1).Select(line => line.Split(','))];
        string[][] real = Rows(shipped), made = Rows(Read("leocvae-demo-mixed/balanced.csv"))[real.Length..];
        HashSet<(string, string)> cities = [.. real.Select(row => (row[1], row[2]))];
        foreach (string[] row in made)
        {
            Assert.StartsWith("synthetic-", row[0]);
            Assert.Contains((row[1], row[2]), cities);
            Assert.IsLessThanOrEqualTo(0, string.CompareOrdinal(row[9], row[10]));
        }
        double Missing(string[][] rows) => rows.Where(row => row[11] == "defaulted").Average(row => row[6].Length == 0 ? 1.0 : 0);
        Assert.AreEqual(Missing(real), Missing(made), 0.1);
    }

    [TestMethod]
    public void A_file_where_its_folder_belongs_is_left_alone()
    {
        Write("leocvae-demo", "mine");
        Fault("demo", "leocvae-demo");
    }
}

using System.Diagnostics;
using System.Globalization;

namespace LeoCvae.Cli.Tests;

/// <summary>
/// Verbs that are killed or told to stop while they write: what they were to replace is there as it was, or whole and new, and the same
/// command then succeeds and leaves no temporary file.
/// </summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public class KilledTests : CliTest
{
    [TestMethod]
    [DataRow("train table.csv --model new --overwrite --epochs 3 --hidden 16 --log-losses losses.csv", "new", "losses.csv")]
    [DataRow("oversample table.csv --model model --out out.csv --overwrite", "out.csv")]
    [DataRow("oversample table.csv --out out.csv.gz --overwrite --epochs 3 --hidden 16 --save-model new", "out.csv.gz", "new")]
    [DataRow("generate model --count 100000 --out out.csv --overwrite", "out.csv")]
    [DataRow("generate model --count 100000 --out out.parquet --overwrite", "out.parquet")]
    [DataRow("score table.csv --out out.csv --overwrite", "out.csv")]
    [DataRow("index big.csv --out big.knn --overwrite", "big.knn")]
    [DataRow("embed model table.csv --out out.csv --overwrite", "out.csv")]
    [DataRow("evaluate table.csv --methods none --classifiers logreg --folds 2 --overwrite --report r.html --results r.json", "r.html",
        "r.json")]
    [DataRow("convert big.csv out.parquet --overwrite", "out.parquet")]
    [DataRow("convert big.csv out.csv --overwrite --to-delimiter ;", "out.csv")]
    [DataRow("score big.csv --model rows --out out.csv --overwrite", "out.csv")]
    public void Leave_the_old_files_or_the_new_ones_and_nothing_in_the_way(string line, params string[] outputs)
    {
        Write("table.csv", Samples.Table);
        Write("big.csv", Samples.Table + string.Concat(Enumerable.Repeat(string.Join('\n', Samples.Lines) + "\n", 500)));
        CopyModel("model");
        if (line.Contains("--model rows", StringComparison.Ordinal))
            Done("train table.csv --model rows --epochs 3 --hidden 16 --with-reference");
        foreach (string output in outputs)
            if (output == "new")
                CopyModel("new");
            else
                Write(output, "mine");
        string[] before = [.. outputs.Select(State)];
        // The new ones, elsewhere.
        string[] whole = WholeOf(line, outputs);
        Kill(line, outputs, before, whole);
    }

    [TestMethod]
    public void The_demo_leaves_old_files_or_new_ones_too()
    {
        string[] outputs = [.. ((string[])["breast-cancer.csv", "model", "balanced.csv"])
            .Select(name => Path.Combine("leocvae-demo", name))];
        Done("demo --seed 7");
        string[] whole = [.. outputs.Select(State)];
        Done("demo --seed 5");
        Kill("demo --seed 7", outputs, [.. outputs.Select(State)], whole);
    }

    void Kill(string line, string[] outputs, string[] before, string[] whole)
    {
        // While each of the files is written.
        foreach ((string signal, string written) in ((string[])["KILL", "TERM", "INT"])
            .SelectMany(_ => outputs, (signal, output) => (signal, output)))
        {
            string[] left = Temporaries();
            using (Process process = Cli.Start(At(), [.. line.Split(' '), "--quiet"]))
            {
                // As soon as it writes, or when it has.
                while (!process.HasExited && !Temporaries(written).Except(left).Any())
                    Thread.Yield();
                using (Process kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]))
                    kill.WaitForExit();
                Cli.Wait(process);
                string error = process.StandardError.ReadToEnd();
                Assert.DoesNotContain("   at ", error);
                if (signal != "KILL")
                    Assert.IsEmpty(Temporaries().Except(left), $"{signal} left a file: {error}");
            }
            foreach ((int i, string output) in outputs.Index())
                Assert.IsTrue(State(output) is string state && (state == before[i] || state == whole[i]),
                    $"{signal}: '{output}' is neither the old one nor the new one");
        }
        Done(line);
        Assert.IsEmpty(Temporaries());
        foreach ((int i, string output) in outputs.Index())
            Assert.AreEqual(whole[i], State(output), output);
    }

    string[] WholeOf(string line, string[] outputs)
    {
        List<string> words = [.. line.Split(' ')];
        foreach (string output in outputs)
            words[words.IndexOf(output)] = Elsewhere(output);
        Done([.. words]);
        return [.. outputs.Select(output => State(Elsewhere(output)))];
    }

    string[] Temporaries(string of = "") => [.. Directory.EnumerateFileSystemEntries(At(),
        $".{(of.Length == 0 ? "*" : Path.GetFileName(of))}.leocvae-*.tmp", SearchOption.AllDirectories)];

    static string Elsewhere(string output) => $"whole-{output}";

    string State(string output) => Directory.Exists(At(output)) ? Snapshot(output) : File.Exists(At(output)) ? Convert.ToHexString(
        System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(At(output)))) : "";
}

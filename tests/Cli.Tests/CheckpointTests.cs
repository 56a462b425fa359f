using System.Diagnostics;
using System.Globalization;

namespace LeoCvae.Cli.Tests;

/// <summary>kill -9 in the middle of training: the same command goes on and ends with the same bytes.</summary>
[TestClass]
public class CheckpointTests : CliTest
{
    // Far more work than it takes to kill a process that has said that it trains.
    const string Long = "--hidden 128 --epochs 2500 --patience 2500", Checkpoint = "--checkpoint fit.checkpoint";
    const int Interval = 25;

    [TestInitialize]
    public void WriteTable() => Write("table.csv", Samples.Table);

    [TestMethod]
    public void A_killed_fit_loses_at_most_an_interval_and_no_file()
    {
        Done($"train table.csv --model whole {Long} --quiet");
        string before = Snapshot();
        int trained;
        using (Process process = Cli.Start(At(), $"train table.csv --model killed {Long} {Checkpoint}".Split(' ')))
        {
            process.StandardOutput.ReadLine();
            // "training: epoch 50, ..."
            trained = int.Parse(process.StandardOutput.ReadLine()!.Split(' ', ',')[2], CultureInfo.InvariantCulture);
            process.Kill();
            Assert.AreNotEqual(0, Cli.Wait(process), "it had ended before");
        }
        // Nothing but a whole checkpoint, and at most the next one, begun.
        foreach (string beside in Directory.EnumerateFiles(At(), ".fit.checkpoint.leocvae*"))
            File.Delete(beside);
        byte[] checkpoint = File.ReadAllBytes(At("fit.checkpoint"));
        File.Delete(At("fit.checkpoint"));
        Assert.AreEqual(before, Snapshot());
        File.WriteAllBytes(At("fit.checkpoint"), checkpoint);

        string[] lines = Done($"train table.csv --model killed {Long} {Checkpoint}").OutputLines;

        string wentOn = lines.Single(line => line.StartsWith("went on after epoch ", StringComparison.Ordinal));
        int epoch = int.Parse(wentOn.Split(' ')[4], CultureInfo.InvariantCulture);
        Assert.IsTrue(epoch >= trained && epoch % Interval == 0, wentOn);
        Assert.IsFalse(File.Exists(At("fit.checkpoint")), "the checkpoint stayed");
        foreach (string file in Directory.EnumerateFiles(At("whole")))
            Assert.IsTrue(File.ReadAllBytes(file).SequenceEqual(File.ReadAllBytes(At("killed/" + Path.GetFileName(file)))),
                Path.GetFileName(file));
        NoTemporaryFiles();
    }

    [TestMethod]
    [DataRow("train table.csv --model new", "new")]
    [DataRow("oversample table.csv --out new.csv", "new.csv")]
    public void A_finished_fit_leaves_no_checkpoint(string line, string output)
    {
        Done($"{line} --epochs 30 {Checkpoint}");
        Assert.IsTrue(Path.Exists(At(output)));
        Assert.IsFalse(File.Exists(At("fit.checkpoint")));
    }

    [TestMethod]
    public void What_is_no_checkpoint_is_refused_and_left_alone()
    {
        Write("fit.checkpoint", "something of the user's own, longer than a header and a hash together");
        Fault($"train table.csv --model new --epochs 3 {Checkpoint}", "'fit.checkpoint' is no checkpoint of a fit");
    }

    [TestMethod]
    public void Files_beside_the_checkpoint_are_nobody_s_but_the_user_s()
    {
        Write("fit.checkpoint.new", "precious");
        Done($"train table.csv --model new --epochs 30 {Checkpoint} --quiet");
        Assert.AreEqual("precious", Read("fit.checkpoint.new"));
        Assert.AreSequenceEqual(["fit.checkpoint.new", "new", "table.csv"],
            Directory.EnumerateFileSystemEntries(At()).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [TestMethod]
    [DataRow("--log-losses model/losses.csv", "--log-losses lies inside --model")]
    [DataRow("--checkpoint model/fit.checkpoint", "--checkpoint lies inside --model")]
    [DataRow("--log-losses ./model/../model/sub/losses.csv", "--log-losses lies inside --model")]
    public void Nothing_is_written_into_the_model_folder_of_the_same_run(string option, string said)
    {
        CopyModel("model");
        Misuse($"train table.csv --model model --overwrite --epochs 3 {option}", said);
        Misuse($"oversample table.csv --out out.csv --save-model model --overwrite --epochs 3 {option}",
            said.Replace("--model", "--save-model", StringComparison.Ordinal));
        Misuse("oversample table.csv --out model/out.csv --save-model model --overwrite --epochs 3", "--out lies inside --save-model");
    }

    [TestMethod]
    public void A_wrong_place_is_said_before_training()
    {
        Fault("train table.csv --model new --checkpoint none/fit.checkpoint", "doesn't exist");
        Misuse("train table.csv --model new --checkpoint new", "--model and --checkpoint are the same place");
        Misuse("oversample table.csv --model new --out out.csv --checkpoint fit.checkpoint", "--checkpoint is for fitting a model");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    [DataRow("train table.csv --model model --overwrite --log-losses to-model/l.csv", "--log-losses lies inside --model")]
    [DataRow("train table.csv --model model --overwrite --log-losses to-file.csv", "--log-losses lies inside --model")]
    [DataRow("train table.csv --model model --overwrite --checkpoint to-model/fit", "--checkpoint lies inside --model")]
    [DataRow("train table.csv --model to-model --overwrite --checkpoint model/fit", "--checkpoint lies inside --model")]
    [DataRow("train to-model/d.csv --model model --overwrite", "DATA lies inside --model")]
    [DataRow("train table.csv --model new --overwrite --log-losses to-table.csv", "DATA and --log-losses are the same place")]
    [DataRow("oversample table.csv --out to-model/out.csv --save-model model --overwrite", "--out lies inside --save-model")]
    [DataRow("oversample table.csv --out to-model/out.csv --model model", "--out lies inside --model")]
    [DataRow("oversample table.csv --out out.csv --checkpoint to-out.csv", "--out and --checkpoint are the same place")]
    [DataRow("generate model --count 3 --out to-file.csv", "--out lies inside MODEL")]
    [DataRow("embed model table.csv --out to-model/out.csv", "--out lies inside MODEL")]
    [DataRow("score table.csv --model model --out to-model/out.csv", "--out lies inside --model")]
    [DataRow("evaluate table.csv --report to-table.csv --overwrite", "DATA and --report are the same place")]
    [DataRow("evaluate table.csv --report r.html --results to-report", "--report and --results are the same place")]
    public void A_link_leads_nowhere_that_a_path_may_not(string line, string said)
    {
        CopyModel("model");
        Directory.CreateSymbolicLink(At("to-model"), "model");
        File.CreateSymbolicLink(At("to-file.csv"), "to-model/new.csv");
        File.CreateSymbolicLink(At("to-table.csv"), At("table.csv"));
        File.CreateSymbolicLink(At("to-out.csv"), "out.csv");
        File.CreateSymbolicLink(At("to-report"), "./r.html");
        Misuse(line, said);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void A_table_behind_a_link_to_nothing_is_no_file()
    {
        File.CreateSymbolicLink(At("gone.csv"), "nothing.csv");
        Fault("score gone.csv --out out.csv", "no such file: 'gone.csv'");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void A_checkpoint_behind_a_link_is_deleted_and_the_link_stays()
    {
        Directory.CreateDirectory(At("scratch"));
        File.CreateSymbolicLink(At("fit"), "scratch/fit");
        Done("train table.csv --model model --epochs 30 --checkpoint fit");
        Assert.AreEqual("scratch/fit", new FileInfo(At("fit")).LinkTarget);
        Assert.AreEqual("", Snapshot("scratch"));
    }
}

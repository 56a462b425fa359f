using System.Diagnostics;

namespace LeoCvae.Cli.Tests;

/// <summary>Outputs that can't be written are refused before any work; permission bits are not tested, root ignores them.</summary>
[TestClass]
public class BadPlaceTests : CliTest
{
    const string Forever = "--epochs 16000000 --patience 16000000";

    [TestInitialize]
    public void WriteInputs()
    {
        Write("table.csv", Samples.Table);
        Write("taken.csv", "mine");
        CopyModel("model");
    }

    [TestMethod]
    [DataRow("oversample table.csv --out {0} " + Forever)]
    [DataRow("oversample table.csv --model model --out {0}")]
    [DataRow("generate model --count 3 --out {0}")]
    [DataRow("score table.csv --out {0}")]
    [DataRow("embed model table.csv --out {0}")]
    public void A_file_that_cannot_be_written_is_refused(string verb)
    {
        string Line(string output) => string.Format(null, verb, output);
        Fault(Line("taken.csv"), "'taken.csv' exists already");
        Fault(Line("missing/out.csv"), "'missing/out.csv'", "doesn't exist");
        Fault(Line("taken.csv/out.csv"), "'taken.csv/out.csv'");
        if (OperatingSystem.IsLinux())
            Fault(Line("/proc/out.csv"), "'/proc/out.csv' can't be written: folder '/proc' takes no new file");
        Fault(Line("out.txt"), "'out.txt'", "expected .csv, .tsv, .csv.gz, .tsv.gz or .parquet");
        Fault(Line("out"), "'out'", "expected .csv");
        Directory.CreateDirectory(At("folder.csv"));
        Fault(Line("folder.csv"), "'folder.csv' is a folder");
        Fault(Line("folder.csv --overwrite"), "'folder.csv' is a folder");
    }

    [TestMethod]
    [DataRow("train table.csv --model {0} " + Forever)]
    [DataRow("oversample table.csv --out out.csv --save-model {0} " + Forever)]
    public void A_folder_that_cannot_be_written_is_refused(string verb)
    {
        string Line(string output) => string.Format(null, verb, output);
        Fault(Line("-"), "model: got '-', expected a folder's path");
        Fault(Line(""), "model: got '', expected a folder's path");
        Fault(Line("model"), "'model' exists already", "--overwrite");
        Fault(Line("taken.csv"), "'taken.csv' exists already");
        Fault(Line("missing/new"), "'missing/new'", "doesn't exist");
        Fault(Line("taken.csv/new"), "'taken.csv/new'");
        Fault(Line("new --log-losses taken.csv"), "'taken.csv' exists already");
        Fault(Line("new --log-losses missing/losses.csv"), "'missing/losses.csv'", "doesn't exist");
        Fault(Line("new --log-losses -"), "--log-losses: got '-', expected a file's path");
        Fault(Line("new --checkpoint -"), "--checkpoint: got '-', expected a file's path");
    }

    [TestMethod]
    [DataRow("train table.csv --model {0} --overwrite " + Forever)]
    [DataRow("oversample table.csv --out out.csv --save-model {0} --overwrite " + Forever)]
    public void Overwriting_is_only_for_model_folders(string verb)
    {
        Directory.CreateDirectory(At("thesis"));
        Write("thesis/chapter1.md", "years of work");
        Fault(string.Format(null, verb, "thesis"), "'thesis' is not a model folder");
        Fault(string.Format(null, verb, "taken.csv"), "'taken.csv' is not a model folder");
        Write("model/notes.txt", "mine");
        Fault(string.Format(null, verb, "model"), "'model' holds 'notes.txt'");
    }

    [TestMethod]
    public void A_name_that_a_mark_needs_and_the_table_has_is_found_before_training()
    {
        Write("marked.csv", "a,synthetic,y\n1,0,p\n3,0,q\n5,1,p\n");
        Fault($"oversample marked.csv --out out.csv --mark {Forever}", "'synthetic'", "already");
    }

    [TestMethod]
    public void An_old_output_survives_a_run_that_fails_although_it_might_be_overwritten()
    {
        Write("bad.csv", "length,count,share,kind\n1,2,3,odd\n4,1e999,6,rare\n");
        Fault("oversample bad.csv --out taken.csv --overwrite", "1e999");
        Fault("score bad.csv --out taken.csv --overwrite", "1e999");
        Fault("embed model bad.csv --out taken.csv --overwrite", "1e999");
        Fault("generate model --class none=1 --out taken.csv --overwrite", "'none'");
        Fault("train bad.csv --model model --overwrite", "1e999");
        Fault("train table.csv --model model --overwrite --learning-rate 1e30 --epochs 5", "diverged in epoch 1", "learning rate");
        Assert.AreEqual("mine", Read("taken.csv"));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_disk_that_is_full_is_one_line()
    {
        File.CreateSymbolicLink(At("full.csv"), "/dev/full");
        foreach (string line in (string[])["generate model --count 300", "oversample table.csv --model model", "score table.csv",
            "embed model table.csv"])
        {
            Outcome outcome = Run($"{line} --out full.csv --quiet");
            Assert.AreEqual("leocvae: 'full.csv' can't be written: no space left on device\n", outcome.Error);
            Assert.AreEqual(1, outcome.ExitCode);
        }
        Assert.AreEqual("/dev/full", new FileInfo(At("full.csv")).LinkTarget);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("generate model --count 30000 --out out.csv", "'out.csv'")]
    [DataRow("train table.csv --model new --epochs 2", "'new/")]
    [DataRow("train table.csv --model model --overwrite --epochs 2", "'model/")]
    [DataRow("train table.csv --model new --epochs 30 --checkpoint fit.checkpoint", "'fit.checkpoint'")]
    public void A_limit_on_the_size_of_files_is_one_line_and_leaves_nothing(string line, string file)
    {
        string before = Snapshot();
        // The runtime itself writes large files without that setting.
        ProcessStartInfo start = new("bash", ["-c",
            $"ulimit -f 1; exec dotnet {Path.Combine(Cli.Folder, "leocvae.dll")} {line} --quiet"])
        {
            WorkingDirectory = At(),
            RedirectStandardError = true
        };
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using Process process = Process.Start(start)!;
        string[] error = [.. process.StandardError.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(said => !said.StartsWith("warning: ", StringComparison.Ordinal))];
        Assert.AreEqual(1, Cli.Wait(process), string.Join('\n', error));
        Assert.HasCount(1, error);
        Assert.StartsWith($"leocvae: {file}", error[0]);
        Assert.Contains("can't be written: it grows larger than a file may", error[0]);
        Assert.AreEqual(before, Snapshot());
    }

    [TestMethod]
    public void An_old_output_is_replaced_when_asked_to()
    {
        Done("generate model --count 3 --out taken.csv --overwrite");
        Assert.StartsWith("length,count,share,kind\n", Read("taken.csv"));
        Done("score table.csv --out table.csv --overwrite");
        Assert.StartsWith("length,count,share,kind,entropy_bits,p_common,p_rare,p_odd\n", Read("table.csv"));
    }
}

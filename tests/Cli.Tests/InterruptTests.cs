using System.Diagnostics;

namespace LeoCvae.Cli.Tests;

/// <summary>Ctrl-C: exit code 130 and one line, nothing half-written.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public class InterruptTests : CliTest
{
    const string Forever = "--epochs 16000000 --patience 16000000";

    [TestInitialize]
    public void WriteTable() => Write("table.csv", Samples.Table);

    [TestMethod]
    [DataRow("train table.csv --model new --log-losses losses.csv " + Forever)]
    [DataRow("oversample table.csv --out out.csv --save-model new " + Forever)]
    [DataRow("train table.csv --model new --seed 1 --json " + Forever)]
    public void Training_stops_and_leaves_nothing_behind(string line)
    {
        string before = Snapshot();
        using Process process = Cli.Start(At(), line.Split(' '));
        // The table is read: training has begun or is about to.
        Assert.StartsWith("read 76 rows",
            (line.Contains("--json", StringComparison.Ordinal) ? process.StandardError : process.StandardOutput).ReadLine());
        Assert.AreEqual("leocvae: interrupted; no file is half-written", Interrupt(process));
        Assert.AreEqual(before, Snapshot());
    }

    [TestMethod]
    public void A_model_that_was_to_be_replaced_stays_whole()
    {
        CopyModel("model");
        string before = Snapshot();
        using Process process = Cli.Start(At(), $"train table.csv --model model --overwrite {Forever}".Split(' '));
        process.StandardOutput.ReadLine();
        Interrupt(process);
        Assert.AreEqual(before, Snapshot());
    }

    [TestMethod]
    public void Waiting_for_standard_input_can_be_interrupted()
    {
        using Process process = Cli.Start(At(), "score - --out out.csv".Split(' '));
        // More than a pipe holds: once all is written, some of it was read, and signals are listened to.
        process.StandardInput.Write(Samples.Table + string.Concat(Enumerable.Repeat(Samples.Lines[0] + "\n", 100_000)));
        process.StandardInput.Flush();
        Assert.AreEqual("leocvae: interrupted; no file is half-written", Interrupt(process));
    }

    [TestMethod]
    public void A_long_write_is_interrupted()
    {
        CopyModel("model");
        using (Process make = Process.Start("mkfifo", At("pipe.csv")))
            make.WaitForExit();
        string before = Snapshot("model");
        using Process process = Cli.Start(At(), "generate model --count 3000000 --out pipe.csv --quiet".Split(' '));
        using FileStream pipe = new(At("pipe.csv"), FileMode.Open, FileAccess.Read);
        // The header: it writes, and has far more to write than a pipe holds.
        Assert.AreEqual('l', pipe.ReadByte());
        Task draining = Task.Run(() => pipe.CopyTo(Stream.Null));
        Assert.AreEqual("leocvae: interrupted; no file is half-written", Interrupt(process));
        draining.Wait();
        Assert.AreEqual(before, Snapshot("model"));
        Assert.AreSequenceEqual(["model", "pipe.csv", "table.csv"],
            Directory.EnumerateFileSystemEntries(At()).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    // Sends SIGINT and returns what is said.
    string Interrupt(Process process)
    {
        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            kill.WaitForExit();
        string error = process.StandardError.ReadToEnd();
        Assert.AreEqual(130, Cli.Wait(process), error);
        NoTemporaryFiles();
        return error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Last();
    }
}

namespace LeoCvae.Training.Tests;

/// <summary>A fit that stops and goes on from its checkpoint ends with the bytes of one that never stopped.</summary>
[TestClass]
public sealed class CheckpointTests : IDisposable
{
    const int Interval = 3;

    static readonly Table Table = Samples.Gaussian([60, 25, 9], 5);
    static readonly TrainingOptions Options = Samples.Quick with { MaxEpochs = 11, Patience = 100, MaxDegreeOfParallelism = 1, CheckpointInterval = Interval };

    readonly TempFolder _folder = new();

    string File => _folder["fit.checkpoint"];

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(TrainingEngine.Fused, 4)]
    [DataRow(TrainingEngine.Fused, 9)]
    [DataRow(TrainingEngine.Torch, 7)]
    public void A_fit_that_was_stopped_goes_on_to_the_same_bytes(TrainingEngine engine, int stopAfter)
    {
        TrainingOptions options = Options with { Engine = engine };
        using TrainingResult whole = LeoTrainer.Fit(Table, options);
        options = options with { Checkpoint = File };
        Stop(options, stopAfter);
        // As if killed in the middle of the next writing.
        System.IO.File.WriteAllText(File + ".new", "half");

        List<int> epochs = [];
        using TrainingResult resumed = LeoTrainer.Fit(Table, options, new Listener(report => epochs.Add(report.Epoch)));

        int before = stopAfter / Interval * Interval;
        Assert.AreEqual(before, resumed.EpochsBefore);
        Assert.AreSequenceEqual(Enumerable.Range(before + 1, options.MaxEpochs - before), epochs);
        Assert.AreSequenceEqual(whole.Losses, resumed.Losses);
        AssertSame(whole, resumed);
        Assert.AreEqual("fit.checkpoint", string.Join(' ', Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(File)!).Select(Path.GetFileName)));
    }

    [TestMethod]
    public void The_best_weights_and_the_patience_come_back_too()
    {
        // Nothing after the first epoch counts as better: its weights are kept, and patience ends the fit.
        TrainingOptions options = Options with { MinDelta = 1000, Patience = 8 };
        using TrainingResult whole = LeoTrainer.Fit(Table, options);
        Assert.AreEqual(1, whole.Best.Epoch);
        Assert.HasCount(9, whole.Losses);
        options = options with { Checkpoint = File };
        Stop(options, 6);
        using TrainingResult resumed = LeoTrainer.Fit(Table, options);
        Assert.HasCount(9, resumed.Losses);
        AssertSame(whole, resumed);
    }

    [TestMethod]
    public void A_checkpoint_changes_no_byte_and_is_not_written_into_the_model()
    {
        using TrainingResult without = LeoTrainer.Fit(Table, Options), with = LeoTrainer.Fit(Table, Options with { Checkpoint = File });
        AssertSame(without, with);
    }

    [TestMethod]
    public void A_damaged_or_truncated_checkpoint_is_refused()
    {
        Stop(Options with { Checkpoint = File }, Interval);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        foreach (int length in (int[])[0, 5, 12, 43, 44, 200, whole.Length / 2, whole.Length - 1])
            Refused(whole[..length], "cut short");
        Refused([.. whole, 0], "damaged");
        for (int at = 0; at < whole.Length; at += 997)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x10;
            Refused(damaged, at < 8 ? "is no checkpoint" : at < 12 ? "format version" : "damaged");
        }
    }

    [TestMethod]
    public void Another_version_of_the_format_is_refused()
    {
        Stop(Options with { Checkpoint = File }, Interval);
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        bytes[8] = 2;
        Refused(bytes, "format version 2, expected 1");
    }

    [TestMethod]
    public void A_checkpoint_of_other_options_or_another_table_is_refused()
    {
        Stop(Options with { Checkpoint = File }, Interval);
        byte[] before = System.IO.File.ReadAllBytes(File);
        foreach ((TrainingOptions options, Table table, string expected) in (ReadOnlySpan<(TrainingOptions, Table, string)>)
        [
            (Options with { HiddenSize = 32 }, Table, "hidden_size is 16 there, 32 here"),
            (Options with { Seed = 43 }, Table, "seed is 42 there, 43 here"),
            (Options with { LearningRate = 0.002 }, Table, "learning_rate is 0.001 there, 0.002 here"),
            (Options, Samples.Gaussian([60, 25, 9], 5, seed: 2), "its table is another"),
        ])
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => LeoTrainer.Fit(table, options with { Checkpoint = File })).Message, expected);
        Assert.AreSequenceEqual(before, System.IO.File.ReadAllBytes(File));
    }

    [TestMethod]
    public void A_folder_that_is_not_there_is_said_before_training()
    {
        string path = _folder[Path.Combine("none", "fit.checkpoint")];
        StringAssert.Contains(Assert.ThrowsExactly<DirectoryNotFoundException>(() => LeoTrainer.Fit(Table, Options with { Checkpoint = path }, new Listener(_ => Assert.Fail("trained")))).Message, "doesn't exist");
    }

    static void Stop(TrainingOptions options, int afterEpoch)
    {
        using CancellationTokenSource stop = new();
        Assert.ThrowsExactly<OperationCanceledException>(() => LeoTrainer.Fit(Table, options, new Listener(report =>
        {
            if (report.Epoch == afterEpoch)
                stop.Cancel();
        }), stop.Token));
    }

    void Refused(byte[] bytes, string expected)
    {
        System.IO.File.WriteAllBytes(File, bytes);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => LeoTrainer.Fit(Table, Options with { Checkpoint = File })).Message, expected);
    }

    static void AssertSame(TrainingResult expected, TrainingResult actual) =>
        Assert.AreSequenceEqual(expected.Model.Files.Select(file => $"{file.Name} {file.Sha256}"), actual.Model.Files.Select(file => $"{file.Name} {file.Sha256}"));
}

using System.Security.Cryptography;
using System.Text;

namespace LeoCvae.Training.Tests;

/// <summary>A fit that stops and goes on from its checkpoint ends with the bytes of one that never stopped.</summary>
[TestClass]
public sealed class CheckpointTests : IDisposable
{
    const int Interval = 3;

    static readonly Table Table = Samples.Gaussian([60, 25, 9], 5);
    static readonly TrainingOptions Options = Samples.Quick with
    {
        MaxEpochs = 11,
        Patience = 100,
        MaxDegreeOfParallelism = 1,
        CheckpointInterval = Interval
    };

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
        // As if killed in the middle of the next writing; and something of the user's own.
        System.IO.File.WriteAllText(_folder[".fit.checkpoint.leocvae-0123abcd.tmp"], "half");
        System.IO.File.WriteAllText(_folder[".fit.checkpoint.leocvae.lock"], "");
        System.IO.File.WriteAllText(File + ".new", "mine");

        List<int> epochs = [];
        using TrainingResult resumed = LeoTrainer.Fit(Table, options, new Listener(report => epochs.Add(report.Epoch)));

        int before = stopAfter / Interval * Interval;
        Assert.AreEqual(before, resumed.EpochsBefore);
        Assert.AreSequenceEqual(Enumerable.Range(before + 1, options.MaxEpochs - before), epochs);
        Assert.AreSequenceEqual(whole.Losses, resumed.Losses);
        AssertSame(whole, resumed);
        Assert.AreEqual("mine", System.IO.File.ReadAllText(File + ".new"));
        Assert.AreEqual("fit.checkpoint fit.checkpoint.new", string.Join(' ',
            Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(File)!).Select(Path.GetFileName).Order(StringComparer.Ordinal)));
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
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() =>
                LeoTrainer.Fit(table, options with { Checkpoint = File })).Message, expected);
        Assert.AreSequenceEqual(before, System.IO.File.ReadAllBytes(File));
    }

    [TestMethod]
    public void A_folder_that_is_not_there_is_said_before_training()
    {
        string path = _folder[Path.Combine("none", "fit.checkpoint")];
        StringAssert.Contains(Assert.ThrowsExactly<DirectoryNotFoundException>(() =>
            LeoTrainer.Fit(Table, Options with { Checkpoint = path }, new Listener(_ => Assert.Fail("trained")))).Message, "doesn't exist");
    }

    [TestMethod]
    public void Sealed_anew_whatever_cannot_be_is_refused_by_the_file_s_name()
    {
        Stop(Options with { Checkpoint = File }, Interval);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        // Length of the text and text of what the fit is, then step, epochs, and 33 bytes an epoch.
        int text = 12 + (whole[13] < 0x80 ? 2 : 3), length = (whole[12] & 0x7F) | (whole[13] & 0x7F) << 7, step = text + length,
            epochs = step + 4, losses = epochs + 4, weights = losses + 33 * Interval;
        byte[] With(int at, params byte[] value)
        {
            byte[] changed = [.. whole];
            value.CopyTo(changed, at);
            return changed;
        }
        Assert.AreEqual(Interval, BitConverter.ToInt32(whole, epochs));
        foreach (string identity in (string[])["]", "[]", "null", "1", """ "x" """, """{"a":"\ud800"}""", "{"])
            Refused(Seal(With(text, Encoding.UTF8.GetBytes(identity.PadRight(length)))), File, "checkpoint");
        Refused(Seal(With(text, 0xFF, 0xFE)), File);
        Refused(Seal(With(12, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F)), File, "damaged");
        foreach (int number in (int[])[-1, 0, Options.MaxEpochs + 1, int.MaxValue, int.MinValue])
            Refused(Seal(With(epochs, BitConverter.GetBytes(number))), File, "damaged");
        Refused(Seal(With(epochs, 2)), File, "bytes, expected");
        Refused(Seal(With(step, BitConverter.GetBytes(-1))), File, "damaged");
        foreach (double loss in (double[])[double.NaN, double.PositiveInfinity])
            Refused(Seal(With(losses + 24, BitConverter.GetBytes(loss))), File, "epoch 1");
        Refused(Seal(With(losses + 32, 0)), File, "first epoch");
        foreach (int at in (int[])[weights, weights + (whole.Length - weights) / 8 * 4, whole.Length - 36])
            Refused(Seal(With(at, BitConverter.GetBytes(float.NaN))), File, "no finite number");
        Refused(Seal([.. whole[..^32], 0, 0, 0, 0, .. whole[^32..]]), File, "bytes, expected");
        Refused(Seal([.. whole[..^36], .. whole[^32..]]), File, "bytes, expected");
    }

    [TestMethod]
    public void Two_fits_on_one_checkpoint_are_not_run()
    {
        TrainingOptions options = Options with { Checkpoint = File };
        int epochs = 0;
        using TrainingResult first = LeoTrainer.Fit(Table, options, new Listener(_ =>
        {
            if (epochs++ == 1)
                StringAssert.Contains(Assert.ThrowsExactly<IOException>(() => LeoTrainer.Fit(Table, options)).Message,
                    "in use by another run");
        }));
        Assert.AreEqual(Options.MaxEpochs, epochs);
        using TrainingResult next = LeoTrainer.Fit(Table, options);
        AssertSame(first, next);
    }

    [TestMethod]
    public void What_somebody_puts_in_the_place_during_a_fit_is_left_alone()
    {
        TrainingOptions options = Options with { Checkpoint = File };
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => LeoTrainer.Fit(Table, options, new Listener(report =>
        {
            if (report.Epoch == 1)
                System.IO.File.WriteAllText(File, "my notes");
        }))).Message, "no checkpoint");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => LeoTrainer.DeleteCheckpoint(File)).Message, "left alone");
        Assert.AreEqual("my notes", System.IO.File.ReadAllText(File));
    }

    // The hash at the end, made anew.
    static byte[] Seal(byte[] bytes) => [.. bytes[..^32], .. SHA256.HashData(bytes.AsSpan(0, bytes.Length - 32))];

    static void Stop(TrainingOptions options, int afterEpoch)
    {
        using CancellationTokenSource stop = new();
        Assert.ThrowsExactly<OperationCanceledException>(() => LeoTrainer.Fit(Table, options, new Listener(report =>
        {
            if (report.Epoch == afterEpoch)
                stop.Cancel();
        }), cancellation: stop.Token));
    }

    void Refused(byte[] bytes, params string[] expected)
    {
        System.IO.File.WriteAllBytes(File, bytes);
        string message = Assert.ThrowsExactly<InvalidDataException>(() =>
            LeoTrainer.Fit(Table, Options with { Checkpoint = File })).Message;
        foreach (string part in expected)
            StringAssert.Contains(message, part);
        Assert.AreSequenceEqual(bytes, System.IO.File.ReadAllBytes(File));
    }

    static void AssertSame(TrainingResult expected, TrainingResult actual) =>
        Assert.AreSequenceEqual(expected.Model.Files.Select(file => $"{file.Name} {file.Sha256}"),
            actual.Model.Files.Select(file => $"{file.Name} {file.Sha256}"));
}

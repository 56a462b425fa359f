using System.Globalization;

namespace LeoCvae.Training.Tests;

/// <summary>The same table, options and seed give the same bytes, whatever the threads.</summary>
[TestClass]
public class DeterminismTests
{
    static readonly Table Table = Samples.Gaussian([90, 40, 12], 5);
    static readonly TrainingOptions Options = Samples.Quick;

    [TestMethod]
    public void Fitting_twice_gives_the_same_files() => CollectionAssert.AreEqual(Files(Options), Files(Options));

    [TestMethod]
    public void Threads_change_no_bit()
    {
        string[] one = Files(Options with { MaxDegreeOfParallelism = 1 });
        CollectionAssert.AreEqual(one, Files(Options with { MaxDegreeOfParallelism = 2 }));
        CollectionAssert.AreEqual(one, Files(Options));
    }

    [TestMethod]
    public void Fits_side_by_side_do_not_disturb_each_other()
    {
        string[] alone = Files(Options), other = Files(Options with { Seed = 1 });
        string[][] together = new string[4][];
        Parallel.For(0, 4, i => together[i] = Files(i % 2 == 0 ? Options : Options with { Seed = 1 }));
        for (int i = 0; i < 4; i++)
            CollectionAssert.AreEqual(i % 2 == 0 ? alone : other, together[i], $"fit {i}");
    }

    [TestMethod]
    [DataRow(TrainingEngine.Fused)]
    [DataRow(TrainingEngine.Torch)]
    public void Folds_side_by_side_on_a_core_each_give_the_files_of_one_after_the_other(TrainingEngine engine)
    {
        TrainingOptions[] folds =
            [.. Enumerable.Range(0, 6).Select(fold => Options with { Seed = (ulong)fold, Engine = engine, MaxDegreeOfParallelism = 1 })];
        string[][] together = new string[folds.Length][], inTurn = [.. folds.Select(Files)];
        Parallel.For(0, folds.Length, fold => together[fold] = Files(folds[fold]));
        for (int fold = 0; fold < folds.Length; fold++)
            CollectionAssert.AreEqual(inTurn[fold], together[fold], $"fold {fold}");
    }

    [TestMethod]
    public void TorchSharps_own_random_numbers_are_neither_used_nor_moved()
    {
        LibTorch.EnsureLoaded();
        string[] files = Files(Options);
        TorchSharp.torch.manual_seed(1);
        using TorchSharp.torch.Tensor expected = TorchSharp.torch.rand(4);
        TorchSharp.torch.manual_seed(1);
        CollectionAssert.AreEqual(files, Files(Options));
        using TorchSharp.torch.Tensor actual = TorchSharp.torch.rand(4);
        CollectionAssert.AreEqual(expected.data<float>().ToArray(), actual.data<float>().ToArray());
    }

    [TestMethod]
    public void The_culture_changes_no_bit()
    {
        string[] hostile = Files(Options);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            foreach (string name in new[] { "", "ar-SA", "tr-TR" })
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);
                CollectionAssert.AreEqual(hostile, Files(Options), name);
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void Another_seed_gives_other_files()
    {
        string[] files = Files(Options), others = Files(Options with { Seed = 43 });
        Assert.HasCount(5, files);
        foreach ((string file, string other) in files.Zip(others))
            Assert.AreNotEqual(file, other);
    }

    [TestMethod]
    public void Another_order_of_the_classes_in_the_file_does_not_mix_them_up()
    {
        // The rows backwards: other shuffles, but each class keeps its own range of values.
        int[] backwards = [.. Enumerable.Range(0, Table.RowCount).Reverse()];
        TableBuilder builder = new([.. Table.Schema.Columns.Select(column => column.Name)], Table.Schema.Target, Table.Schema.TargetIndex);
        foreach (int row in backwards)
            builder.AddRow(Table.Row(row), Table.Label(row));
        using TrainingResult result = LeoTrainer.Fit(builder.Build(), Options);
        Table resampled = result.Model.Oversample(Table);
        CollectionAssert.AreEqual(new[] { 90, 90, 90 }, resampled.ClassCounts());
        for (int row = Table.RowCount; row < resampled.RowCount; row++)
            Assert.AreEqual(Table.Label(backwards[resampled.SourceRow(row)!.Value]), resampled.Label(row));
    }

    static string[] Files(TrainingOptions options)
    {
        using TrainingResult result = LeoTrainer.Fit(Table, options);
        return [.. result.Model.Files.Select(file => $"{file.Name} {file.Bytes} {file.Sha256}")];
    }
}

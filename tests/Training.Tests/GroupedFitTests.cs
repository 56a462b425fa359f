namespace LeoCvae.Training.Tests;

/// <summary>A fit with groups: another inner split, and nothing else.</summary>
[TestClass]
public sealed class GroupedFitTests : IDisposable
{
    static readonly Table Table = Samples.Gaussian([60, 25, 9], 5);
    static readonly string?[] Patients = [.. Enumerable.Range(0, Table.RowCount).Select(row => $"patient {row / 3}")];

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Groups_change_the_split_whatever_they_are_called_and_are_not_in_the_model()
    {
        using TrainingResult rows = LeoTrainer.Fit(Table, Samples.Quick), again = LeoTrainer.Fit(Table, Samples.Quick, groups: null);
        using TrainingResult grouped = LeoTrainer.Fit(Table, Samples.Quick, groups: Patients);
        using TrainingResult renamed = LeoTrainer.Fit(Table, Samples.Quick, groups: [.. Patients.Select(name => name + "!")]);
        Assert.AreSequenceEqual(rows.Losses, again.Losses);
        Assert.AreNotSequenceEqual(rows.Losses, grouped.Losses);
        Assert.AreSequenceEqual(grouped.Losses, renamed.Losses);
        grouped.Model.Save(_folder["model"]);
        foreach (string file in Directory.EnumerateFiles(_folder["model"]))
            Assert.DoesNotContain("patient ", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file)), file);
    }

    [TestMethod]
    public void Rows_without_a_name_stand_for_themselves()
    {
        using TrainingResult unnamed = LeoTrainer.Fit(Table, Samples.Quick, groups: new string?[Table.RowCount]);
        using TrainingResult distinct = LeoTrainer.Fit(Table, Samples.Quick,
            groups: [.. Enumerable.Range(0, Table.RowCount).Select(row => $"{row}")]);
        Assert.AreSequenceEqual(distinct.Losses, unnamed.Losses);
    }

    [TestMethod]
    public void Fitting_and_resampling_at_once_gives_the_rows_of_the_same_fit()
    {
        using TrainingResult fitted = LeoTrainer.Fit(Table, Samples.Quick, groups: Patients);
        Table expected = fitted.Model.Oversample(Table);
        Assert.AreSequenceEqual(expected.Values.ToArray(), LeoTrainer.FitResample(Table, Samples.Quick, groups: Patients).Values.ToArray());
        Assert.AreNotSequenceEqual(expected.Values.ToArray(), LeoTrainer.FitResample(Table, Samples.Quick).Values.ToArray());
    }

    [TestMethod]
    public void One_group_for_all_rows_is_warned_of()
    {
        using TrainingResult fitted = LeoTrainer.Fit(Table, Samples.Quick, groups: [.. Enumerable.Repeat("all", Table.RowCount)]);
        Assert.Contains("no group could be set aside for validation", string.Join('\n', fitted.Warnings));
    }

    [TestMethod]
    public void Groups_are_one_for_each_row()
    {
        ArgumentException fault = Assert.ThrowsExactly<ArgumentException>(() => LeoTrainer.Fit(Table, Samples.Quick, groups: ["a", "b"]));
        Assert.AreEqual("groups", fault.ParamName);
        Assert.Contains("got 2 groups, expected 94", fault.Message);
    }

    [TestMethod]
    public void A_checkpoint_of_other_groups_is_of_another_fit()
    {
        string?[] others = [.. Enumerable.Range(0, Table.RowCount).Select(row => $"patient {row / 4}")];
        TrainingOptions options = Samples.Quick with { Checkpoint = _folder["fit.checkpoint"], CheckpointInterval = 1 };
        foreach ((string?[]? first, string?[]? second) in ((string?[]?, string?[]?)[])[(null, Patients), (Patients, null),
            (Patients, others)])
        {
            using TrainingResult fitted = LeoTrainer.Fit(Table, options, groups: first);
            string message = Assert.ThrowsExactly<InvalidDataException>(() => LeoTrainer.Fit(Table, options, groups: second)).Message;
            Assert.Contains("is of another fit: its groups are others", message);
            using TrainingResult resumed = LeoTrainer.Fit(Table, options, groups: first);
            Assert.AreEqual(Samples.Quick.MaxEpochs, resumed.EpochsBefore);
            Assert.AreSequenceEqual(fitted.Losses, resumed.Losses);
            LeoTrainer.DeleteCheckpoint(options.Checkpoint!);
        }
    }
}

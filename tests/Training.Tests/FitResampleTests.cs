namespace LeoCvae.Training.Tests;

[TestClass]
public class FitResampleTests
{
    static readonly Table Table = Samples.Gaussian([25, 11, 4, 1], 3, decimals: [null, 1, 0]);

    [TestMethod]
    public void All_classes_end_exactly_as_large_as_the_largest()
    {
        Table resampled = LeoTrainer.FitResample(Table, Samples.Quick);
        CollectionAssert.AreEqual(new[] { 25, 25, 25, 25 }, resampled.ClassCounts());
        Assert.AreEqual(100, resampled.RowCount);
    }

    [TestMethod]
    public void The_real_rows_come_first_and_unchanged()
    {
        Table resampled = LeoTrainer.FitResample(Table, Samples.Quick);
        Assert.AreEqual(Table.RowCount, resampled.RealRows);
        Assert.IsTrue(resampled.Values[..Table.Values.Length].SequenceEqual(Table.Values));
        Assert.IsTrue(resampled.Labels[..Table.RowCount].SequenceEqual(Table.Labels));
        Assert.AreSame(Table.Schema, resampled.Schema);
    }

    [TestMethod]
    public void Synthetic_rows_follow_by_class_and_know_their_seed()
    {
        Table resampled = LeoTrainer.FitResample(Table, Samples.Quick);
        int[] added = resampled.Labels[Table.RowCount..].ToArray();
        CollectionAssert.AreEqual(added.Order().ToArray(), added);
        for (int row = Table.RowCount; row < resampled.RowCount; row++)
        {
            Assert.IsTrue(resampled.IsSynthetic(row));
            Assert.AreEqual(Table.Labels[resampled.SourceRow(row)!.Value], resampled.Labels[row]);
            for (int j = 0; j < 3; j++)
                Assert.IsInRange(Table.Schema.Columns[j].Minimum, Table.Schema.Columns[j].Maximum, resampled.Row(row)[j]);
        }
    }

    [TestMethod]
    public void It_is_Fit_and_then_Oversample()
    {
        SamplingStrategy strategy = SamplingStrategy.AddCounts(new Dictionary<string, int> { ["c"] = 7, ["a"] = 2 });
        TrainingOptions options = Samples.Quick with { Seed = 7 };
        using TrainingResult result = LeoTrainer.Fit(Table, options);
        Table expected = result.Model.Oversample(Table, strategy, seed: 7), resampled = LeoTrainer.FitResample(Table, options, strategy);
        Assert.IsTrue(expected.Values.SequenceEqual(resampled.Values));
        CollectionAssert.AreEqual(new[] { 27, 11, 11, 1 }, resampled.ClassCounts());
    }

    [TestMethod]
    public void A_strategy_that_does_not_fit_is_refused_before_anything_is_trained()
    {
        Listener silent = new(_ => Assert.Fail("something was trained"));
        SamplingStrategy unknown = SamplingStrategy.AddCounts(new Dictionary<string, int> { ["z"] = 7 }),
            smaller = SamplingStrategy.FinalCounts(new Dictionary<string, int> { ["a"] = 24 });
        Assert.Contains("'z'",
            Assert.ThrowsExactly<ArgumentException>(() => LeoTrainer.FitResample(Table, Samples.Quick, unknown, progress: silent)).Message);
        Assert.Contains("'a'",
            Assert.ThrowsExactly<ArgumentException>(() => LeoTrainer.FitResample(Table, Samples.Quick, smaller, progress: silent)).Message);
    }

    [TestMethod]
    public void Epochs_are_reported_and_a_cancelled_call_stops()
    {
        List<int> epochs = [];
        LeoTrainer.FitResample(Table, Samples.Quick, progress: new Listener(epoch => epochs.Add(epoch.Epoch)));
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 4 }, epochs);

        using CancellationTokenSource cancel = new();
        Assert.ThrowsExactly<OperationCanceledException>(() =>
            LeoTrainer.FitResample(Table, Samples.Quick, progress: new Listener(_ => cancel.Cancel()), cancellation: cancel.Token));
    }
}

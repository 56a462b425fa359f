namespace LeoCvae.Training.Tests.Network;

/// <summary>Whatever else the process does: a number that TorchSharp was given must not be freed while libtorch reads it.</summary>
[TestClass]
[DoNotParallelize]
public class TorchEngineGarbageTests
{
    // Without an end, collections in a row can starve the fit for good on a small machine.
    const int Collections = 20_000;

    // A progress bar's thread was enough, about once in 50,000 steps; collecting without a pause it is once in a few thousand.
    [TestMethod]
    public void Garbage_collections_by_other_threads_do_not_reach_a_fit()
    {
        Table table = Samples.Gaussian([160, 40], 4);
        TrainingOptions options = TrainingOptions.Default with { Engine = TrainingEngine.Torch, MaxEpochs = 300, Patience = 300 };
        using TrainingResult expected = LeoTrainer.Fit(table, options);
        using CancellationTokenSource done = new();
        Task collector = Task.Run(() =>
        {
            for (int i = 0; i < Collections && !done.IsCancellationRequested; i++)
                GC.Collect(0);
        });
        try
        {
            using TrainingResult actual = LeoTrainer.Fit(table, options);
            CollectionAssert.AreEqual(expected.Losses.ToArray(), actual.Losses.ToArray());
        }
        finally
        {
            done.Cancel();
            collector.Wait();
        }
    }
}

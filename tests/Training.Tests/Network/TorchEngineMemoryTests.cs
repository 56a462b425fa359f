using TorchSharp;

namespace LeoCvae.Training.Tests.Network;

/// <summary>Every tensor lives in a dispose scope: training doesn't collect them, and disposing leaves none.</summary>
[TestClass]
[DoNotParallelize]
public class TorchEngineMemoryTests
{
    static readonly CvaeShape Shape = new(5, 3, 12, 4);
    static readonly TrainingOptions Options = TrainingOptions.Default with
    {
        HiddenSize = Shape.Hidden,
        LatentSize = Shape.Latent,
        BatchSize = 16,
        MaxEpochs = 60,
        Patience = 1000
    };

    [ClassInitialize]
    public static void Load(TestContext _) => LibTorch.EnsureLoaded();

    // Not Tensor.TotalCount: it goes on counting a tensor whose handle a Parameter has taken over.
    static long Alive => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    [TestMethod]
    public void Sixty_epochs_hold_as_many_tensors_as_ten()
    {
        long before = Alive;
        TrainingData data = Samples.Data(50, Shape);
        List<long> alive = [];
        using (TorchEngine engine = new(Options, data, Samples.Weights(Shape, 1)))
        {
            StratifiedSplit split = StratifiedSplit.Create(data.Labels, Shape.Classes, 0.2, 42);
            new TrainLoop(Options, Shape, split).Run(engine, new Listener(_ => alive.Add(Alive)), CancellationToken.None);
            engine.Encode();
            engine.Gradients(Samples.Step(6, Shape));
            Assert.HasCount(60, alive);
            Assert.AreEqual(alive[9], alive[59]);
            Assert.AreEqual(alive[59], Alive, "copying the best weights, encoding or gradients left tensors behind");
            Assert.IsGreaterThan(before, alive[59], "the count doesn't see the weights, so it proves nothing");
        }
        Assert.AreEqual(before, Alive, "tensors outlive their engine");
    }

    [TestMethod]
    public void A_fit_that_is_cancelled_or_diverges_leaves_no_tensor_behind()
    {
        Table table = Samples.Gaussian([30, 12], 3);
        long before = Alive;

        using CancellationTokenSource cancel = new();
        TrainingOptions options = Samples.Quick with { Engine = TrainingEngine.Torch };
        Assert.ThrowsExactly<OperationCanceledException>(() =>
            LeoTrainer.Fit(table, options, new Listener(_ => cancel.Cancel()), cancellation: cancel.Token));
        Assert.AreEqual(before, Alive);

        Assert.ThrowsExactly<ArithmeticException>(() =>
            LeoTrainer.Fit(table, Samples.Quick with { Engine = TrainingEngine.Torch, LearningRate = 1e30 }));
        Assert.AreEqual(before, Alive);
    }
}

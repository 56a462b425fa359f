namespace LeoCvae.Training.Tests;

/// <summary>When training stops, and with which weights.</summary>
[TestClass]
public class TrainLoopStoppingTests
{
    static readonly CvaeShape Shape = new(2, 2, 4, 2);
    static readonly TrainingOptions Options = TrainingOptions.Default with
    {
        HiddenSize = Shape.Hidden,
        LatentSize = Shape.Latent,
        BatchSize = 4,
        MaxEpochs = 30,
        Patience = 3,
        MinDelta = 0.1
    };
    static readonly StratifiedSplit Split = new([0, 1, 2, 4, 5, 6, 8, 9], [3, 7]);
    const int StepsPerEpoch = 2;

    [TestMethod]
    [DataRow(3)]
    [DataRow(1)]
    [DataRow(7)]
    public void It_stops_patience_epochs_after_the_best_one(int patience)
    {
        FakeEngine engine = new(Shape, 9, 8, 7, 7.5);
        List<TrainingProgress> history = Run(engine, Options with { Patience = patience });
        Assert.HasCount(3 + patience, history);
        CollectionAssert.AreEqual(new[] { 1, 2, 3 }, history.Where(epoch => epoch.IsBest).Select(epoch => epoch.Epoch).ToArray());
        Assert.HasCount((3 + patience) * StepsPerEpoch, engine.Steps);
    }

    [TestMethod]
    public void An_improvement_starts_the_patience_anew()
    {
        List<TrainingProgress> history = Run(new(Shape, 9, 9, 9, 8, 9, 9, 7, 9, 9, 9, 6), Options);
        CollectionAssert.AreEqual(new[] { 1, 4, 7 }, history.Where(epoch => epoch.IsBest).Select(epoch => epoch.Epoch).ToArray());
        Assert.HasCount(10, history);
    }

    [TestMethod]
    public void It_stops_at_the_last_epoch_however_well_it_goes()
    {
        List<TrainingProgress> history = Run(new(Shape, 9, 8, 7, 6, 5, 4, 3, 2, 1), Options with { MaxEpochs = 5 });
        Assert.HasCount(5, history);
        Assert.IsTrue(history.All(epoch => epoch.IsBest && epoch.MaxEpochs == 5));
    }

    [TestMethod]
    public void A_fall_by_no_more_than_MinDelta_is_not_better()
    {
        // Epoch 2 falls by exactly MinDelta, epoch 3 by more, measured from the best, not from the epoch before.
        FakeEngine engine = new(Shape, 8, 7.5, 7.25, 7, 6.75);
        List<TrainingProgress> history = Run(engine, Options with { MinDelta = 0.5 });
        CollectionAssert.AreEqual(new[] { true, false, true, false, false, false }, history.Select(epoch => epoch.IsBest).ToArray());
    }

    [TestMethod]
    public void Equal_losses_are_not_better_even_without_MinDelta()
    {
        List<TrainingProgress> history = Run(new(Shape, 5, 5, 5, 5, 5), Options with { MinDelta = 0 });
        CollectionAssert.AreEqual(new[] { true, false, false, false }, history.Select(epoch => epoch.IsBest).ToArray());
    }

    [TestMethod]
    public void The_best_weights_come_back_although_later_steps_changed_them()
    {
        FakeEngine engine = new(Shape, 9, 8, 8.5, 8.6, 8.7);
        List<TrainingProgress> history = Run(engine, Options);
        Assert.HasCount(5, history);
        Assert.AreEqual(2 * StepsPerEpoch, engine.Version);
        Assert.IsTrue(engine.GetWeights().Flat().All(value => value == 2 * StepsPerEpoch));
    }

    [TestMethod]
    public void With_the_real_engine_the_restored_weights_have_the_best_loss_recorded()
    {
        LibTorch.EnsureLoaded();
        CvaeShape shape = new(3, 2, 8, 2);
        TrainingOptions options = Options with
        {
            HiddenSize = 8,
            LatentSize = 2,
            LearningRate = 0.05,
            MinDelta = 0,
            Patience = 4,
            MaxEpochs = 100
        };
        TrainingData data = Samples.Data(40, shape);
        StratifiedSplit split = StratifiedSplit.Create(data.Labels, shape.Classes, 0.2, options.Seed);
        using TorchEngine engine = new(options, data, CvaeWeights.Initial(shape, options.Seed));

        List<TrainingProgress> history = new TrainLoop(options, shape, split).Run(engine, null, CancellationToken.None);

        TrainingProgress best = history.Last(epoch => epoch.IsBest);
        Assert.AreEqual(history.Count - 4, best.Epoch, "the last epoch should not be the best one here: choose other data");
        Assert.AreEqual(history.Min(epoch => epoch.ValidationLoss), best.ValidationLoss);
        float[] noise = new float[split.Validation.Length * shape.Latent];
        for (int i = 0; i < split.Validation.Length; i++)
            new CounterRandom(options.Seed, RandomStream.ValidationNoise)
                .FillNormal((ulong)split.Validation[i], noise.AsSpan(i * shape.Latent, shape.Latent));
        Assert.AreEqual(best.ValidationLoss, engine.Evaluate(split.Validation, noise).Total);
    }

    [TestMethod]
    public void Every_epoch_is_reported_as_it_is_recorded()
    {
        List<TrainingProgress> reported = [];
        FakeEngine engine = new(Shape, 9, 8, 7) { TrainLoss = step => new(step, 10 * step, 100 * step) };
        List<TrainingProgress> history = Run(engine, Options with { MaxEpochs = 3 }, new Listener(reported.Add));
        CollectionAssert.AreEqual(history, reported);
        // The mean of the epoch's two steps.
        TrainingProgress[] expected = [new(1, 3, 1.5, 15, 150, 9, true), new(2, 3, 3.5, 35, 350, 8, true),
            new(3, 3, 5.5, 55, 550, 7, true)];
        CollectionAssert.AreEqual(expected, history);
    }

    [TestMethod]
    public void Cancellation_stops_before_the_next_step()
    {
        using CancellationTokenSource cancel = new();
        FakeEngine engine = new(Shape, 9);
        Listener progress = new(epoch =>
        {
            if (epoch.Epoch == 2)
                cancel.Cancel();
        });
        Assert.ThrowsExactly<OperationCanceledException>(() => new TrainLoop(Options, Shape, Split).Run(engine, progress, cancel.Token));
        Assert.HasCount(2 * StepsPerEpoch, engine.Steps);
    }

    [TestMethod]
    public void Cancellation_stops_in_the_middle_of_an_epoch()
    {
        using CancellationTokenSource cancel = new();
        FakeEngine engine = new(Shape, 9)
        {
            TrainLoss = _ =>
            {
                cancel.Cancel();
                return new(1, 1, 0);
            },
        };
        Assert.ThrowsExactly<OperationCanceledException>(() => new TrainLoop(Options, Shape, Split).Run(engine, null, cancel.Token));
        Assert.HasCount(1, engine.Steps);
        Assert.IsEmpty(engine.Evaluations);
    }

    [TestMethod]
    [DataRow(double.NaN)]
    [DataRow(double.PositiveInfinity)]
    public void A_validation_loss_that_is_no_number_names_the_epoch_and_the_cure(double loss)
    {
        FakeEngine engine = new(Shape, 9, 8, loss);
        string message = Assert.ThrowsExactly<ArithmeticException>(() => Run(engine, Options with { LearningRate = 0.25 })).Message;
        Assert.Contains("epoch 3", message);
        Assert.Contains("try a smaller learning rate than 0.25", message);
    }

    [TestMethod]
    public void A_training_loss_that_is_no_number_is_an_error_too()
    {
        FakeEngine engine = new(Shape, 9) { TrainLoss = step => new(step == 3 ? double.NaN : 1, 1, 0) };
        Assert.Contains("epoch 2", Assert.ThrowsExactly<ArithmeticException>(() => Run(engine, Options)).Message);
    }

    static List<TrainingProgress> Run(FakeEngine engine, TrainingOptions options, IProgress<TrainingProgress>? progress = null) =>
        new TrainLoop(options, Shape, Split).Run(engine, progress, CancellationToken.None);
}

namespace LeoCvae.Training.Tests;

/// <summary>What the loop gives an engine: rows, noise and dropout masks.</summary>
[TestClass]
public class TrainLoopInputTests
{
    static readonly CvaeShape Shape = new(2, 2, 8, 3);
    static readonly TrainingOptions Options = TrainingOptions.Default with
    {
        HiddenSize = Shape.Hidden,
        LatentSize = Shape.Latent,
        BatchSize = 8,
        MaxEpochs = 4,
        Dropout = 0.25
    };
    static readonly StratifiedSplit Split = new([.. Enumerable.Range(0, 50).Where(row => row % 5 != 2)],
        [.. Enumerable.Range(0, 50).Where(row => row % 5 == 2)]);

    [TestMethod]
    [DataRow(8, 5)]
    [DataRow(32, 2)]
    [DataRow(39, 2)]
    [DataRow(40, 1)]
    [DataRow(int.MaxValue, 1)]
    [DataRow(1, 40)]
    public void Every_training_row_comes_exactly_once_an_epoch_the_short_batch_last(int batchSize, int steps)
    {
        FakeEngine engine = Run(Options with { BatchSize = batchSize });
        StepInput[][] epochs = [.. engine.Steps.Chunk(steps)];
        Assert.HasCount(4, epochs);
        foreach (StepInput[] epoch in epochs)
        {
            CollectionAssert.AreEqual(Split.Train, epoch.SelectMany(step => step.Rows).Order().ToArray());
            Assert.IsTrue(epoch.SkipLast(1).All(step => step.Rows.Length == batchSize));
            foreach (StepInput step in epoch)
            {
                Assert.HasCount(step.Rows.Length * Shape.Latent, step.Noise);
                CollectionAssert.AreEqual(Shape.HiddenWidths.Select(width => step.Rows.Length * width).ToArray(),
                    step.Masks.Select(mask => mask.Length).ToArray());
            }
        }
    }

    [TestMethod]
    public void Each_epoch_has_its_own_order()
    {
        int[][] orders = [.. Run(Options).Steps.Chunk(5).Select(epoch => epoch.SelectMany(step => step.Rows).ToArray())];
        for (int i = 0; i < orders.Length; i++)
        {
            CollectionAssert.AreNotEqual(Split.Train, orders[i], "not shuffled");
            for (int j = 0; j < i; j++)
                CollectionAssert.AreNotEqual(orders[i], orders[j]);
        }
    }

    [TestMethod]
    public void Noise_and_masks_belong_to_the_epoch_and_the_row_not_to_the_batch()
    {
        Dictionary<(int, int), float[]> small = ByRow(Run(Options), 5), large = ByRow(Run(Options with { BatchSize = 17 }), 3);
        // Another split shuffles the rows another way.
        StratifiedSplit all = new([.. Enumerable.Range(0, 50)], []);
        Dictionary<(int, int), float[]> others = ByRow(Run(Options, all), 7);
        Assert.HasCount(4 * 40, small);
        Assert.HasCount(4 * 50, others);
        foreach (((int, int) key, float[] given) in small)
        {
            CollectionAssert.AreEqual(given, large[key]);
            CollectionAssert.AreEqual(given, others[key]);
        }
    }

    [TestMethod]
    public void No_two_rows_or_epochs_share_noise_or_masks()
    {
        Dictionary<(int, int), float[]> given = ByRow(Run(Options), 5);
        HashSet<string> noise = [.. given.Values.Select(values => string.Join(' ', values[..Shape.Latent]))],
            masks = [.. given.Values.Select(values => string.Join(' ', values[Shape.Latent..]))];
        Assert.HasCount(given.Count, noise);
        // 24 units, each dropped one time in four: two equal masks are a matter of chance, many are not.
        Assert.IsGreaterThan(given.Count - 5, masks.Count);
    }

    [TestMethod]
    public void Another_seed_gives_another_order_noise_and_masks()
    {
        StepInput one = Run(Options).Steps[0], two = Run(Options with { Seed = 43 }).Steps[0];
        CollectionAssert.AreNotEqual(one.Rows, two.Rows);
        Dictionary<(int, int), float[]> first = ByRow(Run(Options), 5), second = ByRow(Run(Options with { Seed = 43 }), 5);
        foreach ((int, int) key in first.Keys)
            CollectionAssert.AreNotEqual(first[key], second[key]);
    }

    [TestMethod]
    public void Noise_is_standard_normal()
    {
        float[] noise = [.. Run(Options with { MaxEpochs = 100 }).Steps.SelectMany(step => step.Noise)];
        Assert.HasCount(100 * 40 * Shape.Latent, noise);
        Assert.AreEqual(0, noise.Average(), 5 / Math.Sqrt(noise.Length));
        Assert.AreEqual(1, noise.Average(value => value * value), 5 * Math.Sqrt(2.0 / noise.Length));
    }

    [TestMethod]
    [DataRow(0.1)]
    [DataRow(0.5)]
    [DataRow(0.9)]
    public void Masks_drop_their_share_of_each_layer_and_scale_up_the_rest(double dropout)
    {
        FakeEngine engine = Run(Options with { Dropout = dropout, MaxEpochs = 25 });
        float kept = (float)(1 / (1 - dropout));
        for (int layer = 0; layer < 4; layer++)
        {
            float[] mask = [.. engine.Steps.SelectMany(step => step.Masks[layer])];
            Assert.IsTrue(mask.All(value => value == 0 || value == kept));
            Assert.AreEqual(dropout, mask.Count(value => value == 0) / (double)mask.Length,
                5 * Math.Sqrt(dropout * (1 - dropout) / mask.Length), $"layer {layer}");
        }
    }

    [TestMethod]
    public void Without_dropout_all_masks_are_one() =>
        Assert.IsTrue(Run(Options with { Dropout = 0 }).Steps.SelectMany(step => step.Masks).SelectMany(mask => mask)
            .All(value => value == 1));

    [TestMethod]
    public void Validation_rows_are_judged_with_the_same_noise_every_epoch()
    {
        FakeEngine engine = Run(Options);
        Assert.HasCount(4, engine.Evaluations);
        foreach ((int[] rows, float[] noise) in engine.Evaluations)
        {
            CollectionAssert.AreEqual(Split.Validation, rows);
            CollectionAssert.AreEqual(engine.Evaluations[0].Noise, noise);
            Assert.HasCount(rows.Length * Shape.Latent, noise);
        }
        Assert.HasCount(engine.Evaluations[0].Noise.Length, engine.Evaluations[0].Noise.ToHashSet());
    }

    [TestMethod]
    public void Validation_noise_belongs_to_the_row_and_is_not_that_of_training()
    {
        (int[] rows, float[] noise) = Run(Options).Evaluations[0];
        (int[] all, float[] allNoise) = Run(Options, new([.. Enumerable.Range(0, 50)], [])).Evaluations[0];
        Dictionary<(int, int), float[]> training = ByRow(Run(Options, new([.. Enumerable.Range(0, 50)], [])), 7);
        for (int i = 0; i < rows.Length; i++)
        {
            float[] own = noise[(i * Shape.Latent)..((i + 1) * Shape.Latent)];
            int place = Array.IndexOf(all, rows[i]);
            CollectionAssert.AreEqual(own, allNoise[(place * Shape.Latent)..((place + 1) * Shape.Latent)]);
            for (int epoch = 0; epoch < 4; epoch++)
                CollectionAssert.AreNotEqual(own, training[(epoch, rows[i])][..Shape.Latent]);
        }
    }

    [TestMethod]
    public void Without_validation_rows_the_training_rows_are_judged()
    {
        FakeEngine engine = Run(Options, Split with { Validation = [] });
        Assert.HasCount(4, engine.Evaluations);
        foreach ((int[] rows, _) in engine.Evaluations)
            CollectionAssert.AreEqual(Split.Train, rows);
    }

    [TestMethod]
    public void The_rows_of_the_split_are_left_in_order()
    {
        int[] train = [.. Split.Train];
        Run(Options);
        CollectionAssert.AreEqual(train, Split.Train);
    }

    static FakeEngine Run(TrainingOptions options, StratifiedSplit? split = null)
    {
        FakeEngine engine = new(Shape, 1);
        new TrainLoop(options with { Patience = int.MaxValue }, Shape, split ?? Split).Run(engine, null, CancellationToken.None);
        return engine;
    }

    // (epoch, row) -> its noise and masks, one after the other.
    static Dictionary<(int Epoch, int Row), float[]> ByRow(FakeEngine engine, int stepsPerEpoch)
    {
        Dictionary<(int, int), float[]> given = [];
        for (int s = 0; s < engine.Steps.Count; s++)
        {
            StepInput step = engine.Steps[s];
            for (int i = 0; i < step.Rows.Length; i++)
                given.Add((s / stepsPerEpoch, step.Rows[i]), [.. step.Noise.AsSpan(i * Shape.Latent, Shape.Latent),
                    .. step.Masks.SelectMany((mask, layer) => mask.Skip(i * Shape.HiddenWidths[layer]).Take(Shape.HiddenWidths[layer]))]);
        }
        return given;
    }
}

namespace LeoCvae.Training.Tests;

/// <summary>What a fit is made of, and what it gives back.</summary>
[TestClass]
public class LeoTrainerTests
{
    static readonly Table Table = Samples.Gaussian([30, 14, 8], 3);

    [TestMethod]
    public void How_far_the_search_for_neighbors_is_is_told_before_the_first_epoch()
    {
        Reports<double> search = new();
        int before = 0;
        using TrainingResult result = LeoTrainer.Fit(Samples.Gaussian([700, 300], 3), Samples.Quick,
            new Listener(report => before = report.Epoch == 1 ? search.All.Count : before), search: search);
        search.All.RequireRising(5);
        Assert.AreEqual(search.All.Count, before);
    }

    [TestMethod]
    public void Fitting_saving_loading_and_generating_is_a_round_trip()
    {
        using TempFolder temp = new();
        using TrainingResult result = LeoTrainer.Fit(Table, Samples.Quick);
        Dictionary<string, int> counts = new() { ["a"] = 3, ["b"] = 20, ["c"] = 40 };
        Table generated = result.Model.Generate(counts);

        result.Model.Save(temp["model"]);
        using LeoModel loaded = LeoModel.Load(temp["model"]),
            generatorAlone = LeoModel.Load(Path.Combine(temp["model"], ModelFormat.Generator));

        foreach (LeoModel model in new[] { loaded, generatorAlone })
        {
            Table again = model.Generate(counts);
            Assert.IsTrue(generated.Values.SequenceEqual(again.Values));
            Assert.IsTrue(generated.Labels.SequenceEqual(again.Labels));
        }
        CollectionAssert.AreEqual(new[] { "MODEL_CARD.md", "decoder.onnx", "encoder.onnx", "generator.onnx", "model.json" },
            Directory.EnumerateFiles(temp["model"]).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray());
        Assert.IsTrue(result.Model.Embed(Table).Values.AsSpan().SequenceEqual(loaded.Embed(Table).Values));
        CollectionAssert.AreEqual(new[] { 3, 20, 40 }, generated.ClassCounts());
    }

    [TestMethod]
    public void A_fit_is_the_sum_of_its_parts()
    {
        TrainingOptions options = Samples.Quick;
        using TrainingResult result = LeoTrainer.Fit(Table, options);

        // Standardize, score, weigh, split and train by hand, with the weights written out from the paper.
        Matrix x = TableEncoder.Fit(Table).Encode(Table);
        EntropyScores entropy = LocalEntropy.Score(Table);
        int[] counts = Table.ClassCounts(), labels = Table.Labels.ToArray();
        float[] weights = [.. labels.Select((label, row) => (float)(52.0 / (3.0 * counts[label]) * Math.Pow(1 + entropy.Bits[row], 2.5)))];
        CvaeShape shape = new(3, 3, options.HiddenSize, options.LatentSize);
        using ICvaeEngine engine = CvaeEngines.Create(options, new(x, labels, weights), CvaeWeights.Initial(shape, options.Seed));
        List<TrainingProgress> losses = new TrainLoop(options, shape, StratifiedSplit.Create(labels, 3, 0.2, options.Seed))
            .Run(engine, null, CancellationToken.None);

        CollectionAssert.AreEqual(losses, result.Losses.ToArray());
        Assert.IsTrue(entropy.Bits.SequenceEqual(result.Entropy.Bits));
        SeedBank seeds = result.Model.Seeds;
        foreach ((int row, double weight) in seeds.Rows.Zip(seeds.Weights))
            Assert.AreEqual(Math.Pow(1 + entropy.Bits[row], 2.5), weight);
        Matrix embedded = result.Model.Embed(Table), mu = engine.Encode().Mu;
        for (int i = 0; i < mu.Values.Length; i++)
            Assert.AreEqual(mu.Values[i], embedded.Values[i], 1e-5);
    }

    [TestMethod]
    public void A_missing_value_is_generated_again_only_where_one_was_missing()
    {
        double[,] values = new double[20, 2];
        values[17, 0] = double.NaN;
        string[] labels = [.. Enumerable.Range(0, 20).Select(row => row % 4 == 0 ? "few" : "many")];
        Table table = LeoCvae.Table.FromArrays(values, labels, ["height", "age"], allowMissing: true);
        SamplingStrategy strategy = SamplingStrategy.FinalCounts(new Dictionary<string, int> { ["many"] = 400 });
        Table all = LeoTrainer.FitResample(table, Samples.Quick, strategy);
        Assert.IsTrue(double.IsNaN(all.Row(17)[0]));
        int[] missing = all.MissingCounts();
        // One row of 15 lacks its height.
        Assert.IsInRange(10, 60, missing[0]);
        Assert.AreEqual(0, missing[1]);
    }

    [TestMethod]
    public void Disposing_the_result_disposes_its_model()
    {
        TrainingResult result = LeoTrainer.Fit(Table, Samples.Quick with { MaxEpochs = 1 });
        result.Dispose();
        result.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => result.Model.Generate(new Dictionary<string, int> { ["a"] = 1 }));
        Assert.ThrowsExactly<ObjectDisposedException>(() => result.Model.Oversample(Table));
        Assert.ThrowsExactly<ObjectDisposedException>(() => result.Model.Embed(Table));
    }

    [TestMethod]
    public void Each_epoch_is_reported_and_kept()
    {
        List<TrainingProgress> reported = [];
        using TrainingResult result = LeoTrainer.Fit(Table, Samples.Quick, new Listener(reported.Add));
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 4 }, reported.Select(epoch => epoch.Epoch).ToArray());
        CollectionAssert.AreEqual(reported, result.Losses.ToArray());
        Assert.IsTrue(reported.All(epoch => epoch.MaxEpochs == 4 && double.IsFinite(epoch.TrainLoss) && epoch.TrainKld > 0));
        Assert.AreEqual(reported.Last(epoch => epoch.IsBest), result.Best);
        ManifestProvenance made = result.Model.Manifest.Provenance;
        Assert.AreEqual((4, result.Best.Epoch, result.Best.ValidationLoss), (made.Epochs, made.BestEpoch, made.BestValidationLoss));
    }

    [TestMethod]
    public void Training_learns()
    {
        using TrainingResult result = LeoTrainer.Fit(Table, Samples.Quick with { MaxEpochs = 60, LearningRate = 0.01 });
        Assert.IsLessThan(0.7 * result.Losses[0].ValidationLoss, result.Best.ValidationLoss);
    }

    [TestMethod]
    public void Without_entropy_power_all_seeds_weigh_the_same()
    {
        using TrainingResult result = LeoTrainer.Fit(Table, Samples.Quick with { EntropyPower = 0, MaxEpochs = 1 });
        Assert.IsTrue(result.Model.Seeds.Weights.All(weight => weight == 1));
        Assert.IsGreaterThan(0, result.Entropy.Bits.ToArray().Max());
    }

    [TestMethod]
    public void Normalized_entropy_is_divided_by_the_logarithm_of_the_classes()
    {
        TrainingOptions options = Samples.Quick with { MaxEpochs = 1, EntropyPower = 3 };
        using TrainingResult bits = LeoTrainer.Fit(Table, options),
            normalized = LeoTrainer.Fit(Table, options with { EntropyScale = EntropyScale.Normalized });
        Assert.IsTrue(bits.Entropy.Bits.SequenceEqual(normalized.Entropy.Bits), "what is reported stays in bits");
        foreach ((int row, double weight) in normalized.Model.Seeds.Rows.Zip(normalized.Model.Seeds.Weights))
            Assert.AreEqual(Math.Pow(1 + bits.Entropy.Bits[row] / Math.Log2(3), 3), weight, 1e-12);
        Assert.IsLessThan(bits.Losses[0].TrainLoss, normalized.Losses[0].TrainLoss, "smaller weights make a smaller loss");
    }

    [TestMethod]
    public void With_two_classes_normalized_entropy_is_entropy_in_bits()
    {
        Table two = Samples.Gaussian([20, 9], 2);
        using TrainingResult bits = LeoTrainer.Fit(two, Samples.Quick),
            normalized = LeoTrainer.Fit(two, Samples.Quick with { EntropyScale = EntropyScale.Normalized });
        CollectionAssert.AreEqual(bits.Losses.ToArray(), normalized.Losses.ToArray());
    }

    [TestMethod]
    public void A_cancelled_fit_stops()
    {
        using CancellationTokenSource cancel = new();
        int epochs = 0;
        Listener progress = new(_ =>
        {
            epochs++;
            cancel.Cancel();
        });
        Assert.ThrowsExactly<OperationCanceledException>(() => LeoTrainer.Fit(Table, Samples.Quick, progress, cancellation: cancel.Token));
        Assert.AreEqual(1, epochs);
        Assert.Throws<OperationCanceledException>(() => LeoTrainer.Fit(Table, Samples.Quick, progress, cancellation: cancel.Token));
        Assert.AreEqual(1, epochs, "cancelled from the start, nothing is trained");
    }

    [TestMethod]
    public void A_diverging_fit_says_so()
    {
        string message = Assert.ThrowsExactly<ArithmeticException>(() =>
            LeoTrainer.Fit(Table, Samples.Quick with { LearningRate = 1e20 })).Message;
        Assert.Contains("training diverged in epoch 1", message);
        Assert.Contains("try a smaller learning rate than 1E+20", message);
    }

    [TestMethod]
    public void Cuda_is_refused_where_there_is_none()
    {
        LibTorch.EnsureLoaded();
        if (TorchSharp.torch.cuda.is_available())
            Assert.Inconclusive("this libtorch has CUDA");
        Assert.Contains("libtorch-cuda",
            Assert.ThrowsExactly<ArgumentException>(() => LeoTrainer.Fit(Table, Samples.Quick with { Device = "cuda" })).Message);
    }
}

namespace LeoCvae.Training.Tests.Fused;

/// <summary>The fused engine against the torch engine: same rows, noise and masks.</summary>
[TestClass]
public class FusedEngineTests
{
    [ClassInitialize]
    public static void Load(TestContext _) => LibTorch.EnsureLoaded();

    // features, classes, hidden, latent, batch, dropout, KL floor
    static IEnumerable<object[]> Shapes =>
    [
        [64, 2, 64, 16, 32, 0.1, 0.1],
        [1, 2, 2, 1, 1, 0.0, 0.1],
        [7, 3, 16, 5, 5, 0.1, 0.1],
        [7, 3, 16, 5, 32, 0.1, 1000.0],
        [300, 3, 130, 33, 128, 0.1, 0.1],
        [33, 500, 64, 16, 128, 0.1, 0.1],
        [17, 2, 130, 16, 33, 0.3, 0.0],
    ];

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Losses_and_gradients_are_those_of_torch(int features, int classes, int hidden, int latent, int batch, double dropout,
        double floor)
    {
        CvaeShape shape = new(features, classes, hidden, latent);
        TrainingOptions options = Options(shape, batch, dropout, floor);
        TrainingData data = Samples.Data(2 * batch + 1, shape);
        using TorchEngine torch = new(options, data, Samples.Weights(shape, 1.2f));
        using ICvaeEngine fused = FusedEngine.Create(options, data, Samples.Weights(shape, 1.2f));
        StepInput step = Step(options, shape, [.. Enumerable.Range(0, batch).Select(i => 2 * i)]);
        (Losses expected, CvaeWeights gradients) = torch.Gradients(step);
        (Losses actual, CvaeWeights own) = fused.Gradients(step);
        AssertClose(expected, actual);
        float[] all = gradients.Flat();
        AssertAllClose(all, own.Flat(), 1e-5 * Math.Sqrt(all.Sum(value => (double)value * value)));

        int[] rows = [.. Enumerable.Range(0, data.X.Rows)];
        float[] noise = Samples.Normals(rows.Length * latent, seed: 3);
        AssertClose(torch.Evaluate(rows, noise), fused.Evaluate(rows, noise));
        ((Matrix mu, Matrix logVariance), (Matrix ownMu, Matrix ownLogVariance)) = (torch.Encode(), fused.Encode());
        AssertAllClose(mu.Values, ownMu.Values, 1e-5);
        AssertAllClose(logVariance.Values, ownLogVariance.Values, 1e-5);
    }

    [TestMethod]
    public void Mixed_rows_are_fitted_as_by_torch()
    {
        TrainingData data = Samples.MixedData(129);
        CvaeShape shape = new(data.X.Columns, 2, 20, 5);
        TrainingOptions options = Options(shape, 32, 0.1, 0.1);
        using TorchEngine torch = new(options, data, CvaeWeights.Initial(shape, 1));
        using ICvaeEngine fused = FusedEngine.Create(options, data, CvaeWeights.Initial(shape, 1));
        foreach (int[] part in Enumerable.Range(0, data.X.Rows).Chunk(32))
            AssertClose(torch.Step(Step(options, shape, part)), fused.Step(Step(options, shape, part)));
        AssertAllClose(torch.GetWeights().Flat(), fused.GetWeights().Flat(), 1e-5);
    }

    [TestMethod]
    [DynamicData(nameof(Shapes))]
    public void Weights_after_an_epoch_are_those_of_torch(int features, int classes, int hidden, int latent, int batch, double dropout,
        double floor)
    {
        CvaeShape shape = new(features, classes, hidden, latent);
        foreach (TrainingOptions preset in (TrainingOptions[])[TrainingOptions.Default, TrainingOptions.Paper])
        {
            TrainingOptions options = Options(shape, batch, dropout, floor, preset);
            TrainingData data = Samples.Data(6 * batch + 1, shape);
            using TorchEngine torch = new(options, data, CvaeWeights.Initial(shape, 1));
            using ICvaeEngine fused = FusedEngine.Create(options, data, CvaeWeights.Initial(shape, 1));
            int[] rows = [.. Enumerable.Range(0, data.X.Rows)];
            foreach (int[] part in rows.Chunk(batch))
            {
                StepInput step = Step(options, shape, part);
                AssertClose(torch.Step(step), fused.Step(step));
            }
            AssertAllClose(torch.GetWeights().Flat(), fused.GetWeights().Flat(), 1e-4);
        }
    }

    [TestMethod]
    public void Threads_and_register_widths_do_not_change_a_bit()
    {
        CvaeShape shape = new(37, 3, 50, 7);
        TrainingOptions options = Options(shape, 24, 0.1, 0.1);
        TrainingData data = Samples.Data(130, shape);
        float[] expected = Run(new FusedEngine<Simd512>(options, data, CvaeWeights.Initial(shape, 1), 1));
        foreach (int threads in (int[])[2, 3, 7])
            CollectionAssert.AreEqual(expected, Run(new FusedEngine<Simd512>(options, data, CvaeWeights.Initial(shape, 1), threads)),
                $"{threads} threads");
        CollectionAssert.AreEqual(expected, Run(new FusedEngine<Simd256>(options, data, CvaeWeights.Initial(shape, 1), 2)), "256 bits");
        if (Simd.Fuses)
            CollectionAssert.AreEqual(expected, Run(new FusedEngine<Simd128>(options, data, CvaeWeights.Initial(shape, 1), 1)), "128 bits");

        float[] Run(ICvaeEngine engine)
        {
            using (engine)
            {
                List<float> all = [];
                int[] rows = [.. Enumerable.Range(0, 130)];
                for (int epoch = 0; epoch < 3; epoch++)
                    foreach (int[] part in rows.Chunk(24))
                        all.Add((float)engine.Step(Step(options, shape, part)).Total);
                all.Add((float)engine.Evaluate(rows, Samples.Normals(130 * shape.Latent)).Total);
                (Matrix mu, Matrix logVariance) = engine.Encode();
                return [.. all, .. mu.Values, .. logVariance.Values, .. engine.GetWeights().Flat()];
            }
        }
    }

    [TestMethod]
    public void An_engine_takes_no_more_threads_than_it_is_given_and_only_where_they_help()
    {
        CvaeShape small = new(64, 2, 64, 16), wide = new(2000, 2, 512, 16);
        TrainingOptions options = TrainingOptions.Default with { BatchSize = 128 };
        Assert.AreEqual(1, FusedEngine.Threads(options with { MaxDegreeOfParallelism = 1 }, Samples.Data(200, wide), wide));
        Assert.AreEqual(Environment.ProcessorCount, FusedEngine.Threads(options, Samples.Data(200, wide), wide));
        Assert.AreEqual(1, FusedEngine.Threads(options, Samples.Data(200, small), small));
    }

    [TestMethod]
    public void A_step_allocates_nothing()
    {
        CvaeShape shape = new(20, 3, 32, 8);
        TrainingOptions options = Options(shape, 16, 0.1, 0.1);
        foreach (int threads in (int[])[1, 2])
        {
            using FusedEngine<Simd256> engine = new(options, Samples.Data(40, shape), CvaeWeights.Initial(shape, 1), threads);
            StepInput step = Step(options, shape, [.. Enumerable.Range(0, 16)]);
            Allocated();
            Assert.AreEqual(0, Allocated());

            long Allocated()
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (int i = 0; i < 100; i++)
                    engine.Step(step);
                return GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }
    }

    [TestMethod]
    public void Weights_come_back_as_they_were_set()
    {
        CvaeShape shape = new(19, 4, 34, 9);
        CvaeWeights weights = Samples.Weights(shape, 1);
        using ICvaeEngine engine = FusedEngine.Create(Options(shape, 8, 0, 0), Samples.Data(9, shape), CvaeWeights.Initial(shape, 1));
        engine.SetWeights(weights);
        CollectionAssert.AreEqual(weights.Flat(), engine.GetWeights().Flat());
    }

    static TrainingOptions Options(CvaeShape shape, int batch, double dropout, double floor, TrainingOptions? preset = null) =>
        (preset ?? TrainingOptions.Default) with
        {
            HiddenSize = shape.Hidden,
            LatentSize = shape.Latent,
            BatchSize = batch,
            Dropout = dropout,
            KldFloor = floor,
            MaxDegreeOfParallelism = 2
        };

    // Noise and masks are functions of the rows.
    static StepInput Step(TrainingOptions options, CvaeShape shape, int[] rows)
    {
        CounterRandom random = new(5, (RandomStream)1003);
        float keep = (float)(1 / (1 - options.Dropout));
        float[] Values(int stream, int width, Func<float, float> of)
        {
            float[] uniform = new float[width];
            return [.. rows.SelectMany(row =>
            {
                random.FillUniform(CounterRandom.Row(stream, row), uniform);
                return uniform.Select(of).ToArray();
            })];
        }
        return new(rows, Values(1, shape.Latent, value => 3 * (value - 0.5f)),
            [.. shape.HiddenWidths.Select((width, layer) => Values(2 + layer, width, value => value >= options.Dropout ? keep : 0))]);
    }

    static void AssertClose(Losses expected, Losses actual)
    {
        Assert.AreEqual(expected.Total, actual.Total, 1e-5 * Math.Abs(expected.Total));
        Assert.AreEqual(expected.Reconstruction, actual.Reconstruction, 1e-5 * Math.Abs(expected.Total));
        Assert.AreEqual(expected.Kld, actual.Kld, 1e-5 * Math.Max(1, expected.Kld));
    }

    static void AssertAllClose(float[] expected, float[] actual, double tolerance)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], tolerance, $"value {i}");
    }
}

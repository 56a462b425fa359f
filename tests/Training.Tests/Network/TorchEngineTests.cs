namespace LeoCvae.Training.Tests.Network;

[TestClass]
public class TorchEngineTests
{
    static readonly CvaeShape Shape = new(5, 3, 12, 4);
    static readonly TrainingOptions Options = TrainingOptions.Default with { HiddenSize = Shape.Hidden, LatentSize = Shape.Latent };

    [ClassInitialize]
    public static void Load(TestContext _) => LibTorch.EnsureLoaded();

    [TestMethod]
    public void Weights_given_are_the_weights_got()
    {
        using TorchEngine engine = Engine();
        CollectionAssert.AreEqual(Samples.Weights(Shape, 1).Flat(), engine.GetWeights().Flat());

        CvaeWeights others = Samples.Weights(Shape, 2, seed: 9);
        engine.SetWeights(others);
        CollectionAssert.AreEqual(others.Flat(), engine.GetWeights().Flat());
    }

    [TestMethod]
    public void Weights_got_are_a_copy_that_later_steps_leave_alone()
    {
        using TorchEngine engine = Engine();
        CvaeWeights copy = engine.GetWeights();
        float[] before = copy.Flat();

        engine.Step(Samples.Step(6, Shape));

        CollectionAssert.AreEqual(before, copy.Flat());
        CollectionAssert.AreNotEqual(before, engine.GetWeights().Flat());
    }

    [TestMethod]
    public void Weights_set_are_copied_in()
    {
        using TorchEngine engine = Engine();
        CvaeWeights given = Samples.Weights(Shape, 2);
        float[] before = given.Flat();
        engine.SetWeights(given);

        engine.Step(Samples.Step(6, Shape));
        CollectionAssert.AreEqual(before, given.Flat());
        float[] after = engine.GetWeights().Flat();
        Array.Clear(given["mu"].Weight);
        CollectionAssert.AreEqual(after, engine.GetWeights().Flat());
    }

    [TestMethod]
    public void Changing_the_data_arrays_afterwards_changes_nothing()
    {
        TrainingData data = Samples.Data(9, Shape);
        using TorchEngine engine = new(Options, data, Samples.Weights(Shape, 1)), untouched = Engine();
        Array.Clear(data.X.Values);
        Array.Clear(data.RowWeights);
        Array.Clear(data.Labels);

        Assert.AreEqual(Evaluate(untouched), Evaluate(engine));
    }

    [TestMethod]
    public void Evaluating_and_encoding_change_nothing()
    {
        using TorchEngine engine = Engine(), untouched = Engine();
        Losses first = Evaluate(engine), second = Evaluate(engine);
        engine.Encode();
        engine.Gradients(Samples.Step(9, Shape));
        Assert.AreEqual(first, second);
        Assert.AreEqual(untouched.Step(Samples.Step(6, Shape)), engine.Step(Samples.Step(6, Shape)));
        CollectionAssert.AreEqual(untouched.GetWeights().Flat(), engine.GetWeights().Flat());
    }

    [TestMethod]
    public void Evaluating_is_a_step_without_dropout()
    {
        using TorchEngine engine = Engine();
        StepInput step = Samples.Step(9, Shape);
        Assert.AreEqual(engine.Gradients(step).Losses, engine.Evaluate(step.Rows, step.Noise));
    }

    [TestMethod]
    public void The_total_is_the_reconstruction_and_the_floored_KL_term()
    {
        foreach (double floor in new[] { 0.0, 1000 })
        {
            using TorchEngine engine = new(Options with { KldFloor = floor, KldWeight = 3 }, Samples.Data(9, Shape),
                Samples.Weights(Shape, 1));
            Losses losses = Evaluate(engine);
            Assert.AreEqual(losses.Reconstruction + 3 * Math.Max(losses.Kld, floor), losses.Total, 1e-5 * losses.Total);
        }
    }

    [TestMethod]
    public void Encoding_sees_every_row_with_its_own_class()
    {
        TrainingData data = Samples.Data(9, Shape);
        using TorchEngine engine = new(Options, data, Samples.Weights(Shape, 1));
        (Matrix mu, Matrix logVariance) = engine.Encode();
        Assert.AreEqual((9, Shape.Latent, 9, Shape.Latent), (mu.Rows, mu.Columns, logVariance.Rows, logVariance.Columns));

        int[] labels = [.. data.Labels];
        labels[4] = (labels[4] + 1) % Shape.Classes;
        using TorchEngine relabeled = new(Options, data with { Labels = labels }, Samples.Weights(Shape, 1));
        (Matrix otherMu, _) = relabeled.Encode();
        for (int row = 0; row < 9; row++)
            Assert.AreEqual(row != 4, mu[row].SequenceEqual(otherMu[row]), $"row {row}");
    }

    [TestMethod]
    public void A_step_with_a_gradient_within_the_clip_is_not_clipped()
    {
        using TorchEngine loose = new(Options with { GradientClip = 1e9 }, Samples.Data(9, Shape), Samples.Weights(Shape, 1)),
            looser = new(Options with { GradientClip = 1e12 }, Samples.Data(9, Shape), Samples.Weights(Shape, 1));
        loose.Step(Samples.Step(6, Shape));
        looser.Step(Samples.Step(6, Shape));
        CollectionAssert.AreEqual(loose.GetWeights().Flat(), looser.GetWeights().Flat());
    }

    [TestMethod]
    public void Libtorch_is_kept_at_one_thread()
    {
        TorchSharp.torch.set_num_threads(2);
        using TorchEngine engine = Engine();
        Assert.AreEqual(1, TorchSharp.torch.get_num_threads());
    }

    [TestMethod]
    public void Cuda_without_a_CUDA_build_is_refused_and_the_package_is_named()
    {
        if (TorchSharp.torch.cuda.is_available())
            Assert.Inconclusive("this libtorch has CUDA");
        Expect.Throws<ArgumentException>(() => new TorchEngine(Options with { Device = "cuda" }, Samples.Data(9, Shape),
            Samples.Weights(Shape, 1)), "Device: got 'cuda'", "libtorch-cuda-12.8-linux-x64", "cpu");
    }

    static TorchEngine Engine() => new(Options, Samples.Data(9, Shape), Samples.Weights(Shape, 1));

    static Losses Evaluate(TorchEngine engine) => engine.Evaluate([.. Enumerable.Range(0, 9)], Samples.Normals(9 * Shape.Latent));
}

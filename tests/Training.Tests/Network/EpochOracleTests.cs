using System.Text.Json;

namespace LeoCvae.Training.Tests.Network;

/// <summary>
/// One epoch of the paper preset, all chance given, against PyTorch (tools/parity/epoch.py; the authors' own model agrees).
/// </summary>
[TestClass]
public class EpochOracleTests
{
    static readonly JsonElement Json = Oracle.Read("epoch.json");
    static readonly CvaeShape Shape = Json.Shape();

    [ClassInitialize]
    public static void Load(TestContext _) => LibTorch.EnsureLoaded();

    [TestMethod]
    public void The_paper_preset_holds_the_settings_of_the_oracle()
    {
        TrainingOptions paper = TrainingOptions.Paper;
        Assert.AreEqual(Json.Int("hidden"), paper.HiddenSize);
        Assert.AreEqual(Json.Int("latent"), paper.LatentSize);
        Assert.AreEqual(Json.Int("entropy_neighbors"), paper.EntropyNeighbors);
        Assert.AreEqual(Json.Double("entropy_power"), paper.EntropyPower);
        Assert.AreEqual(Json.Double("kld_weight"), paper.KldWeight);
        Assert.AreEqual(Json.Double("kld_floor"), paper.KldFloor);
        Assert.AreEqual(Json.Int("batch_size"), paper.BatchSize);
        Assert.AreEqual(Json.Double("learning_rate"), paper.LearningRate);
        Assert.AreEqual(Json.Double("weight_decay"), paper.WeightDecay);
        Assert.AreEqual(Json.Double("gradient_clip"), paper.GradientClip);
    }

    [TestMethod]
    [DataRow(TrainingEngine.Torch)]
    [DataRow(TrainingEngine.Fused)]
    public void An_epoch_ends_with_the_parameters_and_losses_of_the_oracle(TrainingEngine kind)
    {
        using ICvaeEngine engine = Engine(kind);

        Losses[] steps = [.. Batches().Select(engine.Step)];

        double[] losses = Json.Doubles("train_losses"), klds = Json.Doubles("train_klds");
        Assert.HasCount(losses.Length, steps);
        for (int i = 0; i < steps.Length; i++)
        {
            Assert.AreEqual(losses[i], steps[i].Total, 1e-5 * losses[i], $"loss of step {i}");
            Assert.AreEqual(klds[i], steps[i].Kld, 1e-5, $"KL of step {i}");
        }
        float[] expected = Json.Weights("final_parameters", Shape).Flat(), actual = engine.GetWeights().Flat();
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-6, $"parameter {i}");

        Losses validation = engine.Evaluate([.. Enumerable.Range(0, Json.Int("n"))], Json.Floats("noise"));
        Assert.AreEqual(Json.Double("validation_loss"), validation.Total, 1e-5 * Json.Double("validation_loss"));
        Assert.AreEqual(Json.Double("validation_reconstruction"), validation.Reconstruction,
            1e-5 * Json.Double("validation_reconstruction"));
        Assert.AreEqual(Json.Double("validation_kld"), validation.Kld, 1e-5);
    }

    [TestMethod]
    [DataRow(TrainingEngine.Torch)]
    [DataRow(TrainingEngine.Fused)]
    public void Unclipped_gradients_have_the_norms_of_the_oracle(TrainingEngine kind)
    {
        double[] norms = Json.Doubles("gradient_norms");
        using ICvaeEngine engine = Engine(kind);
        int i = 0;
        foreach (StepInput batch in Batches())
        {
            Assert.AreEqual(norms[i], Math.Sqrt(engine.Gradients(batch).Gradients.Flat().Sum(value => (double)value * value)),
                1e-5 * norms[i], $"step {i}");
            engine.Step(batch);
            i++;
        }
        Assert.HasCount(i, norms);
    }

    [TestMethod]
    [DataRow(TrainingEngine.Torch)]
    [DataRow(TrainingEngine.Fused)]
    public void The_order_of_rows_in_a_batch_does_not_matter(TrainingEngine kind)
    {
        StepInput batch = Batches().First();
        int[] reversed = [.. batch.Rows.Reverse()];
        using ICvaeEngine engine = Engine(kind), other = Engine(kind);

        (Losses losses, CvaeWeights gradients) = engine.Gradients(batch);
        (Losses same, CvaeWeights sameGradients) = other.Gradients(Batch(reversed));

        Assert.AreEqual(losses.Total, same.Total, 1e-5 * losses.Total);
        double norm = Json.Doubles("gradient_norms")[0];
        foreach ((float expected, float actual) in gradients.Flat().Zip(sameGradients.Flat()))
            Assert.AreEqual(expected, actual, 1e-5 * norm);
    }

    static ICvaeEngine Engine(TrainingEngine kind) => CvaeEngines.Create(TrainingOptions.Paper with { Engine = kind },
        new(Json.Matrix("x", Shape.Features), Json.GetProperty("y").Ints(), Json.Floats("row_weights")),
        Json.Weights("initial_parameters", Shape));

    static IEnumerable<StepInput> Batches() => Json.GetProperty("batches").EnumerateArray().Select(rows => Batch(rows.Ints()));

    static StepInput Batch(int[] rows) =>
        new(rows, Json.Matrix("noise", Shape.Latent).Pick(rows), [.. Json.Masks(Shape).Select(mask => mask.Pick(rows))]);
}

namespace LeoCvae.Training.Tests.Network;

/// <summary>
/// Gradients against central differences of a second, plain implementation in double: no autograd on either side of the oracle.
/// </summary>
[TestClass]
public class FiniteDifferenceTests
{
    const double Step = 1e-6;

    [ClassInitialize]
    public static void Load(TestContext _) => LibTorch.EnsureLoaded();

    static IEnumerable<object[]> Cases => Engines.Both.SelectMany(engine => (object[][])
    [
        // Two classes; one feature, one latent dimension; dropout; the KL term under its floor.
        [3, 2, 6, 2, 0.1, 0.0, engine],
        [1, 5, 4, 1, 0.1, 0.0, engine],
        [4, 3, 8, 3, 0.1, 0.3, engine],
        [3, 2, 6, 2, 30.0, 0.0, engine],
    ]);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Gradients_equal_central_differences(int features, int classes, int hidden, int latent, double floor, double dropout,
        TrainingEngine kind)
    {
        CvaeShape shape = new(features, classes, hidden, latent);
        TrainingOptions options = TrainingOptions.Default with
        {
            HiddenSize = hidden,
            LatentSize = latent,
            KldFloor = floor,
            Engine = kind
        };
        Compare(Samples.Data(10, shape), shape, options, dropout, 1e-5);
    }

    [TestMethod]
    [DataRow(TrainingEngine.Torch)]
    [DataRow(TrainingEngine.Fused)]
    public void Gradients_of_mixed_rows_equal_central_differences(TrainingEngine kind)
    {
        TrainingData data = Samples.MixedData(60);
        CvaeShape shape = new(data.X.Columns, 2, 6, 2);
        TrainingOptions options = TrainingOptions.Default with { HiddenSize = 6, LatentSize = 2, Engine = kind };
        Compare(data, shape, options, dropout: 0.1, 1e-5);
    }

    static void Compare(TrainingData data, CvaeShape shape, TrainingOptions options, double dropout, double tolerance)
    {
        CvaeWeights weights = Samples.Weights(shape, 1.5f);
        StepInput step = Dropped(Samples.Step(7, shape), dropout);
        using ICvaeEngine engine = CvaeEngines.Create(options, data, weights);
        (Losses losses, CvaeWeights gradients) = engine.Gradients(step);

        PlainCvae plain = new(shape, options);
        plain.Use(weights);
        double loss = plain.Loss(data, step);
        Assert.AreEqual(loss, losses.Total, 1e-5 * loss);
        Assert.IsGreaterThan(1e-4, plain.Closest, "an activation sits on LeakyReLU's kink: choose another seed");
        double norm = Math.Sqrt(gradients.Flat().Sum(value => (double)value * value));
        Assert.IsGreaterThan(1, norm);
        foreach ((string name, int _, int _) in shape.Layers)
        {
            OfLayer($"{name}.weight", gradients[name].Weight, plain.Layers[name].Weight);
            OfLayer($"{name}.bias", gradients[name].Bias, plain.Layers[name].Bias);
        }

        void OfLayer(string what, float[] gradient, double[] values)
        {
            for (int i = 0; i < values.Length; i++)
            {
                double value = values[i];
                values[i] = value + Step;
                double up = plain.Loss(data, step);
                values[i] = value - Step;
                double down = plain.Loss(data, step);
                values[i] = value;
                Assert.AreEqual((up - down) / (2 * Step), gradient[i], tolerance * norm, $"{what}[{i}]");
            }
        }
    }

    static StepInput Dropped(StepInput step, double dropout)
    {
        CounterRandom random = new(11, (RandomStream)1002);
        float keep = (float)(1 / (1 - dropout));
        return step with
        {
            Masks = [.. step.Masks.Select((mask, layer) =>
                mask.Select((_, i) => random.Uniform((ulong)layer, i) >= dropout ? keep : 0).ToArray())]
        };
    }
}

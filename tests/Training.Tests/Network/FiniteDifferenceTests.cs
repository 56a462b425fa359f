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
        TrainingData data = Samples.Data(10, shape);
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
            Compare($"{name}.weight", gradients[name].Weight, plain.Layers[name].Weight);
            Compare($"{name}.bias", gradients[name].Bias, plain.Layers[name].Bias);
        }

        void Compare(string what, float[] gradient, double[] values)
        {
            for (int i = 0; i < values.Length; i++)
            {
                double value = values[i];
                values[i] = value + Step;
                double up = plain.Loss(data, step);
                values[i] = value - Step;
                double down = plain.Loss(data, step);
                values[i] = value;
                Assert.AreEqual((up - down) / (2 * Step), gradient[i], 1e-5 * norm, $"{what}[{i}]");
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

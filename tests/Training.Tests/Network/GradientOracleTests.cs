using System.Text.Json;

namespace LeoCvae.Training.Tests.Network;

/// <summary>Loss and gradients against PyTorch's autograd in float64 (tools/parity/loss_gradients.py).</summary>
[TestClass]
public class GradientOracleTests
{
    const double Tolerance = 1e-5;

    static readonly JsonElement[] Cases = [.. Oracle.Read("loss-gradients.json").GetProperty("cases").EnumerateArray()];

    static IEnumerable<object[]> CaseNumbers =>
        Cases.SelectMany((json, i) => Engines.Both.Select(engine => new object[] { i, json.GetProperty("name").GetString()!, engine }));

    [ClassInitialize]
    public static void Load(TestContext _) => LibTorch.EnsureLoaded();

    [TestMethod]
    [DynamicData(nameof(CaseNumbers))]
    public void Losses_and_every_gradient_equal_the_oracle(int number, string name, TrainingEngine kind)
    {
        JsonElement json = Cases[number];
        CvaeShape shape = json.Shape();
        using ICvaeEngine engine = Engine(json, shape, kind);

        (Losses losses, CvaeWeights gradients) = engine.Gradients(Step(json, shape));

        AssertClose(json.Double("loss"), losses.Total, json.Double("loss"), $"{name}: loss");
        AssertClose(json.Double("reconstruction"), losses.Reconstruction, json.Double("loss"), $"{name}: reconstruction");
        AssertClose(json.Double("kld"), losses.Kld, json.Double("loss"), $"{name}: kld");
        Assert.AreEqual(json.Double("kld_floored"), Math.Max(losses.Kld, json.Double("kld_floor")),
            Tolerance * Math.Max(1, json.Double("kld_floored")));
        // The authors' own code, where no dropout is at work.
        if (json.GetProperty("authors_loss").ValueKind == JsonValueKind.Number)
            AssertClose(json.Double("authors_loss"), losses.Total, json.Double("loss"), $"{name}: the authors' loss");
        double norm = json.Double("gradient_norm");
        CvaeWeights expected = json.Weights("gradients", shape);
        foreach ((string layer, int outputs, int inputs) in shape.Layers)
        {
            Assert.HasCount(outputs * inputs, gradients[layer].Weight);
            AssertAllClose(expected[layer].Weight, gradients[layer].Weight, norm, $"{name}: {layer}.weight");
            AssertAllClose(expected[layer].Bias, gradients[layer].Bias, norm, $"{name}: {layer}.bias");
        }
        Assert.AreEqual(norm, Math.Sqrt(gradients.Flat().Sum(value => (double)value * value)), Tolerance * norm);
    }

    [TestMethod]
    [DynamicData(nameof(CaseNumbers))]
    public void Gradients_can_be_asked_for_twice_and_change_no_weight(int number, string name, TrainingEngine kind)
    {
        JsonElement json = Cases[number];
        CvaeShape shape = json.Shape();
        using ICvaeEngine engine = Engine(json, shape, kind);

        float[] first = engine.Gradients(Step(json, shape)).Gradients.Flat(), second = engine.Gradients(Step(json, shape)).Gradients.Flat();

        CollectionAssert.AreEqual(first, second, $"{name}: gradients add up");
        CollectionAssert.AreEqual(json.Weights("parameters", shape).Flat(), engine.GetWeights().Flat());
    }

    [TestMethod]
    [DataRow(TrainingEngine.Torch)]
    [DataRow(TrainingEngine.Fused)]
    public void Below_its_floor_the_KL_term_has_no_gradient(TrainingEngine kind)
    {
        JsonElement json = Cases.First(json => json.Double("kld") < json.Double("kld_floor"));
        CvaeShape shape = json.Shape();
        TrainingOptions options = Options(json, shape, kind);
        using ICvaeEngine light = CvaeEngines.Create(options, Data(json, shape), json.Weights("parameters", shape));
        using ICvaeEngine heavy = CvaeEngines.Create(options with { KldWeight = options.KldWeight * 100 }, Data(json, shape),
            json.Weights("parameters", shape));

        CollectionAssert.AreEqual(light.Gradients(Step(json, shape)).Gradients.Flat(), heavy.Gradients(Step(json, shape)).Gradients.Flat());
    }

    static ICvaeEngine Engine(JsonElement json, CvaeShape shape, TrainingEngine kind) =>
        CvaeEngines.Create(Options(json, shape, kind), Data(json, shape), json.Weights("parameters", shape));

    static TrainingOptions Options(JsonElement json, CvaeShape shape, TrainingEngine kind) => TrainingOptions.Paper with
    {
        Engine = kind,
        KldWeight = json.Double("kld_weight"),
        KldFloor = json.Double("kld_floor"),
        HiddenSize = shape.Hidden,
        LatentSize = shape.Latent,
    };

    static TrainingData Data(JsonElement json, CvaeShape shape) =>
        new(json.Matrix("x", shape.Features), json.GetProperty("y").Ints(), json.Floats("row_weights"));

    static StepInput Step(JsonElement json, CvaeShape shape) =>
        new([.. Enumerable.Range(0, json.Int("n"))], json.Floats("noise"), [.. json.Masks(shape).Select(mask => mask.Values)]);

    static void AssertAllClose(float[] expected, float[] actual, double size, string what)
    {
        Assert.HasCount(expected.Length, actual, what);
        for (int i = 0; i < expected.Length; i++)
            AssertClose(expected[i], actual[i], size, $"{what}[{i}]");
    }

    static void AssertClose(double expected, double actual, double size, string what) =>
        Assert.AreEqual(expected, actual, Tolerance * size, what);
}

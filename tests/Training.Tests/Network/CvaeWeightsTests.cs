namespace LeoCvae.Training.Tests.Network;

[TestClass]
public class CvaeWeightsTests
{
    static readonly CvaeShape Shape = new(30, 3, 64, 16);

    [TestMethod]
    public void The_layers_are_those_of_the_paper()
    {
        (string, int, int)[] expected =
        [
            ("encoder1", 64, 33), ("encoder2", 32, 64), ("mu", 16, 32), ("logvar", 16, 32),
            ("decoder1", 32, 19), ("decoder2", 64, 32), ("decoder3", 30, 64),
        ];
        CollectionAssert.AreEqual(expected, Shape.Layers);
        CollectionAssert.AreEqual(new[] { 64, 32, 32, 64 }, Shape.HiddenWidths);
    }

    [TestMethod]
    public void Initial_weights_fill_minus_to_plus_one_over_root_inputs_evenly()
    {
        CvaeWeights weights = CvaeWeights.Initial(Shape, 42);
        foreach ((string name, int outputs, int inputs) in Shape.Layers)
        {
            double bound = 1 / Math.Sqrt(inputs);
            Assert.HasCount(outputs * inputs, weights[name].Weight);
            Assert.HasCount(outputs, weights[name].Bias);
            foreach (float value in weights[name].Weight.Concat(weights[name].Bias))
                Assert.IsInRange(-bound - 1e-6, bound + 1e-6, value);
            // Mean and variance of a uniform distribution, within 5 standard errors.
            double[] scaled = [.. weights[name].Weight.Select(value => value / bound)];
            Assert.AreEqual(0, scaled.Average(), 5 * Math.Sqrt(1 / 3.0 / scaled.Length), name);
            Assert.AreEqual(1 / 3.0, scaled.Average(value => value * value), 5 * Math.Sqrt(4 / 45.0 / scaled.Length), name);
        }
    }

    [TestMethod]
    public void Initial_weights_are_a_function_of_the_seed()
    {
        CollectionAssert.AreEqual(CvaeWeights.Initial(Shape, 42).Flat(), CvaeWeights.Initial(Shape, 42).Flat());
        CollectionAssert.AreNotEqual(CvaeWeights.Initial(Shape, 42).Flat(), CvaeWeights.Initial(Shape, 43).Flat());
    }

    [TestMethod]
    public void No_two_tensors_start_with_the_same_numbers()
    {
        float[] mu = CvaeWeights.Initial(Shape, 42)["mu"].Weight, logvar = CvaeWeights.Initial(Shape, 42)["logvar"].Weight;
        Assert.HasCount(mu.Length, logvar);
        Assert.AreEqual(0, mu.Zip(logvar).Count(pair => pair.First == pair.Second));
    }

    [TestMethod]
    public void A_feature_more_does_not_change_the_numbers_of_the_other_layers()
    {
        CvaeWeights narrow = CvaeWeights.Initial(Shape, 42), wide = CvaeWeights.Initial(Shape with { Features = 31 }, 42);
        foreach (string layer in new[] { "encoder2", "mu", "logvar", "decoder1", "decoder2" })
            CollectionAssert.AreEqual(narrow[layer].Weight, wide[layer].Weight, layer);
    }
}

namespace LeoCvae.Training.Tests.Generation;

[TestClass]
public class MixtureTests
{
    static readonly Table Table = Samples.Gaussian([300, 60, 7, 2], 5);

    static readonly TrainingOptions Options = Samples.Quick with { Prior = LatentPrior.Mixture };

    [TestMethod]
    public void A_component_stands_for_five_rows_or_more_where_its_class_has_them_and_keeps_mean_and_variance()
    {
        const int Latent = 3;
        int[] starts = [0, 200, 212, 215];
        float[] mu = Samples.Normals(215 * Latent), sigma = [.. Samples.Normals(215 * Latent, seed: 2)
            .Select(value => 0.1f + Math.Abs(value))];
        double[] weights = [.. Samples.Normals(215, seed: 3).Select(value => 1 + Math.Abs((double)value))];
        long[] classes = [.. Enumerable.Range(0, 215).Select(s => s < 200 ? 0L : s < 212 ? 1 : 2)];
        (SeedTensors components, int[] first) = MixtureFit.Fit(new(mu, sigma, classes, new long[215], weights), starts, Latent, seed: 1,
            new());
        Assert.IsEmpty(components.Rows);
        Assert.AreSequenceEqual([0, components.Weights.Length], [first[0], first[^1]]);
        for (int c = 0; c < 3; c++)
        {
            int count = first[c + 1] - first[c], rows = starts[c + 1] - starts[c];
            Assert.IsInRange(1, Math.Max(1, rows / MixtureFit.LeastRows), count);
            Assert.IsTrue(components.Classes[first[c]..first[c + 1]].All(label => label == c));
            for (int l = 0; l < Latent; l++)
            {
                (double mean, double variance) = Moments(mu, sigma, weights, starts[c], starts[c + 1], l);
                (double own, double ownVariance) = Moments(components.Mu, components.Sigma, components.Weights, first[c], first[c + 1], l);
                Assert.AreEqual(mean, own, 1e-5);
                Assert.AreEqual(variance, ownVariance, 1e-5 * variance);
            }
        }
        Assert.IsGreaterThan(5, first[1]);

        static (double Mean, double Variance) Moments(float[] mu, float[] sigma, double[] weights, int from, int to, int l)
        {
            double all = weights[from..to].Sum(), mean = Enumerable.Range(from, to - from).Sum(s => weights[s] * mu[s * Latent + l]) / all;
            return (mean, Enumerable.Range(from, to - from).Sum(s => weights[s]
                * (Math.Pow(sigma[s * Latent + l], 2) + Math.Pow(mu[s * Latent + l] - mean, 2))) / all);
        }
    }

    [TestMethod]
    public void A_model_with_a_mixture_is_saved_loaded_and_drawn_from_without_a_source_row()
    {
        using TempFolder temp = new();
        using TrainingResult result = LeoTrainer.Fit(Table, Options);
        result.Model.Save(temp["model"]);
        using LeoModel managed = LeoModel.Load(temp["model"]), onnx = LeoModel.Load(temp["model"],
            new() { Evaluator = Evaluator.OnnxRuntime });
        Assert.AreEqual(LatentPrior.Mixture, managed.Manifest.Sampling.Prior);
        Dictionary<string, int> counts = new() { ["a"] = 50, ["c"] = 50, ["d"] = 20 };
        Table rows = managed.Generate(counts), others = onnx.Generate(counts);
        for (int i = 0; i < rows.Values.Length; i++)
            Assert.AreEqual(others.Values[i], rows.Values[i], 1e-4 * Math.Max(1, Math.Abs(rows.Values[i])));
        Assert.IsNull(rows.SourceRow(0));
        // In place of real rows, each component as often as it has rows.
        ManifestSampling sampling = managed.Manifest.Sampling;
        Assert.AreSequenceEqual([300, 60, 7, 2], sampling.ClassStarts.Zip(sampling.ClassStarts.Skip(1),
            (from, to) => Enumerable.Range(from, to - from).Sum(k => sampling.ComponentRows![k])));
        Assert.IsFalse(rows.Values.SequenceEqual(managed.Generate(counts, weights: SeedWeights.Equal).Values));
        Assert.AreEqual(3, managed.Oversample(Table).SourceRow(3));
        Assert.DoesNotContain("each training row", File.ReadAllText(temp[Path.Combine("model", ModelFormat.Card)]));
    }

    [TestMethod]
    public void The_size_of_a_model_with_a_mixture_does_not_depend_on_the_number_of_rows()
    {
        long Size(int rows)
        {
            using TempFolder temp = new();
            using TrainingResult result = LeoTrainer.Fit(Samples.Gaussian([rows, rows / 2], 5), Options with { MaxEpochs = 1 });
            return result.Model.Files.Single(file => file.Name == ModelFormat.Generator).Bytes;
        }
        // A component more or less has 40 bytes, a training row would have as many.
        Assert.IsInRange(-2000, 2000, Size(4000) - Size(2000));
    }
}

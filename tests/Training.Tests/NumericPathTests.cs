using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace LeoCvae.Training.Tests;

/// <summary>
/// The numeric path from a table to scores, weights, embeddings and rows gives the bits that were committed: rearranging code changes none.
/// A change that means to change numbers commits new hashes and says why.
/// </summary>
[TestClass]
public class NumericPathTests
{
    static readonly Table Table = Samples.Gaussian([90, 40, 12], 5, units: [(0, 1), (1e6, 50), (-3, 0.01)],
        decimals: [null, 0, 3, 1, null]);

    [TestMethod]
    [DataRow("default", "93b6c1277506ac65", "9bde9a63a5637db9")]
    [DataRow("paper", "93b6c1277506ac65", "5c08d7b9d54ecac2")]
    public void A_fit_gives_the_committed_bits(string preset, string fit, string rows)
    {
        TrainingOptions options = TrainingOptions.FromPreset(preset) with { MaxEpochs = 12, HiddenSize = 16, LatentSize = 4 };
        using TrainingResult result = LeoTrainer.Fit(Table, options);
        double[] losses = [.. result.Losses.SelectMany(loss => (double[])[loss.TrainLoss, loss.ValidationLoss])];
        Assert.AreEqual(fit, Hash(Bytes(result.Entropy.Bits), Bytes<double>(losses), Embedded(result.Model)));
        Table generated = result.Model.Generate(new Dictionary<string, int> { ["a"] = 30, ["b"] = 1100, ["c"] = 7 });
        Table resampled = result.Model.Oversample(Table);
        Assert.AreEqual(rows, Hash(Bytes(generated.Values), Bytes(resampled.Values), Bytes(resampled.Labels)));
    }

    static byte[] Embedded(LeoModel model)
    {
        Matrix means = model.Embed(Table);
        return [.. Enumerable.Range(0, means.Rows).SelectMany(row => Bytes(means[row]))];
    }

    static byte[] Bytes<T>(ReadOnlySpan<T> values) where T : unmanaged => MemoryMarshal.AsBytes(values).ToArray();

    static string Hash(params byte[][] parts) => Convert.ToHexStringLower(SHA256.HashData([.. parts.SelectMany(part => part)]))[..16];
}

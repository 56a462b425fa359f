using System.Text.Json;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LeoCvae.Runtime.Tests.Model;

/// <summary>
/// The committed model gives the committed outputs on any processor, here and, by tools/parity/check_node.sh, in JavaScript.
/// LEOCVAE_UPDATE_GOLDEN=1 writes the file anew after the model was made anew.
/// </summary>
[TestClass]
public class GoldenTests
{
    const int Count = 16;
    const double Tolerance = 1e-4, FlipsAllowed = 0.02;
    static readonly string GoldenFile = Repo.File("tests", "Runtime.Tests", "Oracles", "breast-cancer-golden.json");

    [TestMethod]
    public void The_committed_model_gives_the_committed_outputs_to_1e_4_of_a_columns_range()
    {
        if (Environment.GetEnvironmentVariable("LEOCVAE_UPDATE_GOLDEN") == "1")
            File.WriteAllText(GoldenFile, JsonSerializer.Serialize(Compute(null)) + "\n");
        Golden golden = JsonSerializer.Deserialize<Golden>(File.ReadAllText(GoldenFile))!;
        Golden now = Compute(golden.GeneratorRows);
        AssertNear(golden.GeneratorRows, now.GeneratorRows, golden.Ranges, golden.Units);
        AssertNear(golden.DecoderRows, now.DecoderRows, golden.Ranges, golden.Units);
        AssertNear(golden.Mu, now.Mu, [1], [0]);
        AssertNear(golden.LogVariance, now.LogVariance, [1], [0]);
    }

    // Rows are rounded in the network: where the last bits of a float sum differ, a value halfway between two decimals goes the
    // other way, by one unit. One of the committed values is that near (1e-7 of its range), so a few may.
    static void AssertNear(double[] expected, double[] actual, double[] ranges, double[] units)
    {
        Assert.HasCount(expected.Length, actual);
        int flips = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double allowed = Tolerance * ranges[i % ranges.Length], difference = Math.Abs(expected[i] - actual[i]);
            if (difference > allowed && difference < 1.001 * units[i % units.Length])
                flips++;
            else
                Assert.IsLessThanOrEqualTo(allowed, difference);
        }
        Assert.IsLessThanOrEqualTo(FlipsAllowed * expected.Length, flips);
    }

    // The encoder gets the committed rows, so that a value that was rounded the other way doesn't move its outputs too.
    static Golden Compute(double[]? committedRows)
    {
        using LeoModel model = LeoModel.Load(TestModel.Folder);
        (int width, int latent, int classes) = (model.Schema.Columns.Count, model.Manifest.LatentSize, model.Schema.Classes.Count);
        CounterRandom random = new(1, RandomStream.Latent);
        long[] seeds = [.. Enumerable.Range(0, Count).Select(i => (long)i * 569 / Count)],
            labels = [.. Enumerable.Range(0, Count).Select(i => (long)i % classes)];
        int factors = model.Manifest.Sampling.NoiseFactors;
        float[] noise = new float[Count * latent], factorNoise = new float[Count * factors], columnNoise = new float[Count * width],
            condition = new float[Count * classes];
        random.FillNormal(0, noise);
        new CounterRandom(1, RandomStream.FactorNoise).FillNormal(0, factorNoise);
        new CounterRandom(1, RandomStream.ColumnNoise).FillByteSums(0, columnNoise);
        for (int i = 0; i < Count; i++)
            condition[i * classes + i % classes] = 1;

        double[] generated = new double[Count * width], decoded = new double[Count * width];
        float[] mu = new float[Count * latent], logVariance = new float[Count * latent];
        Run(ModelFormat.Generator, [Tensor(ModelFormat.Seed, seeds, 0), Tensor(ModelFormat.Noise, noise, latent),
            Tensor(NoiseTensors.FactorNoise, factorNoise, factors), Tensor(NoiseTensors.ColumnNoise, columnNoise, width)],
                [Tensor(ModelFormat.Rows, generated, width)]);
        Run(ModelFormat.Decoder, [Tensor(ModelFormat.Latent, noise, latent), Tensor(ModelFormat.Class, labels, 0)],
            [Tensor(ModelFormat.Rows, decoded, width)]);
        Run(ModelFormat.Encoder, [Tensor(ModelFormat.Rows, committedRows ?? generated, width),
            Tensor(ModelFormat.Condition, condition, classes)], [Tensor(ModelFormat.Mu, mu, latent),
                Tensor(ModelFormat.LogVariance, logVariance, latent)]);
        double[] ranges = [.. model.Schema.Columns.Select(column => column.Maximum - column.Minimum)];
        double[] units = [.. model.Schema.Columns.Select(column => column.Decimals is int decimals ? Math.Pow(10, -decimals) : 0)];
        return new(latent, width, classes, factors, seeds, noise, factorNoise, columnNoise, labels, condition, ranges, units, generated,
            decoded, [.. mu.Select(value => (double)value)], [.. logVariance.Select(value => (double)value)]);
    }

    static void Run(string file, TestTensor[] inputs, TestTensor[] outputs)
    {
        using OnnxNetwork network = new(file, File.ReadAllBytes(Path.Combine(TestModel.Folder, file)), new(),
            [.. inputs.Select(input => input.Shape)], [.. outputs.Select(output => output.Shape)], Count);
        OnnxBatch batch = network.Rent(Count);
        for (int i = 0; i < inputs.Length; i++)
            inputs[i].Write(batch, i);
        batch.Run(Count);
        for (int i = 0; i < outputs.Length; i++)
            outputs[i].Read(batch, inputs.Length + i);
        network.Return(batch);
    }

    static TestTensor Tensor<T>(string name, T[] values, int width) where T : unmanaged => new(
        (name, values switch { long[] => TensorElementType.Int64, float[] => TensorElementType.Float, _ => TensorElementType.Double },
            width),
        (batch, i) => values.CopyTo(batch.Tensor<T>(i)), (batch, i) => batch.Tensor<T>(i)[..values.Length].CopyTo(values));

    sealed record TestTensor((string, TensorElementType, int) Shape, Action<OnnxBatch, int> Write, Action<OnnxBatch, int> Read);

    /// <summary>Inputs and outputs of the three networks; the encoder's rows are the generator's.</summary>
    public sealed record Golden(int Latent, int Width, int Classes, int Factors, long[] Seeds, float[] Noise, float[] FactorNoise,
        float[] ColumnNoise, long[] Labels, float[] Condition, double[] Ranges, double[] Units, double[] GeneratorRows,
            double[] DecoderRows, double[] Mu, double[] LogVariance);
}

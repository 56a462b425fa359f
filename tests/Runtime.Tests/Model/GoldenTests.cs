using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
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
    const double Tolerance = 1e-4;
    static readonly string GoldenFile = Repo.File("tests", "Runtime.Tests", "Oracles", "breast-cancer-golden.json");

    [TestMethod]
    public void The_committed_model_gives_the_committed_outputs_to_1e_4_of_a_columns_range()
    {
        Golden now = Compute();
        if (Environment.GetEnvironmentVariable("LEOCVAE_UPDATE_GOLDEN") == "1")
            File.WriteAllText(GoldenFile, JsonSerializer.Serialize(now) + "\n");
        Golden golden = JsonSerializer.Deserialize<Golden>(File.ReadAllText(GoldenFile))!;
        AssertNear(golden.GeneratorRows, now.GeneratorRows, golden.Ranges);
        AssertNear(golden.DecoderRows, now.DecoderRows, golden.Ranges);
        AssertNear(golden.Mu, now.Mu, [1]);
        AssertNear(golden.LogVariance, now.LogVariance, [1]);
    }

    static void AssertNear(double[] expected, double[] actual, double[] ranges)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], Tolerance * ranges[i % ranges.Length]);
    }

    static Golden Compute()
    {
        using LeoModel model = LeoModel.Load(TestModel.Folder);
        (int width, int latent, int classes) = (model.Schema.Columns.Count, model.Manifest.LatentSize, model.Schema.Classes.Count);
        CounterRandom random = new(1, RandomStream.Latent);
        long[] seeds = [.. Enumerable.Range(0, Count).Select(i => (long)i * 569 / Count)], labels = [.. Enumerable.Range(0, Count).Select(i => (long)i % classes)];
        float[] noise = new float[Count * latent], condition = new float[Count * classes];
        random.FillNormal(0, noise);
        for (int i = 0; i < Count; i++)
            condition[i * classes + i % classes] = 1;

        double[] generated = new double[Count * width], decoded = new double[Count * width];
        float[] mu = new float[Count * latent], logVariance = new float[Count * latent];
        Run(ModelFormat.Generator, [Tensor(ModelFormat.Seed, seeds, 0), Tensor(ModelFormat.Noise, noise, latent)], [Tensor(ModelFormat.Rows, generated, width)]);
        Run(ModelFormat.Decoder, [Tensor(ModelFormat.Latent, noise, latent), Tensor(ModelFormat.Class, labels, 0)], [Tensor(ModelFormat.Rows, decoded, width)]);
        Run(ModelFormat.Encoder, [Tensor(ModelFormat.Rows, generated, width), Tensor(ModelFormat.Condition, condition, classes)], [Tensor(ModelFormat.Mu, mu, latent), Tensor(ModelFormat.LogVariance, logVariance, latent)]);
        double[] ranges = [.. model.Schema.Columns.Select(column => column.Maximum - column.Minimum)];
        return new(latent, width, classes, seeds, noise, labels, condition, ranges, generated, decoded, [.. mu.Select(value => (double)value)], [.. logVariance.Select(value => (double)value)]);
    }

    static void Run(string file, (string Name, TensorElementType Type, int Width, OrtValue Value)[] inputs, (string Name, TensorElementType Type, int Width, OrtValue Value)[] outputs)
    {
        using OnnxNetwork network = new(file, File.ReadAllBytes(Path.Combine(TestModel.Folder, file)), new(), [.. inputs.Select(Shape)], [.. outputs.Select(Shape)]);
        network.Run([.. inputs.Select(input => input.Value)], [.. outputs.Select(output => output.Value)]);
        foreach ((_, _, _, OrtValue value) in inputs.Concat(outputs))
            value.Dispose();
    }

    static (string, TensorElementType, int) Shape((string Name, TensorElementType Type, int Width, OrtValue) tensor) => (tensor.Name, tensor.Type, tensor.Width);

    static (string, TensorElementType, int, OrtValue) Tensor<T>(string name, T[] values, int width) where T : unmanaged =>
        (name, values switch { long[] => TensorElementType.Int64, float[] => TensorElementType.Float, _ => TensorElementType.Double }, width, OnnxNetwork.Tensor(values, Count, width));

    /// <summary>Inputs and outputs of the three networks; the encoder's rows are the generator's.</summary>
    public sealed record Golden(int Latent, int Width, int Classes, long[] Seeds, float[] Noise, long[] Labels, float[] Condition, double[] Ranges, double[] GeneratorRows, double[] DecoderRows, double[] Mu, double[] LogVariance);
}

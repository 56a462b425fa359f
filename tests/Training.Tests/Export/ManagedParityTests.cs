namespace LeoCvae.Training.Tests.Export;

/// <summary>
/// The managed evaluator says what ONNX Runtime says of the same file, to 1e-5 in units of each column's standard deviation.
/// </summary>
[TestClass]
public class ManagedParityTests
{
    const double Tolerance = 1e-5;
    const int Count = 300;

    static IEnumerable<string> Names => NetworkParityTests.Names;

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Rows_are_those_of_ONNX_Runtime(string network)
    {
        using Exported exported = NetworkParityTests.Networks[network](0.7);
        int d = exported.Shape.Features, latent = exported.Shape.Latent;
        long[] seeds = [.. Enumerable.Range(0, Count).Select(i => (long)i * 7 % exported.Table.RowCount)];
        float[] noise = Samples.Normals(Count * latent, seed: 8);
        using ManagedGeneratorNetwork managed = new(exported[ModelFormat.Generator], exported.Table.Schema.Columns, latent);
        using OnnxGeneratorNetwork onnx = new(exported[ModelFormat.Generator], d, latent, exported.Sampling, d, new());
        float[] factorNoise = Samples.Normals(Count * managed.Factors, seed: 9), columnNoise = Samples.Normals(Count * d, seed: 10);
        double[] expected = new double[Count * d], actual = new double[Count * d];
        onnx.Decode(seeds, new(noise, factorNoise, columnNoise), expected);
        managed.Decode(seeds, new(noise, factorNoise, columnNoise), actual);
        for (int i = 0; i < expected.Length; i++)
        {
            (double mean, double scale) = (exported.Encoder.Mean[i % d], exported.Encoder.Scale[i % d]);
            double delta = Tolerance * scale * Math.Max(1, Math.Abs(expected[i] - mean) / scale)
                + 2 * (Math.BitIncrement(Math.Abs(mean)) - Math.Abs(mean));
            Assert.AreEqual(expected[i], actual[i], delta, $"row {i / d}, column {i % d}");
        }
    }

    [TestMethod]
    public void Rows_of_wide_tables_and_of_mixed_classes_are_those_of_ONNX_Runtime()
    {
        // More columns than a block of them, and not a multiple of it.
        const int Width = 150;
        using Exported exported = new(Samples.Gaussian([30, 20, 10], Width));
        int latent = exported.Shape.Latent;
        long[] seeds = [.. Enumerable.Range(0, Count).Select(i => (long)i * 7 % 60)];
        using ManagedGeneratorNetwork managed = new(exported[ModelFormat.Generator], exported.Table.Schema.Columns, latent);
        using OnnxGeneratorNetwork onnx = new(exported[ModelFormat.Generator], Width, latent, exported.Sampling, Width, new());
        float[] noise = Samples.Normals(Count * latent, seed: 8), factorNoise = Samples.Normals(Count * managed.Factors, seed: 9),
            columnNoise = Samples.Normals(Count * Width, seed: 10);
        double[] expected = new double[Count * Width], actual = new double[Count * Width], alone = new double[Width];
        onnx.Decode(seeds, new(noise, factorNoise, columnNoise), expected);
        managed.Decode(seeds, new(noise, factorNoise, columnNoise), actual);
        for (int i = 0; i < expected.Length; i++)
        {
            (double mean, double scale) = (exported.Encoder.Mean[i % Width], exported.Encoder.Scale[i % Width]);
            Assert.AreEqual(expected[i], actual[i], Tolerance * scale * Math.Max(1, Math.Abs(expected[i] - mean) / scale), $"value {i}");
        }
        // A row doesn't depend on the rows around it, nor on their classes.
        for (int i = 0; i < Count; i++)
        {
            managed.Decode(seeds.AsSpan(i, 1), new(noise.AsSpan(i * latent, latent),
                factorNoise.AsSpan(i * managed.Factors, managed.Factors), columnNoise.AsSpan(i * Width, Width)), alone);
            Assert.AreSequenceEqual(alone, actual[(i * Width)..((i + 1) * Width)], $"row {i}");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Latent_means_are_those_of_ONNX_Runtime(string network)
    {
        using Exported exported = NetworkParityTests.Networks[network](0.7);
        (int d, int classes, int latent, int rows) = (exported.Shape.Features, exported.Shape.Classes, exported.Shape.Latent,
            exported.Table.RowCount);
        float[] conditions = [.. Enumerable.Range(0, rows * classes).Select(i => (float)(1 + i % classes) / (classes * (classes + 1) / 2))];
        using OnnxEncoderNetwork onnx = new(exported[ModelFormat.Encoder], d, classes, latent, new());
        using ManagedEncoderNetwork managed = new(exported[ModelFormat.Encoder], exported.Table.Schema.Columns, classes, latent);
        float[] expected = new float[rows * latent], actual = new float[rows * latent];
        onnx.Encode(exported.Table.Values, conditions, expected);
        managed.Encode(exported.Table.Values, conditions, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], Tolerance * Math.Max(1, Math.Abs(expected[i])), $"value {i}");
    }

    [TestMethod]
    public void Columns_are_rounded_where_the_graph_rounds_them()
    {
        foreach (int?[] decimals in (int?[][])[[2, 0, 3], [null, 1, null]])
        {
            using Exported exported = new(Samples.Gaussian([30, 10], 3, decimals: decimals));
            float[] noise = Samples.Normals(Count * exported.Shape.Latent, seed: 4);
            long[] seeds = [.. Enumerable.Range(0, Count).Select(i => (long)i % 40)];
            using ManagedGeneratorNetwork managed = new(exported[ModelFormat.Generator], exported.Table.Schema.Columns,
                exported.Shape.Latent);
            using OnnxGeneratorNetwork onnx = new(exported[ModelFormat.Generator], 3, exported.Shape.Latent, exported.Sampling, 3, new());
            float[] factorNoise = Samples.Normals(Count * managed.Factors, seed: 9), columnNoise = Samples.Normals(Count * 3, seed: 10);
            double[] expected = new double[Count * 3], actual = new double[Count * 3];
            onnx.Decode(seeds, new(noise, factorNoise, columnNoise), expected);
            managed.Decode(seeds, new(noise, factorNoise, columnNoise), actual);
            // A value on the edge may be rounded the other way, but to a valid value all the same.
            for (int i = 0; i < actual.Length; i++)
                if (decimals[i % 3] is int places)
                    Assert.AreEqual(Math.Round(actual[i], places), actual[i], 1e-12);
            Assert.IsGreaterThan(Count * 3 * 99 / 100, expected.Zip(actual).Count(pair => Math.Abs(pair.First - pair.Second) < 1e-4));
        }
    }
}

namespace LeoCvae.Training.Tests.Export;

/// <summary>The exported networks say what TorchSharp says, to 1e-5, in units of each column's standard deviation.</summary>
[TestClass]
public class NetworkParityTests
{
    const double Tolerance = 1e-5;

    /// <summary>Tables whose columns are not rounded: clipping to the column's range is all that the export adds.</summary>
    internal static readonly Dictionary<string, Func<double, Exported>> Networks = new()
    {
        ["one feature, two classes"] = noise => new(Samples.Gaussian([20, 9], 1), noiseScale: noise),
        ["33 features, seven classes, sizes of the paper"] = noise => new(Samples.Gaussian([30, 20, 9, 7, 5, 3, 2], 33), hidden: 64,
            latent: 16, noiseScale: noise),
        ["smallest network"] = noise => new(Samples.Gaussian([12, 6, 4], 3), hidden: 2, latent: 1, noiseScale: noise),
        ["far from zero, small and large"] = noise => new(Samples.Gaussian([30, 20, 10], 5,
            units: [(1e9, 1e-3), (-1e9, 1e6), (0, 1e-12), (5, 1e12), (1e9, 1)]), noiseScale: noise),
        ["scales near their limits"] = noise => new(Samples.Gaussian([20, 9], 2, units: [(0, 1e29), (0, 1e-29)]), noiseScale: noise),
        ["large weights"] = noise => new(Samples.Gaussian([20, 9], 4), weightScale: 2.5f, noiseScale: noise),
    };

    internal static IEnumerable<string> Names => Networks.Keys;

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_encoder_gives_the_latent_means_and_variances_of_the_training_rows(string network)
    {
        using Exported exported = Networks[network](0);
        using Onnx encoder = new(exported[ModelFormat.Encoder]);
        float[] condition = OneHot(exported.Table.Labels, exported.Shape.Classes);
        float[] mu = Run(ModelFormat.Mu), logVariance = Run(ModelFormat.LogVariance);

        (Matrix expectedMu, Matrix expectedLogVariance) = exported.Engine.Encode();
        AssertClose([.. expectedMu.Values], mu);
        AssertClose([.. expectedLogVariance.Values], logVariance);

        float[] Run(string output) =>
            encoder.Run<float>(output, Onnx.Input(ModelFormat.Rows, exported.Table.Values.ToArray(), exported.Shape.Features),
                Onnx.Input(ModelFormat.Condition, condition, exported.Shape.Classes));
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_encoder_takes_class_frequencies_for_a_class(string network)
    {
        using Exported exported = Networks[network](0);
        using Onnx encoder = new(exported[ModelFormat.Encoder]);
        int classes = exported.Shape.Classes, d = exported.Shape.Features;
        float[] condition = [.. Enumerable.Range(0, exported.Table.RowCount * classes)
            .Select(i => (float)(1 + i % classes) / (classes * (classes + 1) / 2))];
        double[] rows = exported.Table.Values.ToArray(),
            standardized = [.. rows.Select((value, i) => (value - exported.Encoder.Mean[i % d]) / exported.Encoder.Scale[i % d])];

        (double[] mu, double[] logVariance) = TorchReference.Encode(exported.Weights, standardized, condition);

        AssertClose(mu, encoder.Run<float>(ModelFormat.Mu, Onnx.Input(ModelFormat.Rows, rows, d),
            Onnx.Input(ModelFormat.Condition, condition, classes)));
        AssertClose(logVariance, encoder.Run<float>(ModelFormat.LogVariance, Onnx.Input(ModelFormat.Rows, rows, d),
            Onnx.Input(ModelFormat.Condition, condition, classes)));
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_decoder_gives_rows_in_original_units(string network)
    {
        using Exported exported = Networks[network](0);
        using Onnx decoder = new(exported[ModelFormat.Decoder]);
        int latentSize = exported.Shape.Latent;
        float[] latent = Samples.Normals(200 * latentSize);
        long[] classes = [.. Enumerable.Range(0, 200).Select(i => (long)i % exported.Shape.Classes)];

        double[] rows = decoder.Run<double>(ModelFormat.Rows, Onnx.Input(ModelFormat.Latent, latent, latentSize),
            Onnx.Input(ModelFormat.Class, classes));

        AssertRows(exported, TorchReference.Decode(exported.Weights, latent, classes), rows);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void The_generator_is_the_decoder_of_mu_plus_sigma_times_noise(string network)
    {
        using Exported exported = Networks[network](0);
        using Onnx generator = new(exported[ModelFormat.Generator]), decoder = new(exported[ModelFormat.Decoder]);
        (Matrix mu, Matrix logVariance) = exported.Engine.Encode();
        using LeoModel model = LeoModel.FromFiles(exported.Files);
        int latentSize = exported.Shape.Latent, count = exported.Table.RowCount;
        long[] seeds = [.. Enumerable.Range(0, 200).Select(i => (long)i * 7 % count)];
        float[] noise = Samples.Normals(200 * latentSize, seed: 8), latent = new float[noise.Length];
        long[] classes = new long[200];
        for (int i = 0; i < 200; i++)
        {
            int row = model.Seeds.Rows[(int)seeds[i]];
            classes[i] = exported.Table.Labels[row];
            for (int l = 0; l < latentSize; l++)
                latent[i * latentSize + l] = mu[row][l] + (float)Math.Exp(0.5 * logVariance[row][l]) * noise[i * latentSize + l];
        }

        double[] rows = generator.Run<double>(ModelFormat.Rows, Onnx.Input(ModelFormat.Seed, seeds),
            Onnx.Input(ModelFormat.Noise, noise, latentSize));

        AssertRows(exported, TorchReference.Decode(exported.Weights, latent, classes), rows);
        CollectionAssert.AreEqual(classes,
            generator.Run<long>(ModelFormat.Class, Onnx.Input(ModelFormat.Seed, seeds), Onnx.Input(ModelFormat.Noise, noise, latentSize)));
        CollectionAssert.AreEqual(decoder.Run<double>(ModelFormat.Rows, Onnx.Input(ModelFormat.Latent, latent, latentSize),
            Onnx.Input(ModelFormat.Class, classes)), rows, "the generator is not its decoder");
    }

    static ModelManifest Manifest(Exported exported)
    {
        using LeoModel model = LeoModel.FromFiles(exported.Files);
        return model.Manifest;
    }

    static float[] OneHot(ReadOnlySpan<int> labels, int classes)
    {
        float[] onehot = new float[labels.Length * classes];
        for (int i = 0; i < labels.Length; i++)
            onehot[i * classes + labels[i]] = 1;
        return onehot;
    }

    // Expected rows come in standardized units; the mean and scale are applied, and the range clipped to, in double.
    static void AssertRows(Exported exported, double[] standardized, double[] rows)
    {
        int d = exported.Shape.Features, clipped = 0;
        Assert.HasCount(standardized.Length, rows);
        for (int i = 0; i < rows.Length; i++)
        {
            (double mean, double scale, ColumnSpec column) = (exported.Encoder.Mean[i % d], exported.Encoder.Scale[i % d],
                exported.Table.Schema.Columns[i % d]);
            double expected = Math.Clamp(mean + scale * standardized[i], column.Minimum, column.Maximum);
            clipped += expected == column.Minimum || expected == column.Maximum ? 1 : 0;
            // A column far from zero can't be told apart more finely than its own doubles.
            double delta = Tolerance * scale * Math.Max(1, Math.Abs(standardized[i]))
                + 2 * (Math.BitIncrement(Math.Abs(mean)) - Math.Abs(mean));
            Assert.AreEqual(expected, rows[i], delta, $"row {i / d}, {column.Name}");
        }
        Assert.IsLessThan(rows.Length * 3 / 4, clipped, "nearly everything is clipped: the comparison says little");
    }

    static void AssertClose(double[] expected, float[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], Tolerance * Math.Max(1, Math.Abs(expected[i])), $"output {i}");
    }
}

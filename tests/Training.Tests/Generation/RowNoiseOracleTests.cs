using System.Text.Json;

namespace LeoCvae.Training.Tests.Generation;

/// <summary>Row noise against NumPy in float64 (tools/parity/row_noise.py).</summary>
[TestClass]
public class RowNoiseOracleTests
{
    static readonly JsonElement[] Cases = [.. Oracle.Read("row-noise.json").GetProperty("cases").EnumerateArray()];

    static IEnumerable<object[]> CaseNumbers => Cases.Select((json, i) => new object[] { i, json.GetProperty("name").GetString()! });

    [TestMethod]
    [DynamicData(nameof(CaseNumbers))]
    public void Row_noise_equals_the_oracle(int number, string name)
    {
        JsonElement json = Cases[number];
        (int classes, int d) = (Ints(json, "starts").Length - 1, Doubles(json, "scale").Length);
        FittedNoise fitted = Fit(json, threads: 1);
        NoiseTensors noise = fitted.Tensors;
        double[] spread = Doubles(json, "spread");
        AssertNear(spread, fitted.Spread, 2e-3, "spread");
        AssertNear(Doubles(json, "offset"), [.. noise.Offset.Select(value => (double)value)], 5e-3, "offset");
        AssertNear(Doubles(json, "diagonal"), [.. noise.Diagonal.Select(value => (double)value)], 5e-3, "diagonal");
        // Factors may be turned into each other: what they make together may not.
        double[] covariance = new double[classes * d * d];
        for (int c = 0; c < classes; c++)
            for (int i = 0; i < d; i++)
                for (int j = 0; j < d; j++)
                    for (int factor = 0; factor < noise.Factors; factor++)
                        covariance[(c * d + i) * d + j] += fitted.Spread[i] * fitted.Spread[j]
                            * noise.Loadings[(c * noise.Factors + factor) * d + i] * noise.Loadings[(c * noise.Factors + factor) * d + j];
        AssertNear(Doubles(json, "covariance"), covariance, 5e-3, "covariance");
        double[] scale = Doubles(json, "scale");
        // In standard deviations. Where a draw falls on the other side of a knot its share of draws moves by a thousandth, and in a column
        // of few values, the first, its quantile may stand in the middle of a step.
        int cells = noise.Cells;
        double[] differences = [.. Doubles(json, "knots").Select((value, i) =>
        {
            // Where a cell begins, its line goes through the knot.
            (int c, int j, int knot) = (i / cells / d, i / cells % d, i % cells);
            int at = (c * cells + knot) * d + j;
            return Math.Abs(value - (noise.Intercepts[at] + noise.Slopes[at] * (2.0 * knot / (cells - 1) - 1))) / scale[j];
        })];
        Assert.IsLessThan(0.2, differences.Max());
        Assert.IsGreaterThan(0.99 * differences.Length, differences.Count(difference => difference < 1e-2));
        Assert.IsTrue(name.Length > 0);
    }

    [TestMethod]
    [DynamicData(nameof(CaseNumbers))]
    public void Threads_do_not_change_a_bit(int number, string name)
    {
        FittedNoise one = Fit(Cases[number], threads: 1), many = Fit(Cases[number], threads: 4);
        Assert.AreSequenceEqual(one.Spread, many.Spread, name);
        foreach (Func<NoiseTensors, float[]> tensor in (Func<NoiseTensors, float[]>[])[noise => noise.Offset, noise => noise.Diagonal,
            noise => noise.Loadings, noise => noise.Intercepts, noise => noise.Slopes])
            Assert.AreSequenceEqual(tensor(one.Tensors), tensor(many.Tensors), name);
    }

    [TestMethod]
    [DynamicData(nameof(CaseNumbers))]
    public void Lines_of_neighboring_cells_meet(int number, string name)
    {
        NoiseTensors noise = Fit(Cases[number], threads: 1).Tensors;
        for (int at = 0; at < noise.Intercepts.Length - noise.Width; at++)
        {
            int cell = at / noise.Width % noise.Cells;
            if (cell == noise.Cells - 1)
            {
                Assert.AreEqual(0, noise.Slopes[at], name);
                continue;
            }
            double v = 2.0 * (cell + 1) / (noise.Cells - 1) - 1, end = noise.Intercepts[at] + noise.Slopes[at] * v,
                next = noise.Intercepts[at + noise.Width] + noise.Slopes[at + noise.Width] * v;
            Assert.AreEqual(next, end, 1e-5 * Math.Max(1, Math.Abs(noise.Slopes[at]) / noise.Cells), $"{name}, cell {at}");
        }
    }

    static FittedNoise Fit(JsonElement json, int threads)
    {
        int[] starts = Ints(json, "starts");
        double[] scale = Doubles(json, "scale");
        (int d, int classes, int hidden, int latent) = (scale.Length, starts.Length - 1, json.Int("hidden"), json.GetProperty("mu")[0]
            .GetArrayLength());
        CvaeShape shape = new(d, classes, hidden, latent);
        CvaeWeights weights = new(shape, shape.Layers.Select(layer => json.GetProperty("layers")
            .TryGetProperty(layer.Name, out JsonElement given)
            ? new CvaeWeights.Layer(layer.Outputs, layer.Inputs, Floats(given, "weight"), Floats(given, "bias"))
            : new(layer.Outputs, layer.Inputs, new float[layer.Outputs * layer.Inputs], new float[layer.Outputs])));
        ColumnSpec[] columns = [.. Enumerable.Range(0, d).Select(j => new ColumnSpec { Name = $"x{j}", Minimum = -1e9, Maximum = 1e9 })];
        TableEncoder encoder = new() { Mean = new double[d], Scale = scale, Layout = FeatureLayout.OfNumbers(d) };
        byte[] graph = new NetworkGraphs(weights, encoder, columns).Decoder();
        using ManagedDecoder decoder = new(new("decoder.onnx", OnnxGraph.Model(graph, "", "", [])), d, latent);
        double[] rowWeights = Doubles(json, "weights");
        SeedTensors posteriors = new(Floats(json, "mu"), Floats(json, "sigma"), new long[rowWeights.Length],
            [.. Enumerable.Range(0, rowWeights.Length).Select(row => (long)row)], rowWeights);
        TrainingOptions options = TrainingOptions.Default with
        {
            NoiseScale = json.GetProperty("noise_scale").GetDouble(),
            Seed = (ulong)json.Int("seed"),
            MaxDegreeOfParallelism = threads
        };
        return RowNoiseFit.Fit(Floats(json, "x"), scale, decoder, weights["decoder3"].Bias, posteriors, starts, (posteriors, starts),
            options, default);
    }

    static void AssertNear(double[] expected, double[] actual, double tolerance, string what)
    {
        Assert.HasCount(expected.Length, actual, what);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], tolerance * Math.Max(1, Math.Abs(expected[i])), $"{what} {i}");
    }

    static int[] Ints(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(value => value.GetInt32())];

    static double[] Doubles(JsonElement json, string name) => [.. Flat(json.GetProperty(name))];

    static float[] Floats(JsonElement json, string name) => [.. Flat(json.GetProperty(name)).Select(value => (float)value)];

    static IEnumerable<double> Flat(JsonElement value) => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Flat)
        : [value.GetDouble()];
}

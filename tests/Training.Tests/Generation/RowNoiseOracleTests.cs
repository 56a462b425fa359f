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
        // In standard deviations. Where a draw falls on the other side of a knot its share of draws moves by a thousandth: in a column of
        // few values its quantile may then stand in the middle of a step, and a cell may be filled by a repeated value or not.
        double[] starts = Doubles(json, "starts_of_cells"), ends = Doubles(json, "ends_of_cells");
        double[] differences = [.. starts.Select((start, i) =>
        {
            int column = i / noise.Cells % d;
            (double from, double to) = Line(noise, i / noise.Cells / d, i % noise.Cells, column);
            return Math.Max(Math.Abs(start - from), Math.Abs(ends[i] - to)) / scale[column];
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
    public void Lines_of_neighboring_cells_meet_but_at_repeated_values(int number, string name)
    {
        NoiseTensors noise = Fit(Cases[number], threads: 1).Tensors;
        int jumps = 0;
        for (int c = 0; c < noise.Intercepts.Length / noise.Width / noise.Cells; c++)
            for (int cell = 0; cell < noise.Cells - 1; cell++)
                for (int column = 0; column < noise.Width; column++)
                {
                    (_, double end) = Line(noise, c, cell, column);
                    (double next, _) = Line(noise, c, cell + 1, column);
                    Assert.IsGreaterThan(end - 1e-4, next, $"{name}, class {c}, column {column}, cell {cell}");
                    jumps += next > end + 1e-4 ? 1 : 0;
                }
        Assert.AreEqual(name == "repeated values", jumps > 0, name);
    }

    [TestMethod]
    public void A_repeated_value_keeps_its_share_and_nothing_lies_between_it_and_its_neighbor()
    {
        // Half of the rows of one class and a tenth of the other are 0, the others lie between 1 and 2.
        float[] x = [.. Enumerable.Range(0, 400).Select(row => row < 200 ? Of(row, 100) : Of(row - 200, 20))];
        ColumnQuantiles quantiles = new(x, [.. Enumerable.Repeat(1.0, 400)], [0, 200, 400]);
        foreach ((int c, double share) in ((int, double)[])[(0, 0.5), (1, 0.1)])
        {
            ClassQuantiles own = quantiles.Of(c, 0);
            double[] values = [.. Enumerable.Range(0, 1000).Select(i => own.At((i + 0.5) / 1000))];
            Assert.AreEqual(share, values.Count(value => value == 0) / 1000.0, 0.005);
            Assert.IsEmpty(values.Where(value => value is > 0 and < 0.9));
            Assert.AreEqual((0.0, 0.0), own.Cell(share - 0.03, share + 0.01));
            (double start, double end) = own.Cell(share - 0.01, share + 0.03);
            Assert.IsTrue(start > 0.9 && end > start, $"{start} {end}");
        }

        static float Of(int row, int zeros) => row < zeros ? 0 : 1 + (row - zeros) / (200f - zeros);
    }

    [TestMethod]
    public void A_class_of_nothing_but_a_repeated_value_has_others_now_and_then()
    {
        float[] x = [.. Enumerable.Range(0, 100).Select(row => row < 60 ? 0f : row)];
        ClassQuantiles own = new ColumnQuantiles(x, [.. Enumerable.Repeat(1.0, 100)], [0, 10, 100]).Of(0, 0);
        Assert.AreEqual(0, own.At(0.5));
        Assert.AreEqual(0, own.At(0.98));
        Assert.IsGreaterThanOrEqualTo(60, own.At(0.995));
    }

    // Between which values a cell runs.
    static (double Start, double End) Line(NoiseTensors noise, int c, int cell, int column)
    {
        int at = (c * noise.Cells + cell) * noise.Width + column;
        double place = 2.0 * cell / (noise.Cells - 1) - 1, width = 2.0 / (noise.Cells - 1);
        return (noise.Intercepts[at] + noise.Slopes[at] * place, noise.Intercepts[at] + noise.Slopes[at] * (place + width));
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

namespace LeoCvae.Training.Tests;

/// <summary>Small tables, options and networks to test with. Everything is a function of its arguments.</summary>
static class Samples
{
    /// <summary>Random numbers for tests, away from the library's own streams.</summary>
    const RandomStream Stream = (RandomStream)1001;

    /// <summary>A fit that takes a fraction of a second.</summary>
    public static TrainingOptions Quick { get; } = TrainingOptions.Default with { MaxEpochs = 4, HiddenSize = 16, LatentSize = 4 };

    public static float[] Normals(int count, ulong seed = 1)
    {
        float[] values = new float[count];
        new CounterRandom(seed, Stream).FillNormal(0, values);
        return values;
    }

    /// <summary>
    /// Overlapping Gaussian classes a, b, c, ... in turn, with columns of any offset and scale. By default the columns
    /// have too many decimals to be rounded; where decimals are given, the values are rounded and so is what is generated.
    /// </summary>
    public static Table Gaussian(int[] classCounts, int features, ulong seed = 1, (double Offset, double Scale)[]? units = null,
        int?[]? decimals = null)
    {
        CounterRandom random = new(seed, Stream);
        float[] center = new float[features], noise = new float[features];
        double[] row = new double[features];
        int[] places = [.. Enumerable.Range(0, features).Select(j => decimals?[j] ?? int.MaxValue)];
        TableBuilder table = new([.. Enumerable.Range(0, features).Select(j => FormattableString.Invariant($"x{j}"))], "kind", features);
        for (int i = 0; i < classCounts.Max(); i++)
            for (int c = 0; c < classCounts.Length; c++)
            {
                if (i >= classCounts[c])
                    continue;
                random.FillNormal(CounterRandom.Row(1, c), center);
                random.FillNormal(CounterRandom.Row(2 + c, i), noise);
                for (int j = 0; j < features; j++)
                {
                    (double offset, double scale) = units?[j % units.Length] ?? (0, 1);
                    double value = offset + scale * Math.PI / 3 * (center[j] + (double)noise[j]);
                    row[j] = places[j] <= 15 ? Math.Round(value, places[j]) : value;
                }
                table.AddRow(row, places, ClassName(c));
            }
        return table.Build();
    }

    public static string ClassName(int c) => ((char)('a' + c)).ToString();

    /// <summary>A start that makes the network say more than noughts: PyTorch's, scaled up.</summary>
    public static CvaeWeights Weights(CvaeShape shape, float scale, ulong seed = 5)
    {
        CvaeWeights initial = CvaeWeights.Initial(shape, seed);
        float[] Scaled(float[] values) => [.. values.Select(value => value * scale)];
        return new(shape, initial.Layers.Select(layer => layer with { Weight = Scaled(layer.Weight), Bias = Scaled(layer.Bias) }));
    }

    /// <summary>Random data for an engine: standardized rows, classes in turn, positive row weights.</summary>
    public static TrainingData Data(int rows, CvaeShape shape, ulong seed = 3) => new(
        new Matrix(rows, shape.Features, Normals(rows * shape.Features, seed)),
        [.. Enumerable.Range(0, rows).Select(i => i % shape.Classes)],
        [.. Normals(rows, seed + 1).Select(value => 0.5f + Math.Abs(value))]);

    /// <summary>A step on the first rows without dropout.</summary>
    public static StepInput Step(int rows, CvaeShape shape, ulong seed = 7) => new(
        [.. Enumerable.Range(0, rows)],
        Normals(rows * shape.Latent, seed),
        [.. shape.HiddenWidths.Select(width => Enumerable.Repeat(1f, rows * width).ToArray())]);

    /// <summary>All weights and biases, one after the other.</summary>
    public static float[] Flat(this CvaeWeights weights) => [.. weights.Layers.SelectMany(layer => layer.Weight.Concat(layer.Bias))];
}

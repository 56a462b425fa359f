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

    /// <summary>
    /// Rows of two classes that depend on each other in all columns: a number, a whole number of which some are missing, a category of
    /// four names of which two are rare, a day, one that may be missing of two names, a number that is always missing, and names of rows.
    /// </summary>
    public static Table Mixed(int rows, ulong seed = 1)
    {
        ColumnSpec Column(string name, ColumnKind kind, params string[] categories) => new()
        {
            Name = name,
            Kind = kind,
            Minimum = kind is ColumnKind.Category or ColumnKind.Identifier ? 0 : -1e5,
            Maximum = kind == ColumnKind.Category ? categories.Length - 1 : kind == ColumnKind.Identifier ? 0 : 1e5,
            Categories = kind == ColumnKind.Category ? categories : null,
            Format = kind == ColumnKind.Date ? "yyyy-MM-dd" : null,
            HasMissing = true,
        };
        TableSchema schema = new([Column("weight", ColumnKind.Numeric), Column("visits", ColumnKind.Numeric),
            Column("city", ColumnKind.Category, "Ulm", "Bonn", "Köln", "Trier"), Column("day", ColumnKind.Date),
            Column("smoker", ColumnKind.Category, "yes", "no"), Column("empty", ColumnKind.Numeric), Column("id", ColumnKind.Identifier)],
            "kind", ["well", "ill"]);
        CounterRandom random = new(seed, Stream);
        double[] values = new double[rows * 7];
        int[] labels = new int[rows], all = [.. Enumerable.Range(0, rows)];
        float[] noise = new float[6];
        for (int i = 0; i < rows; i++)
        {
            random.FillNormal((ulong)i, noise);
            int label = labels[i] = i < 4 ? i % 2 : noise[5] > 0.8 ? 1 : 0;
            double health = noise[0] - 2 * label;
            Span<double> row = values.AsSpan(i * 7, 7);
            row[0] = Math.Round(70 + 10 * (health + 0.5 * noise[1]), 1);
            row[1] = noise[2] + label > 1 ? double.NaN : Math.Round(Math.Abs(3 * noise[2] - 4 * health));
            row[2] = i % 50 == 7 ? 3 : i % 50 == 9 ? 2 : health + 0.5 * noise[3] > -0.5 ? 0 : 1;
            row[3] = Math.Round(20_000 + 100 * noise[4] + 50 * health);
            row[4] = i % 11 == 0 ? double.NaN : health < -1 ? 0 : 1;
            row[5] = double.NaN;
        }
        return new Table(schema, values, labels).Select(all);
    }

    /// <summary>Encoded rows of a mixed table, for an engine.</summary>
    public static TrainingData MixedData(int rows)
    {
        Table table = Mixed(rows);
        TableEncoder encoder = TableEncoder.Fit(table);
        return new(encoder.Encode(table), table.Labels.ToArray(), [.. Normals(rows, 4).Select(value => 0.5f + Math.Abs(value))],
            encoder.Layout);
    }

    /// <summary>A step on the first rows without dropout.</summary>
    public static StepInput Step(int rows, CvaeShape shape, ulong seed = 7) => new(
        [.. Enumerable.Range(0, rows)],
        Normals(rows * shape.Latent, seed),
        [.. shape.HiddenWidths.Select(width => Enumerable.Repeat(1f, rows * width).ToArray())]);

    /// <summary>All weights and biases, one after the other.</summary>
    public static float[] Flat(this CvaeWeights weights) => [.. weights.Layers.SelectMany(layer => layer.Weight.Concat(layer.Bias))];
}

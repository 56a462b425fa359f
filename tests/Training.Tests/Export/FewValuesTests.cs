namespace LeoCvae.Training.Tests.Export;

/// <summary>
/// A column that holds few values, each seen again, gives no value that it was not seen with: thal is 3, 6 or 7, never 4.
/// </summary>
[TestClass]
public class FewValuesTests
{
    static readonly double[] Thal = [3, 6, 7], Doses = [0.25, 0.5, 2.75, 10];

    // Columns: thal, unrounded numbers, doses, whole numbers 0 to 2 without a gap.
    static Table Table()
    {
        Table noise = Samples.Gaussian([60, 25], 4);
        double[,] values = new double[noise.RowCount, 4];
        for (int row = 0; row < noise.RowCount; row++)
            (values[row, 0], values[row, 1], values[row, 2], values[row, 3]) =
                (Thal[row % 3], noise.Row(row)[1], Doses[row * 7 % 4], row % 3);
        return LeoCvae.Table.FromArrays(values, [.. Enumerable.Range(0, noise.RowCount).Select(noise.Label)]);
    }

    [TestMethod]
    public void A_table_knows_which_columns_hold_few_values()
    {
        IReadOnlyList<ColumnSpec> columns = Table().Schema.Columns;
        Assert.AreSequenceEqual(Thal, columns[0].Values!);
        Assert.IsNull(columns[1].Values);
        Assert.AreSequenceEqual(Doses, columns[2].Values!);
        Assert.IsNull(columns[3].Values, "rounding and range say it already");
    }

    [TestMethod]
    public void A_value_that_was_seen_once_or_one_of_many_makes_a_column_of_numbers()
    {
        double[] once = [1, 1, 4, 4, 9], many = [.. Enumerable.Range(0, 21).Select(i => (double)(i * i))], twenty = many[..20];
        Assert.IsNull(Column(once).Values);
        Assert.IsNull(Column([.. many, .. many]).Values);
        Assert.AreSequenceEqual(twenty, Column([.. twenty, .. twenty]).Values!);
        Assert.IsNull(Column([5, 5, 5]).Values);

        static ColumnSpec Column(double[] values)
        {
            double[,] rows = new double[values.Length, 1];
            for (int i = 0; i < values.Length; i++)
                rows[i, 0] = values[i];
            return LeoCvae.Table.FromArrays(rows, [.. values.Select(_ => "a")]).Schema.Columns[0];
        }
    }

    [TestMethod]
    public void All_three_networks_and_both_evaluators_give_seen_values_only_and_the_same_ones()
    {
        const int Count = 400;
        using Exported exported = new(Table(), weightScale: 4);
        int latent = exported.Shape.Latent;
        long[] seeds = [.. Enumerable.Range(0, Count).Select(i => (long)i * 7 % 85)];
        float[] noise = [.. Samples.Normals(Count * latent, seed: 4).Select(value => 3 * value)];
        using ManagedGeneratorNetwork managed = new(exported[ModelFormat.Generator], exported.Table.Schema.Columns, latent);
        using OnnxGeneratorNetwork onnx = new(exported[ModelFormat.Generator], 4, latent, exported.Sampling, 4, new());
        float[] factorNoise = Samples.Normals(Count * managed.Factors, seed: 9), columnNoise = Samples.Normals(Count * 4, seed: 10);
        double[] expected = new double[Count * 4], actual = new double[Count * 4];
        onnx.Decode(seeds, new(noise, factorNoise, columnNoise), expected);
        managed.Decode(seeds, new(noise, factorNoise, columnNoise), actual);
        AssertSeen(expected);
        AssertSeen(actual);
        // A value on the middle between two may go the other way.
        Assert.IsGreaterThan(Count * 4 * 99 / 100, expected.Zip(actual).Count(pair => Math.Abs(pair.First - pair.Second) < 1e-4));
        Assert.HasCount(3, actual.Where((_, i) => i % 4 == 0).Distinct(), "every value should come");
        using Onnx decoder = new(exported[ModelFormat.Decoder]);
        AssertSeen(decoder.Run<double>(ModelFormat.Rows, Onnx.Input(ModelFormat.Latent, noise, latent),
            Onnx.Input(ModelFormat.Class, [.. seeds.Select(seed => seed % 2)])));
    }

    [TestMethod]
    public void Resampled_rows_hold_seen_values_too()
    {
        using TrainingResult result = LeoTrainer.Fit(Table(), Samples.Quick);
        Table resampled = result.Model.Oversample(Table());
        Assert.AreEqual(120, resampled.RowCount);
        AssertSeen(resampled.Values.ToArray());
    }

    [TestMethod]
    public void The_nearest_value_is_taken_and_of_two_the_lower()
    {
        NumberCodec codec = new([new() { Name = "x", Minimum = -1, Maximum = 7, Values = [-1, 2.5, 7] }]);
        Assert.AreSequenceEqual([-1, -1, -1, 2.5, 2.5, 2.5, 7, 7],
            new[] { -9, 0.7, 0.75, 0.76, 3, 4.75, 4.8, 99 }.Select(value => codec.Valid(0, value)));
    }

    static void AssertSeen(double[] rows)
    {
        foreach ((double value, int i) in rows.Select((value, i) => (value, i)))
            Assert.IsTrue(double.IsFinite(value) && (i % 4) switch
            {
                0 => Thal.Contains(value),
                2 => Doses.Contains(value),
                3 => value is 0 or 1 or 2,
                _ => true
            }, $"row {i / 4}, column {i % 4}: {value}");
    }
}

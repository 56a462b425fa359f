using System.Text.Json;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class SeedResidualsTests
{
    // Class a: rows 1, 3 and 4; class b: row 0 alone; class c: rows 2 and 5.
    static readonly int[] SeedRows = [1, 3, 4, 0, 2, 5];
    static readonly Table Training = Table.FromArrays(new double[,] { { 7, 40 }, { 10, 0 }, { -3, 1 }, { 20, 5 }, { 40, -2 }, { 3, 1 } }, ["b", "a", "c", "a", "a", "c"]);

    [TestMethod]
    public void A_row_gets_its_seeds_residual_and_that_of_another_seed_of_the_class_mixed_with_its_variance_kept()
    {
        // Decoded to zero, residuals are the rows themselves.
        SeedResiduals residuals = new(Manifest(range: 1e6), Training, new double[12]);
        Dictionary<(int Own, int Other), int> pairs = [];
        CounterRandom random = new(5, RandomStream.Residual);
        for (int i = 0; i < 3000; i++)
        {
            int own = SeedRows[i % 3];
            double[] row = [1000, 2000];
            residuals.Add(5, 0, i, [own], row);
            double share = random.Uniform(CounterRandom.Row(0, i), 1), scale = Math.Sqrt(share * share + (1 - share) * (1 - share)) / 1.5;
            int other = SeedRows[..3].Single(other => other != own && Enumerable.Range(0, 2).All(j =>
                Math.Abs(1000 * (j + 1) + ((1 - share) * Training.Row(own)[j] + share * Training.Row(other)[j]) / scale - row[j]) < 1e-9));
            pairs[(own, other)] = pairs.GetValueOrDefault((own, other)) + 1;
        }
        Assert.HasCount(6, pairs);
        foreach (((int own, int other), int count) in pairs)
            Assert.IsInRange(430, 570, count, $"{own}, {other}");
    }

    [TestMethod]
    public void The_only_row_of_a_class_gets_its_own_residual_and_two_rows_each_others()
    {
        SeedResiduals residuals = new(Manifest(range: 1e6), Training, new double[12]);
        double[] row = [0, 0];
        residuals.Add(1, 1, 4, [0], row);
        Assert.AreSequenceEqual([10.5, 60.0], row);
        residuals.Add(1, 2, 0, [5], row = [0, 0]);
        Assert.AreNotEqual(3, row[0], 1e-9);
    }

    [TestMethod]
    public void Values_keep_to_their_columns_range_and_decimals()
    {
        SeedResiduals residuals = new(Manifest(range: 12), Training, new double[12]);
        for (int i = 0; i < 200; i++)
        {
            double[] row = [-0.2, 0];
            residuals.Add(3, i % 3, i, [SeedRows[i % 3 == 0 ? 0 : i % 3 == 1 ? 3 : 5]], row);
            foreach (double value in row)
            {
                Assert.IsInRange(-12, 12, value);
                Assert.AreEqual(Math.Round(value), value);
                Assert.IsFalse(value == 0 && double.IsNegative(value));
            }
        }
    }

    // Whole numbers between -range and range.
    static ModelManifest Manifest(double range)
    {
        using LeoModel model = TestModel.Load();
        ColumnSpec column = new() { Name = "x", Minimum = -range, Maximum = range, Decimals = range < 100 ? 0 : null };
        return model.Manifest with
        {
            Schema = model.Manifest.Schema with { Columns = [column, column with { Name = "y" }] },
            Classes = ["a", "b", "c"],
            Options = JsonSerializer.SerializeToElement(new Dictionary<string, double> { ["residual_scale"] = 1.5 }),
            Seeds = new() { Starts = [0, 3, 4, 6], Rows = SeedRows, Weights = [1, 1, 1, 1, 1, 1] },
        };
    }
}

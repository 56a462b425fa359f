namespace LeoCvae.Runtime.Tests;

[TestClass]
public class SeedResidualsTests
{
    // Class a: rows 1, 3, 4 and 6, of which 6 is far away; class b: row 0 alone; class c: rows 2 and 5.
    static readonly int[] SeedRows = [1, 3, 4, 6, 0, 2, 5];
    static readonly Table Training = Table.FromArrays(new double[,] { { 7, 40 }, { 10, 0 }, { -3, 1 }, { 20, 5 }, { 15, -2 }, { 3, 1 },
        { 900, -300 } }, ["b", "a", "c", "a", "a", "c", "a"]);

    [TestMethod]
    public void A_row_gets_its_seeds_residual_mixed_with_that_of_a_near_row_of_the_class()
    {
        // Decoded to zero, residuals are the rows themselves.
        SeedResiduals residuals = Residuals(range: 1e6);
        Dictionary<(int Own, int Other), int> pairs = [];
        for (int i = 0; i < 3000; i++)
        {
            int own = SeedRows[i % 3];
            double[] row = [1000, 2000];
            residuals.Add(5, 0, i, [own], row);
            double share = new CounterRandom(5, RandomStream.Residual).Uniform(CounterRandom.Row(0, i), 1);
            // Whatever the scale, the row lies in the direction of a mix of its seed's and another's residual.
            int other = SeedRows[..4].Single(other => other != own && Math.Abs(Cross(row[0] - 1000, row[1] - 2000,
                Mix(0, own, other, share), Mix(1, own, other, share))) < 1e-6 * Math.Abs(row[0] - 1000));
            pairs[(own, other)] = pairs.GetValueOrDefault((own, other)) + 1;
        }
        // k = 2: the two near ones, never the far one.
        Assert.HasCount(6, pairs);
        foreach (((int own, int other), int count) in pairs)
            Assert.IsInRange(430, 570, count, $"{own}, {other}");
    }

    [TestMethod]
    public void Residuals_of_no_likeness_keep_their_variance_and_equal_ones_stay_as_they_are()
    {
        // Standardized, the residuals of class a's four corners have products that sum to nothing or less.
        Table corners = Table.FromArrays(new double[,] { { 1, 1 }, { 1, -1 }, { -1, -1 }, { -1, 1 }, { 3, 3 }, { 3, 3 } },
            ["a", "a", "a", "a", "b", "b"]);
        SeedResiduals residuals = new(Columns(1e6), Sampling([0, 4, 6]), Seeds([0, 4, 6], [0, 1, 2, 3, 4, 5]), corners, new double[12],
            [1, 1], 1, default);
        for (int i = 0; i < 100; i++)
        {
            double[] row = [0, 0];
            residuals.Add(2, 1, i, [4], row);
            Assert.AreEqual(1.5 * 3, row[0], 1e-9);
            double share = new CounterRandom(2, RandomStream.Residual).Uniform(CounterRandom.Row(0, i), 1),
                scale = 1.5 / Math.Sqrt(share * share + (1 - share) * (1 - share));
            residuals.Add(2, 0, i, [0], row = [0, 0]);
            Assert.IsTrue(Math.Abs(row[0] - scale) < 1e-9 || Math.Abs(row[1] - scale) < 1e-9, $"{row[0]}, {row[1]}");
        }
    }

    [TestMethod]
    public void The_only_row_of_a_class_gets_its_own_residual_and_two_rows_each_others()
    {
        SeedResiduals residuals = Residuals(range: 1e6);
        double[] row = [0, 0];
        residuals.Add(1, 1, 4, [0], row);
        Assert.AreSequenceEqual([10.5, 60.0], row);
        residuals.Add(1, 2, 0, [5], row = [0, 0]);
        Assert.AreNotEqual(4.5, row[0], 1e-9);
    }

    [TestMethod]
    public void Values_keep_to_their_columns_range_and_decimals()
    {
        SeedResiduals residuals = Residuals(range: 12);
        for (int i = 0; i < 200; i++)
        {
            double[] row = [-0.2, 0];
            residuals.Add(3, i % 3, i, [SeedRows[i % 3 == 0 ? 0 : i % 3 == 1 ? 4 : 6]], row);
            foreach (double value in row)
            {
                Assert.IsInRange(-12, 12, value);
                Assert.AreEqual(Math.Round(value), value);
                Assert.IsFalse(value == 0 && double.IsNegative(value));
            }
        }
    }

    static double Mix(int column, int own, int other, double share) =>
        (1 - share) * Training.Row(own)[column] + share * Training.Row(other)[column];

    static double Cross(double x1, double y1, double x2, double y2) => (x1 * y2 - x2 * y1) / Math.Sqrt(x2 * x2 + y2 * y2);

    static SeedResiduals Residuals(double range) =>
        new(Columns(range), Sampling([0, 4, 5, 7]), Seeds([0, 4, 5, 7], SeedRows), Training, new double[14], [1, 1, 1], 1, default);

    static ManifestSampling Sampling(int[] starts) =>
        new() { ClassStarts = starts, EvenSeeds = true, ResidualScale = 1.5, ResidualNeighbors = 2 };

    static SeedBank Seeds(int[] starts, int[] rows) => new(starts, [.. rows.Select(row => (long)row)], [.. rows.Select(_ => 1.0)]);

    // Whole numbers between -range and range, where the range is small.
    static ColumnSpec[] Columns(double range)
    {
        ColumnSpec column = new() { Name = "x", Minimum = -range, Maximum = range, Decimals = range < 100 ? 0 : null };
        return [column, column with { Name = "y" }];
    }
}

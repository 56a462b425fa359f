namespace LeoCvae.Runtime.Tests;

[TestClass]
public class LevelBlockTests
{
    [TestMethod]
    public void Frequent_categories_have_a_level_each_and_rare_ones_share_one()
    {
        // The third has no row, the two of one row share what comes last.
        Assert.AreSequenceEqual([0, 2, -1, 1, 2], LevelBlock.Levels([5, 1, 0, 2, 1]));
        // One that would share with nobody keeps its own.
        Assert.AreSequenceEqual([0, 1, -1, 2], LevelBlock.Levels([5, 1, 0, 2]));
        int[] many = LevelBlock.Levels([.. Enumerable.Range(0, 200).Select(k => 1000 - k)]);
        Assert.AreSequenceEqual(Enumerable.Range(0, 50), many[..50]);
        Assert.IsTrue(many[50..].All(level => level == 50));
    }

    [TestMethod]
    public void A_changed_category_is_as_far_as_one_standard_deviation_and_so_is_a_missing_value()
    {
        ColumnSpec height = new() { Name = "height", Minimum = 0, Maximum = 10, HasMissing = true };
        ColumnSpec city = new()
        {
            Name = "city",
            Kind = ColumnKind.Category,
            Minimum = 0,
            Maximum = 1,
            Categories = ["Ulm", "Bonn"],
            HasMissing = true
        };
        Table table = new(new([height, city], "y", ["a"]), [1, 0, 1, 1, 3, 0, 3, double.NaN, double.NaN, 1, 2, 0], new int[6]);
        TableEncoder encoder = TableEncoder.Fit(table);
        Assert.AreSequenceEqual([2d], encoder.Mean);
        Matrix x = encoder.Encode(table);
        double Distance(int a, int b) => Math.Sqrt(x[a].ToArray().Zip(x[b].ToArray(), (p, q) => (p - q) * (p - q)).Sum());
        Assert.AreEqual(1, Distance(0, 1), 1e-6, "another city");
        Assert.AreEqual(1, Distance(2, 3), 1e-6, "no city");
        // A missing height is the mean, and one standard deviation away from any.
        Assert.AreEqual(Math.Sqrt(1 + 1), Distance(4, 5), 1e-6, "no height, another city");
        Table other = new(new([height, city with { Categories = ["Ulm", "Bonn", "Hof"], Maximum = 2 }], "y", ["a"]), [2, 2], [0]);
        // A category that is not known is none.
        Assert.AreSequenceEqual([0f, 1 / MathF.Sqrt(2), 0, 0, 0, 0], encoder.Encode(other)[0].ToArray());
    }
}

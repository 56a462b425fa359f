namespace LeoCvae.Runtime.Tests;

[TestClass]
public class TableEncoderTests
{
    [TestMethod]
    public void Columns_are_standardised_with_mean_and_population_standard_deviation()
    {
        Table table = Table.FromArrays(new double[,] { { 2, -1 }, { 4, 0 }, { 4, 0 }, { 4, 0 }, { 5, 0 }, { 5, 0 }, { 7, 0 }, { 9, 1 } },
            [.. Enumerable.Repeat("a", 8)]);
        TableEncoder encoder = TableEncoder.Fit(table);
        Assert.AreSequenceEqual([5d, 0], encoder.Mean);
        Assert.AreSequenceEqual([2, 0.5], encoder.Scale);
        Matrix encoded = encoder.Encode(table);
        Assert.AreSequenceEqual([-1.5f, -2], encoded[0].ToArray());
        Assert.AreSequenceEqual([2f, 2], encoded[7].ToArray());
    }

    [TestMethod]
    public void Encoded_columns_have_mean_0_and_variance_1()
    {
        Table table = TestTables.Random(500, 7, 2);
        Matrix encoded = TableEncoder.Fit(table).Encode(table);
        for (int column = 0; column < 7; column++)
        {
            double[] values = [.. Enumerable.Range(0, 500).Select(row => (double)encoded[row][column])];
            Assert.AreEqual(0, values.Average(), 1e-6);
            Assert.AreEqual(1, values.Average(value => value * value), 1e-6);
        }
    }

    [TestMethod]
    [DataRow(0d)]
    [DataRow(0.1)]
    [DataRow(-1e9)]
    [DataRow(1e300)]
    [DataRow(5e-324)]
    public void A_constant_column_keeps_scale_1_and_encodes_to_0(double value)
    {
        Table table = TestTables.OfColumn([.. Enumerable.Repeat(value, 37)]);
        TableEncoder encoder = TableEncoder.Fit(table);
        Assert.AreSequenceEqual([value], encoder.Mean);
        Assert.AreSequenceEqual([1d], encoder.Scale);
        Assert.AreEqual(0f, encoder.Encode(table)[36][0]);
    }

    [TestMethod]
    public void A_huge_offset_does_not_swallow_small_differences()
    {
        double[] small = [.. Enumerable.Range(0, 1000).Select(i => i * 37 % 1000 / 1024.0)];
        Table plain = TestTables.OfColumn(small), shifted = TestTables.OfColumn([.. small.Select(value => 1e9 + value)]);
        Matrix expected = TableEncoder.Fit(plain).Encode(plain), actual = TableEncoder.Fit(shifted).Encode(shifted);
        for (int row = 0; row < 1000; row++)
            Assert.AreEqual(expected[row][0], actual[row][0], 1e-4f);
    }

    [TestMethod]
    public void Statistics_are_those_of_the_table_given_to_fit()
    {
        TableEncoder encoder = TableEncoder.Fit(TestTables.OfColumn(0, 2));
        Assert.AreSequenceEqual([9f, 99f], encoder.Encode(TestTables.OfColumn(10, 100)).Values);
    }

    [TestMethod]
    [DataRow(0, 1e-31)]
    [DataRow(0, 1e-200)]
    [DataRow(-1e31, 1e31)]
    [DataRow(-1e200, 1e200)]
    [DataRow(-1.7e308, 1.7e308)]
    public void A_standard_deviation_that_float_weights_cannot_hold_is_refused_by_the_columns_name(double low, double high)
    {
        Table table = Table.FromArrays(new double[,] { { 1, low }, { 2, high } }, ["a", "b"], ["fine", "tumour size"]);
        Expect.Throws<ArgumentException>(() => TableEncoder.Fit(table), "column 'tumour size'", "standard deviation", "1E-30 to 1E+30",
            "another unit");
    }

    [TestMethod]
    [DataRow(0.1, 0.3 - 0.2)]
    [DataRow(1e6 / 3, 1e6 / 3 + 1e-10)]
    [DataRow(-7.7e-20, -7.7e-20 * (1 + 4e-16))]
    public void A_column_that_is_constant_but_for_rounding_counts_as_constant(double value, double other)
    {
        Assert.AreNotEqual(value, other);
        TableEncoder encoder = TableEncoder.Fit(TestTables.OfColumn(value, other, value, value, other));
        Assert.AreEqual(1, encoder.Scale[0]);
        Assert.AreEqual(Math.Min(value, other), encoder.Mean[0]);
    }

    [TestMethod]
    public void A_small_difference_far_from_zero_is_none_of_rounding()
    {
        TableEncoder encoder = TableEncoder.Fit(TestTables.OfColumn(1.7e9, 1.7e9 + 0.001));
        Assert.AreEqual(0.0005, encoder.Scale[0], 1e-6);
    }
}

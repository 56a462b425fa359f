namespace LeoCvae.Training.Tests.Generation;

/// <summary>The order by bits is that of comparing numbers.</summary>
[TestClass]
public class FloatSortTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(1000)]
    public void Values_are_in_the_order_of_comparing_them(int count)
    {
        float[] values = [.. Samples.Normals(count, seed: 3).Select((value, i) => i % 3 == 0 ? value : value * MathF.Pow(10, i % 70 - 35))];
        float[] expected = [.. values];
        Array.Sort(expected);
        Assert.AreSequenceEqual(expected, FloatSort.Sorted(values));
        Assert.AreSequenceEqual(expected, FloatSort.Order(values).Select(i => values[i]));
    }

    [TestMethod]
    public void Equal_values_stay_in_their_order_and_both_zeros_are_kept()
    {
        float[] values = [1, 0, -1, 1, -0.0f, float.PositiveInfinity, -1, float.NegativeInfinity, float.Epsilon];
        Assert.AreSequenceEqual([7, 2, 6, 4, 1, 8, 0, 3, 5], FloatSort.Order(values));
        Assert.AreSequenceEqual(FloatSort.Order(values).Select(i => values[i]), FloatSort.Sorted(values));
    }
}

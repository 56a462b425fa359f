namespace LeoCvae.Runtime.Tests;

[TestClass]
public class KroneckerSequenceTests
{
    static KroneckerSequence Sequence(ulong seed, int classIndex = 0) =>
        new(new(seed, RandomStream.Seeds), CounterRandom.Row(classIndex, 0));

    [TestMethod]
    [DataRow(1)]
    [DataRow(10)]
    [DataRow(1_000)]
    [DataRow(100_000)]
    public void Any_interval_gets_its_share_of_any_stretch(int count)
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            KroneckerSequence sequence = Sequence(seed);
            double[] values = [.. Enumerable.Range(0, count).Select(i => sequence[(long)seed * 12345 + i])];
            Array.Sort(values);
            // How many values too many or too few lie below any point; independent draws are off by about sqrt(count), 270 of 100,000.
            double off = values.Select((value, i) => Math.Max(i + 1 - count * value, count * value - i)).Max();
            Assert.IsLessThan(1 + Math.Log(count) + 1e-6, off);
        }
    }

    [TestMethod]
    public void Value_i_is_the_start_and_i_golden_steps()
    {
        KroneckerSequence sequence = Sequence(7, 3);
        foreach (long i in (long[])[0, 1, 2, 1000, 1_000_000, 1_000_000_007])
        {
            decimal expected = (decimal)sequence[0] + i * 0.6180339887498948482045868344m;
            double gap = Math.Abs((double)(expected - Math.Floor(expected)) - sequence[i]);
            Assert.IsLessThan(1e-9, Math.Min(gap, 1 - gap), $"value {i}");
        }
    }

    [TestMethod]
    public void Each_value_is_uniform_over_the_seeds_and_differs_by_class()
    {
        const int Seeds = 20_000;
        foreach (int i in (int[])[0, 1, 77])
        {
            int[] tenths = new int[10];
            for (ulong seed = 0; seed < Seeds; seed++)
                tenths[(int)(Sequence(seed)[i] * 10)]++;
            // Chi-square with 9 degrees of freedom: 33.7 is passed once in 10,000.
            Assert.IsLessThan(33.7, tenths.Sum(n => Math.Pow(n - Seeds / 10, 2) / (Seeds / 10)));
        }
        Assert.AreNotEqual(Sequence(1, 0)[0], Sequence(1, 1)[0]);
    }
}

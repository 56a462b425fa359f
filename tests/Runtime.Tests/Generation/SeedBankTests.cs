namespace LeoCvae.Runtime.Tests;

[TestClass]
public class SeedBankTests
{
    const double BelowOne = 1 - 1d / (1 << 24);

    static readonly SeedBank Seeds = new([0, 3, 4, 8], [5, 0, 7, 2, 1, 3, 4, 6], [1, 2, 5, 0.25, 1, 1, 1e-9, 2]);

    [TestMethod]
    public void Seeds_of_a_class_come_in_proportion_to_their_weights()
    {
        const int Draws = 200_000;
        SeedBank bank = Seeds;
        CounterRandom random = new(1, RandomStream.Seeds);
        for (int c = 0; c < 3; c++)
        {
            int[] counts = new int[8];
            for (int row = 0; row < Draws; row++)
                counts[bank.Pick(c, random.Uniform(CounterRandom.Row(c, row), 0))]++;
            (int start, int end) = (Seeds.Starts[c], Seeds.Starts[c + 1]);
            double sum = Seeds.Weights.Skip(start).Take(end - start).Sum();
            for (int seed = 0; seed < 8; seed++)
                Assert.AreEqual(seed < start || seed >= end ? 0 : Seeds.Weights[seed] / sum, counts[seed] / (double)Draws, seed < start
                    || seed >= end ? 0 : 0.005);
        }
    }

    [TestMethod]
    public void The_edges_of_the_uniform_numbers_give_the_first_and_the_last_seed_of_the_class()
    {
        SeedBank bank = Seeds;
        Assert.AreSequenceEqual([0, 3, 4], Enumerable.Range(0, 3).Select(c => bank.Pick(c, 0)));
        Assert.AreSequenceEqual([2, 3, 7], Enumerable.Range(0, 3).Select(c => bank.Pick(c, BelowOne)));
        Assert.AreSequenceEqual([0, 1, 1, 2], new[] { 0.1249, 0.125, 0.3749, 0.375 }.Select(uniform => bank.Pick(0, uniform)));
    }

    [TestMethod]
    public void A_seed_is_never_of_another_class_whatever_the_weights()
    {
        Random random = new(9);
        for (int round = 0; round < 200; round++)
        {
            int[] starts = [0, random.Next(1, 5), random.Next(5, 50), random.Next(50, 60)];
            SeedBank bank =
                new(starts, new long[starts[^1]], [.. Enumerable.Range(0, starts[^1]).Select(_ => Math.Pow(10, random.Next(-300, 300)))]);
            for (int c = 0; c < 3; c++)
                foreach (double uniform in (double[])[0, double.Epsilon, random.NextDouble(), BelowOne, Math.BitDecrement(1)])
                    Assert.IsTrue(bank.Pick(c, uniform) is int seed && seed >= starts[c] && seed < starts[c + 1]);
        }
    }

    [TestMethod]
    public void A_seed_is_the_first_whose_weights_up_to_it_are_more_than_the_number_s_share()
    {
        CounterRandom random = new(4, RandomStream.Seeds);
        foreach (double spread in (double[])[0, 1, 20])
        {
            int[] starts = [0, 1, 4, 300];
            double[] weights = [.. Enumerable.Range(0, 300).Select(s => Math.Pow(2, -spread * random.Uniform((ulong)s, 0)))];
            int[] rows = [.. Enumerable.Range(0, 300).Select(s => 1 + s % 7 * s)];
            SeedBank bank = new(starts, [], weights, rows);
            for (int c = 0; c < 3; c++)
                for (int draw = 0; draw < 2000; draw++)
                {
                    double uniform = random.Uniform(CounterRandom.Row(c + 1, draw), 1);
                    Assert.AreEqual(First(c, uniform, weights), bank.Pick(c, uniform));
                    Assert.AreEqual(First(c, uniform, [.. rows.Select(count => (double)count)]),
                        bank.Pick(c, uniform, SeedWeights.Equal));
                }

            int First(int c, double uniform, double[] by)
            {
                double wanted = uniform * by[starts[c]..starts[c + 1]].Sum(), sum = 0;
                int seed = starts[c];
                while ((sum += by[seed]) <= wanted)
                    seed++;
                return seed;
            }
        }
    }

    [TestMethod]
    public void A_seed_knows_its_row_of_the_training_table() =>
        Assert.AreSequenceEqual([5, 0, 7, 2, 1, 3, 4, 6], Seeds.Rows);
}

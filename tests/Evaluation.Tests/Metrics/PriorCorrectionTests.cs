namespace LeoCvae.Evaluation.Tests.Metrics;

[TestClass]
public class PriorCorrectionTests
{
    [TestMethod]
    public void The_written_out_example()
    {
        // Fitted on 100/100, the table has 90/10: odds of 1 : 1 become 9 : 1.
        double[,] corrected = PriorCorrection.Apply(new double[,] { { .5, .5 }, { .1, .9 } }, [90, 10], [100, 100]);
        Assert.AreEqual(.9, corrected[0, 0], 1e-12);
        Assert.AreEqual(.5, corrected[1, 0], 1e-12);
        Assert.AreEqual(.5, corrected[1, 1], 1e-12);
    }

    [TestMethod]
    public void Bayes_probabilities_of_a_resampled_table_become_those_of_the_table()
    {
        double[] density = [.2, .5, .9], before = [70, 25, 5], seen = [70, 70, 35];
        double[,] biased = new double[1, 3];
        for (int c = 0; c < 3; c++)
            biased[0, c] = density[c] * seen[c] / density.Zip(seen, (d, s) => d * s).Sum();
        double[,] corrected = PriorCorrection.Apply(biased, before, seen);
        for (int c = 0; c < 3; c++)
            Assert.AreEqual(density[c] * before[c] / density.Zip(before, (d, b) => d * b).Sum(), corrected[0, c], 1e-12);
    }

    [TestMethod]
    public void Equal_frequencies_change_nothing_and_a_class_that_was_not_seen_stays_at_zero()
    {
        double[,] probabilities = { { .3, .7, 0 } };
        Assert.AreEqual(.3, PriorCorrection.Apply(probabilities, [3, 4, 0], [6, 8, 0])[0, 0], 1e-12);
        Assert.AreEqual(0, PriorCorrection.Apply(probabilities, [3, 4, 1], [6, 8, 0])[0, 2]);
    }

    [TestMethod]
    public void A_row_that_would_lose_everything_is_left_as_it_is() => Assert.AreEqual(1, PriorCorrection.Apply(new double[,] { { 0, 1 } }, [5, 0], [5, 5])[0, 1]);

    [TestMethod]
    public void Bad_input_is_refused_in_one_line()
    {
        double[,] probabilities = { { .5, .5 } };
        Expect.Throws<ArgumentException>(() => PriorCorrection.Apply(probabilities, [1, 2, 3], [1, 2]), "before", "3 frequencies", "2 classes");
        Expect.Throws<ArgumentException>(() => PriorCorrection.Apply(probabilities, [1, 2], [-1, 2]), "seen", "-1");
        Expect.Throws<ArgumentException>(() => PriorCorrection.Apply(probabilities, [1, double.NaN], [1, 2]), "before", "NaN");
        Expect.Throws<ArgumentException>(() => PriorCorrection.Apply(probabilities, [0, 0], [1, 2]), "before", "0 only");
    }
}

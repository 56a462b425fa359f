namespace LeoCvae.Evaluation.Tests.Metrics;

[TestClass]
public class PriorCorrectionTests
{
    [TestMethod]
    public void The_written_out_example()
    {
        // Fitted on 100/100, the table has 90/10: odds of 1 : 1 become 9 : 1.
        PriorCorrection correction = PriorCorrection.ByFrequencies([90, 10], [100, 100]);
        Assert.AreEqual(.9, correction.Factors[0], 1e-12);
        double[,] corrected = correction.Apply(new double[,] { { .5, .5 }, { .1, .9 } });
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
        double[,] corrected = PriorCorrection.ByFrequencies(before, seen).Apply(biased);
        for (int c = 0; c < 3; c++)
            Assert.AreEqual(density[c] * before[c] / density.Zip(before, (d, b) => d * b).Sum(), corrected[0, c], 1e-12);
    }

    [TestMethod]
    public void Equal_frequencies_change_nothing_and_a_class_that_was_not_seen_stays_at_zero()
    {
        double[,] probabilities = { { .3, .7, 0 } };
        Assert.AreEqual(.3, PriorCorrection.ByFrequencies([3, 4, 0], [6, 8, 0]).Apply(probabilities)[0, 0], 1e-12);
        Assert.AreEqual(0, PriorCorrection.ByFrequencies([3, 4, 1], [6, 8, 0]).Apply(probabilities)[0, 2]);
    }

    [TestMethod]
    public void A_row_that_would_lose_everything_is_left_as_it_is() =>
        Assert.AreEqual(1, PriorCorrection.ByFrequencies([5, 0], [5, 5]).Apply(new double[,] { { 0, 1 } })[0, 1]);

    [TestMethod]
    public void A_fitted_correction_gives_each_class_its_share_over_the_rows_it_was_fitted_to()
    {
        double[,] heldOut = Random(200, 4);
        double[] before = [120, 50, 25, 5];
        double[,] corrected = PriorCorrection.Fit(heldOut, before).Apply(heldOut);
        for (int c = 0; c < 4; c++)
            Assert.AreEqual(before[c] / 200, Enumerable.Range(0, 200).Average(i => corrected[i, c]), .01);
    }

    [TestMethod]
    public void A_fitted_correction_is_that_by_frequencies_where_these_are_all_that_is_wrong()
    {
        // Two groups of rows with P(1) of .6 and .05 in the table; fitted on balanced classes, Bayes' rule gives other odds.
        (double rare, double[] truth) = (.215, [.6, .05]);
        double[,] heldOut = new double[100, 2];
        for (int i = 0; i < 100; i++)
        {
            double p = truth[i < 30 ? 0 : 1], odds = p / (1 - p) * (1 - rare) / rare;
            (heldOut[i, 0], heldOut[i, 1]) = (1 / (1 + odds), odds / (1 + odds));
        }
        double[,] corrected = PriorCorrection.Fit(heldOut, [1 - rare, rare]).Apply(heldOut);
        Assert.AreEqual(.6, corrected[0, 1], .01);
        Assert.AreEqual(.05, corrected[99, 1], .01);
    }

    [TestMethod]
    public void A_fitted_correction_mends_what_frequencies_do_not()
    {
        // As many rows were seen of each class as the table has, yet the classifier gives the class of 10 % a mean of .2 * .9.
        double[,] heldOut = new double[100, 2];
        for (int i = 0; i < 100; i++)
            (heldOut[i, 0], heldOut[i, 1]) = i < 20 ? (.1, .9) : (.999, .001);
        Assert.AreEqual(.9, PriorCorrection.ByFrequencies([90, 10], [90, 10]).Apply(heldOut)[0, 1], 1e-12);
        // .5 makes the mean .1; the prior that is mixed in first leaves .52.
        Assert.AreEqual(.5, PriorCorrection.Fit(heldOut, [90, 10]).Apply(heldOut)[0, 1], .03);
    }

    [TestMethod]
    public void A_class_that_no_row_is_given_keeps_a_finite_factor_and_one_without_rows_gets_none()
    {
        double[,] heldOut = { { 1, 0, 0 }, { .9, .1, 0 } };
        PriorCorrection correction = PriorCorrection.Fit(heldOut, [6, 3, 1]);
        Assert.IsTrue(correction.Factors.All(factor => factor > 0 && double.IsFinite(factor)));
        Assert.AreEqual(0, PriorCorrection.Fit(heldOut, [6, 3, 0]).Factors[2]);
        Assert.AreEqual(1, PriorCorrection.Fit(heldOut, [6, 3, 1]).Factors.Sum(), 1e-12);
    }

    [TestMethod]
    public void Bad_input_is_refused_in_one_line()
    {
        double[,] probabilities = { { .5, .5 } };
        Expect.Throws<ArgumentException>(() => PriorCorrection.ByFrequencies([1, 2, 3], [1, 2]), "seen", "2 frequencies", "3 classes");
        Expect.Throws<ArgumentException>(() => PriorCorrection.ByFrequencies([1, 2], [-1, 2]), "seen", "-1");
        Expect.Throws<ArgumentException>(() => PriorCorrection.ByFrequencies([1, double.NaN], [1, 2]), "before", "NaN");
        Expect.Throws<ArgumentException>(() => PriorCorrection.ByFrequencies([0, 0], [1, 2]), "before", "0 only");
        Expect.Throws<ArgumentException>(() => PriorCorrection.Fit(probabilities, [1, 2, 3]), "before", "3 frequencies", "2 classes");
        Expect.Throws<ArgumentException>(() => PriorCorrection.Fit(new double[0, 2], [1, 2]), "no row");
        Expect.Throws<ArgumentException>(() => PriorCorrection.Fit(new double[,] { { double.NaN, 1 } }, [1, 2]), "NaN", "0 or more");
        Expect.Throws<ArgumentException>(() => PriorCorrection.ByFrequencies([1, 2], [1, 2]).Apply(new double[1, 3]), "3 classes",
            "expected 2");
    }

    static double[,] Random(int rows, int classes)
    {
        CounterRandom random = new(7, RandomStream.FoldSeeds);
        double[,] probabilities = new double[rows, classes];
        for (int i = 0; i < rows; i++)
        {
            double[] drawn = [.. Enumerable.Range(0, classes).Select(c => random.Uniform((ulong)i, c) + 1e-3)];
            for (int c = 0; c < classes; c++)
                probabilities[i, c] = drawn[c] / drawn.Sum();
        }
        return probabilities;
    }
}

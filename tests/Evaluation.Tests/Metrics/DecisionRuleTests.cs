namespace LeoCvae.Evaluation.Tests.Metrics;

[TestClass]
public class DecisionRuleTests
{
    static readonly string[] Measures = ["f1_macro", "balanced_accuracy", "g_mean"];

    [TestMethod]
    [DataRow("f1_macro")]
    [DataRow("balanced_accuracy")]
    [DataRow("g_mean")]
    public void No_threshold_does_better_than_the_tuned_one(string measure)
    {
        for (int seed = 0; seed < 8; seed++)
        {
            (double[,] probabilities, int[] labels) = Guesses(60, [.8, .2], seed, digits: seed % 2 == 0 ? 2 : 15);
            double tuned = Measure(probabilities, labels, DecisionRule.Tune(probabilities, labels, measure), measure);
            for (int step = 0; step <= 200; step++)
                Assert.IsGreaterThanOrEqualTo(Measure(probabilities, labels, new([step / 200.0, 1 - step / 200.0]), measure),
                    tuned + 1e-12);
        }
    }

    [TestMethod]
    public void A_threshold_is_judged_by_what_it_decides_of_probabilities_of_zero()
    {
        // Class 1 for all rows would be best, but no threshold decides so of the first three.
        double[,] probabilities = { { 1, 0 }, { 1, 0 }, { 1, 0 }, { .7, .3 }, { .2, .8 } };
        Assert.AreSequenceEqual([0, 0, 0, 0, 1], DecisionRule.Tune(probabilities, [1, 1, 1, 0, 1], "f1_macro").Decide(probabilities));
    }

    [TestMethod]
    public void Of_equal_thresholds_the_one_nearest_to_a_half_is_taken()
    {
        double[,] probabilities = { { .9, .1 }, { .7, .3 }, { .1, .9 } };
        Assert.AreEqual(0.6, DecisionRule.Tune(probabilities, [0, 0, 1], "f1_macro").Weights[0], 1e-12);
    }

    [TestMethod]
    public void With_more_classes_the_tuned_rule_is_never_worse_than_the_most_probable_class()
    {
        bool moved = false;
        for (int seed = 0; seed < 20; seed++)
            foreach (string measure in Measures)
            {
                (double[,] probabilities, int[] labels) = Guesses(120, [.7, .2, .1], seed, digits: 15);
                DecisionRule tuned = DecisionRule.Tune(probabilities, labels, measure);
                double plain = Measure(probabilities, labels, DecisionRule.MostProbable(3), measure),
                    better = Measure(probabilities, labels, tuned, measure);
                Assert.IsGreaterThanOrEqualTo(plain, better);
                moved |= better > plain + 0.02;
                Assert.IsLessThanOrEqualTo(tuned.Weights[2], tuned.Weights[0]);
            }
        Assert.IsTrue(moved);
    }

    [TestMethod]
    public void A_class_without_rows_is_no_obstacle()
    {
        double[,] probabilities = { { .5, .4, .1 }, { .3, .6, .1 }, { .6, .3, .1 } };
        Assert.HasCount(3, DecisionRule.Tune(probabilities, [0, 1, 0], "f1_macro").Weights);
        Assert.HasCount(2, DecisionRule.Tune(new double[,] { { .5, .5 } }, [0], "g_mean").Weights);
    }

    [TestMethod]
    public void Equals_go_to_the_first_class() =>
        Assert.AreSequenceEqual((int[])[0, 1], DecisionRule.MostProbable(3).Decide(new double[,] { { .4, .4, .2 }, { .2, .4, .4 } }));

    [TestMethod]
    public void Bad_input_is_refused_in_one_line()
    {
        Expect.Throws<ArgumentException>(() => new DecisionRule([1, -1]), "weight", "-1");
        Expect.Throws<ArgumentException>(() => new DecisionRule([1, double.NaN]), "weight");
        Expect.Throws<ArgumentException>(() => DecisionRule.MostProbable(3).Decide(new double[,] { { .5, .5 } }), "2 classes, expected 3");
        Expect.Throws<ArgumentException>(() => DecisionRule.Tune(new double[,] { { .5, .5 } }, [0], "auc_macro"), "auc_macro", "g_mean");
    }

    static double Measure(double[,] probabilities, int[] labels, DecisionRule rule, string measure) =>
        Metric.Named(measure).Of(ClassificationScores.Of(probabilities, labels, 0, rule));

    // Probabilities as a naive classifier gives them where classes overlap: p(c) proportional to share_c exp(noise + [c = y]).
    static (double[,] Probabilities, int[] Labels) Guesses(int rows, double[] shares, int seed, int digits)
    {
        Random random = new(seed);
        double[,] probabilities = new double[rows, shares.Length];
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            double u = random.NextDouble();
            while (labels[i] < shares.Length - 1 && (u -= shares[labels[i]]) > 0)
                labels[i]++;
            double[] row = [.. shares.Select((share, c) => share * Math.Exp(2 * random.NextDouble() + (c == labels[i] ? 1 : 0)))];
            for (int c = 1; c < row.Length; c++)
                probabilities[i, 0] += probabilities[i, c] = Math.Round(row[c] / row.Sum(), digits);
            probabilities[i, 0] = 1 - probabilities[i, 0];
        }
        return (probabilities, labels);
    }
}

namespace LeoCvae.Evaluation.Tests.Metrics;

[TestClass]
public class ClassificationScoresTests
{
    [TestMethod]
    public void Calibration_error_of_a_written_out_example()
    {
        // Top class's probability, right or wrong:  .55 right, .58 wrong | .81 right, .85 right | .95 wrong | 1 right
        double[,] probabilities = { { .55, .45 }, { .42, .58 }, { .81, .19 }, { .15, .85 }, { .95, .05 }, { 0, 1 } };
        int[] labels = [0, 0, 0, 1, 1, 1];
        // [.5, .6): 2/6 |1/2 - .565|;  [.8, .9): 2/6 |1 - .83|;  [.9, 1]: 2/6 |1/2 - .975|
        double expected = (2 * .065 + 2 * .17 + 2 * .475) / 6;
        Assert.AreEqual(expected, ClassificationScores.Of(probabilities, labels, 0).CalibrationError, 1e-12);
    }

    [TestMethod]
    public void A_decision_rule_moves_decisions_and_nothing_else()
    {
        double[,] probabilities = { { .9, .1 }, { .7, .3 }, { .6, .4 }, { .8, .2 } };
        int[] labels = [0, 1, 1, 0];
        ClassificationScores plain = ClassificationScores.Of(probabilities, labels, 1),
            moved = ClassificationScores.Of(probabilities, labels, 1, new DecisionRule([.25, .75]));
        Assert.AreEqual(0.5, plain.BalancedAccuracy);
        Assert.AreEqual(Math.Sqrt(0.001), plain.GeometricMean, 1e-12);
        Assert.AreEqual(1, moved.F1Positive);
        Assert.AreEqual(plain, moved with
        {
            F1Micro = plain.F1Micro,
            F1Macro = plain.F1Macro,
            F1Positive = plain.F1Positive,
            BalancedAccuracy = plain.BalancedAccuracy,
            GeometricMean = plain.GeometricMean,
        });
    }

    [TestMethod]
    public void Bad_input_is_refused_in_one_line()
    {
        Expect.Throws<ArgumentException>(() => ClassificationScores.Of(new double[0, 2], [], 0), "0 rows x 2 classes");
        Expect.Throws<ArgumentException>(() => ClassificationScores.Of(new double[,] { { 1 } }, [0], 0), "1 rows x 1 classes");
        Expect.Throws<ArgumentException>(() => ClassificationScores.Of(new double[,] { { 1, 0 } }, [0, 1], 0), "got 2 labels, expected 1");
        Expect.Throws<ArgumentException>(() => ClassificationScores.Of(new double[,] { { 1, 0 }, { .5, .6 } }, [0, 1], 0), "row 1", "1.1");
        Expect.Throws<ArgumentException>(() => ClassificationScores.Of(new double[,] { { 1.5, -.5 } }, [0], 0), "row 0");
        Expect.Throws<ArgumentException>(() => ClassificationScores.Of(new double[,] { { 1, double.NaN } }, [0], 0), "row 0");
        Expect.Throws<ArgumentException>(() => ClassificationScores.Of(new double[,] { { 1, 0 } }, [2], 0), "class index 2");
        Expect.Throws<ArgumentException>(() => ClassificationScores.Of(new double[,] { { 1, 0 } }, [0], 2), "positive class");
        Expect.Throws<ArgumentException>(() => Metric.Named("accuracy"), "accuracy", "f1_macro");
    }
}

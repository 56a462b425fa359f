using System.Text.Json;

namespace LeoCvae.Evaluation.Tests.CrossValidation;

/// <summary>Feature scores against scikit-learn (tools/parity/feature_scores.py).</summary>
[TestClass]
public class FeatureScoreTests
{
    const string File = "feature-scores.json";

    public static IEnumerable<object[]> Cases => Oracle.CaseNames(File);

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Scores_are_those_of_the_oracle(string name)
    {
        JsonElement json = Oracle.Case(File, name);
        int[] labels = json.GetProperty("y").Ints();
        double[,] x = json.GetProperty("x").Matrix();
        double[] f = json.GetProperty("anova_f").Doubles(), information = json.GetProperty("mutual_information").Doubles();
        double[] lowest = json.GetProperty("lowest").Doubles(), highest = json.GetProperty("highest").Doubles();
        for (int j = 0; j < x.GetLength(1); j++)
        {
            double[] column = [.. Enumerable.Range(0, labels.Length).Select(i => x[i, j])];
            Assert.AreEqual(f[j], FeatureScores.AnovaF(column, labels, labels.Max() + 1), 1e-6 * Math.Max(1, f[j]), $"column {j}");
            // Where values are tied the score depends on the noise, here as there.
            double noise = highest[j] - lowest[j], ours = Enumerable.Range(0, 50)
                .Average(seed => FeatureScores.MutualInformation(column, labels, labels.Max() + 1, (ulong)seed, j));
            Assert.AreEqual(information[j], ours, 1e-6 + noise / 3, $"column {j}");
        }
    }

    [TestMethod]
    public void Constant_columns_say_nothing_and_separated_ones_everything()
    {
        int[] labels = [0, 0, 0, 0, 1, 1, 1, 1];
        Assert.AreEqual(0, FeatureScores.AnovaF([5, 5, 5, 5, 5, 5, 5, 5], labels, 2));
        Assert.AreEqual(double.PositiveInfinity, FeatureScores.AnovaF([0, 0, 0, 0, 1, 1, 1, 1], labels, 2));
        Assert.IsGreaterThan(FeatureScores.MutualInformation([1, 5, 3, 7, 2, 6, 4, 8], labels, 2, 1, 0),
            FeatureScores.MutualInformation([1, 2, 3, 4, 15, 16, 17, 18], labels, 2, 1, 0));
        Assert.AreEqual(0, FeatureScores.MutualInformation([1, 2], [0, 1], 2, 1, 0));
    }
}

using System.Text.Json;

namespace LeoCvae.Evaluation.Tests;

[TestClass]
public class LogisticRegressionTests
{
    [TestMethod]
    public void Probabilities_are_those_of_scikit_learn()
    {
        using JsonDocument oracle = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Oracles", "logreg.json")));
        foreach (JsonElement json in oracle.RootElement.GetProperty("cases").EnumerateArray())
        {
            float[][] rows = json.GetProperty("x").Deserialize<float[][]>()!;
            Matrix x = new(rows.Length, rows[0].Length, [.. rows.SelectMany(row => row)]);
            float[] weights = json.GetProperty("weights").Deserialize<float[]>()!;
            double[][] expected = json.GetProperty("probabilities").Deserialize<double[][]>()!;
            using IFittedClassifier fitted = Classifiers.Create("logreg")
                .Fit(x, json.GetProperty("y").Deserialize<int[]>()!, weights, expected[0].Length, 1, default);
            double[,] actual = fitted.Probabilities(x);
            for (int i = 0; i < rows.Length; i++)
                for (int c = 0; c < expected[i].Length; c++)
                    Assert.AreEqual(expected[i][c], actual[i, c], 2e-3);
        }
    }
}

using System.Text.Json;

namespace LeoCvae.Evaluation.Tests;

[TestClass]
public class LogisticRegressionTests
{
    // What the solver leaves to be done.
    const double Least = 1e-4;

    [TestMethod]
    public void Probabilities_are_those_of_scikit_learn()
    {
        using JsonDocument oracle = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Oracles", "logreg.json")));
        foreach (JsonElement json in oracle.RootElement.GetProperty("cases").EnumerateArray())
        {
            float[][] rows = json.GetProperty("x").Deserialize<float[][]>()!;
            double[][] expected = json.GetProperty("probabilities").Deserialize<double[][]>()!;
            double[,] actual = Fit(Of(rows), json.GetProperty("y").Deserialize<int[]>()!,
                json.GetProperty("weights").Deserialize<float[]>()!, expected[0].Length);
            for (int i = 0; i < rows.Length; i++)
                for (int c = 0; c < expected[i].Length; c++)
                    Assert.AreEqual(expected[i][c], actual[i, c], Least);
        }
    }

    [TestMethod]
    [DataRow(new[] { 40, 20 })]
    [DataRow(new[] { 40, 20, 10 })]
    public void The_weight_of_a_row_may_be_spread_over_copies_of_it(int[] counts)
    {
        (Matrix x, int[] labels) = Blobs.Make(counts, 5, 0.5f);
        float[] weights = [.. Enumerable.Range(0, x.Rows).Select(i => i % 3 == 0 ? 3f : 1)];
        int[] copies = [.. Enumerable.Range(0, x.Rows).SelectMany(i => Enumerable.Repeat(i, i % 3 == 0 ? 3 : 1))];
        Matrix repeated = Of([.. copies.Select(i => x[i].ToArray())]);
        int[] repeatedLabels = [.. copies.Select(i => labels[i])];
        // Each of three copies has a weight of its own; all of them together that of the row.
        float[] spread = [.. copies.Select((_, at) => weights[copies[at]] == 1 ? 1 : (at - Array.IndexOf(copies, copies[at])) switch
        {
            0 => 0.25f, 1 => 1.75f, _ => 1f,
        })];
        AssertNear(Fit(repeated, repeatedLabels, [], counts.Length), Fit(repeated, repeatedLabels, spread, counts.Length));
    }

    [TestMethod]
    [DataRow(new[] { 40, 20 })]
    [DataRow(new[] { 40, 20, 10 })]
    public void The_order_of_columns_and_rows_and_classes_changes_nothing(int[] counts)
    {
        (Matrix x, int[] labels) = Blobs.Make(counts, 7, 0.5f);
        double[,] expected = Fit(x, labels, [], counts.Length);
        Matrix turned = Of([.. Enumerable.Range(0, x.Rows).Reverse().Select(i => x[i].ToArray().Reverse().ToArray())]);
        double[,] actual = Fit(turned, [.. labels.Reverse().Select(label => counts.Length - 1 - label)], [], counts.Length);
        for (int i = 0; i < x.Rows; i++)
            for (int c = 0; c < counts.Length; c++)
                Assert.AreEqual(expected[i, c], actual[x.Rows - 1 - i, counts.Length - 1 - c], Least);
    }

    // The penalty is of lengths alone. A descent that stops too early stops elsewhere.
    [TestMethod]
    [DataRow(2)]
    [DataRow(4)]
    public void Rows_turned_are_predicted_the_same_however_alike_the_columns_are(int classes)
    {
        const int Rows = 3000, Pairs = 12;
        CounterRandom random = new(5, RandomStream.Latent);
        float[][] rows = new float[Rows][], turned = new float[Rows][];
        int[] labels = new int[Rows];
        float[] normals = new float[2 * Pairs + classes];
        for (int i = 0; i < Rows; i++)
        {
            random.FillNormal((ulong)i, normals);
            float[] row = rows[i] = normals[..(2 * Pairs)];
            for (int j = 0; j < Pairs; j++)
                row[Pairs + j] = row[j] + row[Pairs + j] * 0.01f;
            // Rare classes, nearly apart.
            labels[i] = Enumerable.Range(0, classes).MaxBy(c => 5 * row[c] - 4 * c + 0.3f * normals[2 * Pairs + c]);
            float mean = 2 * row.Average();
            turned[i] = [.. row.Select(value => value - mean)];
        }
        AssertNear(Fit(Of(rows), labels, [], classes), Fit(Of(turned), labels, [], classes));
    }

    [TestMethod]
    [DataRow(1e-4f)]
    [DataRow(1e4f)]
    [DataRow(1e8f)]
    public void Classes_that_lie_apart_are_told_apart_whatever_the_scale(float scale)
    {
        (Matrix x, int[] labels) = Blobs.Make([30, 10, 5], 6, 6);
        for (int i = 0; i < x.Values.Length; i++)
            x.Values[i] *= scale;
        double[,] probabilities = Fit(x, labels, [], 3);
        foreach (double probability in probabilities)
            Assert.IsTrue(probability is >= 0 and <= 1);
        // Columns as small as the first ones can't pay for weights: the shares of the classes are what is left.
        Assert.IsGreaterThan(scale < 1 ? 0.6 : 0.99, Blobs.Accuracy(probabilities, labels));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(6)]
    public void A_row_is_predicted_the_same_alone_and_among_others(int rows)
    {
        (Matrix x, int[] labels) = Blobs.Make([30, 20, 10], 6, 1);
        using IFittedClassifier fitted = Classifiers.Create("logreg").Fit(x, labels, [], 3, 1, default);
        double[,] all = fitted.Probabilities(x), few = fitted.Probabilities(Of([.. Enumerable.Range(0, rows).Select(i => x[i].ToArray())]));
        for (int i = 0; i < rows; i++)
            for (int c = 0; c < 3; c++)
                Assert.AreEqual(all[i, c], few[i, c]);
    }

    static Matrix Of(float[][] rows) => new(rows.Length, rows[0].Length, [.. rows.SelectMany(row => row)]);

    static double[,] Fit(Matrix x, int[] labels, float[] weights, int classes)
    {
        using IFittedClassifier fitted = Classifiers.Create("logreg").Fit(x, labels, weights, classes, 1, default);
        return fitted.Probabilities(x);
    }

    static void AssertNear(double[,] expected, double[,] actual)
    {
        for (int i = 0; i < expected.GetLength(0); i++)
            for (int c = 0; c < expected.GetLength(1); c++)
                Assert.AreEqual(expected[i, c], actual[i, c], Least);
    }
}

namespace LeoCvae.Evaluation.Tests;

[TestClass]
public class SyntheticQualityTests
{
    static readonly string[] Names = ["a", "b", "c", "few"];

    [TestMethod]
    public void Rows_of_the_same_distribution_are_alike_and_as_far_from_training_as_a_holdout()
    {
        SyntheticScores scores = Measure(Made(60, 1, 0));
        Assert.AreEqual(60, scores.Rows);
        Assert.IsGreaterThan(0.75, scores.KsComplement);
        Assert.IsGreaterThan(0.7, scores.TotalVariationComplement);
        Assert.IsGreaterThan(0.85, scores.CorrelationSimilarity);
        Assert.AreEqual(0.5, scores.TwoSampleAuc, 0.2);
        Assert.AreEqual(0.5, scores.NearerThanHoldout, 0.25);
        Assert.AreEqual(1, scores.ClosestDistance / scores.HoldoutClosestDistance, 0.6);
        Assert.AreEqual(0, scores.ExactCopies);
        Assert.IsLessThan(0.25, scores.NearCopies);
    }

    [TestMethod]
    public void Near_copies_are_within_half_of_the_median_distance_between_training_rows()
    {
        // Training rows at 0, 1, 3 and 10: nearest to each other by 1, 1, 2 and 7, half of the median is 0.75.
        double[][] training = [[0], [1], [3], [10]];
        Assert.AreSequenceEqual([1, 1, 2, 7], ClosestRows.DistancesWithin(training, 1));
        Table real = Table.FromArrays(new double[,] { { 0 }, { 1 }, { 3 }, { 10 }, { 40 } }, ["few", "few", "few", "few", "one"]);
        Table resampled = new(real.Schema, [.. real.Values, 0.7, 1.8, 3.7, 10, 900], [.. real.Labels, 0, 0, 0, 0, 1], 5, new int[5]);
        // Of a class with one row all are.
        Assert.AreEqual(0.8, SyntheticQuality.Measure(resampled, real, 1, default)!.NearCopies);
    }

    [TestMethod]
    public void Of_many_rows_a_thousand_are_measured_each_for_those_about_it()
    {
        double[][] rows = [.. Enumerable.Range(0, 2500).Select(i => (double[])[i])];
        double[] distances = ClosestRows.Distances(rows, [[0]], 1);
        Assert.HasCount(2500, distances);
        Assert.AreEqual(NearCopies.Most, distances.Distinct().Count());
        for (int i = 0; i < rows.Length; i++)
            Assert.AreEqual(i, distances[i], 3);
        Assert.AreSequenceEqual(distances[..1000].Order(), distances[..1000]);
        Assert.AreSequenceEqual([0, 1, 2], ClosestRows.Distances(rows[..3], [[0]], 1));
    }

    [TestMethod]
    public void Near_copies_are_what_oversampling_calls_so()
    {
        foreach (double[][] made in (double[][][])[Made(60, 1, 0), Made(60, 1, 0.3), Rows(40, 1, 0, stream: 1)])
        {
            (Table resampled, _) = Tables(made);
            Assert.AreEqual(NearCopies.Of(resampled)!.WithinHalf, Measure(made).NearCopies, 1e-12);
        }
    }

    [TestMethod]
    public void Rows_from_elsewhere_are_told_at_sight()
    {
        SyntheticScores scores = Measure(Made(60, 1, 4)), alike = Measure(Made(60, 1, 0));
        Assert.IsLessThan(alike.KsComplement - 0.2, scores.KsComplement);
        Assert.IsGreaterThan(0.95, scores.TwoSampleAuc);
        Assert.AreEqual(0, scores.NearerThanHoldout, 0.1);
    }

    [TestMethod]
    public void Copies_of_training_rows_are_counted_and_at_distance_0()
    {
        double[][] training = Rows(40, 1, 0, stream: 1);
        SyntheticScores scores = Measure(training[..20]);
        Assert.AreEqual(20, scores.ExactCopies);
        Assert.AreEqual(1, scores.NearCopies);
        Assert.AreEqual(0, scores.ClosestDistance, 1e-12);
        Assert.AreEqual(1, scores.NearerThanHoldout);
        Assert.IsGreaterThan(0, scores.HoldoutClosestDistance);
    }

    [TestMethod]
    public void Nothing_made_gives_no_scores_and_tiny_classes_give_no_numbers()
    {
        (Table resampled, Table holdout) = Tables([]);
        Assert.IsNull(SyntheticQuality.Measure(resampled, holdout, 1, default));
        SyntheticScores scores = Measure(Made(3, 1, 0));
        Assert.IsTrue(double.IsNaN(scores.TwoSampleAuc));
        Assert.IsFalse(double.IsNaN(scores.KsComplement));
        Table other = Table.FromArrays(new double[,] { { 1 } }, ["x"]);
        Assert.ThrowsExactly<ArgumentException>(() => SyntheticQuality.Measure(resampled, other, 1, default));
    }

    [TestMethod]
    public void Quantiles_are_interpolated_as_numpys_and_the_same_call_gives_the_same_scores()
    {
        Assert.AreEqual(1.15, ClosestRows.Quantile([4, 1, 3, 2], 0.05), 1e-12);
        Assert.AreEqual(2.5, ClosestRows.Quantile([4, 1, 3, 2], 0.5), 1e-12);
        Assert.AreEqual(Measure(Made(20, 1, 1)), Measure(Made(20, 1, 1)));
    }

    static SyntheticScores Measure(double[][] made)
    {
        (Table resampled, Table holdout) = Tables(made);
        return SyntheticQuality.Measure(resampled, holdout, 1, default)!;
    }

    static double[][] Made(int count, int label, double shift) => Rows(count, label, shift, stream: 9);

    // Training: 80 rows of class 0, 40 of class 1; holdout: 50 of each; synthetic rows are of class 1.
    static (Table Resampled, Table Holdout) Tables(double[][] made)
    {
        Table training =
            Make([.. Rows(80, 0, 0, 0), .. Rows(40, 1, 0, 1)], [.. Enumerable.Repeat("no", 80), .. Enumerable.Repeat("yes", 40)]);
        Table holdout =
            Make([.. Rows(50, 0, 0, 3), .. Rows(50, 1, 0, 4)], [.. Enumerable.Repeat("no", 50), .. Enumerable.Repeat("yes", 50)]);
        return made.Length == 0
            ? (training, holdout)
            : (new Table(training.Schema, [.. training.Values, .. made.SelectMany(row => row)],
                [.. training.Labels, .. made.Select(_ => 1)], training.RowCount, new int[made.Length]), holdout);
    }

    static Table Make(double[][] rows, string[] labels)
    {
        double[,] values = new double[rows.Length, Names.Length];
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < Names.Length; j++)
                values[i, j] = rows[i][j];
        return Table.FromArrays(values, labels, Names);
    }

    static double[][] Rows(int count, int label, double shift, ulong stream) => [.. Enumerable.Range(0, count).Select(i =>
    {
        float[] normal = new float[Names.Length];
        new CounterRandom(stream + 100, RandomStream.Latent).FillNormal((ulong)i, normal);
        return new double[] { normal[0] + 1.5 * label + shift, normal[0]
            + normal[1], 10 * normal[2] - shift, Math.Clamp(Math.Round(normal[3]), -2, 2) };
    })];
}

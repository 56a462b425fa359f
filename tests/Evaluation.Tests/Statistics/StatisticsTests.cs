using System.Text.Json;

namespace LeoCvae.Evaluation.Tests;

/// <summary>Tests, intervals and distances against scipy and numpy.</summary>
[TestClass]
public class StatisticsTests
{
    const double Close = 1e-9;

    static readonly JsonElement Oracle =
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Oracles", "statistics.json"))).RootElement;

    [TestMethod]
    public void Wilcoxon_is_that_of_scipy()
    {
        foreach (JsonElement json in Oracle.GetProperty("wilcoxon").EnumerateArray())
        {
            double[] differences = Doubles(json, "differences");
            Assert.AreEqual(Number(json, "p"), PairedComparison.WilcoxonPValue(differences), Close, $"n = {differences.Length}");
            Assert.AreEqual(Number(json, "p"), PairedComparison.WilcoxonPValue([.. differences.Select(difference => -difference)]), Close);
        }
        Assert.AreEqual(1, PairedComparison.WilcoxonPValue([0, 0]));
    }

    [TestMethod]
    public void Intervals_are_those_of_the_corrected_resampled_t()
    {
        foreach (JsonElement json in Oracle.GetProperty("interval").EnumerateArray())
        {
            PairedInterval interval = PairedComparison.Interval(Doubles(json, "differences"), Number(json, "test_share"));
            Assert.AreEqual(Number(json, "mean"), interval.Mean, Close);
            Assert.AreEqual(Number(json, "low"), interval.Low, Close * Math.Max(1, Math.Abs(interval.Low)));
            Assert.AreEqual(Number(json, "high"), interval.High, Close * Math.Max(1, Math.Abs(interval.High)));
            Assert.AreEqual(Number(json, "p"), interval.PValue, Close);
            Assert.AreEqual(interval.PValue < 0.05, interval.ExcludesZero);
        }
    }

    [TestMethod]
    public void One_fold_and_equal_differences_prove_nothing()
    {
        PairedInterval one = PairedComparison.Interval([0.3], 0.2);
        Assert.IsFalse(one.ExcludesZero);
        Assert.AreEqual(1, one.PValue);
        foreach (double[] alike in (double[][])[[0.1, 0.1, 0.1], [0.8 - 0.6, 0.6 - 0.4], [-0.25, -0.25]])
        {
            PairedInterval equal = PairedComparison.Interval(alike, 0.2);
            Assert.IsFalse(equal.ExcludesZero);
            Assert.AreEqual(1, equal.PValue);
            Assert.AreEqual(alike[0], equal.Mean, 1e-12);
        }
        PairedInterval none = PairedComparison.Interval([0, 0, 0], 0.2);
        Assert.IsFalse(none.ExcludesZero);
        Assert.AreEqual(1, none.PValue);
        Assert.AreEqual(0, none.High - none.Low);
    }

    [TestMethod]
    public void Students_t_and_Holm_are_those_of_scipy()
    {
        foreach (JsonElement json in Oracle.GetProperty("t").EnumerateArray())
        {
            (double df, double quantile) = (Number(json, "df"), Number(json, "quantile"));
            Assert.AreEqual(Number(json, "cdf"), Distributions.StudentCdf(Number(json, "x"), df), Close);
            Assert.AreEqual(quantile, Distributions.StudentQuantile(Number(json, "p"), df), Close * Math.Max(1, quantile));
        }
        foreach (JsonElement json in Oracle.GetProperty("holm").EnumerateArray())
            AssertClose(Doubles(json, "adjusted"), PairedComparison.Holm(Doubles(json, "p")));
    }

    [TestMethod]
    public void Distances_and_correlations_are_those_of_scipy_and_numpy()
    {
        foreach (JsonElement json in Oracle.GetProperty("distances").EnumerateArray())
        {
            (double[] a, double[] b) = (Doubles(json, "a"), Doubles(json, "b"));
            Assert.AreEqual(Number(json, "ks"), ColumnDistances.KolmogorovSmirnov(a, b), Close);
            Assert.AreEqual(Number(json, "ks"), ColumnDistances.KolmogorovSmirnov(b, a), Close);
            Assert.AreEqual(Number(json, "tv"), ColumnDistances.TotalVariation(a, b), Close);
        }
        JsonElement correlation = Oracle.GetProperty("correlation");
        double[][] rows = correlation.GetProperty("rows").Deserialize<double[][]>()!,
            expected = correlation.GetProperty("matrix").Deserialize<double[][]>()!;
        double[,] actual =
            ColumnDistances.Correlations([.. Enumerable.Range(0, rows[0].Length).Select(j => rows.Select(row => row[j]).ToArray())]);
        AssertClose([.. expected.SelectMany(row => row)], [.. actual.Cast<double>()]);
    }

    [TestMethod]
    public void Ranks_share_ties_and_the_best_has_rank_1()
    {
        AssertClose([2.5, 1, 2.5, 4], Ranks.Of([5, 1, 5, 9]));
        AssertClose([1.5, 2, 2.5], PairedComparison.MeanRanks(new double[,] { { 0.9, 0.8, 0.7 }, { 0.5, 0.5, 0.5 } }, true));
        AssertClose([2.5, 2, 1.5], PairedComparison.MeanRanks(new double[,] { { 0.9, 0.8, 0.7 }, { 0.5, 0.5, 0.5 } }, false));
    }

    [TestMethod]
    public void The_area_under_the_curve_is_that_of_the_rank_sum_bit_for_bit()
    {
        Assert.AreEqual(0.75, Ranking.Auc([0.1, 0.4, 0.35, 0.8], [false, false, true, true]));
        Assert.AreEqual(0.5, Ranking.Auc([1, 1, 1], [true, false, true]));
        Assert.AreEqual(0.5, Ranking.Auc([1, 2], [true, true]));
        CounterRandom random = new(3, RandomStream.Seeds);
        for (int n = 2; n < 300; n++)
        {
            // Some scores are tied.
            double[] scores = [.. Enumerable.Range(0, n).Select(i => Math.Round(random.Uniform((ulong)n, 2 * i), 2))];
            bool[] positives = [.. Enumerable.Range(0, n).Select(i => i < 2 ? i == 0 : random.Uniform((ulong)n, 2 * i + 1) < 0.3)];
            double[] ranks = Ranks.Of(scores);
            long count = positives.Count(positive => positive), others = n - count;
            double sum = ranks.Where((_, i) => positives[i]).Sum();
            Assert.AreEqual((sum - count * (count + 1) / 2.0) / count / others, Ranking.Auc(scores, positives));
        }
    }

    [TestMethod]
    public void Bad_input_is_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => PairedComparison.WilcoxonPValue([]));
        Assert.ThrowsExactly<ArgumentException>(() => PairedComparison.WilcoxonPValue([double.NaN]));
        Assert.ThrowsExactly<ArgumentException>(() => PairedComparison.Interval([], 0.2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PairedComparison.Interval([1, 2], 1));
    }

    static double Number(JsonElement json, string name) => json.GetProperty(name).GetDouble();

    static double[] Doubles(JsonElement json, string name) => json.GetProperty(name).Deserialize<double[]>()!;

    static void AssertClose(double[] expected, double[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], Close);
    }
}

namespace LeoCvae.Evaluation.Tests.Resampling;

/// <summary>
/// Where imbalanced-learn draws from its own generator, the distribution is what must agree: pairs and steps are uniform.
/// </summary>
[TestClass]
public class DrawTests
{
    // Ten rows, one neighbor list each, thousands of draws.
    static readonly Table Table = Tables.Blobs([6000, 10], 2, step: 0.4);

    // Chi-squared of 60 or fewer degrees of freedom stays below 110 but once in ten thousand seeds.
    const double LargestChiSquared = 110;

    [TestMethod]
    public void Smote_takes_all_pairs_alike_and_all_places_between()
    {
        (Dictionary<(int, int), int> pairs, List<double> steps) = Pairs("smote", 11);
        Assert.HasCount(50, pairs);
        Assert.IsLessThan(LargestChiSquared, ChiSquared(pairs.Values, steps.Count / 50.0));
        Assert.IsLessThan(1.95 / Math.Sqrt(steps.Count), KolmogorovSmirnov(steps));
    }

    [TestMethod]
    public void Adasyn_takes_all_neighbors_of_a_row_alike_and_all_places_between()
    {
        (Dictionary<(int From, int), int> pairs, List<double> steps) = Pairs("adasyn", 12);
        double sum = 0;
        foreach (IGrouping<int, KeyValuePair<(int From, int), int>> row in pairs.GroupBy(pair => pair.Key.From))
            sum += ChiSquared(row.Select(pair => pair.Value), row.Sum(pair => pair.Value) / 5.0);
        Assert.IsLessThan(LargestChiSquared, sum);
        Assert.IsLessThan(1.95 / Math.Sqrt(steps.Count), KolmogorovSmirnov(steps));
    }

    [TestMethod]
    public void Random_copies_take_all_rows_alike()
    {
        Table resampled = Resamplers.RandomCopies.Resample(new(Table), 13, CancellationToken.None);
        int[] counts = [.. Enumerable.Range(Table.RowCount, 5990).GroupBy(resampled.SourceRow).Select(group => group.Count())];
        Assert.HasCount(10, counts);
        Assert.IsLessThan(LargestChiSquared / 2, ChiSquared(counts, 599));
        for (int row = Table.RowCount; row < resampled.RowCount; row++)
            Assert.AreSequenceEqual(Table.Row(resampled.SourceRow(row)!.Value).ToArray(), resampled.Row(row).ToArray());
    }

    static (Dictionary<(int From, int To), int> Pairs, List<double> Steps) Pairs(string method, ulong seed)
    {
        Table resampled = Resamplers.Named(method).Resample(new(Table), seed, CancellationToken.None);
        ClassRows group = Tables.ClassRows(Table, Table.Schema.ClassIndex("c1"), 5);
        NeighborLists lists = group.WithinClass(group.Rows);
        Dictionary<(int, int), int> pairs = [];
        List<double> steps = [];
        for (int row = Table.RowCount; row < resampled.RowCount; row++)
        {
            int from = resampled.SourceRow(row)!.Value;
            int[] neighbors = [.. lists.Ids(Array.IndexOf(group.Rows, from)).ToArray().Select(id => group.Rows[id])];
            int to =
                neighbors.Single(id => OversamplingOracleTests.Step(Table.Row(from), Table.Row(id), resampled.Row(row)) is >= 0 and < 1);
            pairs[(from, to)] = pairs.GetValueOrDefault((from, to)) + 1;
            steps.Add(OversamplingOracleTests.Step(Table.Row(from), Table.Row(to), resampled.Row(row)));
        }
        return (pairs, steps);
    }

    static double ChiSquared(IEnumerable<int> counts, double expected) =>
        counts.Sum(count => (count - expected) * (count - expected) / expected);

    static double KolmogorovSmirnov(List<double> uniform)
    {
        uniform.Sort();
        return uniform.Select((value, i) => Math.Max(value - (double)i / uniform.Count, (i + 1.0) / uniform.Count - value)).Max();
    }
}

namespace LeoCvae.Training.Tests;

/// <summary>Of a table with too many rows a fit takes a stratified sample.</summary>
[TestClass]
public sealed class TrainingSampleTests
{
    static readonly Table Table = Samples.Gaussian([300, 80, 6], 4);

    static int[] Counts(Table table, IEnumerable<int> rows)
    {
        int[] counts = new int[table.Schema.Classes.Count];
        foreach (int row in rows)
            counts[table.Labels[row]]++;
        return counts;
    }

    [TestMethod]
    [DataRow(new[] { 5_000_000, 4_000, 300 }, 200_000, new[] { 198_700, 1_000, 300 }, DisplayName = "small classes keep their floor")]
    [DataRow(new[] { 600, 300, 100 }, 100, new[] { 34, 33, 33 }, DisplayName = "no room for the floor: equal")]
    [DataRow(new[] { 60_000, 30_000, 10_000 }, 50_000, new[] { 30_000, 15_000, 5_000 }, DisplayName = "shares")]
    [DataRow(new[] { 50_001, 30_000, 19_999 }, 10_000, new[] { 5_000, 3_000, 2_000 }, DisplayName = "largest remainders")]
    [DataRow(new[] { 10, 10, 1 }, 20, new[] { 10, 9, 1 }, DisplayName = "one row too many")]
    [DataRow(new[] { 10, 10 }, 2, new[] { 1, 1 }, DisplayName = "one of each class")]
    public void Each_class_gets_its_share_and_small_ones_all_they_have(int[] counts, int most, int[] expected)
    {
        int[] labels = [.. counts.SelectMany((count, c) => Enumerable.Repeat(c, count))];
        int[] rows = TrainingSample.Choose(labels, counts, most, seed: 1), taken = new int[counts.Length];
        foreach (int row in rows)
            taken[labels[row]]++;
        Assert.AreSequenceEqual(expected, taken);
        Assert.AreSequenceEqual(rows.Distinct().Order(), rows);
        Assert.AreSequenceEqual(rows, TrainingSample.Choose(labels, counts, most, seed: 1));
        if (most > counts.Length && labels.Length > most + 1)
            Assert.AreNotSequenceEqual(rows, TrainingSample.Choose(labels, counts, most, seed: 2));
    }

    [TestMethod]
    public void The_fit_is_that_of_the_sample_and_says_so()
    {
        TrainingOptions options = Samples.Quick with { MaxTrainingRows = 120 };
        string?[] groups = [.. Enumerable.Range(0, Table.RowCount).Select(row => $"{row / 2}")];
        using TrainingResult result = LeoTrainer.Fit(Table, options, groups: groups);
        int[] rows = [.. result.SampledRows!];
        Assert.HasCount(120, rows);
        Assert.AreEqual(6, Counts(Table, rows)[2]);
        int[] counts = Counts(Table, rows);
        Assert.AreEqual($"fitted on 120 of 386 rows, stratified: a {counts[0]} of 300, b {counts[1]} of 80, c 6 of 6",
            result.Warnings[0]);
        using TrainingResult alone = LeoTrainer.Fit(Table.Select(rows), options, groups: [.. rows.Select(row => groups[row])]);
        Assert.IsNull(alone.SampledRows);
        Assert.AreSequenceEqual(alone.Losses, result.Losses);
        Assert.AreEqual(120, result.Model.Manifest.Provenance.Rows);
        using TrainingResult threads = LeoTrainer.Fit(Table, options with { MaxDegreeOfParallelism = 1 }, groups: groups);
        Assert.AreSequenceEqual(result.SampledRows!, threads.SampledRows!);
        Assert.ThrowsExactly<ArgumentException>(() => LeoTrainer.Fit(Table, options, groups: groups[1..]));
    }

    [TestMethod]
    public void All_real_rows_stay_and_new_ones_name_the_rows_that_they_start_from()
    {
        TrainingOptions options = Samples.Quick with { MaxTrainingRows = 60 };
        Table resampled = LeoTrainer.FitResample(Table, options);
        Assert.AreEqual(Table.RowCount, resampled.RealRows);
        Assert.AreSequenceEqual(Table.Values.ToArray(), resampled.Values[..Table.Values.Length].ToArray());
        using TrainingResult fitted = LeoTrainer.Fit(Table, options);
        HashSet<int> sample = [.. fitted.SampledRows!];
        for (int row = resampled.RealRows; row < resampled.RowCount; row++)
        {
            int source = resampled.SourceRow(row)!.Value;
            Assert.Contains(source, sample);
            Assert.AreEqual(resampled.Label(row), Table.Label(source));
        }
    }

    [TestMethod]
    public void A_table_within_the_limit_is_fitted_whole()
    {
        using TrainingResult result = LeoTrainer.Fit(Table, Samples.Quick with { MaxTrainingRows = Table.RowCount });
        Assert.IsNull(result.SampledRows);
        Assert.DoesNotContain("stratified", string.Concat(result.Warnings));
    }

    [TestMethod]
    public void The_default_is_by_the_memory_that_there_is()
    {
        const long Gigabyte = 1L << 30;
        Assert.IsGreaterThan(1_000_000, TrainingSample.MostRows(30, 8 * Gigabyte));
        Assert.IsGreaterThan(1_000, TrainingSample.MostRows(20_000, 4 * Gigabyte));
        Assert.AreEqual(1_000, TrainingSample.MostRows(20_000, 1));
        Assert.AreEqual(int.MaxValue, TrainingSample.MostRows(1, long.MaxValue));
        ArgumentException few = Assert.ThrowsExactly<ArgumentException>(() =>
            LeoTrainer.Fit(Table, Samples.Quick with { MaxTrainingRows = 2 }));
        Assert.Contains("got 2 rows for 3 classes", few.Message);
        Assert.ThrowsExactly<ArgumentException>(() => (Samples.Quick with { MaxTrainingRows = 1 }).Validate());
    }
}

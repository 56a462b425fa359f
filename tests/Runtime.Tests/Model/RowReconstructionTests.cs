namespace LeoCvae.Runtime.Tests;

/// <summary>An attack on a saved model: decode every seed without noise, the closest that its files come to a training row.</summary>
[TestClass]
public class RowReconstructionTests
{
    [TestMethod]
    public void Decoded_seeds_are_farther_from_their_rows_than_the_rows_are_from_their_nearest_neighbors()
    {
        using LeoModel model = TestModel.Load();
        TableEncoder encoder = TableEncoder.Fit(TestModel.Training);
        Matrix rows = encoder.Encode(TestModel.Training),
            decoded = encoder.Encode(new(TestModel.Training.Schema, Decoded(model), TestModel.Training.Labels.ToArray()));
        double[] nearest = [.. Enumerable.Range(0, rows.Rows)
            .Select(row => Enumerable.Range(0, rows.Rows).Where(other => other != row).Min(other => Distance(rows[row], rows[other])))];
        double[] own = [.. Enumerable.Range(0, rows.Rows).Select(row => Distance(rows[row], decoded[row]))];
        double ratio = Median(own) / Median(nearest);
        Assert.IsGreaterThan(1, ratio);
        // Rows of their own, in dense places, may be met by chance; to meet most of them takes knowing them.
        Assert.IsLessThan(0.25, own.Zip(nearest, (distance, neighbor) => distance < neighbor ? 1.0 : 0).Average());
    }

    // What each row's seed decodes to, in the order of the rows.
    static double[] Decoded(LeoModel model)
    {
        double[] bySeed = model.DecodeSeeds(), byRow = new double[bySeed.Length];
        IReadOnlyList<int> rows = model.Seeds.Rows;
        int width = model.Schema.Columns.Count;
        for (int seed = 0; seed < rows.Count; seed++)
            bySeed.AsSpan(seed * width, width).CopyTo(byRow.AsSpan(rows[seed] * width));
        return byRow;
    }

    static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
            sum += (a[j] - b[j]) * (double)(a[j] - b[j]);
        return Math.Sqrt(sum);
    }

    static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}

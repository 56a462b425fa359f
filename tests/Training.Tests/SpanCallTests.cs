namespace LeoCvae.Training.Tests;

/// <summary>Calls on spans of cells: the same numbers as calls on tables, without a byte allocated.</summary>
[TestClass]
public class SpanCallTests
{
    static readonly Table Table = Samples.Mixed(300);
    static readonly TrainingResult Fitted = LeoTrainer.Fit(Table, TrainingOptions.Default with { MaxEpochs = 30, WithReference = true });

    static LeoModel Model => Fitted.Model;

    static int Width => Table.Schema.Columns.Count;

    static int Latent => Model.Manifest.LatentSize;

    [ClassCleanup]
    public static void Free() => Fitted.Dispose();

    [TestMethod]
    public void A_row_scores_as_in_a_table()
    {
        EntropyScores scores = Model.Score(Table, search: NeighborSearch.Exact), few = Model.Score(Table, neighbors: 3);
        double[] shares = new double[2];
        for (int i = 0; i < Table.RowCount; i++)
        {
            Assert.AreEqual(scores.Bits[i], Model.Score(Table.Row(i), shares));
            Assert.AreSequenceEqual(scores.Frequencies(i).ToArray(), shares);
            Assert.AreEqual(few.Bits[i], Model.Score(Table.Row(i), shares, neighbors: 3));
        }
        Assert.AreEqual(Model.Score(Table, neighbors: 1000).Bits[0], Model.Score(Table.Row(0), shares, neighbors: 1000));
    }

    [TestMethod]
    public void Rows_are_embedded_as_in_a_table()
    {
        Matrix expected = Model.Embed(Table);
        float[] own = new float[Latent], all = new float[Table.RowCount * Latent];
        for (int i = 0; i < Table.RowCount; i++)
        {
            Model.Embed(Table.Row(i), Table.Labels[i], own);
            Assert.AreSequenceEqual(expected[i].ToArray(), own);
        }
        EntropyScores scores = Model.Score(Table);
        double[] shares = [.. Enumerable.Range(0, Table.RowCount).SelectMany(i => scores.Frequencies(i).ToArray())];
        Model.Embed(Table.Values, shares, all);
        for (int i = 0; i < Table.RowCount; i++)
        {
            Model.Embed(Table.Row(i), scores.Frequencies(i), own);
            Assert.AreSequenceEqual(own, all[(i * Latent)..((i + 1) * Latent)]);
        }
        Model.Embed([], 0, []);
    }

    [TestMethod]
    [DataRow(Evaluator.Managed, 1)]
    [DataRow(Evaluator.Managed, 40)]
    [DataRow(Evaluator.OnnxRuntime, 1)]
    [DataRow(Evaluator.OnnxRuntime, 40)]
    public void A_call_allocates_nothing(Evaluator evaluator, int rows)
    {
        using LeoModel model = Model.EvaluatedBy(new() { Evaluator = evaluator });
        double[] made = new double[rows * Width], shares = new double[2];
        float[] embedded = new float[rows * Latent];
        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 50; i++)
            {
                model.Generate(i % 2, i, rows, made);
                model.Embed(made, i % 2, embedded);
                double bits = model.Score(made.AsSpan(0, Width), shares);
                Assert.IsGreaterThanOrEqualTo(0, bits);
                model.Embed(made.AsSpan(0, Width), shares, embedded.AsSpan(0, Latent));
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Allocated();
        Assert.AreEqual(0, Allocated());
    }

    [TestMethod]
    public void What_is_no_row_is_refused()
    {
        double[] row = Table.Row(0).ToArray(), shares = new double[2];
        float[] embedded = new float[Latent];
        double[] With(int column, double cell) => [.. row.Select((value, j) => j == column ? cell : value)];
        void Refused(string message, Action<LeoModel> call) => Expect.Throws<ArgumentException>(() => call(Model), message);
        Refused($"got {Width - 1} cells, expected rows of {Width}", model => model.Score(row.AsSpan(1), shares));
        Refused($"got {2 * Width} cells, expected {Width}, one row", model => model.Score([.. row, .. row], shares));
        Refused("got room for 1 shares, expected 2", model => model.Score(row, shares.AsSpan(1)));
        Refused("column 'city': got 99, expected the index of one of", model => model.Score(With(2, 99), shares));
        Refused("column 'city': got 0.5, expected the index of one of", model => model.Embed(With(2, 0.5), 0, embedded));
        Refused("expected a finite number", model => model.Embed(With(0, double.NaN), 0, embedded));
        Refused("expected a finite number", model => model.Embed(With(0, double.PositiveInfinity), 0, embedded));
        Refused("too far from the training rows", model => model.Score(With(0, 1e300), shares));
        Refused("too far from the training rows", model => model.Embed(With(0, 1e300), 0, embedded));
        Expect.Throws<ArgumentOutOfRangeException>(() => Model.Embed(row, 2, embedded),
            "expected 0 to 1, an index into the model's classes");
        Refused($"got room for {Latent - 1} values", model => model.Embed(row, 0, embedded.AsSpan(1)));
        Refused("got shares whose sum is 2", model => model.Embed(row, [1, 1], embedded));
        Refused("got shares whose sum is NaN", model => model.Embed(row, [-1, 2], embedded));
        Refused("got 1 shares, expected 1 rows x 2 classes", model => model.Embed(row, [1], embedded));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Model.Score(row, shares, neighbors: 0));
    }
}

namespace LeoCvae.Evaluation.Tests.Resampling;

[TestClass]
public class BaselineTests
{
    static readonly string[] Oversamplers = ["ros", "smote", "bsmote", "adasyn"];

    static Table Resample(string method, Table table, ulong seed = 1) => Resample(Resamplers.Named(method), table, seed);

    static Table Resample(IResampler method, Table table, ulong seed = 1) => method.Resample(new(table), seed, CancellationToken.None);

    [TestMethod]
    public void None_and_weights_keep_the_rows_and_only_weights_asks_for_weights()
    {
        Table table = Tables.Blobs([20, 5], 2);
        Assert.AreSame(table, Resample("none", table));
        Assert.AreSame(table, Resample("weights", table));
        Assert.AreEqual("weights", Resamplers.All.Single(method => method.BalancesWeights).Name);
    }

    [TestMethod]
    public void Real_rows_come_first_as_they_are_and_synthetic_rows_after()
    {
        Table table = Tables.Blobs([40, 12, 7], 3, step: 0.3);
        foreach (string method in Oversamplers)
        {
            Table resampled = Resample(method, table);
            Assert.AreEqual(table.RowCount, resampled.RealRows);
            Assert.AreSequenceEqual(table.Values.ToArray(), resampled.Values[..table.Values.Length].ToArray());
            Assert.AreSequenceEqual(table.Labels.ToArray(), resampled.Labels[..table.RowCount].ToArray());
        }
    }

    [TestMethod]
    public void The_seed_alone_decides()
    {
        Table table = Tables.Blobs([40, 12, 7], 3, step: 0.3);
        foreach (string method in Oversamplers)
        {
            Assert.AreSequenceEqual(Resample(method, table).Values.ToArray(), Resample(method, table).Values.ToArray());
            Assert.AreNotSequenceEqual(Resample(method, table).Values.ToArray(), Resample(method, table, 2).Values.ToArray());
        }
    }

    [TestMethod]
    public void Rows_of_every_class_are_as_many_as_it_has_and_begin_with_those_that_balancing_adds()
    {
        Table table = Tables.Blobs([30, 12, 1], 3, step: 0.3);
        LeoResampler leo = new("leo", Training.TrainingOptions.Paper with { MaxEpochs = 2 });
        foreach (IRowMaker method in (IRowMaker[])[(IRowMaker)Resamplers.RandomCopies, (IRowMaker)Resamplers.Smote, leo])
        {
            MadeRows made = method.Make(new(table), 1, doubles: true, CancellationToken.None);
            Table doubled = made.Doubled!;
            Assert.AreSequenceEqual(Resample(method, table).Values.ToArray(), made.Resampled.Values.ToArray());
            Assert.AreEqual(table.RowCount, doubled.RealRows);
            Assert.AreSequenceEqual(table.ClassCounts().Select(count => 2 * count).ToArray(), doubled.ClassCounts());
            // A LEO-CVAE's rows in place of real ones don't start from rows of high entropy more often.
            foreach (string name in table.Schema.Classes.Where(name => name != "c0" && method != leo))
                Assert.AreSequenceEqual(Made(doubled, name)[0], Made(made.Resampled, name)[0]);
            Assert.IsNull(method.Make(new(table), 1, doubles: false, CancellationToken.None).Doubled);
        }
        // Of the class of one row the one row.
        Table twins = ((IRowMaker)Resamplers.Smote).Make(new(table), 1, doubles: true, CancellationToken.None).Doubled!;
        int only = Enumerable.Range(0, table.RowCount).Single(row => table.Label(row) == "c2");
        Assert.AreSequenceEqual(table.Row(only).ToArray(), Made(twins, "c2").Single());
    }

    static double[][] Made(Table table, string name) => [.. Enumerable.Range(table.RealRows, table.RowCount - table.RealRows)
        .Where(row => table.Label(row) == name).Select(row => table.Row(row).ToArray())];

    [TestMethod]
    public void A_class_of_one_row_is_copied()
    {
        // Beside the other class, so that it isn't noise; k is 1.
        Table table = Tables.Of(new double[,] { { 0 }, { 1 }, { 2 }, { 3 }, { 1.2 } }, 0, 0, 0, 0, 1);
        foreach (string method in (string[])["ros", "smote", "adasyn"])
        {
            Table resampled = Resample(method, table);
            Assert.AreEqual(8, resampled.RowCount);
            for (int row = 5; row < 8; row++)
                Assert.AreEqual((1.2, "c1", 4), (resampled.Row(row)[0], resampled.Label(row), resampled.SourceRow(row)));
        }
        // All its neighbors are of the other class: noise to Borderline-SMOTE.
        Assert.AreEqual(5, Resample("bsmote", table).RowCount);
    }

    [TestMethod]
    public void Balanced_tables_gain_nothing()
    {
        Table table = Tables.Blobs([9, 9], 2);
        foreach (string method in Oversamplers)
            Assert.AreEqual(18, Resample(method, table).RowCount, method);
    }

    [TestMethod]
    public void A_class_with_no_stranger_near_is_left_alone_and_the_others_grow()
    {
        Table near = Tables.Blobs([30, 10], 2, step: 0.3);
        double[,] values = new double[52, 2];
        string[] labels = new string[52];
        for (int i = 0; i < 52; i++)
            (values[i, 0], values[i, 1], labels[i]) = i < 40 ? (near.Row(i)[0], near.Row(i)[1], near.Label(i))
                : (1000 + i, 1000 - i * i, "far");
        Table table = Table.FromArrays(values, labels);
        foreach (string method in (string[])["bsmote", "adasyn"])
        {
            int[] added = Tables.AddedRows(table, Resample(method, table));
            Assert.AreEqual(0, added[table.Schema.ClassIndex("far")], method);
            Assert.IsGreaterThan(15, added[table.Schema.ClassIndex("c1")], method);
        }
    }

    [TestMethod]
    public void Duplicates_and_constant_columns_and_huge_values_are_no_obstacle()
    {
        Table duplicates = Tables.Of(new double[,] { { 1, 5 }, { 1, 5 }, { 1, 5 }, { 1, 5 }, { 1, 5 }, { 1, 5 } }, 0, 0, 0, 0, 1, 1);
        Table huge = Tables.Of(new double[,] { { 1e300, 1 }, { -1e300, 1 }, { 2e299, 1 }, { 0, 1 }, { 5e299, 1 }, { -3e299, 1 },
            { 1e299, 1 } }, 0, 0, 0, 0, 0, 1, 1);
        foreach (string method in Oversamplers)
        {
            Assert.IsTrue(Resample(method, duplicates).Values.ToArray().Chunk(2).All(row => row is [1, 5]), method);
            Assert.IsTrue(Resample(method, huge).Values.ToArray().All(double.IsFinite), method);
        }
        Assert.AreEqual(8, Resample("smote", duplicates).RowCount);
        Assert.AreEqual(10, Resample("smote", huge).RowCount);
    }

    [TestMethod]
    public void A_far_offset_does_not_blur_distances()
    {
        Table table = Tables.Blobs([40, 12], 3, step: 0.3);
        double[,] moved = new double[52, 3];
        for (int i = 0; i < 52; i++)
            for (int j = 0; j < 3; j++)
                moved[i, j] = 1e9 + table.Row(i)[j];
        Table far = Table.FromArrays(moved, [.. Enumerable.Range(0, 52).Select(table.Label)]);
        ClassRows here = Tables.ClassRows(table, 1, 5), there = Tables.ClassRows(far, 1, 5);
        for (int i = 0; i < 12; i++)
            Assert.AreSequenceEqual(here.WithinClass(here.Rows).Ids(i).ToArray(), there.WithinClass(there.Rows).Ids(i).ToArray());
    }

    [TestMethod]
    public void Unknown_names_are_refused() =>
        Expect.Throws<ArgumentException>(() => Resamplers.Named("smotenc"), "smotenc", "none, weights, ros");
}

namespace LeoCvae.Runtime.Tests;

/// <summary>Any range of a class's rows is the same rows, whoever asks for it and in however many pieces.</summary>
[TestClass]
public class GenerateRangeTests
{
    const int Width = 30;

    [TestMethod]
    [DataRow(Evaluator.Managed)]
    [DataRow(Evaluator.OnnxRuntime)]
    public void A_range_is_a_part_of_all_rows(Evaluator evaluator)
    {
        using LeoModel model = LeoModel.Load(TestModel.Folder, new() { Evaluator = evaluator });
        Table all = model.Generate(TestModel.Counts(0, 2600), seed: 7);
        int benign = model.Schema.ClassIndex(TestModel.Benign);
        foreach ((int first, int count) in ((int, int)[])[(0, 0), (0, 1), (0, 2600), (1, 1), (1023, 2), (1024, 1024), (1500, 1100),
            (2599, 1), (17, 1000)])
        {
            double[] rows = new double[count * Width];
            model.Generate(benign, first, count, rows, seed: 7);
            Assert.IsTrue(all.Values.Slice(first * Width, count * Width).SequenceEqual(rows), $"{count} rows from {first}");
        }
    }

    [TestMethod]
    [DataRow(Evaluator.Managed)]
    [DataRow(Evaluator.OnnxRuntime)]
    public void Sixteen_threads_on_one_model_get_what_one_gets(Evaluator evaluator)
    {
        using LeoModel model = LeoModel.Load(TestModel.Folder, new() { Evaluator = evaluator, MaxDegreeOfParallelism = 1 });
        const int Threads = 16, Calls = 20;
        // Rows of other places, and of other numbers at a time, in each thread.
        (double[] Rows, float[] Latents)[] Made(int thread) => [.. Enumerable.Range(0, Calls).Select(call =>
        {
            int count = 1 + (thread * 7 + call * 13) % 50;
            (double[] rows, float[] latents) = (new double[count * Width], new float[count * model.Manifest.LatentSize]);
            model.Generate(call % 2, thread * 40 + call, count, rows);
            model.Embed(rows, call % 2, latents);
            return (rows, latents);
        })];
        (double[] Rows, float[] Latents)[][] alone = [.. Enumerable.Range(0, Threads).Select(Made)],
            together = new (double[], float[])[Threads][];
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() => together[i] = Made(i)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        for (int i = 0; i < Threads; i++)
            for (int call = 0; call < Calls; call++)
            {
                Assert.AreSequenceEqual(alone[i][call].Rows, together[i][call].Rows);
                Assert.AreSequenceEqual(alone[i][call].Latents, together[i][call].Latents);
            }
    }

    [TestMethod]
    public void Rows_far_out_are_made_alone()
    {
        using LeoModel model = TestModel.Load();
        double[] two = new double[2 * Width], one = new double[Width];
        model.Generate(0, (1L << 40) - 2, 2, two);
        model.Generate(0, (1L << 40) - 1, 1, one);
        Assert.AreSequenceEqual(two[Width..], one);
    }

    [TestMethod]
    public void A_wrong_class_range_or_length_is_refused()
    {
        using LeoModel model = TestModel.Load();
        double[] rows = new double[Width];
        Expect.Throws<ArgumentOutOfRangeException>(() => model.Generate(2, 0, 1, rows), "expected 0 to 1", "classIndex");
        Expect.Throws<ArgumentOutOfRangeException>(() => model.Generate(0, -1, 1, rows), "within 0 to 2^40");
        Expect.Throws<ArgumentOutOfRangeException>(() => model.Generate(0, 0, -1, rows), "within 0 to 2^40");
        Expect.Throws<ArgumentOutOfRangeException>(() => model.Generate(0, 1L << 40, 1, rows), "within 0 to 2^40");
        Expect.Throws<ArgumentException>(() => model.Generate(0, 0, 2, rows), "room for 30 values", "2 rows x 30 columns");
    }

    [TestMethod]
    public void In_place_of_real_rows_each_training_row_is_started_from_alike()
    {
        using LeoModel model = TestModel.Load();
        Dictionary<string, int> counts = TestModel.Counts(2120, 0);
        // 212 malignant training rows; those of higher entropy weigh more otherwise.
        int[] equal = PerRow(model.Generate(counts, weights: SeedWeights.Equal)), weighted = PerRow(model.Generate(counts));
        Assert.HasCount(212, equal);
        Assert.IsInRange(8, 12, equal.Min());
        Assert.IsInRange(8, 12, equal.Max());
        Assert.IsGreaterThan(15, weighted.Max());
        // Each way a row is the same in any call.
        double[] range = new double[20 * Width];
        model.Generate(0, 100, 20, range, weights: SeedWeights.Equal);
        Table batch = model.GenerateBatches(counts, weights: SeedWeights.Equal).First();
        Assert.IsTrue(batch.Values.Slice(100 * Width, 20 * Width).SequenceEqual(range));

        static int[] PerRow(Table rows) => [.. Enumerable.Range(0, rows.RowCount).CountBy(row => rows.SourceRow(row)!.Value)
            .Select(pair => pair.Value)];
    }

    [TestMethod]
    public void Batches_are_the_rows_of_one_table_in_their_order()
    {
        using LeoModel model = TestModel.Load();
        Dictionary<string, int> counts = TestModel.Counts(40000, 33000);
        Table all = model.Generate(counts, seed: 3);
        int row = 0, tables = 0;
        long reported = 0;
        foreach (Table batch in model.GenerateBatches(counts, seed: 3, progress: new Progress(done => reported = done)))
        {
            tables++;
            Assert.IsTrue(all.Values.Slice(row * Width, batch.RowCount * Width).SequenceEqual(batch.Values));
            Assert.IsTrue(all.Labels.Slice(row, batch.RowCount).SequenceEqual(batch.Labels));
            Assert.AreEqual(all.SourceRow(row), batch.SourceRow(0));
            row += batch.RowCount;
            Assert.AreEqual(row, reported);
        }
        Assert.AreEqual(73000, row);
        Assert.IsGreaterThan(2, tables, "one table would hold everything");
        Assert.AreEqual(0, model.GenerateBatches(TestModel.Counts(0, 0)).Single().RowCount);
        Expect.Throws<ArgumentException>(() => model.GenerateBatches(new Dictionary<string, int> { ["ill"] = 1 }), "unknown class 'ill'");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(64)]
    public void Parts_of_the_rows_are_the_rows(int parts)
    {
        using LeoModel model = TestModel.Load(threads: 1);
        Dictionary<string, int> counts = TestModel.Counts(4321, 777);
        Table all = model.Generate(counts, seed: 3);
        double[] rows = [.. Enumerable.Range(0, parts).SelectMany(part =>
        {
            (long first, long count) = new Shard(part, parts).Of(all.RowCount);
            Table[] batches = [.. model.GenerateBatches(counts, 3, firstRow: first, rowCount: count)];
            Assert.AreEqual(first, batches[0].FirstRow);
            Assert.AreEqual(count, batches.Sum(batch => (long)batch.RowCount));
            return batches.SelectMany(batch => batch.Values.ToArray());
        })];
        Assert.IsTrue(all.Values.SequenceEqual(rows));
        Assert.AreEqual(0, model.GenerateBatches(counts, firstRow: 5098).Single().RowCount);
        foreach ((long first, long? count) in ((long, long?)[])[(-1, 1), (0, 5099), (5098, 1), (5099, null), (3, -1), (long.MaxValue, 9)])
            Expect.Throws<ArgumentException>(() => model.GenerateBatches(counts, firstRow: first, rowCount: count), "within 5098 rows");
    }

    sealed class Progress(Action<long> report) : IProgress<long>
    {
        public void Report(long value) => report(value);
    }
}

using System.Collections.Concurrent;

namespace LeoCvae.Evaluation.Tests.CrossValidation;

[TestClass]
public class BaggingTests
{
    static readonly Dataset Data = new(Tables.Blobs([30, 12], 2));
    static readonly EvaluationOptions Three = new() { Folds = 3, TuningFolds = 2, Replicates = 3 };

    [TestMethod]
    public void A_bootstrap_sample_has_as_many_rows_of_each_class_and_copies_of_a_row_in_one_group()
    {
        TrainingRows rows = new(Tables.Blobs([40, 9, 1], 2), owner: Data);
        TrainingRows sample = rows.Bootstrap(7);
        Assert.AreSame(rows.Owner, sample.Owner);
        foreach (string name in rows.Table.Schema.Classes)
            Assert.AreEqual(Count(rows.Table, name), Count(sample.Table, name));
        string[] known = [.. Texts(rows.Table)], drawn = [.. Texts(sample.Table)];
        Assert.IsTrue(drawn.All(known.Contains));
        // Of many draws with replacement about 63% are distinct.
        Assert.AreEqual(0.63 * known.Length, drawn.Distinct().Count(), 6);
        for (int i = 0; i < drawn.Length; i++)
            for (int j = 0; j < i; j++)
                Assert.AreEqual(drawn[i] == drawn[j], sample.Groups![i] == sample.Groups[j]);
        Assert.AreSequenceEqual(drawn, Texts(rows.Bootstrap(7).Table));
        Assert.AreNotSequenceEqual(drawn, Texts(rows.Bootstrap(8).Table));
        string[] patients = [.. Enumerable.Range(0, known.Length).Select(row => $"patient {row / 3}")];
        TrainingRows ofPatients = new TrainingRows(rows.Table, null, patients).Bootstrap(7);
        Assert.AreSequenceEqual(drawn.Select(row => patients[Array.IndexOf(known, row)]), ofPatients.Groups!);
    }

    [TestMethod]
    public void Every_method_gets_the_same_samples_as_many_as_asked_for_in_folds_and_inner_folds()
    {
        ConcurrentDictionary<string, ConcurrentBag<string>> seen = new();
        ResamplerOf Watching(string name) => new(name, (table, seed) =>
        {
            seen.GetOrAdd(name, _ => []).Add($"{seed} {string.Join(' ', Texts(table))}");
            return table;
        });
        MethodEvaluator.Run(Data, [Watching("a"), Watching("b")], [new NearestCenter()], Three);
        Assert.HasCount(3 * (1 + 2) * 3, seen["a"].Distinct());
        Assert.AreSequenceEqual(seen["a"].Order(StringComparer.Ordinal), seen["b"].Order(StringComparer.Ordinal));
    }

    [TestMethod]
    public void Probabilities_are_the_mean_over_the_samples_for_none_as_well()
    {
        foreach (IResampler method in (IResampler[])[Resamplers.None, Resamplers.Smote])
        {
            EvaluationResult result = MethodEvaluator.Run(Data, [method], [new NearestCenter()], Three);
            Fold fold = Evaluation.CrossValidation.Split(Data, 3)[0];
            CounterRandom seeds = new(Three.Seed, RandomStream.FoldSeeds);
            double[][] each = [.. Enumerable.Range(0, 3).Select(replicate =>
            {
                // Part 0 of the replicate's fold and inner folds.
                int at = 2 * replicate * (Three.TuningFolds + 1);
                ulong seed = (ulong)seeds.Word(CounterRandom.Row(0, 0), at) << 32 | seeds.Word(CounterRandom.Row(0, 0), at + 1);
                using FittedPipeline pipeline = FittedPipeline.Fit(fold.Training.Bootstrap(seed), method, new NearestCenter(), seed);
                double[,] raw = fold.Predict(pipeline).Raw;
                return Enumerable.Range(0, raw.GetLength(0)).Select(row => raw[row, 1]).ToArray();
            })];
            for (int i = 0; i < fold.Tested.Count; i++)
                Assert.AreEqual(each.Average(values => values[i]), result.Predictions[0].Raw[fold.Tested[i], 1], 1e-12);
            Assert.AreNotSequenceEqual(each[0], each[1]);
        }
    }

    [TestMethod]
    public void Threads_change_nothing_and_methods_that_copy_rows_of_few_distinct_values_are_not_accused()
    {
        // Nine distinct rows: test rows equal training rows, and a sample lacks some of them.
        double[,] values = new double[60, 2];
        for (int i = 0; i < 60; i++)
            (values[i, 0], values[i, 1]) = (i % 3, i / 3 % 3);
        Dataset few = new(Tables.Of(values, [.. Enumerable.Range(0, 60).Select(i => i % 4 == 0 ? 1 : 0)]));
        IResampler[] methods = [Resamplers.None, Resamplers.Weights, Resamplers.RandomCopies, Resamplers.Smote, Resamplers.Adasyn,
            new LeoResampler("leo", Training.TrainingOptions.Paper with { MaxEpochs = 2 })];
        EvaluationResult[] results = [.. new[] { 1, 4 }.Select(threads => MethodEvaluator.Run(few, methods, [new NearestCenter()],
            Three with { MaxDegreeOfParallelism = threads, DescribeRows = true }))];
        Assert.AreSequenceEqual(results[0].Folds.Select(fold => (fold.Raw, fold.Corrected, fold.Tuned)).ToArray(),
            results[1].Folds.Select(fold => (fold.Raw, fold.Corrected, fold.Tuned)).ToArray());
        Assert.IsTrue(results[0].Folds.Where(fold => fold.Method == "ros").All(fold => fold.AddedRows == 20));
        Assert.Contains("bootstrap samples", string.Join('\n', results[0].Notes));
        EvaluationResult single = MethodEvaluator.Run(few, methods, [new NearestCenter()], Three with { Replicates = 1 });
        Assert.DoesNotContain("bootstrap", string.Join('\n', single.Notes));
    }

    static int Count(Table table, string name) => Enumerable.Range(0, table.RowCount).Count(row => table.Label(row) == name);

    static IEnumerable<string> Texts(Table table) => Enumerable.Range(0, table.RowCount)
        .Select(row => $"{string.Join(',', table.Row(row).ToArray())},{table.Label(row)}");
}

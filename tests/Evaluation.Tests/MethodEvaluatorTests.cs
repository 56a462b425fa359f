using System.Collections.Concurrent;

namespace LeoCvae.Evaluation.Tests;

[TestClass]
public class MethodEvaluatorTests
{
    static readonly IClassifier[] Center = [new NearestCenter()];
    static readonly IResampler[] Methods = [Resamplers.None, Resamplers.Weights, Resamplers.Smote];
    static readonly EvaluationOptions Quick = new() { Folds = 3, Repeats = 2, TuningFolds = 2 };

    [TestMethod]
    public void One_record_for_each_method_classifier_repeat_and_fold_and_every_row_predicted_once_a_repeat()
    {
        Dataset data = new(Tables.Blobs([40, 14, 9], 3));
        EvaluationResult result = MethodEvaluator.Run(data, Methods, [new NearestCenter(), new Renamed("other")], Quick);
        Assert.HasCount(3 * 2 * 2 * 3, result.Folds);
        int at = 0;
        foreach (string method in (string[])["none", "weights", "smote"])
            foreach (string classifier in (string[])["center", "other"])
                for (int repeat = 0; repeat < 2; repeat++)
                    for (int fold = 0; fold < 3; fold++, at++)
                        Assert.AreEqual((method, classifier, repeat, fold, 63), (result.Folds[at].Method, result.Folds[at].Classifier,
                            result.Folds[at].Repeat, result.Folds[at].Fold, result.Folds[at].TrainingRows + result.Folds[at].TestRows));
        Assert.HasCount(3 * 2 * 2, result.Predictions);
        Assert.AreEqual("c2", result.Classes[result.PositiveClass]);
        foreach (FoldResult fold in result.Folds)
        {
            PooledPredictions pool = result.Predictions.Single(each =>
                (each.Method, each.Classifier, each.Repeat) == (fold.Method, fold.Classifier, fold.Repeat));
            int[] rows = [.. Enumerable.Range(0, 63).Where(row => pool.FoldOfRow[row] == fold.Fold)];
            Assert.HasCount(fold.TestRows, rows);
            Assert.AreEqual(fold.Raw, Scores(pool.Raw));
            Assert.AreEqual(fold.Corrected, Scores(pool.Corrected));
            Assert.AreEqual(fold.Tuned, Scores(pool.Corrected, fold.Decision));

            ClassificationScores Scores(double[,] all, DecisionRule? decision = null)
            {
                double[,] some = new double[rows.Length, 3];
                for (int i = 0; i < rows.Length; i++)
                    for (int c = 0; c < 3; c++)
                        some[i, c] = all[rows[i], c];
                return ClassificationScores.Of(some, [.. rows.Select(row => result.Labels[row])], result.PositiveClass, decision);
            }
        }
    }

    [TestMethod]
    public void Threads_change_nothing()
    {
        Dataset data = new(Tables.Blobs([50, 14], 3));
        IResampler[] methods = [.. Methods, new LeoResampler("leo", Training.TrainingOptions.Paper with { MaxEpochs = 2 })];
        EvaluationResult one = MethodEvaluator.Run(data, methods, Center, Quick with { MaxDegreeOfParallelism = 1 }),
            four = MethodEvaluator.Run(data, methods, Center, Quick with { MaxDegreeOfParallelism = 4 });
        for (int i = 0; i < one.Folds.Count; i++)
        {
            Assert.AreEqual(one.Folds[i] with { Decision = four.Folds[i].Decision }, four.Folds[i]);
            Assert.AreSequenceEqual(one.Folds[i].Decision!.Weights, four.Folds[i].Decision!.Weights);
        }
        for (int i = 0; i < one.Predictions.Count; i++)
            Assert.AreSequenceEqual(one.Predictions[i].Raw.Cast<double>(), four.Predictions[i].Raw.Cast<double>());
        Assert.AreNotSequenceEqual(one.Predictions[0].Raw.Cast<double>(),
            MethodEvaluator.Run(data, methods, Center, Quick with { Seed = 1 }).Predictions[0].Raw.Cast<double>());
    }

    [TestMethod]
    public void Prior_correction_takes_back_what_class_weights_do_to_a_classifier_that_uses_them_as_priors()
    {
        // The test's classifier gives p(c) proportional to the class's weight times a density that weights don't change.
        Dataset data = new(Tables.Blobs([60, 14, 10], 2));
        EvaluationResult result = MethodEvaluator.Run(data, Methods, Center, Quick);
        double[] plain = [.. result.Predictions[0].Raw.Cast<double>()], weighted = [.. result.Predictions[2].Raw.Cast<double>()],
            corrected = [.. result.Predictions[2].Corrected.Cast<double>()];
        Assert.AreSequenceEqual(plain,
            result.Predictions[0].Corrected.Cast<double>(), EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) < 1e-12));
        double before = plain.Zip(weighted, (a, b) => Math.Abs(a - b)).Max(), after = plain.Zip(corrected, (a, b) => Math.Abs(a - b)).Max();
        Assert.IsGreaterThan(0.05, before);
        // By frequencies all of it; what is then fitted to inner folds moves the probabilities a little, and gives each class its share.
        foreach (Fold fold in Evaluation.CrossValidation.Split(data, Quick.Folds))
        {
            using FittedPipeline none = FittedPipeline.Fit(fold.Training, Methods[0], Center[0]),
                weights = FittedPipeline.Fit(fold.Training, Methods[1], Center[0]);
            Assert.IsLessThan(1e-5, fold.Predict(none).Raw.Cast<double>().Zip(fold.Predict(weights).Corrected.Cast<double>(), (a, b) =>
                Math.Abs(a - b)).Max());
        }
        Assert.IsLessThan(before / 2, after);
        double[] shares = [60 / 84.0, 14 / 84.0, 10 / 84.0];
        for (int c = 0; c < 3; c++)
            Assert.AreEqual(shares[c], corrected.Where((_, i) => i % 3 == c).Average(), 0.02);
    }

    [TestMethod]
    public void Tuned_decisions_help_where_the_rare_class_is_never_the_most_probable()
    {
        EvaluationResult result = MethodEvaluator.Run(new Dataset(Tables.Blobs([1900, 100], 1, step: 0.8)), [Resamplers.None], Center,
            new() { TuneFor = "balanced_accuracy" });
        Assert.IsGreaterThan(result.Folds.Average(fold => fold.Raw.BalancedAccuracy) + 0.1,
            result.Folds.Average(fold => fold.Tuned.BalancedAccuracy));
        Assert.IsTrue(result.Folds.All(fold => fold.Raw.AucMacro == fold.Tuned.AucMacro && fold.Decision!.Weights[0] < 0.5));
    }

    [TestMethod]
    public void Nothing_fitted_for_a_fold_depends_on_the_rows_that_it_tests_but_under_the_papers_protocol()
    {
        Table table = Tables.Blobs([45, 15], 6, step: 0.2);
        EvaluationOptions options = Quick with { Repeats = 1, Select = 3 };
        EvaluationResult before = MethodEvaluator.Run(new Dataset(table), Methods, Center, options);
        double[,] values = new double[60, 6];
        for (int i = 0; i < 60; i++)
            for (int j = 0; j < 6; j++)
                values[i, j] = before.Predictions[0].FoldOfRow[i] == 0 && j < 3 ? 50 * table.Labels[i] + j : table.Row(i)[j];
        Dataset poisoned = new(Table.FromArrays(values, [.. Enumerable.Range(0, 60).Select(table.Label)]));
        EvaluationResult after = MethodEvaluator.Run(poisoned, Methods, Center, options);
        Assert.AreSequenceEqual(before.Predictions[0].FoldOfRow, after.Predictions[0].FoldOfRow);
        foreach ((FoldResult a, FoldResult b) in before.Folds.Zip(after.Folds).Where(pair => pair.First.Fold == 0))
            Assert.AreSequenceEqual(a.Decision!.Weights, b.Decision!.Weights);

        // What a fold's training rows are, given the table, is all that its methods see.
        Assert.AreSequenceEqual(Seen(new Dataset(table), options), Seen(poisoned, options));
        EvaluationOptions paper = options with { Protocol = EvaluationProtocol.Paper };
        Assert.AreNotSequenceEqual(Seen(new Dataset(table), paper), Seen(poisoned, paper));
    }

    // All numbers that a method is shown in fold 0, in their order.
    static double[] Seen(Dataset data, EvaluationOptions options)
    {
        List<double[]> seen = [];
        ResamplerOf spy = new("spy", (rows, _) =>
        {
            seen.Add(rows.Values.ToArray());
            return rows;
        });
        MethodEvaluator.Run(data, [spy], Center, options with { MaxDegreeOfParallelism = 1 });
        // Of the first fold: its training rows, then its inner folds'.
        return [.. seen.Take(1 + options.TuningFolds).SelectMany(values => values)];
    }

    [TestMethod]
    [DataRow(75_000, 3)]
    [DataRow(75_004, 2)]
    public void Of_many_training_rows_one_inner_fold_tunes_decisions_and_a_note_says_so(int rows, int fits)
    {
        double[,] values = new double[rows, 1];
        string[] labels = [.. Enumerable.Range(0, rows).Select(row => row % 3 == 0 ? "rare" : "common")];
        for (int row = 0; row < rows; row++)
            values[row, 0] = row % 7 + (labels[row] == "rare" ? 3 : 0);
        int resampled = 0;
        ResamplerOf spy = new("spy", (table, _) =>
        {
            resampled++;
            return table;
        });
        EvaluationResult result = MethodEvaluator.Run(new(Table.FromArrays(values, labels)), [spy], Center,
            Quick with { Repeats = 1, MaxDegreeOfParallelism = 1 });
        // 50,000 and 50,002 or 50,003 training rows.
        Assert.AreEqual(3 * fits, resampled);
        string said = "tuned on one of 2 inner folds: a fold has more than 50000 training rows";
        Assert.AreEqual(fits == 2, result.Notes.Any(note => note.Contains(said, StringComparison.Ordinal)));
        // Half of the training rows are enough to find a threshold.
        foreach (FoldResult fold in result.Folds)
            Assert.IsGreaterThan(0.6, fold.Tuned.F1Macro);
    }

    [TestMethod]
    public void The_papers_protocol_stops_on_the_test_fold_and_says_so()
    {
        Dataset data = new(Tables.Blobs([30, 12], 3));
        NearestCenter honest = new(), paper = new();
        Assert.IsEmpty(MethodEvaluator.Run(data, Methods, [honest], Quick).Notes);
        Assert.IsFalse(honest.WasStopped);
        EvaluationResult result = MethodEvaluator.Run(data, Methods, [paper], EvaluationOptions.Paper);
        Assert.IsTrue(paper.WasStopped);
        Assert.Contains("optimistic, as published", result.Notes.Single());
        Assert.AreEqual((5, 64, 42ul), (result.Options.Folds, result.Options.Select, result.Options.Seed));
    }

    [TestMethod]
    public void Groups_stay_whole_in_inner_folds_as_well()
    {
        double[,] values = new double[80, 2];
        for (int i = 0; i < 80; i++)
            (values[i, 0], values[i, 1]) = (i / 2, i * 7 % 11);
        Table table = Table.FromArrays(values, [.. Enumerable.Range(0, 80).Select(i => i / 2 % 3 == 0 ? "few" : "many")]);
        Dataset data = new(table, [.. Enumerable.Range(0, 80).Select(i => $"patient {i / 2}")]);
        ConcurrentBag<Table> seen = [];
        ResamplerOf spy = new("spy", (rows, _) =>
        {
            seen.Add(rows);
            return rows;
        });
        MethodEvaluator.Run(data, [spy], Center, Quick);
        Assert.HasCount(6 * 3, seen);
        foreach (Table rows in seen)
            Assert.IsTrue(Enumerable.Range(0, rows.RowCount).GroupBy(row => rows.Row(row)[0]).All(patient => patient.Count() == 2));
    }

    [TestMethod]
    public void A_method_that_adds_no_rows_is_named()
    {
        // Classes far apart: no row is in danger, and none has strangers near.
        IReadOnlyList<string> notes = MethodEvaluator.Run(new Dataset(Tables.Blobs([40, 20], 2, step: 9)),
            [Resamplers.None, Resamplers.Weights, Resamplers.BorderlineSmote, Resamplers.Adasyn], Center, new() { Folds = 4 }).Notes;
        Assert.AreSequenceEqual(new[] { "bsmote", "adasyn" }.Select(name =>
            $"method '{name}' added no rows in 4 of 4 folds, where it does the same as none").ToArray(), notes.ToArray());
        Assert.IsEmpty(MethodEvaluator.Run(new Dataset(Tables.Blobs([30, 30], 2)), [Resamplers.None, Resamplers.Smote], Center,
            new() { Folds = 3 }).Notes);
    }

    [TestMethod]
    public void Small_classes_are_named_in_the_notes()
    {
        EvaluationResult result = MethodEvaluator.Run(new Dataset(Tables.Blobs([30, 2, 1], 2)), [Resamplers.None], Center);
        Assert.Contains("class 'c1' has 2 rows for 5 folds", string.Join('\n', result.Notes));
        Assert.Contains("class 'c2' has one row", string.Join('\n', result.Notes));
        Assert.Contains("decisions were not tuned in",
            string.Join('\n', MethodEvaluator.Run(new Dataset(Tables.Blobs([30, 2], 2)), [Resamplers.None], Center).Notes));
    }

    [TestMethod]
    public void Progress_counts_fits_and_cancellation_stops()
    {
        Dataset data = new(Tables.Blobs([30, 12], 2));
        ConcurrentBag<EvaluationProgress> reports = [];
        MethodEvaluator.Run(data, Methods, Center, Quick, new Reporting(reports.Add));
        Assert.AreSequenceEqual(Enumerable.Range(1, 18), reports.Select(report => report.Done).Order());
        Assert.IsTrue(reports.All(report => report.Total == 18));

        using CancellationTokenSource stop = new();
        Assert.ThrowsExactly<OperationCanceledException>(() =>
            MethodEvaluator.Run(data, Methods, Center, Quick, new Reporting(_ => stop.Cancel()), stop.Token));
    }

    [TestMethod]
    public void What_a_method_throws_comes_out_as_it_is()
    {
        Table whole = Tables.Blobs([60, 12], 3);
        ResamplerOf leak = new("leak", (rows, _) => ResamplerOf.Append(rows, Enumerable.Range(0, 72)
            .Where(row => !rows.Values.Contains(whole.Row(row)[0])).Select(row => (whole.Row(row).ToArray(), "c1"))));
        Expect.Throws<InvalidOperationException>(() => MethodEvaluator.Run(new Dataset(whole), [leak], Center), "method 'leak'",
            "has seen test rows");
        ResamplerOf broken = new("broken", (_, _) => throw new ArithmeticException("it diverged"));
        Expect.Throws<ArithmeticException>(() => MethodEvaluator.Run(new Dataset(whole), [broken], Center), "it diverged");
    }

    [TestMethod]
    public void Bad_input_is_refused_in_one_line()
    {
        Dataset data = new(Tables.Blobs([30, 12], 2));
        Expect.Throws<ArgumentException>(() => MethodEvaluator.Run(data, [], Center), "methods: got none");
        Expect.Throws<ArgumentException>(() => MethodEvaluator.Run(data, Methods, []), "classifiers: got none");
        Expect.Throws<ArgumentException>(() => MethodEvaluator.Run(data, [Resamplers.None, Resamplers.None], Center),
            "methods: 'none' is given twice");
        Expect.Throws<ArgumentException>(() => MethodEvaluator.Run(data, Methods, Center, new() { PositiveClass = "c9" }),
            "unknown class 'c9'");
        Expect.Throws<ArgumentException>(() => MethodEvaluator.Run(data, Methods, Center, new() { Folds = 1 }),
            "Folds: got 1, expected 2 to 1000");
        Expect.Throws<ArgumentException>(() => MethodEvaluator.Run(data, Methods, Center, new() { Repeats = 0 }), "Repeats: got 0");
        Expect.Throws<ArgumentException>(() => MethodEvaluator.Run(data, Methods, Center, new() { Select = -1 }), "Select: got -1");
        Expect.Throws<ArgumentException>(() => MethodEvaluator.Run(data, Methods, Center, new() { TuningFolds = 1 }), "TuningFolds: got 1");
        Expect.Throws<ArgumentException>(() => MethodEvaluator.Run(data, Methods, Center, new() { TuneFor = "auc" }), "TuneFor: got 'auc'");
        Expect.Throws<ArgumentException>(() => MethodEvaluator.Run(data, Methods, Center, new() { MaxDegreeOfParallelism = 0 }),
            "MaxDegreeOfParallelism: got 0");
        Expect.Throws<ArgumentException>(() => MethodEvaluator.Run(data, Methods, Center, new() { Protocol = (EvaluationProtocol)7 }),
            "Protocol: got 7");
        Expect.Throws<ArgumentException>(() => MethodEvaluator.Run(data, Methods, Center, new() { SelectBy = (FeatureScore)7 }),
            "SelectBy: got 7");
    }

    sealed class Reporting(Action<EvaluationProgress> report) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => report(value);
    }
}

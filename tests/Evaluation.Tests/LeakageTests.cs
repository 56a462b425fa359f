using System.Reflection;

[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.MethodLevel)]

namespace LeoCvae.Evaluation.Tests;

[TestClass]
public class LeakageTests
{
    static readonly NearestCenter Classifier = new();

    [TestMethod]
    public void Nobody_outside_can_make_training_rows_and_a_resampler_is_given_nothing_else()
    {
        Assert.IsEmpty(typeof(TrainingRows).GetConstructors(BindingFlags.Public | BindingFlags.Instance));
        Type[] given =
            [.. typeof(IResampler).GetMethod(nameof(IResampler.Resample))!.GetParameters().Select(parameter => parameter.ParameterType)];
        Assert.AreSequenceEqual((Type[])[typeof(TrainingRows), typeof(ulong), typeof(CancellationToken)], given);
    }

    [TestMethod]
    public void A_fold_and_its_training_rows_show_no_test_row()
    {
        Assert.IsEmpty(typeof(Fold).GetConstructors(BindingFlags.Public | BindingFlags.Instance));
        // Counts, the training rows, and predictions of a fitted pipeline: nothing else is public.
        Assert.AreSequenceEqual((string[])["Number", "Repeat", "TestRows", "Training"],
            typeof(Fold).GetProperties().Select(property => property.Name).Order());
        Assert.AreEqual(typeof(int), typeof(Fold).GetProperty(nameof(Fold.TestRows))!.PropertyType);
        Assert.AreSequenceEqual((string[])["Predict"], typeof(Fold)
            .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(method => !method.IsSpecialName)
            .Select(method => method.Name));
        Assert.AreSequenceEqual((string[])["Groups", "Table", "WithMissing"],
            typeof(TrainingRows).GetProperties().Select(property => property.Name).Order());
    }

    [TestMethod]
    public void Groups_are_told_of_training_rows_alone()
    {
        string[] patients = [.. Enumerable.Range(0, 60).Select(row => $"patient {row / 3}")];
        double[,] numbers = new double[60, 1];
        for (int row = 0; row < 60; row++)
            numbers[row, 0] = row;
        Table table = Table.FromArrays(numbers, [.. Enumerable.Range(0, 60).Select(row => row % 4 == 0 ? "rare" : "common")]);
        foreach (Fold fold in Evaluation.CrossValidation.Split(new(table, patients), 4))
        {
            Table trained = fold.Training.Table;
            // Which name goes with which patient is the fold's own affair.
            Assert.HasCount(trained.RowCount, fold.Training.Groups!);
            (string Group, string Patient)[] pairs =
                [.. fold.Training.Groups!.Select((group, row) => (group, patients[(int)trained.Row(row)[0]])).Distinct()];
            Assert.HasCount(trained.RowCount / 3, pairs);
            Assert.AreEqual(pairs.Length, pairs.DistinctBy(pair => pair.Group).Count());
        }
        Assert.IsNull(Evaluation.CrossValidation.Split(new(table), 4)[0].Training.Groups);
    }

    [TestMethod]
    public void What_was_fitted_on_another_fold_is_not_scored()
    {
        Fold[] folds = [.. Evaluation.CrossValidation.Split(new Dataset(Tables.Blobs([30, 12], 3)), 3)];
        using FittedPipeline pipeline = FittedPipeline.Fit(folds[0].Training, Resamplers.None, Classifier);
        Assert.HasCount(folds[0].TestRows, folds[0].Predict(pipeline).Rows);
        Expect.Throws<ArgumentException>(() => folds[1].Predict(pipeline), "fold 1", "another fold's training rows");
    }

    [TestMethod]
    public void A_resampler_that_got_hold_of_the_whole_table_and_returns_test_rows_is_caught()
    {
        Table whole = Tables.Blobs([120, 40], 4);
        foreach (Fold fold in Evaluation.CrossValidation.Split(new Dataset(whole), 5))
        {
            HashSet<double> known = [.. fold.Training.Table.Values];
            (double[] Values, string Label)[] unseen = [.. Enumerable.Range(0, 160).Where(row => !known.Contains(whole.Row(row)[0]))
                .Select(row => (whole.Row(row).ToArray(), whole.Label(row)))];
            Assert.HasCount(fold.TestRows, unseen);
            using FittedPipeline leak = FittedPipeline.Fit(fold.Training,
                new ResamplerOf("leak", (rows, _) => ResamplerOf.Append(rows, unseen)), Classifier);
            Expect.Throws<InvalidOperationException>(() => fold.Predict(leak), "method 'leak'",
                $"{unseen.Length} of {unseen.Length} distinct test rows", "has seen test rows");

            // Hidden among honest rows.
            Table honest = Resamplers.Smote.Resample(fold.Training, 1, CancellationToken.None);
            using FittedPipeline hidden = FittedPipeline.Fit(fold.Training,
                new ResamplerOf("hidden", (_, _) => ResamplerOf.Append(honest, unseen)), Classifier);
            Expect.Throws<InvalidOperationException>(() => fold.Predict(hidden), "method 'hidden'", $"{unseen.Length} of ");

            // One row alone may be chance: it is counted.
            using FittedPipeline one = FittedPipeline.Fit(fold.Training,
                new ResamplerOf("one", (_, _) => ResamplerOf.Append(honest, unseen[..1])), Classifier);
            Assert.AreEqual(1, fold.Predict(one).CopiedTestRows);
        }
    }

    [TestMethod]
    public void Honest_methods_on_tables_of_few_distinct_values_are_not_accused()
    {
        int copied = 0;
        foreach ((int width, int values) in ((int, int)[])[(1, 30), (2, 12), (3, 6), (4, 10), (6, 3)])
            for (int seed = 0; seed < 2; seed++)
            {
                Random random = new(seed);
                double[,] numbers = new double[150, width];
                foreach (ref double number in System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref numbers[0, 0], numbers.Length))
                    number = Math.Floor(values * random.NextDouble() * random.NextDouble());
                Dataset data = new(Table.FromArrays(numbers, [.. Enumerable.Range(0, 150).Select(row => row % 4 == 0 ? "few" : "many")]));
                // Each value from another row of the class: honest, and as many new rows out of old values as can be.
                ResamplerOf mixing = new("mixing", (rows, _) => ResamplerOf.Append(rows, Enumerable.Range(0, 200).Select(i =>
                {
                    int[] few = [.. Enumerable.Range(0, rows.RowCount).Where(row => rows.Label(row) == "few")];
                    return (Enumerable.Range(0, width).Select(j => rows.Row(few[random.Next(few.Length)])[j]).ToArray(), "few");
                })));
                LeoResampler leo = new("leo", Training.TrainingOptions.Paper with { MaxEpochs = 20 });
                foreach (Fold fold in Evaluation.CrossValidation.Split(data, 5, seed: (ulong)seed))
                    foreach (IResampler method in (IResampler[])[mixing, Resamplers.Smote, Resamplers.RandomCopies,
                        fold.Number == 0 ? leo : Resamplers.Adasyn])
                    {
                        using FittedPipeline pipeline = FittedPipeline.Fit(fold.Training, method, Classifier);
                        copied += fold.Predict(pipeline).CopiedTestRows;
                    }
            }
        // The check had something to be wrong about.
        Assert.IsGreaterThan(200, copied);
    }

    // Whole numbers up to a few, or all sorts of sparse tables, of two classes.
    static Dataset Discrete(string kind, int seed)
    {
        Random random = new(seed);
        (int rows, int width, Func<int, double> cell) = kind switch
        {
            "mutations" => (120, 30, (Func<int, double>)(label => random.NextDouble() < 0.05 + 0.03 * label ? 1 : 0)),
            "sparse" => (300, 40, label => random.NextDouble() < 0.05 + 0.03 * label ? 1 : 0),
            "counts" => (150, 12, label => Math.Floor(-Math.Log(1 - random.NextDouble()) * (random.NextDouble() < 0.7 ? 0.4 : 3 + label))),
            "binary" => (160, 8, label => random.NextDouble() < 0.4 + 0.2 * label ? 1 : 0),
            "constant" => (80, 4, _ => 3),
            _ => (100, 3, _ => random.Next(3) / 10.0),
        };
        int[] labels = [.. Enumerable.Range(0, rows).Select(row => row % 4 == 0 ? 1 : 0)];
        double[,] values = new double[rows, width];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < width; j++)
                values[i, j] = kind == "doubled" && i % 2 == 1 ? values[i - 1, j] : cell(labels[i]);
        return new(Table.FromArrays(values, [.. labels.Select(label => label == 1 ? "rare" : "common")]));
    }

    [TestMethod]
    [DataRow("mutations")]
    [DataRow("counts")]
    [DataRow("binary")]
    [DataRow("constant")]
    [DataRow("doubled")]
    public void No_method_is_accused_on_a_discrete_table(string kind)
    {
        IResampler[] methods = [Resamplers.RandomCopies, Resamplers.Smote, Resamplers.BorderlineSmote, Resamplers.Adasyn,
            new LeoResampler("leo", Training.TrainingOptions.Default with { MaxEpochs = 30 }),
            new LeoResampler("leo-paper", Training.TrainingOptions.Paper with { MaxEpochs = 30 }),
            // As blunt as a generator can be: every row is its class's mode, or nearly so.
            new ResamplerOf("mode", (rows, _) => ResamplerOf.Append(rows, Enumerable.Repeat((Mode(rows), "rare"), 200))),
            new ResamplerOf("nearly", (rows, seed) => ResamplerOf.Append(rows, Enumerable.Range(0, 200)
                .Select(i => (Mode(rows).Select((value, j) => j == i % 16 ? rows.Row(i % rows.RowCount)[j] : value).ToArray(), "rare")))),
            new ResamplerOf("zeros", (rows, _) =>
                ResamplerOf.Append(rows, Enumerable.Repeat((new double[rows.Schema.Columns.Count], "rare"), 200)))];
        for (int seed = 0; seed < 6; seed++)
            foreach (Fold fold in Evaluation.CrossValidation.Split(Discrete(kind, seed), 5, seed: (ulong)seed).Take(seed == 0 ? 5 : 2))
                foreach (IResampler method in seed == 0 ? methods : methods.Where(method => method is not LeoResampler))
                {
                    using FittedPipeline pipeline = FittedPipeline.Fit(fold.Training, method, Classifier);
                    Assert.HasCount(fold.TestRows, fold.Predict(pipeline).Rows);
                }

        static double[] Mode(Table rows) => [.. Enumerable.Range(0, rows.Schema.Columns.Count).Select(j =>
            Enumerable.Range(0, rows.RowCount).GroupBy(row => rows.Row(row)[j]).OrderByDescending(group => group.Count()).First().Key)];
    }

    [TestMethod]
    public void A_row_of_zeros_that_only_test_rows_have_is_counted_however_often_it_is_drawn_and_is_no_proof()
    {
        // Each training row has some mutation: which one is its number, so that none comes twice.
        double[,] values = new double[60, 60];
        for (int i = 0; i < 60; i++)
            values[i, i] = i == 7 ? 0 : 1;
        Table table = Table.FromArrays(values, [.. Enumerable.Range(0, 60).Select(i => i % 5 == 2 ? "rare" : "common")]);
        Fold fold = Evaluation.CrossValidation.Split(new(table), 5)
            .Single(each => Enumerable.Range(0, each.Training.Table.RowCount)
                .All(row => each.Training.Table.Row(row).ContainsAnyExcept(0.0)));
        using FittedPipeline zeros = FittedPipeline.Fit(fold.Training,
            new ResamplerOf("zeros", (rows, _) => ResamplerOf.Append(rows, Enumerable.Repeat((new double[60], "rare"), 40))), Classifier);
        Assert.AreEqual(40, fold.Predict(zeros).CopiedTestRows);
    }

    [TestMethod]
    [DataRow(12, 1e9, DisplayName = "continuous")]
    [DataRow(12, 100, DisplayName = "two decimals")]
    [DataRow(4, 1000, DisplayName = "three decimals, few columns")]
    public void Leaks_of_every_kind_are_caught_where_values_seldom_coincide(int width, double levels)
    {
        Table blobs = Tables.Blobs([200, 60], width, step: 0.5);
        double[,] values = new double[260, width];
        for (int i = 0; i < 260; i++)
            for (int j = 0; j < width; j++)
                values[i, j] = Math.Round(blobs.Row(i)[j] * levels) / levels;
        Dataset data = new(Table.FromArrays(values, [.. Enumerable.Range(0, 260).Select(blobs.Label)]));
        int fold = 0;
        foreach (Fold each in Evaluation.CrossValidation.Split(data, 5))
        {
            Random random = new(fold++);
            double[][] tested = [.. each.Tested.Select(row => data.Table.Row(row).ToArray())];
            Table honest = Resamplers.Smote.Resample(each.Training, 1, CancellationToken.None);
            double[][] all =
                [.. tested, .. Enumerable.Range(0, each.Training.Table.RowCount).Select(row => each.Training.Table.Row(row).ToArray())];
            double[] Any(double[][] rows) => rows[random.Next(rows.Length)];
            void Caught(string name, IEnumerable<double[]> rows)
            {
                using FittedPipeline leak = FittedPipeline.Fit(each.Training,
                    new ResamplerOf(name, (_, _) => ResamplerOf.Append(honest, rows.Select(row => (row, "c1")))), Classifier);
                Expect.Throws<InvalidOperationException>(() => each.Predict(leak), $"method '{name}'", "has seen test rows");
            }
            Caught("three rows", tested[..3]);
            Caught("copies of all rows", Enumerable.Range(0, 100).Select(_ => Any(all)));
            // Cell by cell from any test row: no row comes back. Of two decimals, too many are in training rows, too.
            if (levels > 100)
                Caught("mixed test rows", Enumerable.Range(0, 60)
                    .Select(_ => Enumerable.Range(0, width).Select(j => Any(tested)[j]).ToArray()));
        }
    }

    [TestMethod]
    public void Copies_of_test_rows_are_caught_where_rows_coincide_now_and_then()
    {
        for (int seed = 0; seed < 3; seed++)
        {
            Dataset data = Discrete("sparse", seed);
            foreach (Fold fold in Evaluation.CrossValidation.Split(data, 5))
            {
                using FittedPipeline leak = FittedPipeline.Fit(fold.Training, new ResamplerOf("copies", (rows, _) =>
                    ResamplerOf.Append(rows, fold.Tested.Select(row => (data.Table.Row(row).ToArray(), "rare")))), Classifier);
                Expect.Throws<InvalidOperationException>(() => fold.Predict(leak), "method 'copies'", "distinct test rows",
                    "has seen test rows");
            }
        }
    }

    [TestMethod]
    public void A_method_that_drops_or_changes_training_rows_or_columns_is_refused()
    {
        Fold fold = Evaluation.CrossValidation.Split(new Dataset(Tables.Blobs([30, 12], 2)), 3)[0];
        void Refused(string part, Func<Table, Table> change) =>
            Expect.Throws<InvalidOperationException>(() =>
                FittedPipeline.Fit(fold.Training, new ResamplerOf("wrong", (rows, _) => change(rows)), Classifier), "method 'wrong'", part);
        Refused("don't start with the 28 training rows", rows => rows.Select([.. Enumerable.Range(0, rows.RowCount - 1)]));
        Refused("don't start with", rows => rows.Select([.. Enumerable.Range(0, rows.RowCount).Reverse()]));
        Refused("don't start with", rows => Tables.Of(new double[28, 2], [.. rows.Labels]));
        Refused("other columns", rows => Tables.Of(new double[28, 3], [.. rows.Labels]));
    }
}

namespace LeoCvae.Evaluation.Tests.CrossValidation;

/// <summary>What a fold makes of tables with categories, missing values and names of rows.</summary>
[TestClass]
public class MixedFoldTests
{
    [TestMethod]
    public void A_fold_imputes_by_the_most_frequent_category_of_its_training_rows_and_drops_names_of_rows()
    {
        Table table = MixedTables.Mixed(120);
        foreach (Fold fold in Evaluation.CrossValidation.Split(new(table), 3))
        {
            Table training = fold.Training.Table, raw = fold.Training.WithMissing;
            Assert.AreSequenceEqual((string[])["weight", "visits", "city", "day", "smoker"],
                training.Schema.Columns.Select(column => column.Name));
            int[] trained = [.. Enumerable.Range(0, 120).Except(fold.Tested)];
            double[] smokers = [.. trained.Select(row => table.Row(row)[4]).Where(cell => !double.IsNaN(cell))];
            double most = smokers.Count(cell => cell == 1) >= smokers.Length / 2.0 ? 1 : 0;
            for (int i = 0; i < trained.Length; i++)
                for (int j = 0; j < 5; j++)
                {
                    Assert.AreEqual(table.Row(trained[i])[j], raw.Row(i)[j]);
                    if (j == 4 || !double.IsNaN(raw.Row(i)[j]))
                        Assert.AreEqual(double.IsNaN(raw.Row(i)[j]) ? most : raw.Row(i)[j], training.Row(i)[j]);
                }
            // Whatever the test rows hold, and miss.
            double[] other = table.Values.ToArray();
            foreach (int row in fold.Tested)
                for (int j = 0; j < 5; j++)
                    other[row * 6 + j] = j is 1 or 4 && !double.IsNaN(other[row * 6 + j]) ? double.NaN : 0;
            Fold same = Evaluation.CrossValidation.Split(new(new Table(table.Schema, other, table.Labels.ToArray())), 3)[fold.Number];
            Assert.AreSequenceEqual(training.Values.ToArray(), same.Training.Table.Values.ToArray());
            Assert.IsFalse(same.TestTable().Values.ToArray().Any(double.IsNaN));
        }
    }

    [TestMethod]
    public void The_most_frequent_category_is_the_first_by_name_where_several_are()
    {
        Table table = MixedTables.Of(5, [0, 1, 0, 1, 0], [MixedTables.Category("c", i => new[] { 2, 1, double.NaN, 1, 2 }[i],
            "m", "z", "b")]);
        Assert.AreEqual(2, Imputation.OfReal(table).Complete(0, double.NaN));
    }

    [TestMethod]
    public void A_table_of_names_of_rows_alone_is_refused()
    {
        Table table = MixedTables.Of(8, [0, 1, 0, 1, 0, 1, 0, 1], [MixedTables.Column("id", ColumnKind.Identifier, _ => 0)]);
        Expect.Throws<ArgumentException>(() => Evaluate(table, [Resamplers.None]), "'id'", "names of rows");
    }

    [TestMethod]
    public void A_category_that_only_test_rows_have_is_no_level_and_no_method_makes_it()
    {
        // 'new' in one row, which is tested once.
        Table table = MixedTables.Of(60, [.. Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? 1 : 0)],
            [MixedTables.Category("c", i => i == 17 ? 2 : i % 2, "even", "odd", "new"), MixedTables.Numbers("x", i => i * i % 31)]);
        Fold fold = Evaluation.CrossValidation.Split(new(table), 4).Single(fold => fold.Tested.Contains(17));
        Matrix x = TableEncoder.Fit(fold.Training.Table).Encode(fold.TestTable());
        int at = fold.Tested.ToList().IndexOf(17);
        Assert.AreSequenceEqual((float[])[0, 0], x[at][1..].ToArray());
        foreach (IResampler method in (IResampler[])[Resamplers.RandomCopies, Resamplers.Smote, Quick])
            Assert.IsFalse(Made(method.Resample(fold.Training, 1, CancellationToken.None)).Any(row => row[0] == 2), method.Name);
        Evaluate(table, [Resamplers.None, Resamplers.Smote, Quick]);
    }

    [TestMethod]
    public void Columns_that_are_empty_in_a_fold_or_constant_are_left_out_by_all_methods()
    {
        Table table = MixedTables.Of(60, [.. Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? 1 : 0)],
            [MixedTables.Category("rare", i => i == 17 ? 1 : double.NaN, "a", "b"),
            MixedTables.Numbers("once", i => i == 17 ? 5 : double.NaN),
            MixedTables.Numbers("x", i => i * i % 31), MixedTables.Category("one", _ => 0, "a"), MixedTables.Numbers("two", _ => 2),
            MixedTables.Category("none", _ => double.NaN), MixedTables.Numbers("nothing", _ => double.NaN)]);
        ReportData report = Evaluate(table, [Resamplers.None, Resamplers.Weights, Resamplers.RandomCopies, Resamplers.Smote, Quick]);
        string notes = string.Join('\n', report.Origin.Notes);
        foreach (string column in (string[])["rare", "once"])
            Assert.Contains($"column '{column}' has no value in the training rows of 1 of 3 folds", notes);
        foreach (string column in (string[])["none", "nothing"])
            Assert.Contains($"column '{column}' has no value in the training rows of 3 of 3 folds", notes);
        Assert.Contains("or its most frequent category", notes);
        Assert.Contains("LEO-CVAE learns which are missing", notes);
        Assert.IsTrue(report.Scores.All(score => double.IsFinite(score.Value)));
    }

    [TestMethod]
    public void Informative_columns_are_selected_whatever_they_hold()
    {
        Random random = new(5);
        string[] names = [.. Enumerable.Range(0, 10_000).Select(k => $"name {k}")];
        int[] labels = [.. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? 1 : 0)];
        Table table = MixedTables.Of(300, labels, [
            MixedTables.Category("names", _ => random.Next(10_000), names),
            MixedTables.Category("noise", _ => random.Next(3), "a", "b", "c"),
            MixedTables.Category("tells", i => random.Next(10) < 8 ? labels[i] : random.Next(3), "a", "b", "c"),
            MixedTables.Numbers("random", _ => random.NextDouble()),
            MixedTables.Numbers("number", i => random.Next(4) == 0 ? double.NaN : random.NextDouble() + labels[i]),
            MixedTables.Column("id", ColumnKind.Identifier, _ => 0)]);
        foreach (FeatureScore by in Enum.GetValues<FeatureScore>())
            foreach (Table one in (Table[])[table, MixedTables.Turned(table, [5, 4, 3, 2, 1, 0])])
                foreach (Fold fold in Evaluation.CrossValidation.Split(new(one), 3, select: 2, selectBy: by))
                    Assert.AreSequenceEqual((string[])["number", "tells"],
                        fold.Training.Table.Schema.Columns.Select(column => column.Name).Order(), by.ToString());
    }

    [TestMethod]
    public void Scores_of_categories_are_those_of_their_table_of_counts()
    {
        // 2 x 2: counts 30, 10 and 10, 30: chi-squared 20, one degree of freedom.
        double[] column = [.. Enumerable.Range(0, 80).Select(i => i < 40 ? 0.0 : 1)];
        int[] labels = [.. Enumerable.Range(0, 80).Select(i => i is < 30 or >= 40 and < 50 ? 0 : 1)];
        Assert.AreEqual(20, FeatureScores.OfCategories(column, 2, labels, 2, FeatureScore.AnovaF), 1e-12);
        double information = Math.Log(2) + 0.75 * Math.Log(0.75) + 0.25 * Math.Log(0.25);
        Assert.AreEqual(information - 1 / 160.0, FeatureScores.OfCategories(column, 2, labels, 2, FeatureScore.MutualInformation), 1e-12);
        Assert.AreEqual(0, FeatureScores.OfCategories(new double[80], 1, labels, 2, FeatureScore.MutualInformation));
        Assert.AreEqual(0, FeatureScores.OfCategories(column, 2, new int[80], 1, FeatureScore.AnovaF));
    }

    [TestMethod]
    public void Rows_of_a_table_of_all_combinations_come_back_by_chance_and_nobody_is_accused()
    {
        ReportData report = Evaluate(MixedTables.Factorial(), [Resamplers.None, Resamplers.RandomCopies, Resamplers.Smote, Quick]);
        Assert.HasCount(3, report.Synthetic);
        Assert.IsTrue(report.Synthetic.All(made => double.IsNaN(made.Attacks!.LinesRebuilt)), "there are no numbers for lines");
    }

    [TestMethod]
    public void Rows_that_repeat_numbers_with_other_categories_are_no_leak()
    {
        // Each of 100 numbers with four of twenty kinds, no row twice; a made row has a row's number with another row's kind.
        Random random = new(8);
        (int Number, int Kind)[] rows = [.. Enumerable.Range(0, 100).SelectMany(number =>
            Enumerable.Range(0, 20).OrderBy(_ => random.Next()).Take(4).Select(kind => (number, kind)))];
        Table table = MixedTables.Of(400, [.. rows.Select((_, i) => i % 4 == 0 ? 1 : 0)], [MixedTables.Numbers("x", i => rows[i].Number),
            MixedTables.Numbers("y", i => Math.Sqrt(rows[i].Number)),
            MixedTables.Category("kind", i => rows[i].Kind, [.. Enumerable.Range(0, 20).Select(k => $"kind {k}")])]);
        ResamplerOf honest = new("honest", (given, seed) => MixedTables.Append(given, new(given.Schema,
            [.. Enumerable.Range(0, 400).SelectMany(_ => (double[])[.. given.Row(random.Next(given.RowCount))[..2],
                given.Row(random.Next(given.RowCount))[2]])], new int[400])));
        EvaluationResult result = MethodEvaluator.Run(new(table), [honest], [new NearestCenter()], new()
        {
            Folds = 3,
            TuningFolds = 2,
            MaxDegreeOfParallelism = 1
        });
        Assert.IsGreaterThan(10, result.Folds[0].CopiedTestRows);
    }

    [TestMethod]
    public void Copies_of_test_rows_of_a_mixed_table_are_found_out()
    {
        Table table = MixedTables.Mixed(200);
        ResamplerOf leak = new("leak", (rows, _) =>
        {
            // The rows of the table that aren't among those given: tested ones.
            HashSet<(double, double)> trained = [.. Enumerable.Range(0, rows.RowCount).Select(row => (rows.Row(row)[0], rows.Row(row)[3]))];
            int[] tested = [.. Enumerable.Range(0, 200).Where(row => !trained.Contains((table.Row(row)[0], table.Row(row)[3]))
                && !double.IsNaN(table.Row(row)[1]) && !double.IsNaN(table.Row(row)[4]))];
            Table copies = new(rows.Schema, [.. tested.SelectMany(row => table.Row(row)[..5].ToArray())],
                [.. tested.Select(row => rows.Schema.ClassIndex(table.Label(row)))]);
            return MixedTables.Append(rows, copies);
        });
        Expect.Throws<InvalidOperationException>(() => Evaluate(table, [leak]), "'leak'", "has seen test rows");
    }

    [TestMethod]
    public void Replicates_groups_duplicates_and_the_papers_protocol_take_mixed_tables()
    {
        Table table = MixedTables.Mixed(96);
        Dataset grouped = new(table, [.. Enumerable.Range(0, 96).Select(row => row % 5 == 0 ? null : $"patient {row / 8}")]);
        foreach (Dataset data in (Dataset[])[new(table), grouped, grouped.GroupDuplicates()])
            foreach (EvaluationOptions options in (EvaluationOptions[])[new() { Replicates = 2 },
                EvaluationOptions.Paper with { Select = 3 }])
            {
                EvaluationResult result = MethodEvaluator.Run(data, [Resamplers.None, Resamplers.RandomCopies, Resamplers.Smote, Quick],
                    [new NearestCenter()], options with { Folds = 2, TuningFolds = 2, DescribeRows = true });
                Assert.IsTrue(result.Folds.All(fold => double.IsFinite(fold.Raw.F1Macro)));
                Assert.IsTrue(result.Folds.All(fold => fold.Method == "none" || fold.AddedRows > 10));
                Assert.AreEqual(data.Groups is null ? 0 : 1, result.Notes.Count(note => note.Contains("groups", StringComparison.Ordinal)));
            }
        // Rows that differ in their names, which are no feature, and in what is missing.
        Table twins = MixedTables.Of(8, [0, 1, 0, 1, 0, 1, 0, 1],
            [MixedTables.Category("c", i => i < 6 ? i / 2 : double.NaN, "a", "b", "c"),
            MixedTables.Column("id", ColumnKind.Identifier, _ => 0)]);
        Assert.AreEqual(4, new Dataset(twins).GroupDuplicates().GroupCount);
    }

    [TestMethod]
    public void A_category_of_thousands_of_names_is_evaluated()
    {
        Random random = new(6);
        string[] names = [.. Enumerable.Range(0, 10_000).Select(k => $"name {k}")];
        ReportData report = Evaluate(MixedTables.Of(200, [.. Enumerable.Range(0, 200).Select(i => i % 4 == 0 ? 1 : 0)],
            [MixedTables.Category("name", _ => random.Next(10_000), names), MixedTables.Numbers("x", _ => random.NextDouble())]),
            [Resamplers.None, Resamplers.RandomCopies, Resamplers.Smote, Quick]);
        Assert.IsTrue(report.Synthetic.All(made => made.Scores.InvalidValues == 0));
        Assert.IsTrue(report.Scores.All(score => double.IsFinite(score.Value)));
    }

    [TestMethod]
    public void A_class_of_two_rows_in_a_table_of_categories_is_evaluated()
    {
        Table table = MixedTables.Of(62, [.. Enumerable.Range(0, 62).Select(i => i < 60 ? 0 : 1)],
            [MixedTables.Category("a", i => i % 3, "x", "y", "z"), MixedTables.Category("b", i => i / 7 % 4, "x", "y", "z", "u")]);
        ReportData report = Evaluate(table, [Resamplers.None, Resamplers.Smote, Quick], folds: 2);
        Assert.IsTrue(report.Synthetic.All(made => made.Scores.Rows == 29));
    }

    [TestMethod]
    public void Methods_classifiers_and_threads_agree_on_a_mixed_table()
    {
        Dataset data = new(MixedTables.Mixed(120));
        IResampler[] methods = [Resamplers.None, Resamplers.Weights, Resamplers.RandomCopies, Resamplers.Smote, Quick,
            new LeoResampler("leo-model", Training.TrainingOptions.Default with { MaxEpochs = 3 }, reloads: true),
            new LeoResampler("leo-paper", Training.TrainingOptions.Paper with { MaxEpochs = 3 })];
        IClassifier[] classifiers = [Classifiers.Create("logreg"), Classifiers.Create("forest"), Classifiers.Create("lightgbm")];
        EvaluationOptions options = new() { Folds = 2, TuningFolds = 2, DescribeRows = true };
        string[] results = [.. new[] { 1, 2 }.Select(threads => EvaluationReport.Of(
            MethodEvaluator.Run(data, methods, classifiers,
                options with { MaxDegreeOfParallelism = threads, Select = 4 }), data, "mixed"))
            .Select(report => report.ToJson() + report.ToHtml())];
        Assert.AreEqual(results[0], results[1]);
        ReportData report = ReportData.Of(MethodEvaluator.Run(data, methods, classifiers, options), data, "mixed");
        Assert.IsTrue(report.Scores.All(score => double.IsFinite(score.Value)));
        Assert.AreEqual((5, 2), (report.Origin.Columns, report.Origin.CategoryColumns));
        Assert.HasCount(5, report.Synthetic);
        Assert.IsTrue(report.Synthetic.All(made => double.IsFinite(made.Scores.ContingencySimilarity + made.Scores.MissingDifference
            + made.Scores.TwoSampleAuc + made.Attacks!.MembershipAuc + made.Attacks.LinesRebuilt)));
        Assert.IsTrue(report.Map!.Points.All(point => double.IsFinite(point.X + point.Y + point.Entropy)));
        // What was saved and loaded makes the same rows.
        Assert.AreEqual(Of("leo").Scores, Of("leo-model").Scores);
        Assert.AreEqual(0, Of("leo").Scores.InvalidValues);
        Assert.AreEqual(0, Of("ros").Scores.InvalidValues);
        Assert.IsGreaterThan(0.1, Of("smote").Scores.InvalidValues, "visits and days are no whole numbers any more");
        Assert.IsGreaterThan(0.3, Of("smote").Columns.Single(column => column.Column == "visits").Missing.Single().Real);
        Assert.AreEqual(0, Of("smote").Columns.Single(column => column.Column == "visits").Missing.Single().Synthetic);
        Assert.AreEqual(1, Of("ros").Attacks!.Synthetic.Equal, 0.35);
        string page = HtmlReport.Render(report);
        Assert.Contains("5 columns, 2 of categories", page);
        Assert.Contains("values of smote can\u2019t be held by their columns", page);
        Assert.Contains("Missing values of smote come at other rates", page);
        Assert.DoesNotContain("Missing values of ros", page);
        Assert.DoesNotContain("NaN", page);

        MethodRows Of(string method) => report.Synthetic.Single(made => made.Method == method);
    }

    static readonly LeoResampler Quick = new("leo", Training.TrainingOptions.Default with { MaxEpochs = 3 });

    static IEnumerable<double[]> Made(Table table) =>
        Enumerable.Range(table.RealRows, table.RowCount - table.RealRows).Select(row => table.Row(row).ToArray());

    static ReportData Evaluate(Table table, IResampler[] methods, int folds = 3)
    {
        Dataset data = new(table);
        EvaluationOptions options = new() { Folds = folds, TuningFolds = 2, DescribeRows = true };
        return ReportData.Of(MethodEvaluator.Run(data, methods, [new NearestCenter()], options), data, "mixed");
    }
}

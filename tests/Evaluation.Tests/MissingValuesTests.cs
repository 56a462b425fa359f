namespace LeoCvae.Evaluation.Tests;

[TestClass]
public class MissingValuesTests
{
    [TestMethod]
    public void A_fold_imputes_by_medians_of_its_training_rows_alone()
    {
        Table table = Tables.Blobs([40, 20], 3);
        Dataset holes = Holes(table);
        List<double[]> given = [];
        ResamplerOf spy = new("spy", (rows, _) =>
        {
            given.Add(rows.Values.ToArray());
            return rows;
        });
        MethodEvaluator.Run(holes, [spy], [new NearestCenter()], new() { Folds = 4, Repeats = 2, MaxDegreeOfParallelism = 1 });
        foreach (Fold fold in Evaluation.CrossValidation.Split(holes, 4, 2))
        {
            Assert.ContainsSingle(values => values.SequenceEqual(fold.Training.Table.Values.ToArray()), given);
            int[] trained = [.. Enumerable.Range(0, 60).Except(fold.Tested)];
            double[] medians = [.. Enumerable.Range(0, 3).Select(j =>
            {
                double[] known = [.. trained.Select(row => holes.Table.Row(row)[j]).Where(double.IsFinite).Order()];
                return (known[(known.Length - 1) / 2] + known[known.Length / 2]) / 2;
            })];
            double[] Imputed(IEnumerable<int> rows) =>
                [.. rows.SelectMany(row => holes.Table.Row(row).ToArray().Select((value, j) => double.IsNaN(value) ? medians[j] : value))];
            IEqualityComparer<double> close = EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) < 1e-12);
            Assert.AreSequenceEqual(Imputed(trained), fold.Training.Table.Values.ToArray(), close);
            Assert.AreSequenceEqual(Imputed(fold.Tested), fold.TestTable().Values.ToArray(), close);

            // Whatever the test rows hold, and lack, the training rows are the same.
            double[,] other = Values(holes.Table);
            foreach (int row in fold.Tested)
                for (int j = 0; j < 3; j++)
                    other[row, j] = double.IsNaN(other[row, j]) ? 1e6 : double.NaN;
            Fold same = Evaluation.CrossValidation.Split(Of(other, table), 4, 2)[fold.Repeat * 4 + fold.Number];
            Assert.AreSequenceEqual(fold.Training.Table.Values.ToArray(), same.Training.Table.Values.ToArray());
        }
    }

    [TestMethod]
    public void A_table_with_holes_gives_finite_figures_the_same_for_any_number_of_threads()
    {
        Dataset holes = Holes(Tables.Blobs([60, 30], 4));
        IResampler[] methods = [Resamplers.None, Resamplers.Smote, Resamplers.Adasyn,
            new LeoResampler("leo", Training.TrainingOptions.Default with { MaxEpochs = 3 })];
        IClassifier[] classifiers = [Classifiers.Create("logreg"), Classifiers.Create("forest")];
        EvaluationOptions options = new() { Folds = 3, TuningFolds = 2, Select = 3 };
        string[] results = [.. new[] { 1, 2 }.Select(threads =>
            Evaluate(holes, methods, classifiers, options with { MaxDegreeOfParallelism = threads }, out _))];
        Assert.AreEqual(results[0], results[1]);

        ReportData report;
        Evaluate(holes, methods, classifiers, options, out report);
        Assert.IsTrue(report.Scores.All(score => double.IsFinite(score.Value)));
        Assert.HasCount(3, report.Synthetic);
        Assert.IsTrue(report.Synthetic.All(made => double.IsFinite(made.Scores.KsComplement + made.Scores.CorrelationSimilarity
            + made.Scores.TwoSampleAuc + made.Scores.ClosestDistance)));
        Assert.IsTrue(report.SyntheticOnly.All(alone => double.IsFinite(alone.Share)));
        Assert.HasCount(60, report.Entropies.SelectMany(entry => entry.Bits).Where(double.IsFinite));
        Assert.IsTrue(report.Map!.Points.All(point => double.IsFinite(point.X + point.Y + point.Entropy)));
        string page = HtmlReport.Render(report);
        Assert.DoesNotContain("NaN", page);
        Assert.Contains($"{holes.Table.MissingCounts().Sum()} missing cells imputed", page);
        Assert.Contains($"{holes.Table.MissingCounts().Sum()} of 360 cells are missing, in 4 of 4 columns; imputed: each is the median " +
            "of its column over the training rows of the fold", page);
    }

    [TestMethod]
    public void The_papers_protocol_says_that_its_medians_are_those_of_all_rows()
    {
        Evaluate(Holes(Tables.Blobs([30, 20], 2)), [Resamplers.None], [new NearestCenter()],
            EvaluationOptions.Paper with { Folds = 2, TuningFolds = 2 }, out ReportData report);
        Assert.Contains("the median of its column over all rows", string.Join('\n', report.Origin.Notes));
    }

    [TestMethod]
    public void A_column_that_only_test_rows_know_is_left_out_of_the_fold()
    {
        Table table = Tables.Blobs([20, 20], 2);
        double[,] values = new double[40, 3];
        for (int row = 0; row < 40; row++)
            (values[row, 0], values[row, 1], values[row, 2]) = (table.Row(row)[0], table.Row(row)[1], row == 7 ? 1e9 : double.NaN);
        Dataset data = Of(values, table);
        Fold fold = Evaluation.CrossValidation.Split(data, 4).Single(fold => fold.Tested.Contains(7));
        Assert.AreSequenceEqual(new double[10], Enumerable.Range(0, 10).Select(row => fold.TestTable().Row(row)[2]));
        Evaluate(data, [Resamplers.None], [new NearestCenter()], new() { Folds = 4, TuningFolds = 2 }, out ReportData report);
        Assert.Contains("column 'x2' has no value in the training rows of 1 of 4 folds", string.Join('\n', report.Origin.Notes));
    }

    [TestMethod]
    public void A_table_without_holes_is_not_said_to_have_any_and_keeps_its_hash()
    {
        Table table = Tables.Blobs([30, 20], 2);
        Evaluate(new Dataset(table), [Resamplers.None], [new NearestCenter()], new() { Folds = 2, TuningFolds = 2 }, out ReportData report);
        Assert.IsEmpty(report.Origin.Notes);
        Assert.DoesNotContain("missing", HtmlReport.Render(report));
        Assert.AreEqual(0, report.Origin.MissingCells);
        Evaluate(Holes(table), [Resamplers.None], [new NearestCenter()], new() { Folds = 2, TuningFolds = 2 }, out ReportData holes);
        Assert.AreNotEqual(report.Origin.DataSha256, holes.Origin.DataSha256);
    }

    static string Evaluate(Dataset data, IResampler[] methods, IClassifier[] classifiers, EvaluationOptions options, out ReportData report)
    {
        report = ReportData.Of(MethodEvaluator.Run(data, methods, classifiers, options with { DescribeRows = true }), data, "holes");
        return ResultsJson.Render(report) + HtmlReport.Render(report);
    }

    // Every fifth cell or so is missing.
    static Dataset Holes(Table table)
    {
        Random random = new(3);
        double[,] values = Values(table);
        for (int i = 0; i < table.RowCount; i++)
            for (int j = 0; j < table.Schema.Columns.Count; j++)
                values[i, j] = random.Next(5) == 0 ? double.NaN : values[i, j];
        return Of(values, table);
    }

    static double[,] Values(Table table)
    {
        double[,] values = new double[table.RowCount, table.Schema.Columns.Count];
        for (int i = 0; i < table.RowCount; i++)
            for (int j = 0; j < table.Schema.Columns.Count; j++)
                values[i, j] = table.Row(i)[j];
        return values;
    }

    static Dataset Of(double[,] values, Table labeled) =>
        new(Table.FromArrays(values, [.. Enumerable.Range(0, labeled.RowCount).Select(labeled.Label)], allowMissing: true));
}

using LeoCvae.Training;

namespace LeoCvae.Evaluation.Tests;

[TestClass]
public class EvaluationReportTests
{
    [TestMethod]
    public void A_whole_evaluation_becomes_a_page_and_results()
    {
        Table table = Tables.Blobs([60, 20], 4);
        EvaluationResult result = MethodEvaluator.Run(new Dataset(table), [Resamplers.None, Resamplers.Smote],
            [Classifiers.Create("logreg"), Classifiers.Create("mlp")], new() { Folds = 3, Protocol = EvaluationProtocol.Paper });
        ReportData data = ReportData.Of(result, new Dataset(table), "blobs");
        Assert.IsTrue(data.Origin.IsOptimistic);
        // The results hold the measures that the tables leave out: micro averages and log loss.
        Assert.HasCount(2 * 2 * 3 * (data.Metrics.Count + 4), data.Scores);
        Assert.AreEqual(
            result.Folds[0].Raw.AucMicro,
            data.Scores.First(score => score is { Method: "none", Classifier: "logreg", Metric: "auc_micro", Fold: 0 }).Value);
        Assert.HasCount(2 * 2 * 3, data.Curves);
        Assert.AreEqual(
            result.Folds[0].Raw.F1Macro,
            data.Scores.First(score => score is { Method: "none", Classifier: "logreg", Metric: "f1_macro", Fold: 0 }).Value);
        Assert.AreEqual(
            result.Folds[^1].Corrected.Brier, data.Scores.First(
                score => score is { Method: "smote", Classifier: "mlp", Metric: "brier_corrected", Fold: 2 }).Value);
        Assert.Contains("prior-corrected Brier score", HtmlReport.Render(data));
        Assert.Contains("Tuned F1 macro", HtmlReport.Render(data));
        Assert.Contains("\"brier_corrected\"", ResultsJson.Render(data));
        Assert.AreEqual("c1", data.Origin.PositiveClass);
    }

    [TestMethod]
    public void Features_kept_are_no_more_than_there_are()
    {
        Dataset rows = new(Tables.Blobs([6, 6], 4));
        EvaluationResult Run(int select) =>
            MethodEvaluator.Run(rows, [Resamplers.None], [new NearestCenter()], new() { Folds = 2, TuningFolds = 2, Select = select });
        string Kept(int select) => ReportData.Of(Run(select), rows, "blobs").Origin.Options
            .Single(option => option.Name == "features kept").Value;
        Assert.AreSequenceEqual(["all", "3", "all", "all"], new[] { 0, 3, 4, 64 }.Select(Kept).ToArray());
    }

    [TestMethod]
    public void Map_and_losses_name_the_method_that_they_are_of()
    {
        Dataset rows = new(Tables.Blobs([60, 20], 4));
        IResampler[] methods = [
            .. new[] { "first", "last" }.Select(name => new LeoResampler(name, TrainingOptions.Default with { MaxEpochs = 2 })),
            Resamplers.None, Resamplers.Smote];
        IClassifier logreg = Classifiers.Create("logreg");
        ReportData Report(bool describeRows) =>
            ReportData.Of(MethodEvaluator.Run(rows, methods, [logreg], new() { Folds = 3, DescribeRows = describeRows }), rows, "blobs");
        Assert.IsNull(Report(false).Generator);
        ReportData data = Report(true);
        Assert.AreEqual("last", data.Generator);
        Assert.IsNotNull(data.Map);
        Assert.Contains("synthetic rows of last.", HtmlReport.Render(data));
    }

    [TestMethod]
    public void Rows_are_shown_in_the_features_that_the_protocol_keeps()
    {
        // Features of pure noise: all rows choose others than a fold's do.
        Dataset rows = new(Tables.Blobs([20, 12], 40, step: 0));
        IClassifier logreg = Classifiers.Create("logreg");
        double[] Shown(EvaluationProtocol protocol)
        {
            EvaluationOptions options = new() { Folds = 3, Select = 2, Protocol = protocol, DescribeRows = true };
            return [.. ReportData.Of(MethodEvaluator.Run(rows, [Resamplers.None], [logreg], options), rows, "noise").Entropies
                .SelectMany(part => part.Bits)];
        }
        double[] Of(Fold fold) =>
            [.. LocalEntropy.Score(fold.Training.Table).Bits.ToArray().Zip(fold.Training.Table.Labels.ToArray()).OrderBy(row => row.Second)
            .Select(row => row.First)];

        Preparation all = Preparation.Fit(
            rows.Table, [.. Enumerable.Range(0, rows.Table.RowCount)], 2, FeatureScore.MutualInformation, LeoModel.DefaultSeed, default);
        double[] kept = Of(Evaluation.CrossValidation.Split(rows, 3, 1, LeoModel.DefaultSeed, _ => all)[0]), inFold =
            Of(Evaluation.CrossValidation.Split(rows, 3, select: 2)[0]);
        Assert.AreNotEqual(string.Join(' ', kept), string.Join(' ', inFold));
        Assert.AreSequenceEqual(kept, Shown(EvaluationProtocol.Paper));
        Assert.AreSequenceEqual(inFold, Shown(EvaluationProtocol.Default));
    }

    [TestMethod]
    public void The_rows_in_the_report_are_those_that_the_classifiers_were_trained_on()
    {
        Dataset rows = new(Tables.Blobs([60, 20], 4));
        LeoResampler leo = new("leo", TrainingOptions.Default with { MaxEpochs = 2 });
        List<Matrix> seen = [];
        EvaluationOptions options = new() { Folds = 3, TuningFolds = 2, DescribeRows = true, MaxDegreeOfParallelism = 1 };
        ReportData data = ReportData.Of(MethodEvaluator.Run(rows, [leo], [new Recording(seen)], options), rows, "blobs");

        // The seed of the first fold's scored fit.
        CounterRandom seeds = new(options.Seed, RandomStream.FoldSeeds);
        Fold fold = Evaluation.CrossValidation.Split(rows, 3)[0];
        ulong seed = (ulong)seeds.Word(CounterRandom.Row(0, 0), 0) << 32 | seeds.Word(CounterRandom.Row(0, 0), 1);
        Table expected = leo.Resample(fold.Training, seed, default);
        Matrix x = TableEncoder.Fit(expected).Encode(expected);
        Assert.IsTrue(seen.Any(matrix => Values(matrix).SequenceEqual(Values(x))));
        Assert.AreSequenceEqual(
            RowMap.Of(expected, LocalEntropy.Score(expected).Bits.ToArray()).Points.ToArray(), data.Map!.Points.ToArray());
        Assert.AreEqual(SyntheticQuality.Measure(expected, fold.TestTable(), options.Seed, default),
            data.Synthetic.Single().Scores);
        MadeRows made = leo.Make(fold.Training, seed, doubles: true, default);
        Assert.IsNotNull(made.Decoded);
        DecodeScores decode = RowAttacks.Decode(made.Decoded, fold.Training.Table, default);
        Assert.AreEqual(RowAttacks.Measure(expected, fold.TestTable())! with { Decode = decode }, data.Synthetic.Single().Attacks);
        Assert.AreSequenceEqual(made.Losses.Select(loss => loss.TrainLoss).ToArray(), data.Losses.Select(loss => loss.Train).ToArray());

        static float[] Values(Matrix matrix) => [.. Enumerable.Range(0, matrix.Rows).SelectMany(row => matrix[row].ToArray())];
    }

    [TestMethod]
    public void A_report_takes_no_further_fit_and_changes_no_score()
    {
        Dataset rows = new(Tables.Blobs([60, 20], 4));
        int calls = 0;
        // A method of one's own, whose table doesn't tell which rows are synthetic.
        ResamplerOf own = new("own", (table, seed) =>
        {
            Interlocked.Increment(ref calls);
            return ResamplerOf.Append(table, Enumerable.Range(0, 20).Select(i => (new double[] { i, i, i, seed % 1000 }, "c1")));
        });
        (int Calls, EvaluationResult Result) Run(bool describeRows)
        {
            calls = 0;
            EvaluationResult result =
                MethodEvaluator.Run(rows, [Resamplers.None, own], [new NearestCenter()], new() { Folds = 3, DescribeRows = describeRows });
            return (calls, result);
        }
        (int plain, EvaluationResult scored) = Run(false);
        (int described, EvaluationResult withRows) = Run(true);
        Assert.AreEqual(plain, described);
        Assert.AreSequenceEqual(scored.Folds.Select(fold => fold.Raw).ToArray(), withRows.Folds.Select(fold => fold.Raw).ToArray());
        Assert.IsEmpty(ReportData.Of(scored, rows, "blobs").Synthetic);
        Assert.AreEqual(20, ReportData.Of(withRows, rows, "blobs").Synthetic.Single(made => made.Method == "own").Scores.Rows);
    }

    [TestMethod]
    public void Of_many_classes_none_is_positive_unless_somebody_says_so()
    {
        Dataset two = new(Tables.Blobs([12, 8], 2)), three = new(Tables.Blobs([12, 8, 8], 2));
        foreach ((Dataset rows, string? named, string? positive) in ((Dataset, string?, string?)[])[
            (two, null, "c1"), (three, null, null), (three, "c2", "c2")])
        {
            EvaluationOptions options = new() { Folds = 2, TuningFolds = 2, PositiveClass = named };
            EvaluationReport report =
                EvaluationReport.Of(MethodEvaluator.Run(rows, [Resamplers.None], [new NearestCenter()], options), rows, "rows");
            Assert.AreEqual(
                positive is null ? 0 : 2, report.Summaries.Count(
                    summary => summary.Metric.EndsWith("_positive", StringComparison.Ordinal)));
            Assert.AreEqual(positive is not null, report.ToHtml().Contains("ositive class", StringComparison.Ordinal));
            Assert.AreEqual(positive is not null, report.ToJson().Contains("f1_positive", StringComparison.Ordinal));
            Assert.Contains($"\"positive_class\": {(positive is null ? "null" : $"\"{positive}\"")}", report.ToJson());
        }
    }

    [TestMethod]
    public void A_report_is_of_the_rows_that_were_evaluated()
    {
        Dataset rows = new(Tables.Blobs([12, 8], 2)), others = new Dataset(Tables.Blobs([8, 12], 2));
        EvaluationResult result = MethodEvaluator.Run(rows, [Resamplers.None], [new NearestCenter()], new() { Folds = 2, TuningFolds = 2 });
        Assert.Contains("other rows", Assert.ThrowsExactly<ArgumentException>(() => EvaluationReport.Of(result, others, "others")).Message);
        EvaluationReport report = EvaluationReport.Of(result, rows, "rows");
        Assert.AreEqual("Only none was evaluated; there is nothing to compare.", report.Sentences[0]);
        Assert.Contains("Does oversampling help on rows?", report.ToHtml());
        Assert.Contains("\"verdict\"", report.ToJson());
        Assert.AreEqual(
            result.Folds.Average(fold => fold.Raw.Brier), report.Summaries.Single(summary => summary.Metric == "brier").Mean, 1e-12);
    }

    // Keeps what it was trained on.
    sealed class Recording(List<Matrix> seen) : IClassifier
    {
        public string Name => "recording";

        public IFittedClassifier Fit(
            Matrix x, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, int classes, ulong seed, CancellationToken cancellation)
        {
            seen.Add(x);
            return new NearestCenter().Fit(x, labels, weights, classes, seed, cancellation);
        }
    }
}

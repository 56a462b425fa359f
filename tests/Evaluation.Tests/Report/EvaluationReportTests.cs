using LeoCvae.Training;

namespace LeoCvae.Evaluation.Tests;

[TestClass]
public class EvaluationReportTests
{
    [TestMethod]
    public void A_whole_evaluation_becomes_a_page_and_results()
    {
        Table table = Tables.Blobs([60, 20], 4);
        EvaluationResult result = MethodEvaluator.Run(Dataset.FromTable(table), [Resamplers.None, Resamplers.Smote], [Classifiers.Create("logreg"), Classifiers.Create("mlp")], new() { Folds = 3, Protocol = EvaluationProtocol.Paper });
        ReportData data = EvaluationReport.Of(result, new()
        {
            Version = "1",
            Data = "blobs",
            DataSha256 = "",
            Target = "label",
            Classes = [new("c0", 60), new("c1", 20)],
            Columns = 4,
            Protocol = "paper",
            IsOptimistic = false,
            Folds = 3,
            Repeats = 1,
            Seed = 42,
        });
        Assert.IsTrue(data.Origin.IsOptimistic);
        // The results hold the measures that the tables leave out: micro averages and log loss.
        Assert.HasCount(2 * 2 * 3 * (data.Metrics.Count + 4), data.Scores);
        Assert.AreEqual(result.Folds[0].Raw.AucMicro, data.Scores.First(score => score is { Method: "none", Classifier: "logreg", Metric: "auc_micro", Fold: 0 }).Value);
        Assert.HasCount(2 * 2 * 3, data.Curves);
        Assert.AreEqual(result.Folds[0].Raw.F1Macro, data.Scores.First(score => score is { Method: "none", Classifier: "logreg", Metric: "f1_macro", Fold: 0 }).Value);
        Assert.AreEqual(result.Folds[^1].Corrected.Brier, data.Scores.First(score => score is { Method: "smote", Classifier: "mlp", Metric: "brier_corrected", Fold: 2 }).Value);
        Assert.Contains("prior-corrected Brier score", HtmlReport.Render(data));
        Assert.Contains("Tuned: ", HtmlReport.Render(data));
        Assert.Contains("\"brier_corrected\"", ResultsJson.Render(data));
        Assert.AreEqual("c1", data.Origin.PositiveClass);
    }

    [TestMethod]
    public void Features_kept_are_no_more_than_there_are()
    {
        Dataset rows = Dataset.FromTable(Tables.Blobs([6, 6], 4));
        string Kept(int select) => EvaluationReport.Origin(rows, "blobs", new() { Select = select }).Options.Single(option => option.Name == "features kept").Value;
        Assert.AreSequenceEqual(["all", "3", "all", "all"], new[] { 0, 3, 4, 64 }.Select(Kept).ToArray());
    }

    [TestMethod]
    public void Map_and_losses_name_the_method_that_they_are_of()
    {
        Dataset rows = Dataset.FromTable(Tables.Blobs([60, 20], 4));
        IResampler[] methods = [.. new[] { "first", "last" }.Select(name => new LeoResampler(name, TrainingOptions.Default with { MaxEpochs = 2 })), Resamplers.None, Resamplers.Smote];
        IClassifier logreg = Classifiers.Create("logreg");
        EvaluationOptions options = new() { Folds = 3 };
        ReportData data = EvaluationReport.Of(MethodEvaluator.Run(rows, methods, [logreg], options), EvaluationReport.Origin(rows, "blobs", options));
        Assert.IsNull(data.Generator);
        data = EvaluationReport.WithRows(data, rows, methods, logreg, options);
        Assert.AreEqual("last", data.Generator);
        Assert.IsNotNull(data.Map);
        Assert.Contains("crosses synthetic ones of last", HtmlReport.Render(data));
    }

    [TestMethod]
    public void Rows_are_shown_in_the_features_that_the_protocol_keeps()
    {
        // Features of pure noise: all rows choose others than a fold's do.
        Dataset rows = Dataset.FromTable(Tables.Blobs([20, 12], 40, step: 0));
        IClassifier logreg = Classifiers.Create("logreg");
        double[] Shown(EvaluationProtocol protocol)
        {
            EvaluationOptions options = new() { Folds = 3, Select = 2, Protocol = protocol };
            ReportData data = EvaluationReport.Of(MethodEvaluator.Run(rows, [Resamplers.None], [logreg], options), EvaluationReport.Origin(rows, "noise", options));
            return [.. EvaluationReport.WithRows(data, rows, [Resamplers.None], logreg, options).Entropies.SelectMany(part => part.Bits)];
        }
        double[] Of(Fold fold) => [.. LocalEntropy.Score(fold.Training.Table).Bits.ToArray().Zip(fold.Training.Table.Labels.ToArray()).OrderBy(row => row.Second).Select(row => row.First)];

        Preparation all = Preparation.Fit(rows, [.. Enumerable.Range(0, rows.RowCount)], 2, FeatureScore.MutualInformation, LeoModel.DefaultSeed, default);
        double[] kept = Of(Evaluation.CrossValidation.Split(rows, 3, 1, LeoModel.DefaultSeed, _ => all)[0]), inFold = Of(Evaluation.CrossValidation.Split(rows, 3, select: 2)[0]);
        Assert.AreNotEqual(string.Join(' ', kept), string.Join(' ', inFold));
        Assert.AreSequenceEqual(kept, Shown(EvaluationProtocol.Paper));
        Assert.AreSequenceEqual(inFold, Shown(EvaluationProtocol.Default));
    }
}

using System.Text.Json;

namespace LeoCvae.Evaluation.Tests;

[TestClass]
public class SyntheticOnlyTests
{
    static readonly Dataset Data = new(Tables.Blobs([50, 20], 3));
    static readonly IClassifier[] Center = [new NearestCenter()];
    static readonly EvaluationOptions Quick = new() { Folds = 3, TuningFolds = 2, DescribeRows = true };

    static FoldResult[] Run(Dataset data, EvaluationOptions options, params IResampler[] methods) =>
        [.. MethodEvaluator.Run(data, methods, Center, options).Folds];

    [TestMethod]
    public void Copies_of_all_rows_are_worth_what_the_rows_are_worth_to_a_classifier_that_has_them_as_they_are()
    {
        FoldResult[] folds = Run(Data, Quick, Resamplers.None, new Doubling("twins", label => label));
        for (int fold = 0; fold < 3; fold++)
        {
            Assert.IsNull(folds[fold].SyntheticOnly);
            SyntheticOnlyScores twins = folds[3 + fold].SyntheticOnly!;
            Assert.AreEqual(folds[fold].Raw, twins.Real);
            Assert.AreEqual(twins.Real, twins.Synthetic);
        }
    }

    [TestMethod]
    public void The_real_rows_are_not_learned_from()
    {
        // What is learned of rows with each other's labels is wrong wherever the right labels tell.
        foreach (SyntheticOnlyScores swapped in Run(Data, Quick, new Doubling("swapped", label => 1 - label))
            .Select(fold => fold.SyntheticOnly!))
        {
            Assert.IsGreaterThan(0.8, swapped.Real.AucMacro);
            Assert.AreEqual(1 - swapped.Real.AucMacro, swapped.Synthetic.AucMacro, 0.15);
        }
    }

    [TestMethod]
    public void It_changes_no_score_and_is_measured_for_methods_that_make_rows_of_every_class_where_rows_are_described()
    {
        IResampler[] methods = [Resamplers.Weights, Resamplers.RandomCopies, Resamplers.Smote, Resamplers.BorderlineSmote,
            Resamplers.Leo, new ResamplerOf("own", (table, _) => table)];
        // The classes are apart: none has a row in danger.
        Dataset apart = new(Tables.Blobs([50, 20], 3, step: 5));
        FoldResult[] with = Run(apart, Quick, methods), without = Run(apart, Quick with { DescribeRows = false }, methods);
        Assert.IsTrue(without.All(fold => fold.SyntheticOnly is null));
        Assert.AreSequenceEqual(without.Select(Scores).ToArray(), with.Select(Scores).ToArray());
        Assert.AreSequenceEqual(["ros", "smote", "leo"],
            with.Where(fold => fold.SyntheticOnly is not null).Select(fold => fold.Method).Distinct().ToArray());
        Assert.IsTrue(with.Where(fold => fold.SyntheticOnly is not null).All(fold => fold.SyntheticOnly!.Synthetic.AucMacro > 0.9));

        static (ClassificationScores, ClassificationScores) Scores(FoldResult fold) => (fold.Raw, fold.Tuned);
    }

    [TestMethod]
    public void The_report_has_the_means_over_folds_and_what_is_left_of_the_score()
    {
        EvaluationResult result = MethodEvaluator.Run(Data, [Resamplers.None, Resamplers.Smote, Resamplers.RandomCopies], Center, Quick);
        EvaluationReport report = EvaluationReport.Of(result, Data, "blobs");
        double[] f1 = [.. result.Folds.Where(fold => fold.Method == "smote").Select(fold => fold.SyntheticOnly!.Synthetic.F1Macro)],
            real = [.. result.Folds.Where(fold => fold.Method == "none").Select(fold => fold.Raw.F1Macro)];
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        JsonElement[] all = [.. json.RootElement.GetProperty("evaluation").GetProperty("synthetic_only").EnumerateArray()];
        Assert.HasCount(2 * 2, all);
        JsonElement smote = all.Single(alone => alone.GetProperty("method").GetString() == "smote"
            && alone.GetProperty("metric").GetString() == "f1_macro");
        Assert.AreEqual(f1.Average(), smote.GetProperty("synthetic").GetDouble(), 1e-12);
        Assert.AreEqual(real.Average(), smote.GetProperty("real").GetDouble(), 1e-12);
        Assert.AreEqual(f1.Average() / real.Average(), smote.GetProperty("share").GetDouble(), 1e-12);
        string page = report.ToHtml(), cell = $"<span>{HtmlText.Number(f1.Average())}</span>" +
            $"<small>{Words.Percent(f1.Average() / real.Average())}</small>";
        Assert.Contains("<h2>Trained on synthetic rows alone</h2>", page);
        Assert.Contains(cell, page);
        Assert.Contains($"{Words.Percent(f1.Average() / real.Average())} and ", report.Sentences.Single(sentence =>
            sentence.StartsWith("Trained on synthetic rows alone", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void The_verdict_names_the_best_first_and_a_report_without_such_rows_says_nothing_of_them()
    {
        ReportData data = SampleReport.Make(methods: 8);
        Assert.Contains("keep of the F1 macro of real rows: 90% with leo; 75% with ros;", RowsAlone.InShort(data with
        {
            SyntheticOnly = [.. data.SyntheticOnly.Where(alone => alone.Metric == "f1_macro")],
        }).Single());
        string[] sentences = [.. RowsAlone.InShort(data)];
        Assert.AreSequenceEqual(["Trained on synthetic rows alone, as many of each class as real ones, classifiers keep of the F1 macro " +
            "and AUC macro of real rows: 90% and 90% with leo; 75% and 75% with ros; 75% and 75% with smote; 75% and 75% with bsmote; " +
            "75% and 75% with adasyn; 75% and 75% with cvae."], sentences);
        Assert.Contains(sentences[0], Verdict.Of(data, ScoreSummary.Of(data)));
        ReportData without = data with { SyntheticOnly = [] };
        Assert.IsEmpty(RowsAlone.InShort(without));
        Assert.DoesNotContain("synthetic rows alone", HtmlReport.Render(without));
    }

    // Each row once more, with another label or the same.
    sealed class Doubling(string name, Func<int, int> label) : IRowMaker
    {
        public string Name => name;

        public Table Resample(TrainingRows training, ulong seed, CancellationToken cancellation) => training.Table;

        public MadeRows Make(TrainingRows training, ulong seed, bool doubles, CancellationToken cancellation)
        {
            Table table = training.Table;
            Table twins = new(table.Schema, table.Values.ToArray(), [.. table.Labels.ToArray().Select(label)], 0,
                [.. Enumerable.Range(0, table.RowCount)]);
            return new(table, doubles ? table.Append(twins) : null, []);
        }
    }
}

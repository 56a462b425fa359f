using System.Text;
using LeoCvae.Training;

namespace LeoCvae.Evaluation.Tests;

/// <summary>An evaluation taken apart into units, each run by itself and kept as JSON, and put together again.</summary>
[TestClass]
public class EvaluationUnitTests
{
    static readonly IClassifier[] Two = [new Renamed("other"), new NearestCenter()];
    static readonly TrainingOptions Short = TrainingOptions.Default with { MaxEpochs = 3 };
    static readonly LeoResampler Leo = new("leo", Short), Reloaded = new("leo-model", Short, reloads: true);

    static IEnumerable<(string, Dataset, IResampler[], EvaluationOptions)> Evaluations()
    {
        Table blobs = Tables.Blobs([40, 17, 9], 3), few = Tables.Blobs([30, 2, 1], 2);
        EvaluationOptions described = new() { Folds = 3, TuningFolds = 2, DescribeRows = true };
        yield return ("all", new(blobs), [Resamplers.None, Resamplers.Weights, Resamplers.Smote, Leo, Reloaded],
            described with { Folds = 2 });
        yield return ("repeats", new(blobs), [Resamplers.Smote, Leo], described with { Repeats = 3, Folds = 2, Seed = 7 });
        yield return ("undescribed", new(blobs), [Resamplers.None, Resamplers.Adasyn], described with { DescribeRows = false });
        yield return ("replicates", new(blobs), [Resamplers.RandomCopies, Resamplers.Smote], described with { Replicates = 2 });
        yield return ("paper", new(blobs), [Resamplers.None, Resamplers.Smote], described with
        {
            Protocol = EvaluationProtocol.Paper,
            Select = 2,
        });
        yield return ("groups", new Dataset(blobs, [.. Enumerable.Range(0, 66).Select(row => $"g{row / 3}")]).GroupDuplicates(),
            [Resamplers.None, Leo], described);
        Table mixed = MixedTables.Mixed(40);
        yield return ("mixed", new(mixed), [Resamplers.None, Resamplers.Smote],
            described with { Folds = 2, Select = 3, PositiveClass = mixed.Schema.Classes[0] });
        // Untuned folds, measures that are not defined, classes that a fold doesn't test.
        yield return ("few rows", new(few), [Resamplers.None, Resamplers.RandomCopies], described);
        yield return ("gaps", new(Gaps()), [Resamplers.None, Resamplers.RandomCopies], described);
    }

    // A column of which the training rows of one fold have no value.
    static Table Gaps()
    {
        Table table = Tables.Blobs([20, 10], 2);
        double[,] values = new double[30, 2];
        for (int i = 0; i < 30; i++)
            (values[i, 0], values[i, 1]) = (table.Row(i)[0], i == 3 ? table.Row(i)[1] : double.NaN);
        return Table.FromArrays(values, [.. Enumerable.Range(0, 30).Select(table.Label)], allowMissing: true);
    }

    [TestMethod]
    public void Units_run_one_by_one_and_kept_as_JSON_make_the_report_and_the_results_of_one_run_byte_for_byte()
    {
        foreach ((string name, Dataset data, IResampler[] methods, EvaluationOptions options) in Evaluations())
        {
            EvaluationResult whole = MethodEvaluator.Run(data, methods, Two, options);
            IReadOnlyList<UnitPlace> places = MethodEvaluator.Units(methods.Length, options);
            Assert.HasCount(methods.Length * options.Folds * options.Repeats, places, name);
            // In any order.
            EvaluationUnit[] units = [.. places.Select((place, number) =>
            {
                EvaluationUnit unit = MethodEvaluator.RunUnit(data, methods, Two, number, options);
                byte[] json = unit.ToJson();
                EvaluationUnit back = EvaluationUnit.FromJson(json);
                Assert.AreSequenceEqual(json, back.ToJson(), name);
                Assert.AreEqual(number, back.Number);
                FoldResult scores = back.Content.Scores[1].Result;
                Assert.AreEqual((methods[place.Method].Name, "center", place.Repeat, place.Fold),
                    (scores.Method, scores.Classifier, scores.Repeat, scores.Fold), name);
                return back;
            }).Reverse()];
            EvaluationResult merged = MethodEvaluator.Merge(data, methods, Two, units, options);
            EvaluationReport expected = EvaluationReport.Of(whole, data, name), actual = EvaluationReport.Of(merged, data, name);
            Assert.AreEqual(expected.ToJson(), actual.ToJson(), name);
            Assert.AreEqual(expected.ToHtml(), actual.ToHtml(), name);
            Assert.AreSequenceEqual(whole.Notes, merged.Notes, name);
            Assert.HasCount(whole.Folds.Count, merged.Folds);
            foreach ((FoldResult one, FoldResult other) in whole.Folds.Zip(merged.Folds))
            {
                Assert.AreEqual(one with { Decision = null }, other with { Decision = null }, name);
                Assert.AreSequenceEqual(one.Decision!.Weights, other.Decision!.Weights, name);
            }
            foreach ((PooledPredictions one, PooledPredictions other) in whole.Predictions.Zip(merged.Predictions))
            {
                Assert.AreEqual((one.Method, one.Classifier, one.Repeat), (other.Method, other.Classifier, other.Repeat));
                Assert.AreSequenceEqual(one.FoldOfRow, other.FoldOfRow, name);
                Assert.AreSequenceEqual(one.Raw.Cast<double>(), other.Raw.Cast<double>(), name);
                Assert.AreSequenceEqual(one.Corrected.Cast<double>(), other.Corrected.Cast<double>(), name);
            }
        }
    }

    [TestMethod]
    public void A_unit_fits_its_own_method_on_its_own_fold_alone()
    {
        Dataset data = new(Tables.Blobs([30, 12], 2));
        int calls = 0;
        ResamplerOf counting = new("counting", (rows, _) =>
        {
            calls++;
            return rows;
        }), other = new("other", (_, _) => throw new InvalidOperationException("not asked for"));
        EvaluationOptions options = new() { Folds = 3, TuningFolds = 2, Repeats = 2 };
        MethodEvaluator.RunUnit(data, [other, counting], Two, 3, options);
        // The fold, and its two inner folds.
        Assert.AreEqual(3, calls);
        MethodEvaluator.Validate(data, [other, counting], Two, options);
        Assert.AreEqual(3, calls);
    }

    [TestMethod]
    public void Merging_refuses_units_that_are_missing_there_twice_or_of_another_evaluation()
    {
        Dataset data = new(Tables.Blobs([30, 12], 2));
        IResampler[] methods = [Resamplers.None, Resamplers.Smote];
        EvaluationOptions options = new() { Folds = 2, TuningFolds = 2 };
        EvaluationUnit Unit(int number, EvaluationOptions asked, IResampler[]? others = null, Dataset? rows = null,
            params IClassifier[] classifiers) =>
            MethodEvaluator.RunUnit(rows ?? data, others ?? methods, classifiers.Length == 0 ? Two : classifiers, number, asked);
        EvaluationUnit[] units = [.. Enumerable.Range(0, 4).Select(number => Unit(number, options))];
        _ = MethodEvaluator.Merge(data, methods, Two, units, options);
        void Refused(string said, params EvaluationUnit[] given) => Assert.Contains(said,
            Assert.ThrowsExactly<ArgumentException>(() => MethodEvaluator.Merge(data, methods, Two, given, options)).Message);
        Refused("unit 2 is missing, expected all 4; missing are 2", units[..2]);
        Refused("got unit 1 twice", units[0], units[1], units[1], units[2]);
        Refused("got unit 4, expected numbers below 4", [.. units, Unit(4, options with { Folds = 3 })]);
        Dataset larger = new(Tables.Blobs([31, 12], 2));
        foreach (EvaluationUnit other in (EvaluationUnit[])[Unit(0, options, [Resamplers.Weights, Resamplers.Smote]),
            Unit(0, options with { Folds = 3 }), Unit(0, options with { DescribeRows = true }), Unit(0, options, rows: larger),
            Unit(0, options, classifiers: [.. Two, new Renamed("third")])])
            Refused("unit 0 is of another evaluation", [other, .. units[1..]]);
        Assert.Contains("got unit 4, expected 0 to 3", Assert.ThrowsExactly<ArgumentException>(() => Unit(4, options)).Message);
    }

    [TestMethod]
    public void JSON_that_is_no_unit_is_refused()
    {
        Dataset data = new(Tables.Blobs([30, 12], 2));
        string json = Encoding.UTF8.GetString(MethodEvaluator.RunUnit(data, [Resamplers.None], Two, 0).ToJson());
        foreach (string wrong in (string[])["", "null", "[]", "{}", json[..^2], json.Replace("\"number\":0", "\"number\":\"x\""),
            json.Replace("\"number\":0", "\"number\":0,\"more\":1"), json.Replace("\"raw\":[", "\"raw\":null,\"more\":[")])
            Assert.StartsWith("unit of an evaluation: ", Assert.ThrowsExactly<InvalidDataException>(() =>
                EvaluationUnit.FromJson(Encoding.UTF8.GetBytes(wrong))).Message, wrong);
    }
}

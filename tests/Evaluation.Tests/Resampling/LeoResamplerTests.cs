using LeoCvae.Training;

namespace LeoCvae.Evaluation.Tests.Resampling;

[TestClass]
public class LeoResamplerTests
{
    static readonly Table Table = Tables.Blobs([30, 12, 5], 3);
    static readonly TrainingOptions Quick = TrainingOptions.Paper with { MaxEpochs = 3 };

    static Table Resample(IResampler method, ulong seed = 1) => method.Resample(new(Table), seed, CancellationToken.None);

    [TestMethod]
    public void The_rows_are_those_of_the_trainer_with_the_seed_given()
    {
        Table expected = LeoTrainer.FitResample(Table, Quick with { Seed = 7 });
        Assert.AreSequenceEqual(expected.Values.ToArray(), Resample(new LeoResampler("quick", Quick), 7).Values.ToArray());
        Assert.AreNotSequenceEqual(expected.Values.ToArray(), Resample(new LeoResampler("quick", Quick), 8).Values.ToArray());
    }

    [TestMethod]
    public void Its_own_split_keeps_the_groups_of_the_fold()
    {
        string[] patients = [.. Enumerable.Range(0, Table.RowCount).Select(row => $"patient {row / 4}")];
        LeoResampler method = new("quick", Quick);
        foreach (Fold fold in Evaluation.CrossValidation.Split(new(Table, patients), 3))
        {
            Table training = fold.Training.Table;
            Assert.HasCount(training.RowCount, fold.Training.Groups!);
            TrainingOptions options = Quick with { Seed = 7 };
            Table expected = LeoTrainer.FitResample(training, options, maxRows: long.MaxValue, groups: fold.Training.Groups);
            Assert.AreSequenceEqual(expected.Values.ToArray(), method.Resample(fold.Training, 7, CancellationToken.None).Values.ToArray());
            Assert.AreNotSequenceEqual(
                expected.Values.ToArray(), method.Resample(new(training), 7, CancellationToken.None).Values.ToArray());
        }
    }

    [TestMethod]
    public void What_is_found_or_given_holds_in_every_fold_unless_it_is_not_wanted()
    {
        int[] a = [.. Enumerable.Range(0, 90).Select(i => i * 7 % 31)], b = [.. a.Select((cell, i) => i == 5 ? cell + 9 : cell + i % 4)];
        Table table = MixedTables.Of(90, [.. Enumerable.Range(0, 90).Select(i => i % 3 / 2)], MixedTables.Numbers("a", i => a[i]),
            MixedTables.Numbers("b", i => b[i]), MixedTables.Numbers("c", i => 40 + i * 13 % 17),
            MixedTables.Category("city", i => i % 4, "Ulm", "Bonn", "Aachen", "Kiel"),
            MixedTables.Category("north", i => i % 4 == 3 ? 1 : 0, "no", "yes"));
        RowConstraint order = new() { Kind = ConstraintKind.Order, Columns = ["a", "b"] };
        TrainingOptions options = TrainingOptions.Default with { MaxEpochs = 3 };
        LeoResampler found = new("quick", options), given = found.With(options with { Constraints = [order] }),
            free = found.With(options with { GivenConstraintsOnly = true });
        foreach (Fold fold in Evaluation.CrossValidation.Split(new(table), 3))
        {
            (int Orders, int Cities) Broken(LeoResampler method)
            {
                Table rows = method.Make(fold.Training, 1, doubles: true, CancellationToken.None).Doubled!;
                int[] made = [.. Enumerable.Range(rows.RealRows, rows.RowCount - rows.RealRows)];
                return (made.Count(i => rows.Row(i)[0] > rows.Row(i)[1]), made.Count(i => rows.Row(i)[3] == 3 != (rows.Row(i)[4] == 1)));
            }
            Assert.AreEqual((0, 0), Broken(given));
            Assert.AreEqual(0, Broken(found).Cities);
            Assert.IsGreaterThan(0, Broken(free).Cities);
            Assert.IsGreaterThan(0, Broken(free).Orders);
        }
        // A fold that doesn't have the column does without.
        EvaluationOptions few = new() { Folds = 2, Select = 1 };
        MethodEvaluator.Run(new(table), [given], [Classifiers.Create("logreg")], few);
        RowConstraint wrong = order with { Columns = ["c", "a"] };
        Expect.Throws<ArgumentException>(() => MethodEvaluator.Run(new(table), [found.With(options with { Constraints = [wrong] })],
            [Classifiers.Create("logreg")], few), "'c <= a' doesn't hold in row 1");
    }

    [TestMethod]
    [DataRow("leo")]
    [DataRow("leo-paper")]
    [DataRow("cvae")]
    [DataRow("leo-model")]
    public void Every_class_grows_to_the_largest(string name)
    {
        Table resampled = Resample(Resamplers.Named(name));
        Assert.AreSequenceEqual((int[])[30, 30, 30], resampled.ClassCounts());
        Assert.AreEqual(47, resampled.RealRows);
    }

    [TestMethod]
    public void Plain_cvae_is_the_paper_preset_without_entropy()
    {
        Table expected = LeoTrainer.FitResample(Table, TrainingOptions.Paper with { EntropyPower = 0, Seed = 1 });
        Assert.AreSequenceEqual(expected.Values.ToArray(), Resample(Resamplers.Cvae).Values.ToArray());
        Assert.AreNotSequenceEqual(expected.Values.ToArray(), Resample(Resamplers.LeoPaper).Values.ToArray());
    }

    [TestMethod]
    public void The_saved_and_reloaded_model_makes_the_rows_of_the_fitted_one()
    {
        Assert.AreSequenceEqual(Resample(Resamplers.Leo).Values.ToArray(), Resample(Resamplers.ReloadedLeo).Values.ToArray());
        foreach (LatentPrior prior in (LatentPrior[])[LatentPrior.Seeds, LatentPrior.Mixture])
        {
            MadeRows[] made = [.. new[] { false, true }.Select(reloads => new LeoResampler("quick", Quick with { Prior = prior }, reloads)
                .Make(new(Table), 7, doubles: true, CancellationToken.None))];
            Assert.AreSequenceEqual(made[0].Resampled.Values.ToArray(), made[1].Resampled.Values.ToArray());
            Assert.AreSequenceEqual(made[0].Resampled.Labels.ToArray(), made[1].Resampled.Labels.ToArray());
            Assert.AreSequenceEqual(made[0].Doubled!.Values.ToArray(), made[1].Doubled!.Values.ToArray());
        }
    }

    [TestMethod]
    public void A_balanced_table_costs_no_training()
    {
        Table balanced = Tables.Blobs([8, 8], 2);
        Assert.AreSame(balanced, Resamplers.Leo.Resample(new(balanced), 1, CancellationToken.None));
    }

    [TestMethod]
    public void No_cap_keeps_it_from_growing_as_far_as_the_baselines()
    {
        // 20 x 59 rows are lacking, more than ten times the 80 there are, where auto stops by default.
        Table table = Tables.Blobs([.. Enumerable.Repeat(1, 20).Prepend(60)], 2);
        Assert.AreSequenceEqual(Resamplers.Smote.Resample(new(table), 1, CancellationToken.None).ClassCounts(),
            new LeoResampler("quick", Quick).Resample(new(table), 1, CancellationToken.None).ClassCounts());
    }

    [TestMethod]
    public void Options_out_of_range_are_refused_at_once() =>
        Expect.Throws<ArgumentException>(() => new LeoResampler("x", Quick with { LatentSize = 0 }), "LatentSize");
}

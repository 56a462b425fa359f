using System.Reflection;

[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.MethodLevel)]

namespace LeoCvae.Evaluation.Tests;

[TestClass]
public class LeakageTests
{
    static readonly NearestCentre Classifier = new();

    [TestMethod]
    public void Nobody_outside_can_make_training_rows_and_a_resampler_is_given_nothing_else()
    {
        Assert.IsEmpty(typeof(TrainingRows).GetConstructors(BindingFlags.Public | BindingFlags.Instance));
        Type[] given = [.. typeof(IResampler).GetMethod(nameof(IResampler.Resample))!.GetParameters().Select(parameter => parameter.ParameterType)];
        Assert.AreSequenceEqual((Type[])[typeof(TrainingRows), typeof(ulong), typeof(CancellationToken)], given);
    }

    [TestMethod]
    public void A_fold_and_its_training_rows_show_no_test_row()
    {
        Assert.IsEmpty(typeof(Fold).GetConstructors(BindingFlags.Public | BindingFlags.Instance));
        // Counts, the training rows, and predictions of a fitted pipeline: nothing else is public.
        Assert.AreSequenceEqual((string[])["Number", "Repeat", "TestRows", "Training"], typeof(Fold).GetProperties().Select(property => property.Name).Order());
        Assert.AreEqual(typeof(int), typeof(Fold).GetProperty(nameof(Fold.TestRows))!.PropertyType);
        Assert.AreSequenceEqual((string[])["Predict"], typeof(Fold).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(method => !method.IsSpecialName).Select(method => method.Name));
        Assert.AreSequenceEqual((string[])["Table"], typeof(TrainingRows).GetProperties().Select(property => property.Name));
    }

    [TestMethod]
    public void What_was_fitted_on_another_fold_is_not_scored()
    {
        Fold[] folds = [.. Evaluation.CrossValidation.Split(Dataset.FromTable(Tables.Blobs([30, 12], 3)), 3)];
        using FittedPipeline pipeline = FittedPipeline.Fit(folds[0].Training, Resamplers.None, Classifier);
        Assert.HasCount(folds[0].TestRows, folds[0].Predict(pipeline).Rows);
        Expect.Throws<ArgumentException>(() => folds[1].Predict(pipeline), "fold 1", "another fold's training rows");
    }

    [TestMethod]
    public void A_resampler_that_got_hold_of_the_whole_table_and_returns_test_rows_is_caught()
    {
        Table whole = Tables.Blobs([120, 40], 4);
        foreach (Fold fold in Evaluation.CrossValidation.Split(Dataset.FromTable(whole), 5))
        {
            HashSet<double> known = [.. fold.Training.Table.Values];
            (double[] Values, string Label)[] unseen = [.. Enumerable.Range(0, 160).Where(row => !known.Contains(whole.Row(row)[0])).Select(row => (whole.Row(row).ToArray(), whole.Label(row)))];
            Assert.HasCount(fold.TestRows, unseen);
            using FittedPipeline leak = FittedPipeline.Fit(fold.Training, new ResamplerOf("leak", (rows, _) => ResamplerOf.Append(rows, unseen)), Classifier);
            Expect.Throws<InvalidOperationException>(() => fold.Predict(leak), "method 'leak'", $"{unseen.Length} of {unseen.Length} synthetic rows", "has seen test rows");

            // Hidden among honest rows.
            Table honest = Resamplers.Smote.Resample(fold.Training, 1, CancellationToken.None);
            using FittedPipeline hidden = FittedPipeline.Fit(fold.Training, new ResamplerOf("hidden", (_, _) => ResamplerOf.Append(honest, unseen)), Classifier);
            Expect.Throws<InvalidOperationException>(() => fold.Predict(hidden), "method 'hidden'", $"{unseen.Length} of ");

            // One row alone may be chance: it is counted.
            using FittedPipeline one = FittedPipeline.Fit(fold.Training, new ResamplerOf("one", (_, _) => ResamplerOf.Append(honest, unseen[..1])), Classifier);
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
                Dataset data = new(numbers, [.. Enumerable.Range(0, 150).Select(row => row % 4 == 0 ? "few" : "many")]);
                // Each value from another row of the class: honest, and as many new rows out of old values as can be.
                ResamplerOf mixing = new("mixing", (rows, _) => ResamplerOf.Append(rows, Enumerable.Range(0, 200).Select(i =>
                {
                    int[] few = [.. Enumerable.Range(0, rows.RowCount).Where(row => rows.Label(row) == "few")];
                    return (Enumerable.Range(0, width).Select(j => rows.Row(few[random.Next(few.Length)])[j]).ToArray(), "few");
                })));
                LeoResampler leo = new("leo", Training.TrainingOptions.Paper with { MaxEpochs = 20 });
                foreach (Fold fold in Evaluation.CrossValidation.Split(data, 5, seed: (ulong)seed))
                    foreach (IResampler method in (IResampler[])[mixing, Resamplers.Smote, Resamplers.RandomCopies, fold.Number == 0 ? leo : Resamplers.Adasyn])
                    {
                        using FittedPipeline pipeline = FittedPipeline.Fit(fold.Training, method, Classifier);
                        copied += fold.Predict(pipeline).CopiedTestRows;
                    }
            }
        // The check had something to be wrong about.
        Assert.IsGreaterThan(200, copied);
    }

    [TestMethod]
    public void A_method_that_drops_or_changes_training_rows_or_columns_is_refused()
    {
        Fold fold = Evaluation.CrossValidation.Split(Dataset.FromTable(Tables.Blobs([30, 12], 2)), 3)[0];
        void Refused(string part, Func<Table, Table> change) =>
            Expect.Throws<InvalidOperationException>(() => FittedPipeline.Fit(fold.Training, new ResamplerOf("wrong", (rows, _) => change(rows)), Classifier), "method 'wrong'", part);
        Refused("don't start with the 28 training rows", rows => rows.Select([.. Enumerable.Range(0, rows.RowCount - 1)]));
        Refused("don't start with", rows => rows.Select([.. Enumerable.Range(0, rows.RowCount).Reverse()]));
        Refused("don't start with", rows => Tables.Of(new double[28, 2], [.. rows.Labels]));
        Refused("other columns", rows => Tables.Of(new double[28, 3], [.. rows.Labels]));
    }
}

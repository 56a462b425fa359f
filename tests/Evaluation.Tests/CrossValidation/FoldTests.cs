namespace LeoCvae.Evaluation.Tests.CrossValidation;

[TestClass]
public class FoldTests
{
    static Dataset Numbered(int[] sizes, IReadOnlyList<string>? groups = null, int seed = 1)
    {
        Table table = Tables.Blobs(sizes, 1, seed: seed);
        double[,] values = new double[table.RowCount, 1];
        for (int i = 0; i < table.RowCount; i++)
            values[i, 0] = i;
        return new(Table.FromArrays(values, [.. Enumerable.Range(0, table.RowCount).Select(table.Label)]), groups);
    }

    // Row numbers are the rows' values.
    static int[] Trained(Fold fold) => [.. fold.Training.Table.Values.ToArray().Select(value => (int)value)];

    [TestMethod]
    public void Folds_are_stratified_and_every_row_is_tested_once_in_each_repeat()
    {
        Dataset data = Numbered([31, 12, 3]);
        IReadOnlyList<Fold> folds = Evaluation.CrossValidation.Split(data, 5, 3, seed: 7);
        Assert.HasCount(15, folds);
        foreach (IGrouping<int, Fold> repeat in folds.GroupBy(fold => fold.Repeat))
        {
            Assert.AreSequenceEqual(Enumerable.Range(0, 5), repeat.Select(fold => fold.Number));
            int[] timesTrained = [.. repeat.SelectMany(Trained).GroupBy(row => row).Select(row => row.Count())];
            Assert.HasCount(46, timesTrained);
            Assert.IsTrue(timesTrained.All(times => times == 4));
            for (int c = 0; c < 3; c++)
            {
                int[] counts = [.. repeat.Select(fold => Trained(fold).Count(row => data.Table.Labels[row] == c))];
                Assert.IsLessThanOrEqualTo(1, counts.Max() - counts.Min());
            }
            Assert.IsLessThanOrEqualTo(1, repeat.Max(fold => fold.TestRows) - repeat.Min(fold => fold.TestRows));
        }
    }

    [TestMethod]
    public void Seed_and_repeat_draw_other_folds_and_the_same_seed_the_same()
    {
        Dataset data = Numbered([31, 12]);
        int[] First(ulong seed, int repeat) => Trained(Evaluation.CrossValidation.Split(data, 4, 2, seed)[4 * repeat]);
        Assert.AreSequenceEqual(First(1, 0), First(1, 0));
        Assert.AreNotSequenceEqual(First(1, 0), First(2, 0));
        Assert.AreNotSequenceEqual(First(1, 0), First(1, 1));
    }

    [TestMethod]
    public void Groups_are_never_split_and_folds_stay_about_even()
    {
        string[] groups = [.. Enumerable.Range(0, 120).Select(row => $"patient {row % 37}")];
        Dataset data = Numbered([80, 40], groups);
        for (ulong seed = 0; seed < 10; seed++)
            foreach (Fold fold in Evaluation.CrossValidation.Split(data, 5, 1, seed))
            {
                int[] trained = Trained(fold);
                HashSet<string> trainedGroups = [.. trained.Select(row => groups[row])];
                Assert.IsFalse(Enumerable.Range(0, 120).Except(trained).Any(row => trainedGroups.Contains(groups[row])));
                Assert.IsInRange(18, 30, fold.TestRows);
                Assert.IsInRange(5, 11, 40 - trained.Count(row => data.Table.Schema.Classes[data.Table.Labels[row]] == "c1"));
            }
    }

    [TestMethod]
    public void Equal_rows_stay_together_and_bring_their_groups_along()
    {
        double[,] values = new double[60, 1];
        for (int i = 0; i < 60; i++)
            values[i, 0] = i / 2;
        string[] labels = [.. Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? "few" : "many")];
        Dataset alone = new Dataset(Table.FromArrays(values, labels)).GroupDuplicates();
        // Rows 1 and 2, 3 and 4 of one patient, and so on: chained to rows 0 to 5, 6 to 11, ... by their copies.
        Dataset chained = new Dataset(Table.FromArrays(values, labels),
            [.. Enumerable.Range(0, 60).Select(i => i % 6 is 0 or 5 ? $"alone {i}" : $"patient {(i + 1) / 2}")]).GroupDuplicates();
        foreach ((Dataset data, int rows) in ((Dataset, int)[])[(alone, 2), (chained, 6)])
            foreach (Fold fold in Evaluation.CrossValidation.Split(data, 5))
                foreach (IGrouping<int, int> tested in fold.Tested.GroupBy(row => row / rows))
                    Assert.HasCount(rows, tested);
    }

    [TestMethod]
    public void A_class_of_fewer_rows_than_folds_is_missing_from_some_tests_and_from_training_only_where_it_has_one_row()
    {
        IReadOnlyList<Fold> folds = Evaluation.CrossValidation.Split(Numbered([20, 10, 2]), 5);
        Assert.IsTrue(folds.All(fold => fold.Training.Table.Schema.Classes.Count == 3));
        folds = Evaluation.CrossValidation.Split(Numbered([20, 10, 1]), 5);
        Assert.AreEqual(1, folds.Count(fold => fold.Training.Table.Schema.Classes.Count == 2));
    }

    [TestMethod]
    public void Too_few_rows_groups_or_classes_are_refused_in_one_line()
    {
        Expect.Throws<ArgumentException>(() => Evaluation.CrossValidation.Split(Numbered([2, 2]), 5), "4 rows", "5 folds");
        Expect.Throws<ArgumentException>(() => Evaluation.CrossValidation.Split(Numbered([2, 2], ["a", "a", "b", "b"]), 3), "2 groups",
            "3 folds");
        Expect.Throws<ArgumentException>(() => Evaluation.CrossValidation.Split(Numbered([9, 1]), 3), "only the class 'c0'");
        Expect.Throws<ArgumentException>(() => Evaluation.CrossValidation.Split(Numbered([9]), 3), "only the class 'c0'");
        Expect.Throws<ArgumentException>(() => Evaluation.CrossValidation.Split(Numbered([9, 9]), 1), "Folds", "2 to 1000");
    }

    [TestMethod]
    public void Medians_and_features_are_those_of_the_training_rows_alone()
    {
        // Column 0 tells the classes apart in the rows that are even, column 1 in all; a value of each row may be missing.
        Table blobs = Tables.Blobs([60, 30], 4, step: 3);
        double[,] values = new double[90, 4];
        for (int i = 0; i < 90; i++)
            for (int j = 0; j < 4; j++)
                values[i, j] = j == i % 4 && i % 3 == 0 ? double.NaN : blobs.Row(i)[j] * (j == 1 ? 1 : 0.1) + (j == 1 ? 0 : i % 7);
        Dataset data =
            new(Table.FromArrays(values, [.. Enumerable.Range(0, 90).Select(blobs.Label)], ["a", "b", "c", "d"], allowMissing: true));
        foreach (FeatureScore score in Enum.GetValues<FeatureScore>())
            Assert.IsTrue(Evaluation.CrossValidation.Split(data, 5, select: 1, selectBy: score)
                .All(each => each.Training.Table.Schema.Columns.Single().Name == "b"));

        Fold fold = Evaluation.CrossValidation.Split(data, 5)[0];
        Dataset poisoned = Poisoned(data.Table, fold);
        Assert.AreSequenceEqual(fold.Training.Table.Values.ToArray(),
            Evaluation.CrossValidation.Split(poisoned, 5)[0].Training.Table.Values.ToArray());
        Assert.AreSequenceEqual(
            Evaluation.CrossValidation.Split(data, 5, select: 2)[0].Training.Table.Values.ToArray(),
            Evaluation.CrossValidation.Split(poisoned, 5, select: 2)[0].Training.Table.Values.ToArray());
    }

    // The same table with other values in the rows that a fold tests.
    static Dataset Poisoned(Table data, Fold fold)
    {
        HashSet<int> tested = [.. Enumerable.Range(0, data.RowCount).Where(row => !IsTrained(data, fold, row))];
        Assert.HasCount(fold.TestRows, tested);
        double[,] values = new double[data.RowCount, data.Schema.Columns.Count];
        for (int i = 0; i < data.RowCount; i++)
            for (int j = 0; j < data.Schema.Columns.Count; j++)
                values[i, j] = tested.Contains(i) ? 1e6 * (data.Labels[i] + 1) + j : data.Row(i)[j];
        string[] labels = [.. Enumerable.Range(0, data.RowCount).Select(data.Label)];
        return new(Table.FromArrays(values, labels, [.. data.Schema.Columns.Select(column => column.Name)], allowMissing: true));
    }

    static bool IsTrained(Table data, Fold fold, int row)
    {
        Table trained = fold.Training.Table;
        for (int i = 0; i < trained.RowCount; i++)
        {
            bool same = true;
            for (int j = 0; j < data.Schema.Columns.Count; j++)
                same &= double.IsNaN(data.Row(row)[j]) || data.Row(row)[j] == trained.Row(i)[j];
            if (same)
                return true;
        }
        return false;
    }
}

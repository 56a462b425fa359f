namespace LeoCvae.Evaluation.Tests.Resampling;

/// <summary>Baselines on tables with categories and missing values.</summary>
[TestClass]
public class NominalTests
{
    [TestMethod]
    public void Methods_without_a_definition_for_categories_are_refused_by_name()
    {
        Dataset data = new(MixedTables.Mixed(60));
        foreach (string name in (string[])["bsmote", "adasyn"])
        {
            Assert.IsFalse(Resamplers.Named(name).TakesCategories);
            Expect.Throws<ArgumentException>(
                () => MethodEvaluator.Run(data, [Resamplers.None, Resamplers.Named(name)], [new NearestCenter()]),
                $"method '{name}'", "'city', 'smoker'", "expected numbers only");
            Expect.Throws<ArgumentException>(
                () => Resamplers.Named(name).Resample(new(MixedTables.Mixed(60)), 1, CancellationToken.None), $"method '{name}'", "'city'");
        }
        Assert.IsTrue(Resamplers.All.Except([Resamplers.BorderlineSmote, Resamplers.Adasyn]).All(method => method.TakesCategories));
    }

    [TestMethod]
    public void Neighbors_and_most_frequent_categories_do_not_depend_on_the_order_of_columns_categories_and_rows()
    {
        foreach ((Table table, int[] order) in (ReadOnlySpan<(Table, int[])>)[(Complete(80), [3, 1, 4, 0, 2]),
            (Columns(Complete(80), [2, 4]), [1, 0])])
        {
            Table turned = MixedTables.Turned(table, order);
            int[] rows = [.. Enumerable.Range(0, table.RowCount).Reverse()];
            Table reversed = table.Select(rows);
            ClassRows group = Group(table), other = Group(turned), back = Group(reversed);
            for (int i = 0; i < group.Rows.Length; i++)
            {
                Assert.AreSequenceEqual(group.WithinClass().Ids(i).ToArray(), other.WithinClass().Ids(i).ToArray());
                Assert.AreSequenceEqual(Distances(group, i), Distances(back, group.Rows.Length - 1 - i),
                    EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) <= 1e-12 * a));
                foreach (int j in NominalSpace.Of(table)!.Columns)
                    Assert.AreSequenceEqual(Names(table, group, group.Rows[i], j),
                        Names(turned, other, group.Rows[i], Array.IndexOf(order, j)));
            }
        }
        static double[] Distances(ClassRows group, int i) => group.WithinClass().SquaredDistances(i).ToArray();
        static string[] Names(Table table, ClassRows group, int row, int column) =>
            [.. group.MostFrequent(row, column).Select(k => table.Schema.Columns[column].Categories![k])];
    }

    [TestMethod]
    public void Equally_frequent_categories_are_taken_alike_beside_numbers_and_by_name_without()
    {
        // Two rows of the second class: of the other one alone, which is the only neighbor, or of both.
        Table Make(bool withNumbers) => MixedTables.Of(42, [.. Enumerable.Range(0, 42).Select(i => i < 40 ? 0 : 1)],
            [.. withNumbers ? [MixedTables.Numbers("x", i => i)] : Array.Empty<(ColumnSpec, Func<int, double>)>(),
            MixedTables.Category("c", i => i % 2, "b", "a")]);
        Table mixed = Resample(Make(true)), categories = Resample(Make(false));
        // A row has its neighbor's category.
        for (int row = 42; row < mixed.RowCount; row++)
            Assert.AreEqual(Make(true).Row(mixed.SourceRow(row) == 40 ? 41 : 40)[1], mixed.Row(row)[1]);
        // Both categories come once: 'a' is the first by name.
        Assert.IsTrue(Enumerable.Range(42, 38).All(row => categories.Row(row)[0] == 1));

        // Five neighbors: two of 'a', two of 'b', one of 'c'.
        Table tied = MixedTables.Of(2006, [.. Enumerable.Range(0, 2006).Select(i => i < 2000 ? 0 : 1)],
            [MixedTables.Numbers("x", i => i < 2000 ? i : 10_000 + i), MixedTables.Category("c", i => i < 2001 ? 2 : (i - 2001) % 3,
                "b", "a", "c")]);
        Table made = Resample(tied);
        int[] ofFirst = [.. Enumerable.Range(2006, 1994).Where(row => made.SourceRow(row) == 2000).Select(row => (int)made.Row(row)[1])];
        Assert.IsTrue(ofFirst.All(category => category < 2));
        Assert.AreEqual(0.5, ofFirst.Average(), 0.12);
    }

    [TestMethod]
    public void Copies_keep_missing_values_and_blends_are_imputed()
    {
        Fold fold = Evaluation.CrossValidation.Split(new(MixedTables.Mixed(120)), 3)[0];
        TrainingRows training = fold.Training;
        Assert.IsTrue(training.WithMissing.MissingCounts().Sum() > 0);
        Assert.AreEqual(0, training.Table.MissingCounts().Sum());
        Assert.IsFalse(training.Table.Values.ToArray().Any(double.IsNaN));
        Table copies = Resamplers.RandomCopies.Resample(training, 1, CancellationToken.None),
            blends = Resamplers.Smote.Resample(training, 1, CancellationToken.None);
        Assert.IsTrue(copies.Values[training.Table.Values.Length..].ToArray().Any(double.IsNaN));
        for (int row = copies.RealRows; row < copies.RowCount; row++)
            Assert.AreSequenceEqual(training.WithMissing.Row(copies.SourceRow(row)!.Value).ToArray(), copies.Row(row).ToArray());
        Assert.IsFalse(blends.Values.ToArray().Any(double.IsNaN));
    }

    [TestMethod]
    public void A_class_of_one_row_and_thousands_of_categories_are_no_obstacle()
    {
        string[] names = [.. Enumerable.Range(0, 10_000).Select(k => $"name {k}")];
        foreach (bool hasNumbers in (bool[])[true, false])
        {
            Table many = MixedTables.Of(300, [.. Enumerable.Range(0, 300).Select(i => i == 299 ? 2 : i % 5 == 0 ? 1 : 0)],
                [MixedTables.Category("name", i => 33 * i, names),
                hasNumbers ? MixedTables.Numbers("x", i => i) : MixedTables.Category("c", i => i % 2, "b", "a")]);
            Table resampled = Resample(many);
            Assert.AreEqual(3 * many.ClassCounts().Max(), resampled.RowCount);
            for (int row = 300; row < resampled.RowCount; row++)
                if (resampled.Label(row) == "c2")
                    Assert.AreSequenceEqual(many.Row(299).ToArray(), resampled.Row(row).ToArray());
                else
                    Assert.AreEqual("c1", many.Label((int)resampled.Row(row)[0] / 33), "a name that only rows of the class have");
        }
    }

    static Table Resample(Table table) => Resamplers.Smote.Resample(new(table), 1, CancellationToken.None);

    static Table Complete(int rows)
    {
        Table table = Columns(MixedTables.Mixed(rows), [0, 1, 2, 3, 4]);
        return Imputation.OfReal(table).Complete(table);
    }

    static Table Columns(Table table, int[] columns) => new(
        new(columns.Select(j => table.Schema.Columns[j]), "label", table.Schema.Classes),
        [.. Enumerable.Range(0, table.RowCount).SelectMany(i => columns.Select(j => table.Row(i)[j]))], table.Labels.ToArray());

    static ClassRows Group(Table table) => Tables.ClassRows(table, table.Schema.ClassIndex("c1"), 5);
}

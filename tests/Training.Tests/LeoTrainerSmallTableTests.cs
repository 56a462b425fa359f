namespace LeoCvae.Training.Tests;

/// <summary>Tables as small and as odd as users have them.</summary>
[TestClass]
public class LeoTrainerSmallTableTests
{
    [TestMethod]
    public void Classes_of_one_two_and_three_rows_are_fitted_with_warnings()
    {
        using TrainingResult result = LeoTrainer.Fit(Samples.Gaussian([30, 1, 2, 3], 3), Samples.Quick);
        string[] expected =
        [
            "class 'b' has one row: it is only trained on, and all its synthetic rows start from it",
            "2 classes have 2 to 3 rows, no more than k = 15 ('c', 'd'): every one of their rows has neighbors of other classes, so " +
                "their entropy says little",
        ];
        CollectionAssert.AreEqual(expected, result.Warnings.ToArray());
        CollectionAssert.AreEqual(expected, result.Model.Manifest.Provenance.Warnings.ToArray());
        Table generated = result.Model.Generate(new Dictionary<string, int> { ["b"] = 10, ["c"] = 10, ["d"] = 10 });
        Assert.HasCount(1, Sources(generated, "b"));
        Assert.IsLessThanOrEqualTo(2, Sources(generated, "c").Count);
        Assert.IsTrue(generated.Values.ToArray().All(double.IsFinite));
    }

    [TestMethod]
    public void Enough_rows_make_no_warnings()
    {
        using TrainingResult result = LeoTrainer.Fit(Samples.Gaussian([30, 16], 3), Samples.Quick);
        Assert.IsEmpty(result.Warnings);
    }

    [TestMethod]
    public void Fewer_rows_than_neighbors_clamp_k_and_say_so()
    {
        using TrainingResult result = LeoTrainer.Fit(Samples.Gaussian([4, 3], 2), Samples.Quick);
        Assert.AreEqual(6, result.Entropy.Neighbors);
        Assert.AreEqual("k is clamped from 15 to 6 neighbors: the table has 7 rows", result.Warnings[0]);
        Assert.HasCount(2, result.Warnings);
        Assert.Contains("no more than k = 6", result.Warnings[1]);
    }

    [TestMethod]
    public void Two_rows_of_two_classes_can_be_fitted()
    {
        Table table = Samples.Gaussian([1, 1], 2);
        using TrainingResult result = LeoTrainer.Fit(table, Samples.Quick);
        Assert.AreEqual(1, result.Entropy.Neighbors);
        Assert.AreEqual("no row could be set aside for validation: training stops on the loss of the training rows", result.Warnings[^1]);
        CollectionAssert.AreEqual(new[] { 5, 0 }, result.Model.Generate(new Dictionary<string, int> { ["a"] = 5 }).ClassCounts());
    }

    [TestMethod]
    public void One_feature_is_enough()
    {
        using TrainingResult result = LeoTrainer.Fit(Samples.Gaussian([20, 8], 1), Samples.Quick);
        Assert.AreEqual(12, result.Model.Generate(new Dictionary<string, int> { ["b"] = 12 }).RowCount);
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(-1e9)]
    [DataRow(1e300)]
    [DataRow(0.1)]
    public void A_constant_column_is_generated_as_it_was(double constant)
    {
        Table table = WithColumn(row => constant);
        using TrainingResult result = LeoTrainer.Fit(table, Samples.Quick);
        Table generated = result.Model.Generate(new Dictionary<string, int> { ["a"] = 40, ["b"] = 40 });
        for (int row = 0; row < 80; row++)
            Assert.AreEqual(constant, generated.Row(row)[1]);
        Assert.IsTrue(result.Losses.All(epoch => double.IsFinite(epoch.ValidationLoss)));
    }

    [TestMethod]
    public void A_table_of_constant_columns_only_is_fitted_too()
    {
        double[,] values = new double[20, 2];
        string[] labels = [.. Enumerable.Range(0, 20).Select(i => i % 3 == 0 ? "few" : "many")];
        using TrainingResult result = LeoTrainer.Fit(Table.FromArrays(values, labels), Samples.Quick);
        Assert.IsTrue(result.Model.Generate(new Dictionary<string, int> { ["few"] = 9 }).Values.ToArray().All(value => value == 0));
    }

    [TestMethod]
    public void Five_hundred_classes_of_three_rows_are_fitted()
    {
        double[,] values = new double[1500, 2];
        for (int row = 0; row < 1500; row++)
            (values[row, 0], values[row, 1]) = (row % 500, row * 37 % 101);
        using TrainingResult result = LeoTrainer.Fit(Table.FromArrays(values,
            [.. Enumerable.Range(0, 1500).Select(row => FormattableString.Invariant($"class {row % 500}"))]), Samples.Quick);
        Assert.AreEqual("500 classes have 3 rows, no more than k = 15", result.Warnings[0].Split(" (")[0]);
        Assert.IsTrue(result.Losses.All(epoch => double.IsFinite(epoch.ValidationLoss)));
        Assert.AreEqual(7, result.Model.Generate(new Dictionary<string, int> { ["class 499"] = 7 }).RowCount);
    }

    [TestMethod]
    public void Duplicate_rows_are_fitted()
    {
        double[,] values = new double[40, 1];
        for (int row = 0; row < 40; row++)
            values[row, 0] = row % 2;
        using TrainingResult result =
            LeoTrainer.Fit(Table.FromArrays(values, [.. Enumerable.Range(0, 40).Select(i => i % 4 == 0 ? "few" : "many")]), Samples.Quick);
        Assert.IsTrue(result.Model.Generate(new Dictionary<string, int> { ["few"] = 50 }).Values.ToArray().All(value => value is 0 or 1));
    }

    [TestMethod]
    public void No_rows_are_refused() =>
        AssertRefused(Table.FromArrays(new double[0, 2], []), "label column 'label': got no rows, expected at least two classes");

    [TestMethod]
    public void One_class_is_refused() => AssertRefused(Table.FromArrays(new double[5, 2], ["yes", "yes", "yes", "yes", "yes"]),
        "label column 'label': got one class only ('yes'), expected at least two classes");

    [TestMethod]
    public void One_row_is_refused() => AssertRefused(Table.FromArrays(new double[1, 2], ["yes"]),
        "label column 'label': got one class only ('yes'), expected at least two classes");

    [TestMethod]
    public void A_class_without_rows_is_refused()
    {
        TableSchema schema = new([new() { Name = "x", Minimum = 0, Maximum = 1 }], "y", ["a", "b", "c"]);
        AssertRefused(new(schema, [0, 1, 0.5], [0, 2, 0]), "class 'b' has no rows, expected at least one");
        AssertRefused(new(schema, [], []), "class 'a' has no rows, expected at least one");
    }

    [TestMethod]
    public void No_table_is_refused()
    {
        Assert.AreEqual("table", Assert.ThrowsExactly<ArgumentNullException>(() => LeoTrainer.Fit(null!)).ParamName);
        Assert.AreEqual("table", Assert.ThrowsExactly<ArgumentNullException>(() => LeoTrainer.FitResample(null!)).ParamName);
    }

    [TestMethod]
    public void A_column_whose_spread_no_float_can_hold_is_refused_by_name()
    {
        string message = Assert.ThrowsExactly<ArgumentException>(() =>
            LeoTrainer.Fit(WithColumn(row => row * 1e200), Samples.Quick)).Message;
        Assert.Contains("column 'x1'", message);
        Assert.Contains("give the column in another unit", message);
    }

    // Fit and FitResample refuse in the same words, before anything is trained.
    static void AssertRefused(Table table, string message)
    {
        Listener silent = new(_ => Assert.Fail("something was trained"));
        Assert.AreEqual($"{message} (Parameter 'table')",
            Assert.ThrowsExactly<ArgumentException>(() => LeoTrainer.Fit(table, Samples.Quick, silent)).Message);
        Assert.AreEqual($"{message} (Parameter 'table')",
            Assert.ThrowsExactly<ArgumentException>(() => LeoTrainer.FitResample(table, Samples.Quick, progress: silent)).Message);
    }

    static Table WithColumn(Func<int, double> second)
    {
        Table table = Samples.Gaussian([20, 9], 1);
        double[,] values = new double[table.RowCount, 2];
        for (int row = 0; row < table.RowCount; row++)
            (values[row, 0], values[row, 1]) = (table.Row(row)[0], second(row));
        return Table.FromArrays(values, [.. Enumerable.Range(0, table.RowCount).Select(table.Label)]);
    }

    static HashSet<int> Sources(Table generated, string label) =>
        [.. Enumerable.Range(0, generated.RowCount).Where(row => generated.Label(row) == label)
            .Select(row => generated.SourceRow(row)!.Value)];
}

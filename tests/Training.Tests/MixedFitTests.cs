namespace LeoCvae.Training.Tests;

/// <summary>Tables with categories, missing values, days and names of rows, fitted and generated.</summary>
[TestClass]
public class MixedFitTests
{
    static readonly Table Table = Samples.Mixed(400);
    static readonly TrainingResult Fitted = LeoTrainer.Fit(Table, TrainingOptions.Default with { MaxEpochs = 60, WithReference = true });

    static LeoModel Model => Fitted.Model;

    [ClassCleanup]
    public static void Free() => Fitted.Dispose();

    [TestMethod]
    public void Generated_cells_are_valid_for_their_columns()
    {
        Table rows = Model.Generate(new Dictionary<string, int> { ["well"] = 3000, ["ill"] = 3000 });
        IReadOnlyList<ColumnSpec> columns = Table.Schema.Columns;
        bool[] mayMiss = [false, true, false, false, true, true, false];
        CollectionAssert.AreEqual(mayMiss, columns.Select(column => column.HasMissing).ToArray());
        for (int i = 0; i < rows.RowCount; i++)
            for (int j = 0; j < columns.Count; j++)
            {
                double cell = rows.Row(i)[j];
                if (double.IsNaN(cell))
                {
                    Assert.IsTrue(mayMiss[j], columns[j].Name);
                    continue;
                }
                Assert.IsInRange(columns[j].Minimum, columns[j].Maximum, cell, columns[j].Name);
                if (columns[j].Decimals is int decimals)
                    Assert.AreEqual(Math.Round(cell, decimals), cell, 1e-9, columns[j].Name);
            }
        CollectionAssert.AreEquivalent(new double[] { 0, 1, 2, 3 }, Column(rows, 2).Distinct().ToArray());
        Assert.IsTrue(Column(rows, 5).All(double.IsNaN), "a column without a value gets none");
        Assert.IsTrue(Column(rows, 6).All(cell => cell == 0), "names of rows are no feature");
    }

    [TestMethod]
    public void Categories_and_missing_values_are_as_frequent_in_a_class_as_in_its_training_rows()
    {
        Table rows = Model.Generate(new Dictionary<string, int> { ["well"] = 6000, ["ill"] = 6000 });
        foreach (string label in Table.Schema.Classes)
            foreach (int column in (int[])[1, 2, 4])
            {
                double missing = Share(Table, label, column, double.IsNaN, _ => 1);
                Assert.AreEqual(missing, Share(rows, label, column, double.IsNaN, _ => 1), 0.02, $"{label}: missing in {column}");
                // Categories come as often as in rows that are weighted as they are drawn, by (1 + H)^gamma.
                for (int category = 0; category < 2 && column != 1; category++)
                {
                    double expected = Share(Table, label, column, cell => cell == category, i => double.IsNaN(Table.Row(i)[column]) ? 0
                        : Math.Pow(1 + Fitted.Entropy.Bits[i], TrainingOptions.Default.EntropyPower)) * (1 - missing);
                    Assert.AreEqual(expected, Share(rows, label, column, cell => cell == category, _ => 1), 0.03, $"{label}: {category}");
                }
            }
    }

    static double Share(Table table, string label, int column, Func<double, bool> holds, Func<int, double> weight)
    {
        int[] rows = [.. Enumerable.Range(0, table.RowCount).Where(i => table.Label(i) == label)];
        return rows.Where(i => holds(table.Row(i)[column])).Sum(weight) / rows.Sum(weight);
    }

    [TestMethod]
    public void Both_evaluators_give_the_same_rows_and_embeddings()
    {
        using LeoModel onnx = LeoModel.FromFiles(Model.Files.ToDictionary(file => file.Name, file => Content(file.Name)),
            new() { Evaluator = Evaluator.OnnxRuntime });
        Dictionary<string, int> counts = new() { ["well"] = 500, ["ill"] = 500 };
        (Table managed, Table other) = (Model.Generate(counts), onnx.Generate(counts));
        int differ = 0;
        for (int i = 0; i < managed.Values.Length; i++)
            differ += managed.Values[i].Equals(other.Values[i]) ? 0 : 1;
        // A number between two roundings, or a level whose sum of shares is the uniform number.
        Assert.IsLessThan(managed.Values.Length / 1000, differ);
        (Matrix means, Matrix expected) = (Model.Embed(Table), onnx.Embed(Table));
        for (int i = 0; i < means.Values.Length; i++)
            Assert.AreEqual(expected.Values[i], means.Values[i], 1e-5);
    }

    [TestMethod]
    public void A_saved_model_gives_the_same_rows_and_scores_rows()
    {
        using TempFolder folder = new();
        Model.Save(folder["model"]);
        using LeoModel loaded = LeoModel.Load(folder["model"]);
        Dictionary<string, int> counts = new() { ["ill"] = 50 };
        CollectionAssert.AreEqual(Model.Generate(counts).Values.ToArray(), loaded.Generate(counts).Values.ToArray());
        CollectionAssert.AreEqual(Model.Score(Table).Bits.ToArray(), loaded.Score(Table).Bits.ToArray());
        // A row among itself and its neighbors: what was scored in the fit lacked the row itself.
        Assert.AreEqual(Table.RowCount, loaded.Score(Table).Bits.Length);
    }

    [TestMethod]
    public void Threads_and_ranges_do_not_change_a_bit()
    {
        using TrainingResult one = LeoTrainer.Fit(Table, TrainingOptions.Default with { MaxEpochs = 3, MaxDegreeOfParallelism = 1 });
        using TrainingResult all = LeoTrainer.Fit(Table, TrainingOptions.Default with { MaxEpochs = 3 });
        Dictionary<string, int> counts = new() { ["well"] = 100, ["ill"] = 100 };
        double[] rows = one.Model.Generate(counts).Values.ToArray(), part = new double[7 * 30];
        CollectionAssert.AreEqual(rows, all.Model.Generate(counts).Values.ToArray());
        all.Model.Generate(0, 20, 30, part);
        CollectionAssert.AreEqual(rows[(20 * 7)..(50 * 7)], part);
    }

    [TestMethod]
    public void A_table_of_categories_alone_is_fitted_with_either_prior()
    {
        int[] columns = [2, 4];
        TableSchema schema = new(columns.Select(j => Table.Schema.Columns[j]), "kind", Table.Schema.Classes);
        Table categories = new(schema, [.. Enumerable.Range(0, 200).SelectMany(i => columns.Select(j => Table.Row(i)[j]))],
            Table.Labels[..200].ToArray());
        foreach (LatentPrior prior in Enum.GetValues<LatentPrior>())
        {
            Table rows = LeoTrainer.FitResample(categories, TrainingOptions.Default with { MaxEpochs = 5, Prior = prior });
            Assert.IsGreaterThan(200, rows.RowCount);
            Assert.IsTrue(Column(rows, 0).All(cell => cell is 0 or 1 or 2 or 3));
            using TrainingResult fit = LeoTrainer.Fit(categories, TrainingOptions.Default with { MaxEpochs = 5, Prior = prior });
            Assert.AreEqual(200, fit.Model.Embed(categories).Rows);
        }
    }

    static double[] Column(Table table, int column) => [.. Enumerable.Range(0, table.RowCount).Select(i => table.Row(i)[column])];

    static byte[] Content(string name)
    {
        using TempFolder folder = new();
        Model.Save(folder["model"]);
        return File.ReadAllBytes(Path.Combine(folder["model"], name));
    }
}

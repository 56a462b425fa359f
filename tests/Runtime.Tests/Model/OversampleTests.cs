namespace LeoCvae.Runtime.Tests;

[TestClass]
public class OversampleTests
{
    [TestMethod]
    public void All_classes_end_exactly_equal_after_the_real_rows_as_they_came()
    {
        using LeoModel model = TestModel.Load();
        Table real = TestModel.Training, table = model.Oversample(real);
        Assert.AreSequenceEqual([357, 357], table.ClassCounts());
        Assert.AreEqual(569, table.RealRows);
        Assert.AreSame(real.Schema, table.Schema);
        Assert.IsTrue(real.Values.SequenceEqual(table.Values[..real.Values.Length]));
        Assert.IsTrue(real.Labels.SequenceEqual(table.Labels[..569]));
        for (int row = 0; row < table.RowCount; row++)
        {
            Assert.AreEqual(row >= 569, table.IsSynthetic(row));
            if (row < 569)
                Assert.AreEqual(row, table.SourceRow(row));
            else
                Assert.AreEqual(TestModel.Malignant, table.Label(row));
            Assert.AreEqual(table.Label(row), real.Label(table.SourceRow(row)!.Value));
        }
    }

    [TestMethod]
    public void Synthetic_rows_are_those_of_generate_where_the_table_is_not_the_training_table()
    {
        using LeoModel model = TestModel.Load();
        Table other = TestModel.Pick(Enumerable.Range(0, 568));
        Table table = model.Oversample(other, SamplingStrategy.Parse("add:malignant=20,benign=1100"), seed: 9),
            generated = model.Generate(TestModel.Counts(20, 1100), seed: 9);
        Assert.IsTrue(table.Values[(568 * 30)..].SequenceEqual(generated.Values));
        Assert.AreSequenceEqual(Enumerable.Range(0, 1120).Select(generated.SourceRow), Enumerable.Range(568, 1120).Select(table.SourceRow));
    }

    [TestMethod]
    public void Rows_added_are_those_that_the_model_generates_and_have_the_spread_of_real_rows()
    {
        using LeoModel model = TestModel.Load();
        Table table = model.Oversample(TestModel.Training, SamplingStrategy.AddCounts(TestModel.Counts(2000, 0))),
            generated = model.Generate(TestModel.Counts(2000, 0));
        Assert.AreSequenceEqual(Enumerable.Range(0, 2000).Select(generated.SourceRow), Enumerable.Range(569, 2000).Select(table.SourceRow));
        Assert.IsTrue(generated.Values.SequenceEqual(table.Values[(569 * 30)..]));
        int[] real = [.. Enumerable.Range(0, 569).Where(row => TestModel.Training.Label(row) == TestModel.Malignant)];
        for (int j = 0; j < 30; j++)
            // Rows of high entropy are drawn more often, so that columns may spread more or less.
            Assert.IsInRange(0.8, 1.25, Deviation(generated, Enumerable.Range(0, 2000), j) / Deviation(TestModel.Training, real, j),
                $"column {j}");
    }

    [TestMethod]
    public void A_class_that_is_declared_but_has_no_rows_gets_none_and_need_not_be_known()
    {
        using LeoModel model = TestModel.Load();
        Table training = TestModel.Training;
        TableSchema schema = new(training.Schema.Columns, training.Schema.Target, ["unknown", .. training.Schema.Classes, "spare"],
            training.Schema.TargetIndex);
        Table declared = new(schema, training.Values.ToArray(), [.. training.Labels.ToArray().Select(label => label + 1)]);
        foreach (SamplingStrategy strategy in (SamplingStrategy[])[SamplingStrategy.Auto, SamplingStrategy.Minority])
            Assert.AreSequenceEqual([0, 357, 357, 0], model.Oversample(declared, strategy).ClassCounts());
        Expect.Throws<ArgumentException>(() => model.Oversample(declared, SamplingStrategy.Parse("add:spare=1")), "unknown class 'spare'");
    }

    [TestMethod]
    public void Synthetic_rows_follow_the_order_in_which_the_tables_own_classes_first_appear()
    {
        using LeoModel model = TestModel.Load();
        Assert.AreSequenceEqual([TestModel.Malignant, TestModel.Benign], model.Schema.Classes);
        int[] benignFirst = [.. Enumerable.Range(0, 569).OrderBy(row => TestModel.Training.Label(row) == TestModel.Malignant)];
        Table real = TestModel.Pick(benignFirst),
            table = model.Oversample(real, SamplingStrategy.AddCounts(TestModel.Counts(malignant: 3, benign: 2)));
        Assert.AreSequenceEqual([TestModel.Benign, TestModel.Malignant], real.Schema.Classes);
        Assert.AreSequenceEqual([TestModel.Benign, TestModel.Benign, TestModel.Malignant, TestModel.Malignant, TestModel.Malignant],
            Enumerable.Range(569, 5).Select(table.Label));
        Assert.AreSequenceEqual([359, 215], table.ClassCounts());
        // The rows themselves are a function of the class, not of the table.
        Table generated = model.Generate(TestModel.Counts(3, 2));
        Assert.IsTrue(generated.Row(0).SequenceEqual(table.Row(571)));
        Assert.IsTrue(generated.Row(3).SequenceEqual(table.Row(569)));
    }

    [TestMethod]
    public void A_table_with_some_of_the_classes_gets_rows_of_those_only()
    {
        using LeoModel model = TestModel.Load();
        Table benign = TestModel.Pick(Enumerable.Range(0, 569).Where(row => TestModel.Training.Label(row) == TestModel.Benign));
        Table table = model.Oversample(benign, SamplingStrategy.Parse("counts:benign=400"));
        Assert.AreSequenceEqual([400], table.ClassCounts());
        Assert.AreEqual(357, model.Oversample(benign).RowCount);
    }

    [TestMethod]
    public void Strategies_and_the_cap_are_obeyed()
    {
        using LeoModel model = TestModel.Load();
        Assert.AreSequenceEqual([286, 357], model.Oversample(TestModel.Training, SamplingStrategy.Parse("ratio:0.8")).ClassCounts());
        Assert.AreSequenceEqual([500, 357], model.Oversample(TestModel.Training, SamplingStrategy.Parse("counts:malignant=500"))
            .ClassCounts());
        Assert.AreSequenceEqual([312, 357], model.Oversample(TestModel.Training, maxRows: 100).ClassCounts());
        Table few =
            TestModel.Pick([0, .. Enumerable.Range(0, 569).Where(row => TestModel.Training.Label(row) == TestModel.Benign).Take(300)]);
        Assert.AreSequenceEqual([300, 300], model.Oversample(few).ClassCounts());
    }

    [TestMethod]
    public void Threads_do_not_change_a_bit()
    {
        using LeoModel one = TestModel.Load(threads: 1), two = TestModel.Load(threads: 2);
        SamplingStrategy strategy = SamplingStrategy.Parse("counts:malignant=3000,benign=2000");
        TestModel.AreSame(one.Oversample(TestModel.Training, strategy), two.Oversample(TestModel.Training, strategy));
    }

    [TestMethod]
    public void A_table_that_does_not_fit_is_refused()
    {
        using LeoModel model = TestModel.Load();
        Table renamed = Table.FromArrays(new double[2, 30], ["malignant", "benign"], target: "diagnosis");
        Expect.Throws<ArgumentException>(() => model.Oversample(renamed), "doesn't fit the model",
            "the columns 'mean_radius', ", "are missing; got the columns 'x0', ");
        Table other = Table.FromArrays(new double[1, 30], ["unsure"], [.. model.Schema.Columns.Select(column => column.Name)], "diagnosis");
        Expect.Throws<ArgumentException>(() => model.Oversample(other), "unknown class 'unsure'", "'malignant', 'benign'");
        Expect.Throws<ArgumentException>(() => model.Oversample(TestModel.Training, SamplingStrategy.Parse("counts:benign=300")),
            "present 357 rows");
        Expect.Throws<ArgumentException>(() => model.Oversample(TestModel.Training, maxRows: -1), "maxRows: got -1");
        Assert.ThrowsExactly<ArgumentNullException>(() => model.Oversample(null!));
    }

    static double Deviation(Table table, IEnumerable<int> rows, int column)
    {
        double[] values = [.. rows.Select(row => table.Row(row)[column])];
        double mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }

    [TestMethod]
    public void A_balanced_table_written_beside_its_file_is_read_back_as_it_is()
    {
        using LeoModel model = TestModel.Load();
        string file = Repo.File("tools", "leocvae", "Demo", "breast-cancer.csv");
        TableDocument document = TableFile.ReadDocument(file, "diagnosis");
        Table table = model.Oversample(document.Table);
        string written = Csv.Write(document, table);
        Assert.IsTrue(written.StartsWith(File.ReadAllText(file), StringComparison.Ordinal));
        Table again = Csv.Read(written, "diagnosis").Table;
        Assert.IsTrue(table.Values.SequenceEqual(again.Values));
        Assert.IsTrue(table.Labels.SequenceEqual(again.Labels));
        Assert.AreSequenceEqual(table.Schema.Columns, again.Schema.Columns);
    }
}

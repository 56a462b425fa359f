namespace LeoCvae.Runtime.Tests;

[TestClass]
public class TableTests
{
    static readonly TableSchema Schema =
        new([new() { Name = "size", Minimum = 0, Maximum = 9 }, new() { Name = "age", Minimum = 0, Maximum = 9 }], "y", ["a", "b"]);

    [TestMethod]
    public void Rows_labels_and_counts_are_those_given()
    {
        Table table = new(Schema, [1, 2, 3, 4, 5, 6], [1, 0, 1]);
        Assert.AreEqual(3, table.RowCount);
        Assert.AreEqual(3, table.RealRows);
        Assert.AreSequenceEqual([3d, 4], table.Row(1).ToArray());
        Assert.AreSequenceEqual(["b", "a", "b"], [table.Label(0), table.Label(1), table.Label(2)]);
        Assert.AreSequenceEqual([1, 2], table.ClassCounts());
        Assert.IsFalse(table.IsSynthetic(2));
        Assert.AreEqual(2, table.SourceRow(2));
    }

    [TestMethod]
    public void A_class_without_rows_counts_0() => Assert.AreSequenceEqual([2, 0], new Table(Schema, [1, 2, 3, 4], [0, 0]).ClassCounts());

    [TestMethod]
    public void Lengths_that_disagree_are_refused() =>
        Expect.Throws<ArgumentException>(() => new Table(Schema, [1, 2, 3], [0, 1]), "got 3 values", "expected 2 rows x 2 columns");

    [TestMethod]
    [DataRow(double.NaN, "NaN")]
    [DataRow(double.PositiveInfinity, "Infinity")]
    [DataRow(double.NegativeInfinity, "-Infinity")]
    public void A_value_that_is_not_finite_is_refused_by_row_and_column(double value, string text)
    {
        Expect.Throws<ArgumentException>(() => new Table(Schema, [1, 2, 3, value], [0, 1]), "row 1", "column 'age'", $"got {text}",
            "finite");
        Expect.Throws<ArgumentException>(() => Table.FromArrays(new[,] { { 1, 2 }, { 3, value } }, ["a", "b"]), "row 1", "column 'x1'",
            $"got {text}", "finite");
    }

    [TestMethod]
    [DataRow(-1, "class index -1")]
    [DataRow(2, "class index 2")]
    public void A_class_index_out_of_range_is_refused(int label, string message) =>
        Expect.Throws<ArgumentException>(() => new Table(Schema, [1, 2], [label]), message, "2 classes");

    [TestMethod]
    public void Nothing_is_taken_for_null()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => new Table(null!, [], []));
        Assert.ThrowsExactly<ArgumentNullException>(() => new Table(Schema, null!, []));
        Assert.ThrowsExactly<ArgumentNullException>(() => new Table(Schema, [], null!));
    }

    [TestMethod]
    public void Arrays_teach_names_ranges_decimals_and_classes_in_order_of_appearance()
    {
        Table table = Table.FromArrays(new double[,] { { 1.25, 3 }, { -2.5, 1e-7 }, { 0, 7 } }, ["no", "yes", "no"]);
        Assert.AreSequenceEqual(["x0", "x1"], table.Schema.Columns.Select(column => column.Name));
        Assert.AreSequenceEqual(["no", "yes"], table.Schema.Classes);
        Assert.AreSequenceEqual([0, 1, 0], table.Labels.ToArray());
        Assert.AreEqual("label", table.Schema.Target);
        Assert.AreEqual(2, table.Schema.TargetIndex);
        Assert.AreEqual(new ColumnSpec { Name = "x0", Minimum = -2.5, Maximum = 1.25, Decimals = 2 }, table.Schema.Columns[0]);
        Assert.AreEqual(new ColumnSpec { Name = "x1", Minimum = 1e-7, Maximum = 7, Decimals = 7 }, table.Schema.Columns[1]);
        Assert.AreSequenceEqual([1.25, 3, -2.5, 1e-7, 0, 7], table.Values.ToArray());
    }

    [TestMethod]
    public void Arrays_of_other_lengths_are_refused()
    {
        Expect.Throws<ArgumentException>(() => Table.FromArrays(new double[2, 1], ["a"]), "got 1 labels", "expected 2");
        Expect.Throws<ArgumentException>(() => Table.FromArrays(new double[1, 2], ["a"], ["only"]), "got 1 column names", "expected 2");
        Expect.Throws<ArgumentException>(() => Table.FromArrays(new double[1, 0], ["a"]), "at least one feature column");
        Expect.Throws<ArgumentException>(() => Table.FromArrays(new double[1, 1], ["a"], ["label"]), "column 'label' is given twice");
        Expect.Throws<ArgumentException>(() => Table.FromArrays(new double[1, 1], [""]), "row 0", "label is empty");
    }

    [TestMethod]
    public void A_missing_value_is_allowed_only_where_its_column_says_so()
    {
        TableSchema schema = new([Schema.Columns[0], Schema.Columns[1] with { HasMissing = true }], "y", ["a", "b"]);
        Table table = new(schema, [1, double.NaN, 3, 4], [0, 1]);
        Assert.AreSequenceEqual([0, 1], table.MissingCounts());
        Expect.Throws<ArgumentException>(() => new Table(schema, [1, 2, double.NaN, 4], [0, 1]),
            "row 1, column 'size': got NaN, expected a finite number");
        Expect.Throws<ArgumentException>(() => new Table(schema, [1, 2, 3, double.PositiveInfinity], [0, 1]),
            "row 1, column 'age': got Infinity", "or NaN where it is missing");
    }

    [TestMethod]
    public void Arrays_may_lack_values_where_that_is_allowed_and_a_column_of_none_has_no_range()
    {
        double[,] values = { { 1, double.NaN, 0.5 }, { double.NaN, double.NaN, 2 } };
        Table table = Table.FromArrays(values, ["a", "b"], allowMissing: true), first = table.Select([0]);
        Assert.AreSequenceEqual([1, 2, 0], table.MissingCounts());
        Assert.AreEqual(new ColumnSpec { Name = "x0", Minimum = 1, Maximum = 1, Decimals = 0, HasMissing = true }, table.Schema.Columns[0]);
        Assert.AreEqual(new ColumnSpec { Name = "x1", Minimum = 0, Maximum = 0, Decimals = 0, HasMissing = true }, table.Schema.Columns[1]);
        Assert.AreEqual(new ColumnSpec { Name = "x2", Minimum = 0.5, Maximum = 2, Decimals = 1 }, table.Schema.Columns[2]);
        Assert.AreSequenceEqual([false, true, false], first.Schema.Columns.Select(column => column.HasMissing));
        Expect.Throws<ArgumentException>(() => Table.FromArrays(values, ["a", "b"]),
            "row 0, column 'x1': got NaN, expected a finite number");
        values[1, 2] = double.NegativeInfinity;
        Expect.Throws<ArgumentException>(() => Table.FromArrays(values, ["a", "b"], allowMissing: true),
            "row 1, column 'x2': got -Infinity");
    }

    [TestMethod]
    public void A_model_of_full_columns_refuses_a_missing_value_by_row_and_column()
    {
        using LeoModel model = TestModel.Load();
        TableSchema schema = new(model.Schema.Columns.Select(column => column with { HasMissing = true }), model.Schema.Target,
            model.Schema.Classes);
        double[] cells = new double[2 * schema.Columns.Count];
        cells[^1] = double.NaN;
        Table table = new(schema, cells, [0, 1]);
        string[] where = [$"row 1, column '{schema.Columns[^1].Name}': the value is missing", "fill it in or leave the row out"];
        Expect.Throws<ArgumentException>(() => model.Oversample(table), where);
        Expect.Throws<ArgumentException>(() => model.Embed(table), where);
        Expect.Throws<ArgumentException>(() => model.Score(table), where);
    }

    [TestMethod]
    public void Selected_rows_make_a_table_that_knows_nothing_of_the_others()
    {
        Table all = Table.FromArrays(new double[,] { { 1, 0.25 }, { 2, 0.5 }, { 9, 0.125 } }, ["b", "a", "c"]), fold = all.Select([1, 0]);
        Assert.AreSequenceEqual([2, 0.5, 1, 0.25], fold.Values.ToArray());
        Assert.AreSequenceEqual(["a", "b"], fold.Schema.Classes);
        Assert.AreEqual(new ColumnSpec { Name = "x0", Minimum = 1, Maximum = 2, Decimals = 0 }, fold.Schema.Columns[0]);
        Assert.AreEqual(new ColumnSpec { Name = "x1", Minimum = 0.25, Maximum = 0.5, Decimals = 2 }, fold.Schema.Columns[1]);
        Expect.Throws<ArgumentException>(() => all.Select([3]), "row 3", "3 rows");
    }

    [TestMethod]
    public void A_column_is_constant_by_its_rows_not_by_its_schema()
    {
        // A fold under the whole table's schema: x0 varies there, here it doesn't.
        TableSchema schema = Table.FromArrays(new double[,] { { 0, 1 }, { 5, 2 } }, ["a", "b"]).Schema;
        Table fold = new(schema, [0, 1, 0, 2, 0, 3], [0, 1, 0]);
        TableEncoder encoder = TableEncoder.Fit(fold);
        Assert.AreEqual(1, encoder.Scale[0]);
        Assert.AreEqual(2, LocalEntropy.Score(fold).Neighbors);
    }
}

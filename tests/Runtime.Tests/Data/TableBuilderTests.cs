namespace LeoCvae.Runtime.Tests;

[TestClass]
public class TableBuilderTests
{
    [TestMethod]
    [DataRow("7", 0)]
    [DataRow("-12", 0)]
    [DataRow("1.50", 1)]
    [DataRow("1.25", 2)]
    [DataRow("3.0", 0)]
    [DataRow("+1.5", 1)]
    [DataRow(".5", 1)]
    [DataRow("5.", 0)]
    [DataRow("0.000000000001", 12)]
    [DataRow("1e5", 0)]
    [DataRow("-7.89e-05", 7)]
    [DataRow("1.5E-3", 4)]
    [DataRow("1e-300", 300)]
    public void Decimals_of_a_number_are_counted_in_its_text(string text, int decimals) => Assert.AreEqual(decimals, TableBuilder.DecimalsOf(text));

    [TestMethod]
    public void A_column_keeps_the_most_decimals_seen_and_none_beyond_the_limit()
    {
        TableBuilder builder = new(["a", "b", "c", "d"], "y", 4);
        builder.AddRow([1, 2, 3, 4], [0, 3, 12, 13], "x");
        builder.AddRow([1, 2, 3, 4], [2, 1, 0, 0], "x");
        builder.AddRow([1, 2, 3, 4], [1, 0, 0, 0], "x");
        Assert.AreSequenceEqual([2, 3, 12, null], builder.Build().Schema.Columns.Select(column => column.Decimals));
    }

    [TestMethod]
    public void Many_rows_keep_their_values_and_ranges()
    {
        TableBuilder builder = new(["a", "b"], "y", 1);
        for (int i = 0; i < 1000; i++)
            builder.AddRow([i, -i / 4d], i % 3 == 0 ? "fizz" : "no");
        Assert.AreEqual(1000, builder.RowCount);
        Table table = builder.Build();
        Assert.AreSequenceEqual(Enumerable.Range(0, 1000).SelectMany(i => (double[])[i, -i / 4d]), table.Values.ToArray());
        Assert.AreSequenceEqual([334, 666], table.ClassCounts());
        Assert.AreEqual(1, table.Schema.TargetIndex);
        Assert.AreEqual(new ColumnSpec { Name = "b", Minimum = -249.75, Maximum = 0, Decimals = 2 }, table.Schema.Columns[1]);
    }

    [TestMethod]
    public void Class_names_are_told_apart_by_case_and_blanks()
    {
        TableBuilder builder = new(["a"], "y", 1);
        foreach (string label in (string[])["x", "X", " x", "x"])
            builder.AddRow([1], label);
        Assert.AreSequenceEqual(["x", "X", " x"], builder.Build().Schema.Classes);
    }

    [TestMethod]
    public void A_bad_row_is_refused_by_its_number_and_leaves_nothing_behind()
    {
        TableBuilder builder = new(["a", "b"], "y", 2);
        builder.AddRow([1, 2], "x");
        Expect.Throws<ArgumentException>(() => builder.AddRow([1], "x"), "row 1", "got 1 values", "expected 2");
        Expect.Throws<ArgumentException>(() => builder.AddRow([1, 2], [0], "x"), "row 1", "got 1 decimals", "expected 2");
        Expect.Throws<ArgumentException>(() => builder.AddRow([1, 2], ""), "row 1", "label is empty");
        Expect.Throws<ArgumentException>(() => builder.AddRow([1, 2], null!), "row 1", "label is empty");
        Expect.Throws<ArgumentException>(() => builder.AddRow([99.5, double.NaN], "new"), "row 1", "column 'b'", "NaN");
        builder.AddRow([3, 4], "x");
        Table table = builder.Build();
        Assert.AreSequenceEqual([1d, 2, 3, 4], table.Values.ToArray());
        Assert.AreSequenceEqual(["x"], table.Schema.Classes);
        Assert.AreEqual(new ColumnSpec { Name = "a", Minimum = 1, Maximum = 3, Decimals = 0 }, table.Schema.Columns[0]);
    }
}

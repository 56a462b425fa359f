using System.Globalization;
using System.Text;
using CsCheck;

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
    public void Decimals_of_a_number_are_counted_in_its_text(string text, int decimals) =>
        Assert.AreEqual(decimals, TableBuilder.DecimalsOf(Encoding.UTF8.GetBytes(text)));

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
    [DataRow(0)]
    [DataRow(3)]
    [DataRow(500)]
    [DataRow(800)]
    [DataRow(100_000)]
    public void However_many_rows_are_expected_those_that_come_are_the_table(double expected)
    {
        const int Rows = 800;
        string[] names = [.. Enumerable.Range(0, 1000).Select(j => $"x{j}")];
        TableBuilder builder = new(names, null, -1), other = new(names, null, -1);
        double[] values = new double[names.Length];
        for (int row = 0; row < Rows; row++)
        {
            for (int j = 0; j < values.Length; j++)
                values[j] = (row * 7919 + j) % 1013;
            builder.AddRow(values, null);
            other.AddRow(values, null);
            if (row == 100)
                builder.Expect(expected);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        Table table = builder.Build();
        // Those that had room are not copied.
        Assert.AreEqual(expected >= Rows, GC.GetAllocatedBytesForCurrentThread() - before < Rows * names.Length * sizeof(double));
        Table same = other.Build();
        Assert.AreEqual(Rows, table.RowCount);
        Assert.IsTrue(same.Values.SequenceEqual(table.Values));
        Assert.AreSequenceEqual(same.Schema.Columns, table.Schema.Columns);
    }

    [TestMethod]
    [DataRow(1, 300_000)]
    [DataRow(7, 50_000)]
    [DataRow(200_000, 3)]
    public void Rows_keep_their_values_and_order_and_are_in_memory_twice_at_most(int width, int rows)
    {
        string[] names = [.. Enumerable.Range(0, width).Select(j => $"x{j}")];
        TableBuilder builder = new(names, null, -1);
        double[] values = [.. Enumerable.Range(0, width)];
        builder.AddRow(values, null);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int row = 1; row < rows; row++)
        {
            for (int j = 0; j < width; j++)
                values[j] = (double)row * width + j;
            builder.AddRow(values, null);
        }
        long blocks = GC.GetAllocatedBytesForCurrentThread() - before;
        // Blocks of 8 bytes a value, and the sets of distinct values that a column begins with.
        Assert.IsLessThan(12L * width * rows + 5_000_000 + 100L * width, blocks);
        Table table = builder.Build();
        Assert.AreEqual(rows, table.RowCount);
        for (int i = 0; i < width * rows; i++)
            Assert.AreEqual(i, table.Values[i]);
    }

    // As in text: the shortest that is read as the value again.
    static int DecimalsOfText(double value) => Math.Min(
        TableBuilder.DecimalsOf(Encoding.UTF8.GetBytes(value.ToString("R", CultureInfo.InvariantCulture))), ColumnSpec.MaxDecimals + 1);

    [TestMethod]
    public void Decimals_of_a_value_are_those_of_its_shortest_text()
    {
        // Numbers of so many digits, divided by a power of ten: as they stand in a table, and the same but for the last bits.
        Gen<double> written = Gen.Select(Gen.Long[-(1L << 53), 1L << 53], Gen.Int[0, 53], Gen.Int[-6, 18], Gen.Int[-2, 2],
            (digits, shift, decimals, bits) =>
            BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits((digits >> shift) / Math.Pow(10, decimals))
                + (bits == 2 ? 1 : bits == -2 ? -1 : 0)));
        Gen.OneOf(written, Gen.Double).Where(double.IsFinite)
            .Sample(value => ColumnLearner.DecimalsOf(value) == DecimalsOfText(value), iter: 400_000);
    }

    [TestMethod]
    public void Decimals_of_a_column_are_the_most_of_its_values()
    {
        Gen<double> value = Gen.Select(Gen.Int[-1_000_000, 1_000_000], Gen.Int[0, 14], (digits, decimals) =>
            digits / Math.Pow(10, decimals));
        value.Array[1, 6].Sample(values =>
        {
            TableBuilder builder = new(["a"], null, 0);
            foreach (double cell in values)
                builder.AddRow([cell], null);
            int most = values.Max(DecimalsOfText);
            return builder.Build().Schema.Columns[0].Decimals == (most <= ColumnSpec.MaxDecimals ? most : null);
        }, iter: 50_000);
    }

    [TestMethod]
    [DataRow(1e-05, 5)]
    [DataRow(7.89e-05, 7)]
    [DataRow(-1.5e-12, 13)]
    [DataRow(1e-12, 12)]
    [DataRow(1e-300, 13)]
    [DataRow(double.Epsilon, 13)]
    [DataRow(double.MaxValue, 0)]
    [DataRow(-0.0, 0)]
    [DataRow(0.1 + 0.2, 13)]
    [DataRow(12345.678901234567, 12)]
    [DataRow(4503599627370495.5, 1)]
    [DataRow(2251799813685247.75, 1)]
    [DataRow(123456789012.34567, 5)]
    public void Decimals_of_a_value_need_no_text(double value, int decimals)
    {
        Assert.AreEqual(decimals, ColumnLearner.DecimalsOf(value));
        Assert.AreEqual(decimals, DecimalsOfText(value));
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

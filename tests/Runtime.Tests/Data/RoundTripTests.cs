namespace LeoCvae.Runtime.Tests;

/// <summary>Cells of every kind on their way out and in again: as text, and as features.</summary>
[TestClass]
public unsafe class RoundTripTests
{
    [TestMethod]
    public void Tables_of_every_kind_are_read_from_their_text_as_they_were()
    {
        for (int seed = 0; seed < 400; seed++)
        {
            Table table = RandomTables.Of(seed);
            using MemoryStream csv = new();
            TableFile.Write(table, csv);
            csv.Position = 0;
            Table read = TableFile.Read(csv, "t.csv", columns: new() { Like = table.Schema });
            Assert.AreEqual(table.RowCount, read.RowCount);
            for (int i = 0; i < table.RowCount; i++)
            {
                Assert.AreEqual(table.Label(i), read.Label(i));
                for (int j = 0; j < table.Schema.Columns.Count; j++)
                {
                    (ColumnSpec own, ColumnSpec other) = (table.Schema.Columns[j], read.Schema.Columns[j]);
                    Assert.AreEqual((own.Name, own.Kind, own.Format), (other.Name, other.Kind, other.Format), $"table {seed}");
                    (double cell, double back) = (table.Row(i)[j], read.Row(i)[j]);
                    if (own.Categories is not null && !double.IsNaN(cell) && !double.IsNaN(back))
                        Assert.AreEqual(own.Categories[(int)cell], other.Categories![(int)back], $"table {seed}, {own.Name}");
                    else
                        Assert.AreEqual(cell, back, $"table {seed}, row {i}, {own.Kind} {own.Name}");
                }
            }
        }
    }

    [TestMethod]
    [DataRow("NA", "q")]
    [DataRow("p", " ")]
    [DataRow("p", "nan")]
    public void A_name_that_would_be_read_as_a_missing_value_is_not_written(string name, string label)
    {
        Table table = Table.FromColumns([TableColumn.Of("c", new[] { "Ulm", name }), TableColumn.Of("x", new[] { 1, 2 })],
            ["p", label], "y");
        using TempFolder folder = new();
        string wrong = name == "NA" ? name : label;
        Expect.Throws<ArgumentException>(() => TableFile.Write(table, folder["t.csv"]), $"column '{(name == "NA" ? "c" : "y")}'",
            $"the name '{wrong}'", "stands for a missing value");
        Assert.IsFalse(File.Exists(folder["t.csv"]));
    }

    [TestMethod]
    public void What_is_encoded_is_decoded_to_the_same_cells()
    {
        for (int seed = 0; seed < 400; seed++)
        {
            Table table = RandomTables.Of(seed);
            IReadOnlyList<ColumnSpec> columns = table.Schema.Columns;
            TableEncoder encoder = TableEncoder.Fit(table);
            Matrix x = encoder.Encode(table);
            NumberCodec numbers = new(columns, encoder.Mean);
            // Of rare names that share a level one of the class is drawn: here always the same.
            LevelDecoding? levels = encoder.Layout.Blocks.Count == 0 ? null : new(columns, LevelDecoding.Tensors(encoder.Layout,
                block => [.. table.Schema.Classes.Select(_ => new double[] { Array.IndexOf(block.LevelOf, block.Shared) })]),
                table.Schema.Classes.Count);
            int width = encoder.Layout.Numbers.Length;
            for (int i = 0; i < table.RowCount; i++)
            {
                float[] deviations = [.. x[i][..width].ToArray().Select((value, j) => (float)(value * encoder.Scale[j]))];
                double[] valid = new double[width], row = new double[columns.Count];
                numbers.ToValidRow(deviations, valid);
                if (levels is null)
                    valid.CopyTo(row, 0);
                else
                    fixed (float* logits = x.Row(i)[width..])
                        levels.Fill<Simd128>(valid, logits, table.Labels[i], [], row);
                for (int j = 0; j < columns.Count; j++)
                {
                    (double cell, double back) = (table.Row(i)[j], row[j]);
                    string where = $"table {seed}, row {i}, {columns[j].Kind} {columns[j].Name}";
                    // A float has seven digits of a column's range; what is rounded or one of few values is the same in all.
                    double off = columns[j] is { Kind: ColumnKind.Category or ColumnKind.Identifier } ? 0
                        : columns[j] is { Values: null } && !(columns[j].Maximum - columns[j].Minimum < 1e6 && columns[j].Decimals < 1)
                            ? 3e-7 * (columns[j].Maximum - columns[j].Minimum) : 0;
                    LevelBlock? block = encoder.Layout.Blocks.FirstOrDefault(block => block.Column == j && block.Shared >= 0);
                    if (block is not null && !double.IsNaN(cell) && block.LevelOf[(int)cell] == block.Shared)
                        Assert.AreEqual(block.Shared, block.LevelOf[(int)back], where);
                    else if (double.IsNaN(cell) || off == 0)
                        Assert.AreEqual(cell, back, where);
                    else
                        Assert.AreEqual(cell, back, off, where);
                }
            }
        }
    }
}

using System.Globalization;

namespace LeoCvae.Training.Tests.Export;

/// <summary>What comes out keeps to what a column held: its decimals and its range.</summary>
[TestClass]
public class RoundingTests
{
    const int Rows = 500;

    // Whole numbers around zero, cents, unrounded, whole numbers far from zero.
    static readonly (double, double)[] Units = [(0, 3), (20, 4), (0, 1), (1e9, 100)];
    static readonly int?[] Mixed = [0, 2, null, 0], All = [0, 2, 6, 0], None = [null, null, null, null];

    [TestMethod]
    public void Each_column_has_the_decimals_that_it_had()
    {
        double[] rows = Decode(Mixed, spread: 1);
        for (int i = 0; i < rows.Length; i++)
            if (Mixed[i % 4] is int decimals)
                Assert.AreEqual(rows[i], double.Parse(rows[i].ToString($"F{decimals}", CultureInfo.InvariantCulture),
                    CultureInfo.InvariantCulture), $"column {i % 4}: not the double next to a decimal number");
        double[] unrounded = [.. rows.Where((_, i) => i % 4 == 2)];
        Assert.IsGreaterThan(Rows * 9 / 10, unrounded.Count(value => value != Math.Round(value, 6)),
            "the column without a rule was rounded");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Rounding_goes_to_the_nearest(bool everyColumn)
    {
        int?[] decimals = everyColumn ? All : Mixed;
        double[] rounded = Decode(decimals, spread: 1), plain = Decode(decimals, spread: 1, keepRule: false);
        int moved = 0;
        for (int i = 0; i < rounded.Length; i++)
        {
            double half = decimals[i % 4] is int places ? 0.5 * Math.Pow(10, -places) : 0;
            // The half unit may be missed by the rounding of doubles near 1e9.
            Assert.AreEqual(plain[i], rounded[i], half + 1e-6 * half, $"column {i % 4}");
            moved += plain[i] != rounded[i] ? 1 : 0;
        }
        Assert.IsGreaterThan(rounded.Length / 3, moved);
    }

    [TestMethod]
    public void Everything_lies_within_the_range_that_was_seen()
    {
        foreach (int?[] decimals in new[] { Mixed, All, None })
        {
            Table table = Table(decimals);
            double[] rows = Decode(decimals, spread: 30);
            for (int i = 0; i < rows.Length; i++)
                Assert.IsInRange(table.Schema.Columns[i % 4].Minimum, table.Schema.Columns[i % 4].Maximum, rows[i]);
            for (int j = 0; j < 4; j++)
            {
                double[] ends = [table.Schema.Columns[j].Minimum, table.Schema.Columns[j].Maximum];
                Assert.IsTrue(rows.Where((_, i) => i % 4 == j).Any(ends.Contains), "latent vectors far out should reach an end");
            }
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_small_negative_number_rounds_to_zero_without_a_sign(bool everyColumn)
    {
        using Exported exported = new(Table(everyColumn ? All : Mixed));
        using LeoModel model = LeoModel.FromFiles(exported.Files);
        Table generated = model.Generate(new Dictionary<string, int> { ["a"] = Rows, ["b"] = Rows });
        double[] zeros = [.. generated.Values.ToArray().Where(value => value == 0)];
        Assert.IsNotEmpty(zeros, "no zero came out: choose another table");
        Assert.IsFalse(zeros.Any(double.IsNegative), "'-0' would be written to a file");
    }

    [TestMethod]
    public void A_constant_column_comes_back_as_it_was()
    {
        const double Odd = 1234567.0000001;
        Table table = Samples.Gaussian([20, 9], 1);
        double[,] values = new double[table.RowCount, 2];
        for (int row = 0; row < table.RowCount; row++)
            (values[row, 0], values[row, 1]) = (table.Row(row)[0], Odd);
        using Exported exported = new(LeoCvae.Table.FromArrays(values, [.. Enumerable.Range(0, table.RowCount).Select(table.Label)]));
        double[] rows = Decode(exported, spread: 1);
        Assert.IsTrue(rows.Where((_, i) => i % 2 == 1).All(value => value == Odd));
    }

    static Table Table(int?[] decimals) => Samples.Gaussian([40, 20], 4, units: Units, decimals: decimals);

    static double[] Decode(int?[] decimals, float spread, bool keepRule = true)
    {
        Table table = Table(decimals);
        if (!keepRule)
            table = new(new(table.Schema.Columns.Select(column => column with { Decimals = null }), table.Schema.Target,
                table.Schema.Classes), table.Values.ToArray(), table.Labels.ToArray());
        using Exported exported = new(table);
        return Decode(exported, spread);
    }

    static double[] Decode(Exported exported, float spread)
    {
        using Onnx decoder = new(exported[ModelFormat.Decoder]);
        float[] latent = [.. Samples.Normals(Rows * exported.Shape.Latent).Select(value => value * spread)];
        return decoder.Run<double>(ModelFormat.Rows, Onnx.Input(ModelFormat.Latent, latent, exported.Shape.Latent),
            Onnx.Input(ModelFormat.Class, Enumerable.Range(0, Rows).Select(i => (long)i % 2).ToArray()));
    }
}

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class NumberCodecTests
{
    // No multiple of any register's width.
    const int Width = 37;

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_row_becomes_valid_as_its_values_do_one_by_one(bool hasFew)
    {
        ColumnSpec[] columns = [.. Enumerable.Range(0, Width).Select(j => new ColumnSpec
        {
            Name = $"x{j}",
            Minimum = -1 - j,
            Maximum = 2 + j % 5,
            Decimals = j % 3 == 0 ? j % 4 : null,
            Values = hasFew && j % 7 == 0 ? [-1 - j, 0.5, 2 + j % 5] : null,
        })];
        double[] mean = [.. Enumerable.Range(0, Width).Select(j => j % 2 == 0 ? 0.125 : -1e6 * (j == 5 ? 1 : 0))], row = new double[Width];
        NumberCodec codec = new(columns, mean);
        float[] normals = new float[Width];
        for (ulong number = 0; number < 50; number++)
        {
            new CounterRandom(1, RandomStream.Latent).FillNormal(number, normals);
            float[] deviations = [.. normals.Select((value, j) => (float)(value * (j % 4 + 0.5)))];
            // A tie, and what is no number.
            (deviations[0], deviations[10]) = (0.375f, float.NaN);
            codec.ToValidRow(deviations, row);
            for (int j = 0; j < Width; j++)
                Assert.AreEqual(codec.Valid(j, deviations[j] + mean[j]), row[j] + 0.0, $"row {number}, column {j}");
            Assert.IsTrue(double.IsNaN(row[10]));
        }
    }
}

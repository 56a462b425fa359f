namespace LeoCvae.Runtime.Tests;

[TestClass]
public class NumberCodecTests
{
    // No multiple of any register's width.
    const int Width = 37;

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(true, false)]
    [DataRow(false, true)]
    [DataRow(true, true)]
    public void A_row_becomes_valid_as_its_values_do_one_by_one(bool hasFew, bool hasMinutes)
    {
        ColumnSpec[] columns = [.. Enumerable.Range(0, Width).Select(j => new ColumnSpec
        {
            Name = $"x{j}",
            Kind = hasMinutes && j % 9 == 1 ? ColumnKind.DateTime : ColumnKind.Numeric,
            Format = hasMinutes && j % 9 == 1 ? "yyyy-MM-dd HH:mm" : null,
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
            if (hasMinutes && !hasFew)
                Assert.IsTrue(row[19] is -20 or 6, "no minute fits but the first; the last is what may be, at most");
        }
    }

    [TestMethod]
    [DataRow("yyyy-MM-ddTHH:mm:ss.fff", 1)]
    [DataRow("dd.MM.yyyy HH:mm:ss'+05:30'", 1)]
    [DataRow("dd.MM.yyyy HH:mm", 60)]
    [DataRow("yyyy-MM-dd h:mm tt'+05:30'", 60)]
    [DataRow("yyyy-MM-dd HH 'seconds'", 3600)]
    [DataRow("yyyy-MM-dd'+05:30'", 86400)]
    public void A_time_is_one_that_its_form_can_write(string format, double step)
    {
        DateText.TryRead(ColumnKind.DateTime, format,
            new DateTime(2024, 2, 29, 21, 47, 0).ToString(format, System.Globalization.CultureInfo.InvariantCulture), out double start);
        ColumnSpec column = new()
        {
            Name = "at",
            Kind = ColumnKind.DateTime,
            Format = format,
            Minimum = start,
            Maximum = start + 10 * step,
            Decimals = 0,
        };
        Assert.AreEqual(step, column.Step);
        NumberCodec codec = new([column]);
        foreach (double share in (double[])[-1, 0, 0.3, 0.49, 4.2, 6.6, 9.9, 10, 12])
        {
            double cell = codec.Valid(0, start + share * step + 0.001);
            Assert.AreEqual(Math.Clamp(Math.Round(share), 0, 10) * step, cell - start, $"{share}");
            string text = DateText.Write(ColumnKind.DateTime, format, cell);
            Assert.IsTrue(DateText.TryRead(ColumnKind.DateTime, format, text, out double read));
            Assert.AreEqual(cell, read);
        }
    }
}

using System.Globalization;
using System.Text;

namespace LeoCvae.Runtime.Tests;

/// <summary>Numbers are written as .NET's formats F and R write them, but for zeros at the end and the minus of a zero.</summary>
[TestClass]
public class NumberBytesTests
{
    const int Count = 100_000;

    static readonly CultureInfo Invariant = CultureInfo.InvariantCulture;

    [TestMethod]
    public void Random_numbers_are_written_as_by_the_formats_F_and_R()
    {
        Random random = new(1);
        for (int i = 0; i < Count; i++)
        {
            RequireSame(BitConverter.Int64BitsToDouble(random.NextInt64() & ~(1L << 62)), random);
            RequireSame((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-14, 20)), random);
            RequireSame(Math.Round((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(0, 12)), random.Next(0, 13)), random);
        }
    }

    [TestMethod]
    public void The_shortest_text_is_that_of_the_format_R_whatever_came_before()
    {
        Random random = new(3);
        for (int column = 0; column < 1000; column++)
        {
            (int decimals, int scale, int digits) = (0, random.Next(-8, 20), random.Next(0, 18));
            for (int i = 0; i < 200; i++)
            {
                double value = (random.NextDouble() - 0.5) * Math.Pow(10, scale);
                RequireShortest(digits > 15 || i % 50 == 49 ? value : double.Parse(value.ToString($"F{digits}", Invariant), Invariant),
                    ref decimals);
            }
        }
        foreach (double value in (double[])[0.0, -0.0, 0.1, 1e-4, 9.9999e-5, 1e-5, 5e-324, 999999999999999, 1e15, 1e16, -1e15, 0.3,
            0.1 + 0.2, 123456789012345680, double.MaxValue, 2251799813685247.8, 99999999999999.9, 0.000123456789012345])
            for (int first = -1; first <= ColumnSpec.MaxDecimals; first++)
                foreach (double near in (double[])[value, Math.BitIncrement(value), Math.BitDecrement(value)])
                {
                    int decimals = first;
                    if (double.IsFinite(near))
                        RequireShortest(near, ref decimals);
                }
    }

    static void RequireShortest(double value, ref int decimals)
    {
        byte[] bytes = new byte[NumberBytes.Longest];
        Assert.AreEqual(value.ToString("R", Invariant), Encoding.UTF8.GetString(bytes, 0,
            NumberBytes.WriteShortest(value, ref decimals, bytes)));
    }

    [TestMethod]
    public void Halves_of_the_last_decimal_and_their_neighbors_are_rounded_as_by_the_format_F()
    {
        Random random = new(2);
        for (int i = 0; i < Count; i++)
        {
            double half = (random.Next(1 << random.Next(1, 31)) + 0.5) / Math.Pow(10, random.Next(0, 13));
            foreach (double value in (double[])[half, Math.BitIncrement(half), Math.BitDecrement(half), -half])
                RequireSame(value, random);
        }
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(-0.0)]
    [DataRow(-0.004)]
    [DataRow(0.5)]
    [DataRow(2.5)]
    [DataRow(0.125)]
    [DataRow(1.005)]
    [DataRow(100.0)]
    [DataRow(9.9999999)]
    [DataRow(999999.99999999)]
    [DataRow(1e300)]
    [DataRow(-1.7976931348623157e308)]
    [DataRow(5e-324)]
    [DataRow(2251799813685248.0)]
    [DataRow(2251799813685247.8)]
    [DataRow(9007199254740993.0)]
    [DataRow(1e15)]
    [DataRow(123456789012345680.0)]
    public void Numbers_at_the_edges_are_written_as_by_the_formats_F_and_R(double value)
    {
        for (int decimals = -1; decimals <= ColumnSpec.MaxDecimals; decimals++)
            for (int written = -1; written <= 20; written++)
                RequireSame(value, decimals < 0 ? null : decimals, written < 0 ? null : written);
    }

    static void RequireSame(double value, Random random)
    {
        if (double.IsFinite(value))
            RequireSame(value, random.Next(6) == 0 ? null : random.Next(0, ColumnSpec.MaxDecimals + 1),
                random.Next(2) == 0 ? null : random.Next(0, 21));
    }

    static void RequireSame(double value, int? decimals, int? written)
    {
        string format = decimals is null ? "R" : $"F{Math.Max(decimals.Value, written ?? 0)}",
            expected = value.ToString(format, CultureInfo.InvariantCulture);
        if (decimals > 0 && written is null)
            expected = expected.TrimEnd('0').TrimEnd('.');
        if (expected[0] == '-' && !expected.AsSpan().ContainsAnyInRange('1', '9'))
            expected = expected[1..];
        byte[] bytes = new byte[NumberBytes.Longest];
        string text = Encoding.ASCII.GetString(bytes, 0, NumberBytes.Write(value, decimals, written, bytes));
        if (expected != text)
            Assert.AreEqual(expected, text, $"{value:R}, {decimals} decimals, {written} written");
    }
}

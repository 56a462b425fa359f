using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace LeoCvae.Runtime.Tests;

/// <summary>Numbers are those of double.Parse, bit for bit, whatever their length and form.</summary>
[TestClass]
public class CsvNumberTests
{
    const int Count = 200_000;

    [TestMethod]
    public void Random_digits_with_a_point_anywhere_are_read_as_double_Parse_reads_them()
    {
        Random random = new(1);
        RequireSame(() =>
        {
            int length = random.Next(1, 24), point = random.Next(-1, length + 1);
            StringBuilder text = new(random.Next(2) == 0 ? "-" : random.Next(20) == 0 ? "+" : "");
            for (int i = 0; i < length; i++)
                text.Append(i == point ? "." : "").Append((char)('0' + (random.Next(3) == 0 ? 0 : random.Next(10))));
            return text.Append(point == length ? "." : "").ToString();
        });
    }

    [TestMethod]
    public void Sixteen_digits_at_once_and_eight_at_a_time_are_the_same_number()
    {
        if (!Sse41.IsSupported)
            Assert.Inconclusive("this processor reads eight digits at a time");
        Random random = new(7);
        byte[] bytes = new byte[24];
        int read = 0;
        for (int i = 0; i < Count; i++)
        {
            int length = random.Next(17), others = random.Next(4) == 0 ? 2 : 1;
            // Before the digits stands whatever it may be; among them a point as a rule, sometimes two or another character.
            random.NextBytes(bytes);
            for (int at = bytes.Length - length; at < bytes.Length; at++)
                bytes[at] = (byte)random.Next('0', '9' + 1);
            for (; others > 0 && length > 0; others--)
                bytes[^random.Next(1, length + 1)] = random.Next(8) == 0 ? (byte)random.Next(256) : (byte)'.';
            bool expected = NumberDigits.TryRead8(bytes, length, out ulong digits, out int decimals);
            Assert.AreEqual(expected, NumberDigits.TryRead16(bytes, length, out ulong own, out int ownDecimals));
            if (!expected)
                continue;
            read++;
            Assert.AreEqual((digits, decimals), (own, ownDecimals));
        }
        Assert.IsGreaterThan(Count / 2, read);
    }

    [TestMethod]
    public void The_shortest_texts_of_random_doubles_are_read_as_those_doubles()
    {
        Random random = new(2);
        RequireSame(() => BitConverter.Int64BitsToDouble(random.NextInt64()).ToString("R", CultureInfo.InvariantCulture));
        RequireSame(() => (random.NextDouble() * Math.Pow(10, random.Next(-12, 12))).ToString("R", CultureInfo.InvariantCulture));
        RequireSame(() => ((float)random.NextDouble()).ToString("E" + random.Next(18), CultureInfo.InvariantCulture));
    }

    [TestMethod]
    public void Numbers_just_between_two_doubles_are_rounded_to_the_even_one()
    {
        Random random = new(3);
        RequireSame(() =>
        {
            // 54 bits: half a unit in the last place of a double; and its neighbors of one digit.
            long odd = (1L << 53) + 2 * random.NextInt64(1L << 52) + 1;
            string text = (odd * 1L).ToString(CultureInfo.InvariantCulture);
            int decimals = random.Next(1, 4);
            decimal quotient = (decimal)odd / (1L << decimals);
            return random.Next(3) switch
            {
                0 => text + "." + new string('0', random.Next(1, 5)) + "e-0",
                1 => text + "e" + random.Next(-27, 24).ToString(CultureInfo.InvariantCulture),
                _ => quotient.ToString(CultureInfo.InvariantCulture),
            };
        });
    }

    [TestMethod]
    [DataRow("-0")]
    [DataRow("-0.000")]
    [DataRow(".5")]
    [DataRow("-.5")]
    [DataRow("5.")]
    [DataRow("0.0000000000000000000000000001234")]
    [DataRow("1234567890123456")]
    [DataRow("123456789012345.6")]
    [DataRow("9007199254740991")]
    [DataRow("9007199254740991.0")]
    [DataRow("900719925474099.3")]
    [DataRow("1e-5")]
    [DataRow("1E+05")]
    [DataRow("123.456e-007")]
    [DataRow("5e-324")]
    [DataRow("1.7976931348623157e308")]
    public void A_number_at_the_edge_of_a_fast_path_is_that_of_double_Parse(string text) => RequireSame([text]);

    [TestMethod]
    [DataRow("-")]
    [DataRow(".")]
    [DataRow("-.")]
    [DataRow("1.2.3")]
    [DataRow("1-2")]
    [DataRow("--1")]
    [DataRow("1e")]
    [DataRow("e5")]
    [DataRow("1e5.5")]
    [DataRow("12:34")]
    [DataRow("1/2")]
    [DataRow("12345678a")]
    [DataRow("1234\u00B2")]
    [DataRow("0x10")]
    public void A_text_that_is_no_number_is_not_taken_for_one(string text) => Assert.AreEqual(ColumnKind.Category,
        Csv.Read($"a,b,y\n1,{text},x\n1,{text},x\n").Table.Schema.Columns[1].Kind);

    static void RequireSame(Func<string> next) => RequireSame([.. Enumerable.Range(0, Count).Select(_ => next())]);

    // What is no number of a table (that a double would lose, say) is another test's.
    static void RequireSame(IEnumerable<string> texts)
    {
        string[] all = [.. texts.Where(text => double.Parse(text, CultureInfo.InvariantCulture) is double value && double.IsFinite(value)
            && (text.Contains('e', StringComparison.OrdinalIgnoreCase) || Math.Abs(value) < 1L << 53)
            && (value != 0 || !text.AsSpan().ContainsAnyInRange('1', '9'))
            && !(text.Length > 1 && text.All(char.IsAsciiDigit) && text[0] == '0'))];
        Assert.IsNotEmpty(all);
        Table table = Csv.Read("x,y\n" + string.Concat(all.Select(text => $"{text},a\n"))).Table;
        for (int row = 0; row < all.Length; row++)
            Assert.AreEqual(BitConverter.DoubleToInt64Bits(double.Parse(all[row], CultureInfo.InvariantCulture)),
                BitConverter.DoubleToInt64Bits(table.Row(row)[0]), all[row]);
    }
}

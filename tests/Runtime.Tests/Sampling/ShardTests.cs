namespace LeoCvae.Runtime.Tests;

[TestClass]
public class ShardTests
{
    [TestMethod]
    [DataRow(0L, 1, 1L)]
    [DataRow(10L, 3, 1L)]
    [DataRow(5L, 64, 1L)]
    [DataRow(1_000_000_007L, 64, 1L)]
    [DataRow(100L, 4, 30L)]
    [DataRow(long.MaxValue, 1_000_000, 7L)]
    public void Parts_follow_each_other_and_differ_by_one_unit_at_most(long rows, int count, long unit)
    {
        long next = 0, least = long.MaxValue, most = 0;
        for (int index = 0; index < count; index += count > 1000 ? 999 : 1)
        {
            (long first, long some) = new Shard(index, count).Of(rows, unit);
            if (count <= 1000)
                Assert.AreEqual(next, first);
            next = first + some;
            Assert.IsTrue(first % unit == 0 || first == rows);
            if (next < rows)
                (least, most) = (Math.Min(least, some), Math.Max(most, some));
        }
        (long lastFirst, long lastCount) = new Shard(count - 1, count).Of(rows, unit);
        Assert.AreEqual(rows, lastFirst + lastCount);
        Assert.IsTrue(least > most || most - least <= unit);
    }

    [TestMethod]
    [DataRow("0/1")]
    [DataRow("3/64")]
    [DataRow("999999/1000000")]
    public void The_text_of_a_part_is_read_again(string text) => Assert.AreEqual(text, Shard.Parse(text).ToString());

    [TestMethod]
    [DataRow("", "got '', expected I/N")]
    [DataRow("3", "got '3', expected I/N")]
    [DataRow("1/2/3", "got '1/2/3', expected I/N")]
    [DataRow("-1/3", "got '-1/3', expected I/N")]
    [DataRow("1 /3", "got '1 /3', expected I/N")]
    [DataRow("3/3", "got 3, expected 0 to 2")]
    [DataRow("0/0", "got 0, expected 1 to 1000000")]
    [DataRow("0/1000001", "got 1000001, expected 1 to 1000000")]
    [DataRow("0/99999999999", "got '0/99999999999', expected I/N")]
    public void What_is_no_part_is_refused(string text, string said) => Expect.Throws<ArgumentException>(() => Shard.Parse(text), said);
}

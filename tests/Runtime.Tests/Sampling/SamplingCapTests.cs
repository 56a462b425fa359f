namespace LeoCvae.Runtime.Tests;

[TestClass]
public class SamplingCapTests
{
    [TestMethod]
    public void The_cap_is_ten_times_the_real_rows_unless_said()
    {
        Table few = TestTables.OfCounts([("a", 100), .. Enumerable.Range(0, 20).Select(c => ($"c{c}", 1))]);
        SamplingPlan plan = SamplingStrategy.Auto.Plan(few);
        Assert.AreEqual(20 * 99, plan.RowsWanted);
        Assert.IsTrue(plan.IsCapped);
        Assert.AreEqual(10 * 120, plan.RowsToAdd.Sum());
        Assert.IsFalse(SamplingStrategy.Auto.Plan(few, 20 * 99).IsCapped);
        Assert.IsTrue(SamplingStrategy.Auto.Plan(few, 20 * 99 - 1).IsCapped);
    }

    [TestMethod]
    [DataRow(0, 0, 0, 0)]
    [DataRow(4, 0, 0, 4)]
    [DataRow(7, 0, 0, 7)]
    [DataRow(8, 0, 0, 7)]
    [DataRow(9, 0, 1, 8)]
    [DataRow(42, 0, 17, 24)]
    [DataRow(43, 0, 18, 25)]
    [DataRow(1000, 0, 18, 25)]
    public void The_smallest_classes_grow_first_up_to_a_common_size(int cap, int a, int b, int c) =>
        Assert.AreSequenceEqual([a, b, c], SamplingStrategy.Auto.Plan(TestTables.OfCounts(("a", 30), ("b", 12), ("c", 5)), cap).RowsToAdd);

    [TestMethod]
    public void A_capped_plan_is_as_equal_as_the_cap_allows()
    {
        Random random = new(6);
        for (int round = 0; round < 100; round++)
        {
            Table table = TestTables.OfCounts([.. Enumerable.Range(0, random.Next(2, 7)).Select(c => ($"c{c}", random.Next(1, 50)))]);
            int cap = random.Next(0, 120);
            int[] counts = table.ClassCounts();
            SamplingPlan plan = SamplingStrategy.Auto.Plan(table, cap);
            int[] after = [.. counts.Zip(plan.RowsToAdd, (count, add) => count + add)];
            int level = after.Min();
            Assert.IsLessThanOrEqualTo(cap, plan.RowsToAdd.Sum());
            // All that grew have the level; one more row for each class at the level would break the cap.
            Assert.AreSequenceEqual(counts.Select(count => Math.Max(count, level)), after);
            if (plan.IsCapped)
                Assert.IsGreaterThan(cap, plan.RowsToAdd.Sum() + after.Count(count => count == level));
            else
                Assert.AreEqual(counts.Max(), level);
        }
    }

    [TestMethod]
    public void Only_auto_takes_a_cap_and_a_negative_one_is_refused()
    {
        Table table = TestTables.OfCounts(("a", 30), ("b", 12));
        foreach (string text in (string[])["minority", "ratio:0.9", "counts:b=500", "add:b=7"])
        {
            Assert.IsFalse(SamplingStrategy.Parse(text).Plan(table).IsCapped);
            Expect.Throws<ArgumentException>(() => SamplingStrategy.Parse(text).Plan(table, 1), "maxRows", "auto");
        }
        Assert.IsTrue(SamplingStrategy.Parse("all").Plan(table, 1).IsCapped);
        Expect.Throws<ArgumentException>(() => SamplingStrategy.Auto.Plan(table, -1), "maxRows: got -1");
    }

    [TestMethod]
    public void More_rows_than_memory_holds_are_refused_by_the_plan() =>
        Expect.Throws<ArgumentException>(() => SamplingStrategy.Parse("add:b=2147483647").Plan(TestTables.OfCounts(("a", 30), ("b", 12))),
            "2147483689 rows");

    [TestMethod]
    public void Class_names_may_hold_commas_and_equal_signs() =>
        Assert.AreSequenceEqual([0, 3, 5], SamplingStrategy.Parse("add:b, x=3,c=d=5")
            .Plan(TestTables.OfCounts(("a", 9), ("b, x", 2), ("c=d", 2))).RowsToAdd);
}

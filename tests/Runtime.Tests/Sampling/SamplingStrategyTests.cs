namespace LeoCvae.Runtime.Tests;

[TestClass]
public class SamplingStrategyTests
{
    static readonly Table Abc = TestTables.OfCounts(("a", 30), ("b", 12), ("c", 5));

    [TestMethod]
    [DataRow("auto", 0, 18, 25)]
    [DataRow("all", 0, 18, 25)]
    [DataRow("not-majority", 0, 18, 25)]
    [DataRow("minority", 0, 0, 25)]
    [DataRow("ratio:1", 0, 18, 25)]
    [DataRow("ratio:0.5", 0, 3, 10)]
    [DataRow("ratio:0.1", 0, 0, 0)]
    [DataRow("ratio:5e-1", 0, 3, 10)]
    [DataRow("counts:a=30,b=20,c=6", 0, 8, 1)]
    [DataRow("counts:c=100", 0, 0, 95)]
    [DataRow("add:a=1,c=7", 1, 0, 7)]
    [DataRow("add:b=0", 0, 0, 0)]
    public void Every_word_is_understood_and_written_back(string text, int a, int b, int c)
    {
        SamplingStrategy strategy = SamplingStrategy.Parse(text);
        SamplingPlan plan = strategy.Plan(Abc);
        Assert.AreSequenceEqual([a, b, c], plan.RowsToAdd);
        Assert.AreEqual(a + b + c, plan.RowsWanted);
        Assert.IsFalse(plan.IsCapped);
        Assert.AreSequenceEqual([a, b, c], SamplingStrategy.Parse(strategy.ToString()).Plan(Abc).RowsToAdd);
    }

    [TestMethod]
    [DataRow("", "expected auto, minority, ratio:R")]
    [DataRow("smote", "got 'smote'")]
    [DataRow("Auto", "got 'Auto'")]
    [DataRow(" auto", "got ' auto'")]
    [DataRow("auto:", "got 'auto:'")]
    [DataRow("auto:1", "got 'auto:1'")]
    [DataRow("minority:", "got 'minority:'")]
    [DataRow("ratio", "got 'ratio'")]
    [DataRow("ratio:", "got 'ratio:'")]
    [DataRow("ratio:half", "got 'ratio:half'")]
    [DataRow("ratio:0,5", "got 'ratio:0,5'")]
    [DataRow("ratio:0", "ratio: got 0, expected a number above 0 and at most 1")]
    [DataRow("ratio:-0.5", "ratio: got -0.5")]
    [DataRow("ratio:1.5", "ratio: got 1.5")]
    [DataRow("ratio:NaN", "ratio: got NaN")]
    [DataRow("counts", "got 'counts'")]
    [DataRow("counts:", "got 'counts:'")]
    [DataRow("counts:a", "got 'a', expected NAME=COUNT")]
    [DataRow("counts:a=", "got 'a=', expected NAME=COUNT")]
    [DataRow("counts:=5", "got '=5', expected NAME=COUNT")]
    [DataRow("counts:a=1,,b=2", "got '', expected NAME=COUNT")]
    [DataRow("counts:a=1.5", "got 'a=1.5', expected NAME=COUNT")]
    [DataRow("counts:a=99999999999", "got 'a=99999999999', expected NAME=COUNT")]
    [DataRow("add:a=1,a=2", "class 'a' is given twice")]
    [DataRow("add:a=-1", "class 'a': got -1 rows, expected 0 or more")]
    public void Every_malformed_text_is_refused_with_what_is_wrong(string text, string message) =>
        Expect.Throws<ArgumentException>(() => SamplingStrategy.Parse(text).Plan(Abc), message);

    [TestMethod]
    [DataRow("")]
    [DataRow("smote")]
    [DataRow("ratio:half")]
    [DataRow("counts:")]
    [DataRow("counts:a")]
    [DataRow("add:a=1.5")]
    [DataRow("add:a=-1")]
    public void What_no_class_name_could_mend_is_refused_before_the_table_is_known(string text) =>
        Expect.Throws<ArgumentException>(() => SamplingStrategy.Parse(text), "expected ");

    [TestMethod]
    [DataRow("add:age=20,sex=1=5", 5, 0, 0, 0)]
    [DataRow("add:age=20,sex=2=5,age=20,sex=1=1", 1, 5, 0, 0)]
    [DataRow("counts:age=20,sex=1=9,,x,==8, b =7", 7, 0, 5, 3)]
    [DataRow("add: b =1,,x,==2", 0, 0, 2, 1)]
    public void A_class_name_may_hold_equals_signs_commas_and_blanks(string text, int first, int second, int third, int fourth)
    {
        Table table = TestTables.OfCounts(("age=20,sex=1", 2), ("age=20,sex=2", 6), (",x,=", 3), (" b ", 4));
        Assert.AreSequenceEqual([first, second, third, fourth], SamplingStrategy.Parse(text).Plan(table).RowsToAdd);
    }

    [TestMethod]
    public void A_text_that_can_be_read_in_two_ways_is_refused_with_both()
    {
        Table table = TestTables.OfCounts(("a", 2), ("b", 6), ("a=1,b", 3));
        Expect.Throws<ArgumentException>(() => SamplingStrategy.Parse("add:a=1,b=2").Plan(table), "'a=1,b=2' can be read", "'a', 'b'",
            "'a=1,b'", "in one way");
        Assert.AreSequenceEqual([1, 0, 0], SamplingStrategy.Parse("add:a=1").Plan(table).RowsToAdd);
        Assert.AreSequenceEqual([4, 2, 0], SamplingStrategy.Parse("add:b=2,a=4").Plan(table).RowsToAdd);
    }

    [TestMethod]
    public void A_name_that_is_not_there_is_told_among_those_that_are() =>
        Expect.Throws<ArgumentException>(() => SamplingStrategy.Parse("add:age=20,sex=3=5")
            .Plan(TestTables.OfCounts(("age=20,sex=1", 2), ("b", 3))), "unknown class", "'age=20,sex=1', 'b'");

    [TestMethod]
    public void A_long_text_is_read_to_its_end() =>
        Expect.Throws<ArgumentException>(() => SamplingStrategy.Parse("add:" + string.Join(',', Enumerable.Repeat("a=1", 50_000)))
            .Plan(Abc), "class 'a' is given twice");

    [TestMethod]
    public void A_class_without_rows_is_neither_the_smallest_nor_filled_up()
    {
        TableSchema schema = new([new() { Name = "x", Minimum = 0, Maximum = 1 }], "y", ["many", "few", "none"]);
        Table table = new(schema, new double[6], [0, 0, 0, 0, 1, 1]);
        foreach (string text in (string[])["auto", "minority", "ratio:1"])
            Assert.AreSequenceEqual([0, 2, 0], SamplingStrategy.Parse(text).Plan(table).RowsToAdd, text);
        Assert.AreSequenceEqual([0, 1, 0], SamplingStrategy.Auto.Plan(table, maxRows: 1).RowsToAdd);
        Assert.AreSequenceEqual([0, 0, 3], SamplingStrategy.Parse("counts:none=3").Plan(table).RowsToAdd);
    }

    [TestMethod]
    public void A_classs_name_may_hold_an_equals_sign()
    {
        Assert.AreSequenceEqual([new("x=1", 7), new("a=b=c", 0)], SamplingStrategy.ParseCounts(["x=1=7", "a=b=c=0"]));
        Assert.AreSequenceEqual([3, 0], SamplingStrategy.Parse("add:x=1=3").Plan(TestTables.OfCounts(("x=1", 2), ("x", 2))).RowsToAdd);
    }

    [TestMethod]
    public void Each_class_of_a_tie_counts_as_the_minority() =>
        Assert.AreSequenceEqual([4, 0, 4, 0],
            SamplingStrategy.Minority.Plan(TestTables.OfCounts(("a", 2), ("b", 6), ("c", 2), ("d", 5))).RowsToAdd);

    [TestMethod]
    [DataRow(0.1, 30, 3)]
    [DataRow(0.1, 31, 4)]
    [DataRow(0.7, 10, 7)]
    [DataRow(0.07, 100, 7)]
    [DataRow(2.0 / 3, 30, 20)]
    [DataRow(5.0 / 6, 6, 5)]
    [DataRow(1.0 / 3, 3, 1)]
    [DataRow(0.999, 3, 3)]
    [DataRow(1e-300, 30, 1)]
    [DataRow(1.0, 30, 30)]
    public void A_ratio_is_of_the_largest_class_rounded_up_whatever_its_binary_digits(double ratio, int largest, int expected)
    {
        Table table = TestTables.OfCounts(("many", largest), ("one", 1));
        Assert.AreSequenceEqual([0, expected - 1], SamplingStrategy.RatioToMajority(ratio).Plan(table).RowsToAdd);
    }

    [TestMethod]
    public void A_ratio_of_whole_numbers_gives_the_whole_number()
    {
        for (int largest = 1; largest <= 60; largest++)
            for (int wanted = 1; wanted <= largest; wanted++)
                Assert.AreEqual(wanted - 1, SamplingStrategy.RatioToMajority((double)wanted / largest)
                    .Plan(TestTables.OfCounts(("a", largest), ("b", 1))).RowsToAdd[1], $"{wanted} of {largest}");
    }

    [TestMethod]
    public void Counts_below_the_present_size_and_unknown_classes_are_refused()
    {
        Expect.Throws<ArgumentException>(() => SamplingStrategy.Parse("counts:b=11").Plan(Abc), "class 'b'", "got a final size of 11",
            "present 12 rows");
        Expect.Throws<ArgumentException>(() => SamplingStrategy.Parse("counts:d=11").Plan(Abc), "unknown class 'd'", "'a', 'b', 'c'");
        Expect.Throws<ArgumentException>(() => SamplingStrategy.Parse("add:d=0").Plan(Abc), "unknown class 'd'");
        Expect.Throws<ArgumentException>(() => SamplingStrategy.AddCounts(new Dictionary<string, int> { ["a"] = -3 }).Plan(Abc),
            "class 'a'", "got -3 rows");
        Expect.Throws<ArgumentException>(() => SamplingStrategy.FinalCounts(new Dictionary<string, int> { ["a"] = -3 }).Plan(Abc),
            "class 'a'", "got -3 rows");
    }

    [TestMethod]
    public void A_strategy_keeps_its_counts_when_the_callers_change()
    {
        Dictionary<string, int> counts = new() { ["c"] = 1 };
        SamplingStrategy strategy = SamplingStrategy.AddCounts(counts);
        counts["c"] = 1000;
        Assert.AreSequenceEqual([0, 0, 1], strategy.Plan(Abc).RowsToAdd);
        Assert.AreEqual("add:c=1", strategy.ToString());
    }

    [TestMethod]
    public void A_table_without_rows_has_nothing_to_balance()
    {
        Table empty = Table.FromArrays(new double[0, 1], []);
        foreach (string text in (string[])["auto", "minority", "ratio:0.5"])
            Assert.IsEmpty(SamplingStrategy.Parse(text).Plan(empty).RowsToAdd);
    }

    [TestMethod]
    public void After_auto_all_classes_are_equal_and_after_a_ratio_none_is_below_it()
    {
        Random random = new(5);
        for (int round = 0; round < 50; round++)
        {
            Table table = TestTables.OfCounts([.. Enumerable.Range(0, random.Next(2, 7)).Select(c => ($"c{c}", random.Next(1, 80)))]);
            int[] counts = table.ClassCounts();
            int[] balanced = [.. counts.Zip(SamplingStrategy.Auto.Plan(table, long.MaxValue).RowsToAdd, (count, add) => count + add)];
            Assert.IsTrue(balanced.All(count => count == counts.Max()));

            int percent = random.Next(1, 101);
            IReadOnlyList<int> added = SamplingStrategy.RatioToMajority(percent / 100d).Plan(table).RowsToAdd;
            int least = (percent * counts.Max() + 99) / 100;
            Assert.AreSequenceEqual(counts.Select(count => Math.Max(0, least - count)), added);
        }
    }
}

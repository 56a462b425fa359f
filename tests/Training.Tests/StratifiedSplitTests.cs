namespace LeoCvae.Training.Tests;

[TestClass]
public class StratifiedSplitTests
{
    [TestMethod]
    // One class beside a large one, so that classes / rows stays below the share.
    [DataRow(1, 0.2, 0, DisplayName = "a class of one row only trains")]
    [DataRow(2, 0.2, 0, DisplayName = "0.4 rows round to none")]
    [DataRow(3, 0.2, 1)]
    [DataRow(7, 0.2, 1)]
    [DataRow(8, 0.2, 2)]
    [DataRow(12, 0.2, 2)]
    [DataRow(13, 0.2, 3)]
    [DataRow(2, 0.25, 1, DisplayName = "half a row rounds up")]
    [DataRow(10, 0.25, 3, DisplayName = "two and a half round up, not to even")]
    [DataRow(2, 0.9, 1, DisplayName = "one row is left to train on")]
    [DataRow(5, 0.99, 4, DisplayName = "one row is left to train on, of five")]
    [DataRow(1, 0.99, 0, DisplayName = "a class of one row only trains, whatever the share")]
    public void Each_class_gives_its_share_rounded_half_up(int rows, double share, int held)
    {
        int[] labels = [.. Enumerable.Repeat(0, 1000), .. Enumerable.Repeat(1, rows)];
        StratifiedSplit split = StratifiedSplit.Create(labels, 2, share, 42);
        Assert.AreEqual(held, split.Validation.Count(row => labels[row] == 1));
        Assert.AreEqual((int)Math.Floor(share * 1000 + 0.5), split.Validation.Count(row => labels[row] == 0));
    }

    [TestMethod]
    public void Many_classes_for_few_rows_raise_the_share_to_classes_by_rows()
    {
        // 10 classes, 20 rows: half of each class, where a fifth would leave no validation at all.
        int[] labels = [.. Enumerable.Range(0, 20).Select(i => i % 10)];
        StratifiedSplit split = StratifiedSplit.Create(labels, 10, 0.2, 42);
        CollectionAssert.AreEqual(Enumerable.Range(0, 10).ToArray(), split.Validation.Select(row => labels[row]).Order().ToArray());
    }

    [TestMethod]
    public void No_share_means_no_validation_rows()
    {
        StratifiedSplit split = StratifiedSplit.Create([0, 1, 0, 1, 1, 0], 2, 0, 42);
        CollectionAssert.AreEqual(Enumerable.Range(0, 6).ToArray(), split.Train);
        Assert.IsEmpty(split.Validation);
    }

    [TestMethod]
    public void Classes_of_one_row_each_leave_no_validation_rows()
    {
        StratifiedSplit split = StratifiedSplit.Create([2, 0, 1], 3, 0.2, 42);
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, split.Train);
        Assert.IsEmpty(split.Validation);
    }

    [TestMethod]
    public void The_parts_are_disjoint_complete_and_ascending()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            int[] labels = Labels(97 + (int)seed, 4, seed);
            StratifiedSplit split = StratifiedSplit.Create(labels, 4, 0.2, seed);
            CollectionAssert.AreEqual(Enumerable.Range(0, labels.Length).ToArray(), split.Train.Concat(split.Validation).Order().ToArray());
            CollectionAssert.AreEqual(split.Train.Order().ToArray(), split.Train);
            CollectionAssert.AreEqual(split.Validation.Order().ToArray(), split.Validation);
            for (int c = 0; c < 4; c++)
                Assert.IsTrue(split.Train.Any(row => labels[row] == c), $"class {c} has no row to train on");
        }
    }

    [TestMethod]
    public void It_depends_on_the_seed_and_on_nothing_else()
    {
        int[] labels = Labels(200, 3, 1);
        StratifiedSplit split = StratifiedSplit.Create(labels, 3, 0.2, 42);
        CollectionAssert.AreNotEqual(split.Validation, StratifiedSplit.Create(labels, 3, 0.2, 43).Validation);

        StratifiedSplit[] again = new StratifiedSplit[16];
        Parallel.For(0, again.Length, i => again[i] = StratifiedSplit.Create(labels, 3, 0.2, 42));
        foreach (StratifiedSplit other in again)
        {
            CollectionAssert.AreEqual(split.Train, other.Train);
            CollectionAssert.AreEqual(split.Validation, other.Validation);
        }
    }

    [TestMethod]
    public void Every_row_has_its_chance_of_being_held_out()
    {
        int[] labels = [.. Enumerable.Repeat(0, 20), .. Enumerable.Repeat(1, 10)], held = new int[30];
        for (ulong seed = 0; seed < 1000; seed++)
            foreach (int row in StratifiedSplit.Create(labels, 2, 0.2, seed).Validation)
                held[row]++;
        // Each row is held out with probability 0.2: 200 times of 1000, standard deviation 12.6.
        foreach (int times in held)
            Assert.IsInRange(200 - 5 * 12.7, 200 + 5 * 12.7, times);
    }

    static int[] Labels(int rows, int classes, ulong seed)
    {
        CounterRandom random = new(seed, (RandomStream)1003);
        return [.. Enumerable.Range(0, rows).Select(i => i < classes ? i : (int)(random.Uniform(0, i) * random.Uniform(1, i) * classes))];
    }
}

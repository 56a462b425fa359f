namespace LeoCvae.Training.Tests;

/// <summary>Rows of a group are on one side of the inner split.</summary>
[TestClass]
public class GroupedSplitTests
{
    [TestMethod]
    public void No_group_is_on_both_sides_and_every_class_is_trained_on()
    {
        for (ulong seed = 0; seed < 300; seed++)
        {
            (int[] labels, int classes, int[] groups) = Draw(seed);
            StratifiedSplit split = StratifiedSplit.Create(labels, classes, 0.2, seed, groups);
            Assert.AreSequenceEqual(Enumerable.Range(0, labels.Length), split.Train.Concat(split.Validation).Order());
            Assert.AreSequenceEqual(split.Train.Order(), split.Train);
            Assert.AreSequenceEqual(split.Validation.Order(), split.Validation);
            Assert.IsEmpty(split.Train.Select(row => groups[row]).Intersect(split.Validation.Select(row => groups[row])), $"seed {seed}");
            Assert.AreSequenceEqual(labels.Distinct().Order(), split.Train.Select(row => labels[row]).Distinct().Order());
        }
    }

    [TestMethod]
    public void Groups_of_one_row_give_each_class_the_share_that_rows_do()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            (int[] labels, int classes, _) = Draw(seed);
            StratifiedSplit rows = StratifiedSplit.Create(labels, classes, 0.2, seed);
            StratifiedSplit groups = StratifiedSplit.Create(labels, classes, 0.2, seed, [.. Enumerable.Range(0, labels.Length)]);
            Assert.AreSequenceEqual(rows.Validation.Select(row => labels[row]).Order(),
                groups.Validation.Select(row => labels[row]).Order());
        }
    }

    [TestMethod]
    public void Small_groups_give_each_class_about_its_share()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            // 150 patients with four samples each, of which some are of the rare class.
            CounterRandom random = new(seed, (RandomStream)1004);
            int[] labels = [.. Enumerable.Range(0, 600).Select(row => random.Uniform(0, row) < 0.2 ? 1 : 0)],
                groups = [.. Enumerable.Range(0, 600).Select(row => row / 4)];
            StratifiedSplit split = StratifiedSplit.Create(labels, 2, 0.2, seed, groups);
            for (int c = 0; c < 2; c++)
                Assert.IsInRange(0.15, 0.25, split.Validation.Count(row => labels[row] == c) / (double)labels.Count(label => label == c));
        }
    }

    [TestMethod]
    public void It_depends_on_the_seed_and_on_nothing_else()
    {
        int[] labels = [.. Enumerable.Range(0, 200).Select(row => row % 3)], groups = [.. Enumerable.Range(0, 200).Select(row => row / 5)];
        StratifiedSplit split = StratifiedSplit.Create(labels, 3, 0.2, 42, groups);
        Assert.AreNotSequenceEqual(split.Validation, StratifiedSplit.Create(labels, 3, 0.2, 43, groups).Validation);
        StratifiedSplit[] again = new StratifiedSplit[16];
        Parallel.For(0, again.Length, i => again[i] = StratifiedSplit.Create(labels, 3, 0.2, 42, groups));
        foreach (StratifiedSplit other in again)
            Assert.AreSequenceEqual(split.Validation, other.Validation);
    }

    [TestMethod]
    public void A_class_of_one_group_only_trains()
    {
        int[] labels = [.. Enumerable.Repeat(0, 80), .. Enumerable.Repeat(1, 20)],
            groups = [.. Enumerable.Range(0, 80).Select(row => row / 2), .. Enumerable.Repeat(40, 20)];
        for (ulong seed = 0; seed < 50; seed++)
        {
            StratifiedSplit split = StratifiedSplit.Create(labels, 2, 0.2, seed, groups);
            Assert.IsTrue(split.Validation.All(row => labels[row] == 0));
            Assert.HasCount(16, split.Validation);
        }
    }

    [TestMethod]
    public void One_group_of_all_rows_leaves_none_for_validation()
    {
        StratifiedSplit split = StratifiedSplit.Create([0, 1, 0, 1, 0, 1], 2, 0.2, 42, new int[6]);
        Assert.HasCount(6, split.Train);
        Assert.IsEmpty(split.Validation);
    }

    // 2 to 150 rows, 1 to 5 classes, groups from one row each to a few for all.
    static (int[] Labels, int Classes, int[] Groups) Draw(ulong seed)
    {
        CounterRandom random = new(seed, (RandomStream)1004);
        int rows = 2 + (int)(148 * random.Uniform(0, 0)), classes = Math.Min(rows, 1 + (int)(5 * random.Uniform(0, 1))),
            groups = 1 + (int)(rows * random.Uniform(0, 2));
        int[] labels = [.. Enumerable.Range(0, rows)
            .Select(row => row < classes ? row : (int)(classes * random.Uniform(1, row) * random.Uniform(2, row)))];
        return (labels, classes, [.. Enumerable.Range(0, rows).Select(row => (int)(groups * random.Uniform(3, row)))]);
    }
}

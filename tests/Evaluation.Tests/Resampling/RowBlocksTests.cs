namespace LeoCvae.Evaluation.Tests.Resampling;

[TestClass]
public class RowBlocksTests
{
    [TestMethod]
    [DataRow(1, 1, 0)]
    [DataRow(4, 2, 1)]
    [DataRow(129, 1, 2)]
    [DataRow(257, 3, 0)]
    [DataRow(700, 5, 3)]
    [DataRow(1500, 2, 1)]
    public void Neighbors_and_distances_are_those_of_looking_at_all_rows(int rows, int numbers, int categories)
    {
        // Few values: many ties and repeats; the last number has many, the first is spread most.
        Random random = new(rows);
        double[][] x = [.. Enumerable.Range(0, numbers).Select(j => Enumerable.Range(0, rows)
            .Select(_ => j == numbers - 1 && numbers > 1 ? random.NextDouble() : random.Next(9) / (1.1 + j)).ToArray())];
        double[][] names = [.. Enumerable.Range(0, categories).Select(j => Enumerable.Range(0, rows)
            .Select(_ => (double)random.Next(2 + j)).ToArray())];
        const double Apart = 0.7;
        double Distance(int a, int b)
        {
            double sum = 0;
            foreach (double[] column in x)
                sum += (column[b] - column[a]) * (column[b] - column[a]);
            foreach (double[] column in names)
                sum += column[a] == column[b] ? 0 : Apart;
            return sum;
        }
        int[] some = [.. Enumerable.Range(0, rows).Where(row => row % 3 != 1)];
        NeighborLists found = new RowBlocks(x, names, Apart).Nearest(some, 5, CancellationToken.None);
        Assert.AreEqual(Math.Min(5, rows - 1), found.K);
        for (int at = 0; at < some.Length; at++)
        {
            int[] nearest = [.. Enumerable.Range(0, rows).Where(row => row != some[at]).OrderBy(row => Distance(some[at], row)).Take(5)];
            Assert.AreSequenceEqual(nearest, found.Ids(at).ToArray(), $"row {some[at]}");
            Assert.AreSequenceEqual(nearest.Select(row => Distance(some[at], row)).ToArray(), found.SquaredDistances(at).ToArray());
        }
    }
}

namespace LeoCvae.Runtime.Tests.Neighbors;

[TestClass]
public class RecallGateTests
{
    const int K = 15;

    [TestMethod]
    public void Low_recall_on_rows_without_structure_is_detected()
    {
        Matrix x = GraphData.Independent(6000, 64);
        GraphOptions options = new() { Trees = 3, LeafSize = 64, Rounds = 1 };
        NeighborLists lists = NeighborGraph.AllRows(x, K, options, 2);
        MeasuredRecall measured = RecallGate.Measure(x, lists, 2);
        Assert.IsLessThan(.95, measured.Mean);
        Assert.AreEqual(GraphData.Recall(lists, ExactNeighbors.AllRows(x, K, 2), x.Rows), measured.Mean, .03);
        MeasuredRecall enlarged = RecallGate.Measure(x, NeighborGraph.AllRows(x, K, options.Enlarged(), 2), 2);
        Assert.IsGreaterThan(measured.Mean + .05, enlarged.Mean);
    }

    [TestMethod]
    public void Measured_recall_is_that_of_brute_force()
    {
        Matrix x = GraphData.Independent(3000, 40);
        NeighborLists lists = NeighborGraph.AllRows(x, K, new() { Trees = 2, LeafSize = 64, Rounds = 0 }, 2);
        MeasuredRecall measured = RecallGate.Measure(x, lists, 2, rows: 200);
        Assert.HasCount(200, measured.Rows);
        for (int i = 0; i < measured.Rows.Length; i++)
        {
            int row = measured.Rows[i];
            IEnumerable<int> nearest = BruteForce.Nearest(x[row], x, K, row).Select(neighbor => neighbor.Row);
            Assert.AreEqual(lists.Ids(row).ToArray().Intersect(nearest).Count() / (double)K, measured.Recalls[i], 1e-12);
        }
        (int worst, double recall) = measured.Worst(3)[0];
        Assert.AreEqual(measured.Recalls.Min(), recall);
        CollectionAssert.Contains(measured.Rows, worst);
    }

    [TestMethod]
    public void Exact_lists_are_right_and_ties_are_no_misses()
    {
        // On a coarse grid most k-th neighbors are tied with others.
        Matrix x = GraphData.Map(GraphData.Mixture(2000, 3), (_, value) => MathF.Round(value));
        NeighborLists exact = ExactNeighbors.AllRows(x, K, 2);
        Assert.AreEqual(1, RecallGate.Measure(x, exact, 2).Mean);
        // The same distances, found as other rows.
        int[] others = new int[x.Rows * K];
        double[] distances = new double[x.Rows * K];
        for (int row = 0; row < x.Rows; row++)
            exact.SquaredDistances(row).CopyTo(distances.AsSpan(row * K));
        Assert.AreEqual(1, RecallGate.Measure(x, new(K, others, distances), 2).Mean);
    }

    [TestMethod]
    public void The_sample_depends_on_the_seed_not_on_threads()
    {
        Matrix x = GraphData.Mixture(2000, 3);
        NeighborLists lists = ExactNeighbors.AllRows(x, K, 2);
        int[] rows = RecallGate.Measure(x, lists, 1).Rows;
        Assert.HasCount(RecallGate.DefaultRows, rows);
        CollectionAssert.AllItemsAreUnique(rows);
        CollectionAssert.AreEqual(rows, RecallGate.Measure(x, lists, 3).Rows);
        CollectionAssert.AreNotEqual(rows, RecallGate.Measure(x, lists, 1, seed: 1).Rows);
    }

    [TestMethod]
    public void One_row_has_nothing_to_miss() =>
        Assert.AreEqual(1, RecallGate.Measure(GraphData.Mixture(1, 3), ExactNeighbors.AllRows(GraphData.Mixture(1, 3), K, 1), 1).Mean);
}

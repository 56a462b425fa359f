namespace LeoCvae.Runtime.Tests.Neighbors;

[TestClass]
public class NeighborGraphTests
{
    const int K = 15;

    // Small leaves, so that a few rows are enough for a forest and a descent.
    static readonly GraphOptions Small = new() { LeafSize = 32 };

    [TestMethod]
    public void Nearly_all_neighbors_of_a_mixture_are_found()
    {
        Matrix x = GraphData.Mixture(6000, 24);
        double recall = GraphData.Recall(NeighborGraph.AllRows(x, K, new(), 2), ExactNeighbors.AllRows(x, K, 2), x.Rows);
        Assert.IsGreaterThanOrEqualTo(.99, recall);
    }

    [TestMethod]
    public void Descent_makes_up_for_a_poor_forest()
    {
        Matrix x = GraphData.Mixture(6000, 24);
        NeighborLists exact = ExactNeighbors.AllRows(x, K, 2);
        double poor = GraphData.Recall(NeighborGraph.AllRows(x, K, Small with { Trees = 2, Rounds = 0 }, 2), exact, x.Rows);
        double improved = GraphData.Recall(NeighborGraph.AllRows(x, K, Small with { Trees = 2, Rounds = 6 }, 2), exact, x.Rows);
        Assert.IsLessThan(.8, poor);
        Assert.IsGreaterThan(.97, improved);
    }

    [TestMethod]
    public void Nearly_all_neighbors_among_many_duplicates_are_found()
    {
        // About 1200 different rows, each several times, one of them a thousand times.
        Matrix distinct = GraphData.Mixture(1200, 8), x = new(6000, 8);
        for (int row = 0; row < x.Rows; row++)
            distinct[row % 6 == 0 ? 0 : row * 7 % distinct.Rows].CopyTo(x.Row(row));
        NeighborLists exact = ExactNeighbors.AllRows(x, K, 2), found = NeighborGraph.AllRows(x, K, Small, 2);
        Assert.IsGreaterThanOrEqualTo(.99, GraphData.Recall(found, exact, x.Rows));
        CollectionAssert.AreEqual(exact.Ids(0).ToArray(), found.Ids(0).ToArray());
    }

    [TestMethod]
    public void Any_number_of_threads_finds_the_same()
    {
        Matrix x = GraphData.Mixture(5000, 13);
        NeighborLists one = NeighborGraph.AllRows(x, K, Small, 1);
        foreach (int threads in new[] { 2, 3, -1 })
            GraphData.AreSame(one, NeighborGraph.AllRows(x, K, Small, threads), x.Rows);
    }

    [TestMethod]
    public void Every_register_width_finds_the_same()
    {
        Matrix x = GraphData.Mixture(3000, 21);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = 2 };
        NeighborLists lists = NeighborGraph.AllRows<Simd512>(x, K, new(), parallel);
        Assert.IsGreaterThanOrEqualTo(.98, GraphData.Recall(lists, ExactNeighbors.AllRows(x, K, 2), x.Rows));
        GraphData.AreSame(lists, NeighborGraph.AllRows<Simd256>(x, K, new(), parallel), x.Rows);
        if (Simd.Fuses)
            GraphData.AreSame(lists, NeighborGraph.AllRows<Simd128>(x, K, new(), parallel), x.Rows);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(10)]
    [DataRow(15)]
    public void Few_rows_have_all_others_as_neighbors(int rows)
    {
        Matrix x = GraphData.Mixture(rows, 4);
        NeighborLists lists = NeighborGraph.AllRows(x, K, new(), 2);
        Assert.AreEqual(Math.Min(K, rows - 1), lists.K);
        GraphData.AreSame(ExactNeighbors.AllRows(x, K, 1), lists, rows);
    }

    [TestMethod]
    public void Identical_rows_have_the_first_others_as_neighbors()
    {
        Matrix x = GraphData.Map(new(500, 3), (_, _) => 3.3f);
        NeighborLists lists = NeighborGraph.AllRows(x, K, Small, 2);
        CollectionAssert.AreEqual(Enumerable.Range(1, K).ToArray(), lists.Ids(0).ToArray());
        CollectionAssert.AreEqual(Enumerable.Range(0, K).ToArray(), lists.Ids(499).ToArray());
        Assert.AreEqual(0, lists.SquaredDistances(7)[^1]);
    }

    [TestMethod]
    [DataRow(1, 1f, 0f)]
    [DataRow(6, 1e-20f, 0f)]
    [DataRow(6, 1e20f, 0f)]
    [DataRow(6, 1f, 1e4f)]
    public void Any_width_magnitude_and_offset_is_searched(int columns, float factor, float offset)
    {
        Matrix x = GraphData.Map(GraphData.Mixture(2000, columns), (_, value) => value * factor + offset);
        double recall = GraphData.Recall(NeighborGraph.AllRows(x, K, Small, 2), ExactNeighbors.AllRows(x, K, 2), x.Rows);
        Assert.IsGreaterThanOrEqualTo(.98, recall);
    }

    [TestMethod]
    public void Constant_columns_and_negative_zeros_do_no_harm()
    {
        Matrix x = GraphData.Map(GraphData.Mixture(2000, 9), (column, value) =>
            column % 2 == 0 ? 5 : column == 3 ? (value < 0 ? -0f : 0f) : value);
        double recall = GraphData.Recall(NeighborGraph.AllRows(x, K, Small, 2), ExactNeighbors.AllRows(x, K, 2), x.Rows);
        Assert.IsGreaterThanOrEqualTo(.99, recall);
    }

    [TestMethod]
    public void More_neighbors_than_a_leaf_holds_are_found()
    {
        Matrix x = GraphData.Mixture(1500, 6);
        double recall = GraphData.Recall(NeighborGraph.AllRows(x, 100, new GraphOptions { LeafSize = 8, Trees = 4 }, 2),
            ExactNeighbors.AllRows(x, 100, 2), x.Rows);
        Assert.IsGreaterThanOrEqualTo(.98, recall);
    }

    [TestMethod]
    public void The_graph_pays_off_with_many_rows()
    {
        Assert.IsFalse(NeighborGraph.PaysOff(20_000, 64));
        Assert.IsTrue(NeighborGraph.PaysOff(100_000, 64));
        Assert.IsTrue(NeighborGraph.PaysOff(20_000, 512));
    }

    [TestMethod]
    public void Cancellation_stops_the_search()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Matrix x = GraphData.Mixture(2000, 4);
        Assert.Throws<OperationCanceledException>(() => NeighborGraph.AllRows(x, K, Small, 2, cancellation: source.Token));
        Assert.Throws<OperationCanceledException>(() =>
            RecallGate.Measure(x, NeighborGraph.AllRows(x, K, Small, 2), 2, cancellation: source.Token));
    }
}

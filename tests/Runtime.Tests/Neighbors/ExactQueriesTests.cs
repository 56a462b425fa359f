namespace LeoCvae.Runtime.Tests.Neighbors;

[TestClass]
public class ExactQueriesTests
{
    const int K = 15;

    [TestMethod]
    [DataRow(21)]
    [DataRow(300)]
    public void Many_rows_get_what_all_rows_get(int columns)
    {
        Matrix x = GraphData.Mixture(1000, columns);
        NeighborLists all = ExactNeighbors.AllRows(x, K, 2);
        int[] rows = [999, 0, 500, 500, .. Enumerable.Range(100, 200)];
        NeighborLists some = ExactNeighbors.SomeRows(x, rows, K, 2);
        for (int i = 0; i < rows.Length; i++)
        {
            CollectionAssert.AreEqual(all.Ids(rows[i]).ToArray(), some.Ids(i).ToArray(), $"row {rows[i]}");
            CollectionAssert.AreEqual(all.SquaredDistances(rows[i]).ToArray(), some.SquaredDistances(i).ToArray());
        }
    }

    [TestMethod]
    public void More_neighbors_than_reference_rows_are_clamped()
    {
        Matrix x = GraphData.Mixture(5, 3);
        Assert.AreEqual(5, ExactNeighbors.NewRows(x, x, K, 1).K);
        Assert.AreEqual(4, ExactNeighbors.SomeRows(x, [2], K, 1).K);
        Assert.AreEqual(0, ExactNeighbors.SomeRows(GraphData.Mixture(1, 3), [0], K, 1).K);
    }

    [TestMethod]
    public void A_reference_of_another_width_is_refused() =>
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => ExactNeighbors.NewRows(new(1, 3), new(1, 4), K, 1)).Message,
            "expected 4");
}

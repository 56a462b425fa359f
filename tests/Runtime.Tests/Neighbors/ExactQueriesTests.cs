namespace LeoCvae.Runtime.Tests.Neighbors;

[TestClass]
public class ExactQueriesTests
{
    const int K = 15;

    [TestMethod]
    [DataRow(1, 1f, 0f, false)]
    [DataRow(3, 1f, 0f, true)]
    [DataRow(21, 1f, 0f, false)]
    [DataRow(300, 1f, 0f, false)]
    [DataRow(8, 1e-20f, 0f, false)]
    [DataRow(8, 1e-40f, 0f, false)]
    [DataRow(8, 1e20f, 0f, false)]
    [DataRow(8, 1f, 1e5f, false)]
    public void Some_rows_get_what_all_rows_get(int columns, float factor, float offset, bool rounded)
    {
        Matrix x = GraphData.Map(GraphData.Mixture(1000, columns), (_, value) => (rounded ? MathF.Round(value) : value) * factor + offset);
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
    public void New_rows_get_their_nearest_reference_rows()
    {
        Matrix all = GraphData.Mixture(900, 12), reference = new(800, 12), rows = new(101, 12);
        all.Values.AsSpan(0, reference.Values.Length).CopyTo(reference.Values);
        all.Values.AsSpan(799 * 12).CopyTo(rows.Values);
        NeighborLists lists = ExactNeighbors.NewRows(rows, reference, K, 3);
        for (int i = 0; i < rows.Rows; i++)
        {
            (int[] ids, double[] distances) = GraphData.Nearest(rows[i], reference, K);
            CollectionAssert.AreEqual(ids, lists.Ids(i).ToArray());
            CollectionAssert.AreEqual(distances, lists.SquaredDistances(i).ToArray());
        }
        Assert.AreEqual(799, lists.Ids(0)[0]);
        Assert.AreEqual(0, lists.SquaredDistances(0)[0]);
    }

    [TestMethod]
    public void More_neighbours_than_reference_rows_are_clamped()
    {
        Matrix x = GraphData.Mixture(5, 3);
        Assert.AreEqual(5, ExactNeighbors.NewRows(x, x, K, 1).K);
        Assert.AreEqual(4, ExactNeighbors.SomeRows(x, [2], K, 1).K);
        Assert.AreEqual(0, ExactNeighbors.SomeRows(GraphData.Mixture(1, 3), [0], K, 1).K);
    }

    [TestMethod]
    public void A_reference_of_another_width_is_refused() =>
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => ExactNeighbors.NewRows(new(1, 3), new(1, 4), K, 1)).Message, "expected 4");
}

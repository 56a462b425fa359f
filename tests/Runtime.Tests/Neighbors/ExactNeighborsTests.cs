namespace LeoCvae.Runtime.Tests;

[TestClass]
public class ExactNeighborsTests
{
    [TestMethod]
    public void A_row_is_excluded_by_its_number_where_all_rows_are_equal()
    {
        NeighborLists lists = ExactNeighbors.AllRows(TestTables.Matrix(30, 3, (_, _) => 0.1f), 5, 1);
        for (int row = 0; row < 30; row++)
            Assert.AreSequenceEqual([.. Enumerable.Range(0, 6).Where(other => other != row).Take(5)], lists.Ids(row).ToArray());
    }

    [TestMethod]
    public void K_is_clamped_to_the_number_of_other_rows()
    {
        NeighborLists lists = ExactNeighbors.AllRows(TestTables.Matrix(4, 1, (row, _) => row * row), 15, 1);
        Assert.AreEqual(3, lists.K);
        Assert.AreSequenceEqual([1, 2, 3], lists.Ids(0).ToArray());
        Assert.AreSequenceEqual([2, 1, 0], lists.Ids(3).ToArray());
        Assert.AreSequenceEqual([25d, 64, 81], lists.SquaredDistances(3).ToArray());
    }

    [TestMethod]
    public void Threads_do_not_change_the_result()
    {
        Random random = new(4);
        Matrix x = TestTables.Matrix(500, 20, (_, _) => random.Next(4));
        NeighborLists one = ExactNeighbors.AllRows(x, 15, 1);
        foreach (int threads in (int[])[2, 3, -1])
        {
            NeighborLists many = ExactNeighbors.AllRows(x, 15, threads);
            for (int row = 0; row < x.Rows; row++)
            {
                Assert.AreSequenceEqual(one.Ids(row).ToArray(), many.Ids(row).ToArray());
                Assert.AreSequenceEqual(one.SquaredDistances(row).ToArray(), many.SquaredDistances(row).ToArray());
            }
        }
    }

    [TestMethod]
    public void A_cancelled_search_stops() =>
        Assert.ThrowsExactly<OperationCanceledException>(() =>
            ExactNeighbors.AllRows(new(100, 2), 3, 2, cancellation: new(canceled: true)));
}

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class ExactNeighborsTests
{
    [TestMethod]
    public void Random_tables_of_any_width_have_the_neighbours_of_the_double_precision_twin()
    {
        Random random = new(1);
        foreach (int width in (int[])[1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 100, 255, 256, 299, 300])
            RequireTwin(TestTables.Matrix(67, width, (_, _) => (float)(random.NextDouble() * 4 - 2)), k: 15);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(63)]
    [DataRow(64)]
    [DataRow(65)]
    [DataRow(131)]
    public void Any_number_of_rows_works_whatever_the_blocks_are(int rows)
    {
        Random random = new(rows);
        RequireTwin(TestTables.Matrix(rows + 1, 3, (_, _) => random.NextSingle()), k: 4);
    }

    [TestMethod]
    public void Ties_go_to_the_smaller_row_in_tables_full_of_duplicates()
    {
        Random random = new(2);
        RequireTwin(TestTables.Matrix(150, 2, (_, _) => random.Next(3)), k: 15);
        float[] few = [.. Enumerable.Range(0, 50).Select(_ => random.NextSingle())];
        RequireTwin(TestTables.Matrix(200, 5, (row, column) => few[row * 7 % 10 * 5 + column]), k: 30);
        RequireTwin(TestTables.Matrix(100, 1, (row, _) => row / 10), k: 20);
    }

    [TestMethod]
    public void Distances_that_are_one_number_in_float_are_told_apart_in_double() =>
        RequireTwin(TestTables.Matrix(24, 2, (row, column) => row == 0 ? 0 : column == 0 ? 1 : (24 - row) * 1e-5f), k: 15);

    [TestMethod]
    public void Constant_columns_change_nothing()
    {
        Random random = new(3);
        float[] values = [.. Enumerable.Range(0, 80).Select(_ => random.NextSingle())];
        Matrix narrow = TestTables.Matrix(80, 1, (row, _) => values[row]), wide = TestTables.Matrix(80, 20, (row, column) => column == 13 ? values[row] : 0);
        NeighborLists expected = ExactNeighbors.AllRows(narrow, 15, 1), actual = ExactNeighbors.AllRows(wide, 15, 1);
        for (int row = 0; row < 80; row++)
            Assert.AreSequenceEqual(expected.Ids(row).ToArray(), actual.Ids(row).ToArray());
    }

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
    public void A_cancelled_search_stops() => Assert.ThrowsExactly<OperationCanceledException>(() => ExactNeighbors.AllRows(new(100, 2), 3, 2, new(canceled: true)));

    static void RequireTwin(Matrix x, int k)
    {
        NeighborLists lists = ExactNeighbors.AllRows(x, k, 2);
        for (int row = 0; row < x.Rows; row++)
        {
            (double Distance, int Row)[] expected = [.. Enumerable.Range(0, x.Rows).Where(other => other != row)
                .Select(other => (Distance(x, row, other), other)).Order().Take(k)];
            Assert.AreSequenceEqual(expected.Select(neighbor => neighbor.Row), lists.Ids(row).ToArray(), $"row {row} of {x.Rows} x {x.Columns}");
            // The sums run in another order.
            for (int i = 0; i < expected.Length; i++)
                Assert.AreEqual(expected[i].Distance, lists.SquaredDistances(row)[i], 1e-12 * expected[i].Distance);
        }
    }

    static double Distance(Matrix x, int a, int b)
    {
        double sum = 0;
        for (int j = 0; j < x.Columns; j++)
            sum += ((double)x[a][j] - x[b][j]) * ((double)x[a][j] - x[b][j]);
        return sum;
    }
}

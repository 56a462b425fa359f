using CsCheck;

namespace LeoCvae.Runtime.Tests.Neighbors;

[TestClass]
public class ListSearchTests
{
    const int K = 15;

    static MemoryLists Lists(Matrix x, int count, out Matrix centers)
    {
        centers = ListCenters.Find(x, count, 2, default);
        return new(x, centers, 2, default);
    }

    [TestMethod]
    [DataRow(3, 1)]
    [DataRow(21, 1)]
    [DataRow(64, 2)]
    [DataRow(300, 3)]
    public void With_all_lists_it_is_exact(int columns, int threads)
    {
        Matrix x = GraphData.Mixture(1500, columns);
        MemoryLists lists = Lists(x, 40, out Matrix centers);
        NearestFound found = new ListSearch(lists, K).Search(x, centers, lists.Count, own: row => row, threads, default);
        GraphData.AreSame(ExactNeighbors.AllRows(x, K, 1), RowsOf(found, x.Rows), x.Rows);
    }

    [TestMethod]
    public void New_rows_find_what_the_exact_search_finds() => TableCase.Of(Gen.Select(Gen.Int[1, 150], Gen.Int[1, 40]), Gen.Int[1, 5],
        Gen.OneOf(TableKind.Continuous, TableKind.Integers, TableKind.Duplicates, TableKind.Identical, TableKind.NearTies))
        .Where(made => made.Exponent == 0).Sample(made =>
    {
        (Matrix table, Matrix rows) = made.Make();
        if (rows.Rows == 0)
            return;
        int k = Math.Min(made.K, table.Rows);
        MemoryLists lists = Lists(table, 9, out Matrix centers);
        NearestFound found = new ListSearch(lists, k).Search(rows, centers, lists.Count, own: null, 1, default);
        GraphData.AreSame(ExactNeighbors.NewRows(rows, table, k, 1), RowsOf(found, rows.Rows), rows.Rows);
    }, iter: 200);

    [TestMethod]
    public void More_lists_find_more_and_some_find_nearly_all()
    {
        Matrix x = GraphData.Mixture(6000, 24);
        MemoryLists lists = Lists(x, 120, out Matrix centers);
        NeighborLists exact = ExactNeighbors.AllRows(x, K, 2);
        double last = 0;
        foreach (int probes in (int[])[1, 5, 25, lists.Count])
        {
            NearestFound found = new ListSearch(lists, K).Search(x, centers, probes, own: row => row, 2, default);
            double recall = GraphData.Recall(RowsOf(found, x.Rows), exact, x.Rows);
            Assert.IsGreaterThanOrEqualTo(last, recall);
            last = recall;
            if (probes == 25)
                Assert.IsGreaterThan(0.98, recall);
        }
        Assert.AreEqual(1, last);
    }

    [TestMethod]
    public void Where_the_nearest_list_is_short_others_are_looked_at()
    {
        // A row far from all others, alone in its list, and ten that are alike.
        Matrix x = TestTables.Matrix(500, 3, (i, j) => i == 0 ? 1000 : i <= 10 ? -1000 - i : (i * (j + 3) * 7919 % 1009) / 1009f);
        MemoryLists lists = Lists(x, 30, out Matrix centers);
        NearestFound found = new ListSearch(lists, K).Search(x, centers, 1, own: row => row, 2, default);
        for (int row = 0; row < x.Rows; row++)
            Assert.IsTrue(found.IsFull(row));
    }

    [TestMethod]
    public void Each_row_is_in_one_list_and_near_centers_follow_each_other()
    {
        Matrix x = GraphData.Mixture(3000, 8);
        MemoryLists lists = Lists(x, 100, out Matrix centers);
        List<int> all = [];
        for (int list = 0; list < lists.Count; list++)
        {
            long[] keys = new long[lists.CountOf(list)];
            float[] rows = new float[keys.Length * x.Columns];
            lists.Read(list, rows, keys);
            for (int i = 0; i < keys.Length; i++)
            {
                int row = (int)(keys[i] >> 32);
                all.Add(row);
                Assert.AreSequenceEqual(x[row].ToArray(), rows[(i * x.Columns)..((i + 1) * x.Columns)]);
                double own = Distance.Squared(x[row], centers[list]);
                Assert.IsTrue(Enumerable.Range(0, lists.Count).All(other => Distance.Squared(x[row], centers[other]) >= own));
            }
        }
        Assert.AreSequenceEqual(Enumerable.Range(0, x.Rows), all.Order());
        double Mean(Func<int, int> other) => Enumerable.Range(1, lists.Count - 1).Average(list =>
            Distance.Squared(centers[list], centers[other(list)]));
        Assert.IsLessThan(0.5, Mean(list => list - 1) / Mean(list => (list * 37) % lists.Count));
    }

    static NeighborLists RowsOf(NearestFound found, int rows)
    {
        int[] ids = new int[rows * found.K];
        double[] distances = new double[ids.Length];
        for (int row = 0; row < rows; row++)
            for (int i = 0; i < found.K; i++)
                (ids[(row * found.K) + i], distances[(row * found.K) + i]) =
                    ((int)(found.Keys(row)[i] >> 32), found.SquaredDistances(row)[i]);
        return new(found.K, ids, distances);
    }
}

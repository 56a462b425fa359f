using System.Text.Json;

namespace LeoCvae.Runtime.Tests.Neighbors;

/// <summary>Neighbors against scikit-learn and hnswlib, which agree with each other (tools/parity/neighbors.py).</summary>
[TestClass]
public class NeighborOracleTests
{
    static readonly JsonElement Json = Repo.Oracle("neighbors.json").RootElement;
    static readonly int K = Json.GetProperty("k").GetInt32();

    [TestMethod]
    public void Exact_and_graph_searches_give_the_neighbors_of_the_oracle()
    {
        JsonElement euclidean = Json.GetProperty("cases")[0];
        (Matrix x, Matrix newRows) = (Rows("x"), Rows("new"));
        Compare(euclidean, "", ExactNeighbors.AllRows(x, K, 2), x.Rows);
        Compare(euclidean, "", NeighborGraph.AllRows(x, K, new(), 2), x.Rows);
        Compare(euclidean, "new_", ExactNeighbors.NewRows(newRows, x, K, 2), newRows.Rows);
    }

    [TestMethod]
    [DataRow(0, NeighborMetric.Euclidean)]
    [DataRow(1, NeighborMetric.Cosine)]
    public void HnswIndex_gives_the_neighbors_of_the_oracle(int number, NeighborMetric metric)
    {
        JsonElement json = Json.GetProperty("cases")[number];
        Assert.AreEqual(metric.ToString().ToLowerInvariant(), json.GetProperty("metric").GetString());
        (Matrix x, Matrix newRows) = (Rows("x"), Rows("new"));
        using HnswIndex index = HnswIndex.Build(x, new() { Metric = metric });
        // A third of the rows: walked through; all of them: scanned.
        foreach (int effort in (int[])[100, 300])
        {
            Compare(json, "", Search(x.Rows, (row, ids, distances) => index.SearchRow(row, ids, distances, effort)), x.Rows);
            Compare(json, "new_", Search(newRows.Rows, (row, ids, distances) => index.Search(newRows[row], ids, distances, effort)),
                newRows.Rows);
        }
    }

    static NeighborLists Search(int rows, Func<int, Span<int>, Span<double>, int> search)
    {
        int[] ids = new int[rows * K];
        double[] distances = new double[rows * K];
        for (int row = 0; row < rows; row++)
            Assert.AreEqual(K, search(row, ids.AsSpan(row * K, K), distances.AsSpan(row * K, K)));
        return new(K, ids, distances);
    }

    static void Compare(JsonElement json, string prefix, NeighborLists actual, int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            Assert.AreSequenceEqual(json.GetProperty(prefix + "ids")[row].Ints(), actual.Ids(row).ToArray(), $"row {row}");
            double[] expected = json.GetProperty(prefix + "squared_distances")[row].Doubles();
            for (int i = 0; i < K; i++)
                Assert.AreEqual(expected[i], actual.SquaredDistances(row)[i], 1e-5 * expected[i], $"row {row}");
        }
    }

    static Matrix Rows(string name)
    {
        double[][] rows = [.. Json.GetProperty(name).EnumerateArray().Select(row => row.Doubles())];
        return TestTables.Matrix(rows.Length, rows[0].Length, (row, column) => (float)rows[row][column]);
    }
}

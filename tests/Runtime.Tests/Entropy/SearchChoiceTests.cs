using LeoCvae.Runtime.Tests.Neighbors;

namespace LeoCvae.Runtime.Tests;

/// <summary>Which search scores a table, and what is reported of it.</summary>
[TestClass]
public class SearchChoiceTests
{
    // Few enough rows for a test, enough for a graph of more than one leaf.
    static readonly Table Clusters = Mixture(3000, 8, 7), Structureless = Mixture(6000, 100, 1);

    [TestMethod]
    [DataRow(NeighborSearch.Graph)]
    [DataRow(NeighborSearch.Hnsw)]
    [DataRow(NeighborSearch.Lists)]
    public void An_approximate_search_reports_its_recall_and_scores_nearly_as_the_exact_one(NeighborSearch search)
    {
        EntropyScores exact = LocalEntropy.Score(Clusters, search: NeighborSearch.Exact),
            scores = LocalEntropy.Score(Clusters, search: search);
        Assert.AreEqual(search, scores.Search.Used);
        Assert.AreEqual(500, scores.Search.CheckedRows);
        Assert.IsInRange(NearestNeighbors.LowestRecall, 1, scores.Search.Recall);
        Assert.HasCount(5, scores.Search.WorstRows);
        Assert.IsLessThanOrEqualTo(scores.Search.Recall, scores.Search.WorstRows[0].Recall);
        Assert.IsNull(scores.Search.Note);
        double difference = Enumerable.Range(0, Clusters.RowCount).Average(row => Math.Abs(exact.Bits[row] - scores.Bits[row]));
        Assert.IsLessThan(0.01, difference);
    }

    [TestMethod]
    public void Data_without_structure_end_in_the_exact_search_and_the_report_says_so()
    {
        EntropyScores scores = LocalEntropy.Score(Structureless, search: NeighborSearch.Graph);
        Assert.AreEqual(NeighborSearch.Exact, scores.Search.Used);
        Assert.AreEqual(1, scores.Search.Recall);
        Assert.Contains("exact search was used", scores.Search.Note!);
        Assert.AreSequenceEqual(LocalEntropy.Score(Structureless, search: NeighborSearch.Exact).Bits.ToArray(), scores.Bits.ToArray());
    }

    [TestMethod]
    public void Independent_Gaussian_rows_of_64_columns_end_in_the_exact_search()
    {
        Matrix x = GraphData.Independent(6000, 64);
        (NeighborLists lists, SearchReport report) = NearestNeighbors.AllRows(x, 15, NeighborSearch.Graph, 2);
        Assert.AreEqual(NeighborSearch.Exact, report.Used);
        Assert.StartsWith("graph search found only 0.", report.Note);
        GraphData.AreSame(ExactNeighbors.AllRows(x, 15, 2), lists, x.Rows);
    }

    [TestMethod]
    public void Lists_end_in_the_exact_search_where_most_of_them_are_needed()
    {
        Matrix x = GraphData.Independent(6000, 64);
        (NeighborLists lists, SearchReport report) = NearestNeighbors.AllRows(x, 15, NeighborSearch.Lists, 2);
        Assert.AreEqual((NeighborSearch.Exact, 1.0), (report.Used, report.Recall));
        Assert.StartsWith("lists search would not be quicker", report.Note);
        GraphData.AreSame(ExactNeighbors.AllRows(x, 15, 2), lists, x.Rows);
    }

    [TestMethod]
    public void Small_tables_are_searched_exactly_unless_told_otherwise() =>
        Assert.AreEqual(NeighborSearch.Exact, LocalEntropy.Score(Clusters).Search.Used);

    [TestMethod]
    [DataRow(NeighborSearch.Exact)]
    [DataRow(NeighborSearch.Graph)]
    [DataRow(NeighborSearch.Hnsw)]
    [DataRow(NeighborSearch.Lists)]
    public void Threads_do_not_change_the_scores(NeighborSearch search)
    {
        double[] one = LocalEntropy.Score(Clusters, search: search, maxDegreeOfParallelism: 1).Bits.ToArray();
        Assert.AreSequenceEqual(one, LocalEntropy.Score(Clusters, search: search, maxDegreeOfParallelism: 3).Bits.ToArray());
    }

    [TestMethod]
    public void An_unknown_search_is_refused() =>
        Assert.Contains("got 9",
            Assert.ThrowsExactly<ArgumentException>(() => LocalEntropy.Score(Clusters, search: (NeighborSearch)9)).Message);

    static Table Mixture(int rows, int columns, int clusters)
    {
        Random random = new(5);
        double[,] values = new double[rows, columns];
        string[] labels = new string[rows];
        for (int row = 0; row < rows; row++)
        {
            labels[row] = random.Next(3) == 0 ? "rare" : "common";
            for (int column = 0; column < columns; column++)
                values[row, column] = row % clusters % 7 * 3 + random.NextDouble() + random.NextDouble() + random.NextDouble();
        }
        return Table.FromArrays(values, labels);
    }
}

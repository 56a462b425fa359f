using System.Text.Json;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class LocalEntropyTests
{
    [TestMethod]
    public void Neighbors_frequencies_and_entropy_equal_the_oracle()
    {
        using JsonDocument oracle = Repo.Oracle("entropy.json");
        int authors = 0;
        foreach (JsonElement c in oracle.RootElement.GetProperty("cases").EnumerateArray())
        {
            string name = c.GetProperty("name").GetString()!;
            float[][] rows = [.. c.GetProperty("x").EnumerateArray().Select(row => row.Doubles().Select(value => (float)value).ToArray())];
            Matrix x = TestTables.Matrix(rows.Length, rows[0].Length, (row, column) => rows[row][column]);
            string[] classes = [.. Enumerable.Range(0, c.GetProperty("classes").GetInt32()).Select(i => $"c{i}")];
            int k = c.GetProperty("k").GetInt32();
            NeighborLists lists = ExactNeighbors.AllRows(x, k, 2);
            EntropyScores scores = LocalEntropy.Score(x, c.GetProperty("y").Ints(), classes, k, NeighborSearch.Auto, 2);
            double[] bits = c.GetProperty("entropy_bits").Doubles();
            Assert.AreEqual(c.GetProperty("k_used").GetInt32(), scores.Neighbors, name);
            for (int row = 0; row < rows.Length; row++)
            {
                Assert.AreSequenceEqual(c.GetProperty("neighbors")[row].Ints(), lists.Ids(row).ToArray(), $"{name}, row {row}");
                Assert.AreSequenceEqual(c.GetProperty("frequencies")[row].Doubles(), scores.Frequencies(row).ToArray(),
                    $"{name}, row {row}");
                Assert.AreEqual(bits[row], scores.Bits[row], 1e-12, $"{name}, row {row}");
            }
            if (c.GetProperty("authors_entropy_bits") is { ValueKind: JsonValueKind.Array } theirs)
            {
                authors++;
                for (int row = 0; row < rows.Length; row++)
                    Assert.AreEqual(theirs[row].GetDouble(), scores.Bits[row], 1e-6, $"{name}, row {row}");
            }
        }
        Assert.IsGreaterThan(2, authors);
    }

    [TestMethod]
    public void A_row_among_its_own_class_scores_exactly_0_and_an_even_mixture_log2_of_the_classes()
    {
        EntropyScores pure = LocalEntropy.Score(TestTables.OfCounts(("a", 20), ("b", 20)), neighbors: 3);
        Assert.AreEqual(0, pure.Bits[0]);
        Assert.IsFalse(double.IsNegative(pure.Bits[0]));
        EntropyScores mixed = LocalEntropy.Score(Table.FromArrays(new double[,] { { 0 }, { 0 }, { 0 }, { 0 }, { 0 } },
            ["a", "a", "b", "c", "d"]), neighbors: 4);
        Assert.AreEqual(2, mixed.Bits[0], 1e-15);
    }

    [TestMethod]
    public void Scores_lie_between_0_and_log2_of_the_classes_and_frequencies_sum_to_1()
    {
        Table table = TestTables.Random(300, 4, 5);
        EntropyScores scores = LocalEntropy.Score(table);
        Assert.AreEqual(LocalEntropy.DefaultNeighbors, scores.Neighbors);
        Assert.AreSequenceEqual(table.Schema.Classes, scores.Classes);
        Assert.AreEqual(300, scores.Bits.Length);
        for (int row = 0; row < 300; row++)
        {
            Assert.IsTrue(scores.Bits[row] >= 0 && scores.Bits[row] <= Math.Log2(5) + 1e-12);
            Assert.AreEqual(1, scores.Frequencies(row).ToArray().Sum(), 1e-12);
        }
    }

    [TestMethod]
    public void Units_of_a_column_do_not_matter()
    {
        Table table = TestTables.Random(200, 3, 3);
        double[,] scaled = new double[200, 3];
        for (int row = 0; row < 200; row++)
            for (int column = 0; column < 3; column++)
                scaled[row, column] = table.Row(row)[column] * (column == 1 ? 1024 : 1);
        EntropyScores expected = LocalEntropy.Score(table),
            actual = LocalEntropy.Score(Table.FromArrays(scaled, [.. Enumerable.Range(0, 200).Select(table.Label)]));
        for (int row = 0; row < 200; row++)
            Assert.AreSequenceEqual(
                table.Schema.Classes.Select(name => expected.Frequencies(row)[table.Schema.ClassIndex(name)]),
                table.Schema.Classes.Select(name => actual.Frequencies(row)[actual.Classes.ToList().IndexOf(name)]));
    }

    [TestMethod]
    public void Threads_do_not_change_a_score()
    {
        Table table = TestTables.Random(400, 6, 3);
        double[] one = LocalEntropy.Score(table, maxDegreeOfParallelism: 1).Bits.ToArray();
        foreach (int threads in (int[])[2, 3, -1])
            Assert.AreSequenceEqual(one, LocalEntropy.Score(table, maxDegreeOfParallelism: threads).Bits.ToArray());
    }

    [TestMethod]
    public void Bad_requests_are_refused_in_words()
    {
        Table table = TestTables.Random(10, 2, 2);
        Expect.Throws<ArgumentOutOfRangeException>(() => LocalEntropy.Score(table, neighbors: 0), "neighbors", "1");
        Expect.Throws<ArgumentException>(() => LocalEntropy.Score(TestTables.OfCounts(("a", 1))),
            "table: got a table of 1 row, expected at least 2");
        Expect.Throws<ArgumentException>(() => LocalEntropy.Score(Table.FromArrays(new double[0, 2], [])),
            "table: got a table of 0 rows, expected at least 2");
        Assert.ThrowsExactly<OperationCanceledException>(() => LocalEntropy.Score(table, cancellation: new(canceled: true)));
    }

    [TestMethod]
    [DataRow(NeighborSearch.Exact)]
    [DataRow(NeighborSearch.Graph)]
    [DataRow(NeighborSearch.Hnsw)]
    public void How_far_the_search_is_is_told(NeighborSearch search)
    {
        Reports<double> reports = new();
        LocalEntropy.Score(TestTables.Random(3000, 4, 2), search: search, progress: reports);
        reports.All.RequireRising(8);
    }

    [TestMethod]
    public void K_above_the_number_of_other_rows_is_clamped() =>
        Assert.AreEqual(9, LocalEntropy.Score(TestTables.Random(10, 2, 2), neighbors: 1_000_000).Neighbors);
}

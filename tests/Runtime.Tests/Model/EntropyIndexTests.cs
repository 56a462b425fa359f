using System.Security.Cryptography;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class EntropyIndexTests
{
    const int K = 7;

    static readonly Table Rows = TestTables.Random(3000, 4, 3, seed: 1);

    static string Build(TempFolder folder, IEnumerable<Table> batches, EntropyIndexOptions? options = null, string name = "rows.knn")
    {
        Table[] all = [.. batches];
        EntropyIndex.Build(folder[name], all[0].Schema, all, options ?? new() { Neighbors = K });
        return folder[name];
    }

    static IEnumerable<Table> Batches(Table table, int rows)
    {
        for (int first = 0; first < table.RowCount; first += rows)
            yield return table.Slice(first, Math.Min(rows, table.RowCount - first));
    }

    // How many rows differ from the exact scores of the table.
    static double Differing(EntropyScores scores, EntropyScores exact)
    {
        Assert.AreSequenceEqual(exact.Classes, scores.Classes);
        int differing = 0;
        for (int row = 0; row < exact.Bits.Length; row++)
            if (scores.Bits[row] != exact.Bits[row] || !scores.Frequencies(row).SequenceEqual(exact.Frequencies(row)))
                differing++;
        return (double)differing / exact.Bits.Length;
    }

    [TestMethod]
    public void Indexed_rows_get_the_scores_of_their_table()
    {
        using TempFolder folder = new();
        using EntropyIndex index = EntropyIndex.Open(Build(folder, [Rows]));
        EntropyScores scores = index.Score(Rows, areIndexed: true), exact = LocalEntropy.Score(Rows, K, NeighborSearch.Exact);
        Assert.IsLessThan(0.03, Differing(scores, exact));
        Assert.AreEqual(NeighborSearch.Lists, scores.Search.Used);
        Assert.IsGreaterThan(0.98, scores.Search.Recall);
        Assert.IsGreaterThan(0.99, index.Recall);
        Assert.AreEqual((3000L, K, null), (index.RowCount, index.Neighbors, index.Source));
        Assert.IsLessThan(index.Lists, index.Probes);
        Assert.IsLessThan(0.03, Differing(index.Score(Rows, 3, areIndexed: true), LocalEntropy.Score(Rows, 3, NeighborSearch.Exact)));
    }

    [TestMethod]
    public void Rows_of_few_kinds_are_held_once_and_scored_exactly()
    {
        using TempFolder folder = new();
        Table table = TestTables.Pick(TestTables.Random(5, 3, 3, seed: 4), Enumerable.Range(0, 4000).Select(i => i * i % 5));
        using EntropyIndex index = EntropyIndex.Open(Build(folder, [table]));
        Assert.AreEqual(0, Differing(index.Score(table, areIndexed: true), LocalEntropy.Score(table, K, NeighborSearch.Exact)));
        Assert.IsLessThan(3000, new FileInfo(folder["rows.knn"]).Length);
    }

    [TestMethod]
    public void Categories_and_missing_values_are_scored_as_in_their_table()
    {
        using TempFolder folder = new();
        Table table = TableFile.Read(Repo.File("tools", "leocvae", "Demo", "loans.csv"), "outcome");
        Assert.IsTrue(table.Schema.Columns.Any(column => column.HasMissing));
        Assert.IsTrue(table.Schema.Columns.Any(column => column.Categories is not null));
        using EntropyIndex index = EntropyIndex.Open(Build(folder, Batches(table, 100)));
        Assert.IsLessThan(0.05, Differing(index.Score(table, areIndexed: true), LocalEntropy.Score(table, K, NeighborSearch.Exact)));
    }

    [TestMethod]
    public void Neither_batches_nor_threads_change_a_byte_or_a_score()
    {
        using TempFolder folder = new();
        byte[] whole = File.ReadAllBytes(Build(folder, [Rows], new() { Neighbors = K, MaxDegreeOfParallelism = 1 }));
        Assert.AreSequenceEqual(whole, File.ReadAllBytes(Build(folder, Batches(Rows, 7),
            new() { Neighbors = K, MaxDegreeOfParallelism = 3 }, "again.knn")));
        using EntropyIndex index = EntropyIndex.Open(folder["rows.knn"]);
        Table some = Rows.Slice(500, 1000);
        EntropyScores expected = index.Score(some, areIndexed: true, maxDegreeOfParallelism: 1);
        Assert.AreEqual(0, Differing(index.Score(some, areIndexed: true, maxDegreeOfParallelism: 4), expected));
        int first = 0;
        foreach (Table batch in Batches(some, 90))
            foreach (double bits in index.Score(batch, areIndexed: true).Bits)
                Assert.AreEqual(expected.Bits[first++], bits);
        Assert.IsEmpty(Directory.GetFiles(folder.Path, ".*"));
    }

    [TestMethod]
    public void New_rows_are_scored_by_the_nearest_indexed_ones_and_an_indexed_row_finds_itself()
    {
        using TempFolder folder = new();
        using EntropyIndex index = EntropyIndex.Open(Build(folder, [Rows]));
        EntropyScores self = index.Score(Rows, 1);
        for (int row = 0; row < Rows.RowCount; row++)
            Assert.AreEqual(1, self.Frequencies(row)[Rows.Labels[row]]);
        Table rows = TestTables.Random(400, 4, 2, seed: 2);
        TableEncoder encoder = TableEncoder.Fit(Rows);
        NeighborLists exact = ExactNeighbors.NewRows(encoder.Encode(rows), encoder.Encode(Rows), K, 1);
        Assert.IsLessThan(0.04, Differing(index.Score(rows), LocalEntropy.Of(exact, rows.RowCount, Rows.Labels, Rows.Schema.Classes,
            new() { Used = NeighborSearch.Exact })));
    }

    [TestMethod]
    public void Rows_far_from_all_indexed_ones_are_compared_with_more_of_them()
    {
        using TempFolder folder = new();
        using EntropyIndex index = EntropyIndex.Open(Build(folder, [Rows]));
        double[,] values = new double[300, 4];
        Random random = new(3);
        for (int i = 0; i < 300; i++)
            for (int j = 0; j < 4; j++)
                values[i, j] = random.NextDouble() < 0.5 ? -40 : 40 + random.NextDouble();
        Table rows = Table.Unlabeled(values, [.. Rows.Schema.Columns.Select(column => column.Name)]);
        TableEncoder encoder = TableEncoder.Fit(Rows);
        NeighborLists exact = ExactNeighbors.NewRows(encoder.Encode(rows), encoder.Encode(Rows), K, 1);
        EntropyScores scores = index.Score(rows);
        Assert.IsGreaterThanOrEqualTo(0.95, scores.Search.Recall);
        Assert.IsLessThan(0.3, Differing(scores, LocalEntropy.Of(exact, 300, Rows.Labels, Rows.Schema.Classes,
            new() { Used = NeighborSearch.Exact })));
    }

    [TestMethod]
    public void Columns_come_by_name_and_classes_too()
    {
        using TempFolder folder = new();
        Table b = Table.FromColumns([TableColumn.Of("x", [1.0, 2.0, 3.0]), TableColumn.Of("c", ["u", "v", "u"])], ["p", "q", "q"]),
            a = Table.FromColumns([TableColumn.Of("x", [4.0, 5.0]), TableColumn.Of("c", ["v", "u"])], ["q", "p"]);
        EntropyIndex.Build(folder["i"], b.Schema, [b, a]);
        using EntropyIndex index = EntropyIndex.Open(folder["i"]);
        Assert.AreEqual((5L, 4), (index.RowCount, index.Neighbors));
        EntropyScores scores = index.Score(Table.FromColumns([TableColumn.Of("x", [4.0]), TableColumn.Of("c", ["v"])]), 1);
        Assert.AreSequenceEqual(["p", "q"], scores.Classes);
        Assert.AreEqual(1, scores.Frequencies(0)[1]);
    }

    [TestMethod]
    public void What_cannot_be_indexed_or_scored_is_refused_and_leaves_nothing()
    {
        using TempFolder folder = new();
        void Refused<T>(string said, Action act) where T : Exception => StringAssert.Contains(Assert.Throws<T>(act).Message, said);
        Refused<ArgumentException>("got a table of 1 row", () => Build(folder, [Rows.Slice(0, 1)]));
        Refused<ArgumentException>("no labels", () => EntropyIndex.Build(folder["i"], Rows.Schema, [Table.Unlabeled(new double[3, 4])]));
        Refused<ArgumentException>("x3", () => EntropyIndex.Build(folder["i"], Rows.Schema, [Rows, TestTables.Random(9, 3, 3)]));
        Refused<ArgumentOutOfRangeException>("", () => Build(folder, [Rows], new() { Neighbors = 0 }));
        Refused<OperationCanceledException>("", () => EntropyIndex.Build(folder["i"], Rows.Schema, [Rows], cancellation: new(true)));
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
        string path = Build(folder, [Rows]);
        Refused<IOException>("exists already", () => Build(folder, [Rows]));
        using EntropyIndex index = EntropyIndex.Open(path);
        Refused<ArgumentException>("got 8 neighbors, expected 1 to 7", () => index.Score(Rows, 8));
        Refused<ArgumentException>("got 0 neighbors", () => index.Score(Rows, 0));
        Refused<ArgumentException>("'x3' is missing", () => index.Score(TestTables.Random(9, 3, 3)));
        Refused<ArgumentException>("row 0, column 'x0': got 1E+300, too far", () => index.Score(Table.Unlabeled(
            new double[,] { { 1e300, 0, 0, 0 } }, [.. Rows.Schema.Columns.Select(column => column.Name)])));
        Refused<FileNotFoundException>("no such file", () => EntropyIndex.Open(folder["none"]));
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void A_damaged_file_is_refused_wherever_it_is_damaged()
    {
        using TempFolder folder = new();
        Table table = TestTables.Random(200, 3, 2, seed: 5);
        byte[] bytes = File.ReadAllBytes(Build(folder, [table], new() { Neighbors = 3 }));
        void Refused(byte[] damaged, string what)
        {
            File.WriteAllBytes(folder["damaged"], damaged);
            Assert.Throws<InvalidDataException>(() =>
            {
                using EntropyIndex index = EntropyIndex.Open(folder["damaged"]);
                index.Score(table, areIndexed: true);
            }, what);
        }
        for (int at = 0; at < bytes.Length; at += at < 4000 ? 37 : 3)
        {
            byte[] damaged = [.. bytes];
            damaged[at] ^= 0x10;
            Refused(damaged, $"byte {at}");
            Refused(bytes[..at], $"cut off at {at}");
        }
        Refused([.. bytes, 0], "a byte more");
        Refused([0, .. bytes], "a byte before it");
    }

    [TestMethod]
    public void A_head_that_was_changed_with_its_checksum_is_taken_or_refused_in_a_line()
    {
        using TempFolder folder = new();
        Table table = TableFile.Read(Repo.File("tools", "leocvae", "Demo", "loans.csv"), "outcome");
        byte[] bytes = File.ReadAllBytes(Build(folder, [table], new() { Neighbors = 3 }));
        int start = (int)BitConverter.ToInt64(bytes, bytes.Length - 72 + 24), end = bytes.Length - 32, opened = 0;
        Assert.AreEqual((byte)'{', bytes[start]);
        for (uint seed = 0; seed < 3000; seed++)
        {
            Random random = new((int)seed);
            byte[] changed = [.. bytes];
            for (int changes = random.Next(1, 4); changes > 0; changes--)
                changed[random.Next(2) == 0 ? random.Next(start, end) : random.Next(end - 40, end)] ^= (byte)(1 << random.Next(8));
            SHA256.HashData(changed.AsSpan(start, end - start)).CopyTo(changed.AsSpan(end));
            File.WriteAllBytes(folder["changed"], changed);
            try
            {
                using EntropyIndex index = EntropyIndex.Open(folder["changed"]);
                opened++;
                index.Score(table, areIndexed: true);
            }
            catch (Exception e) when (e is InvalidDataException or ArgumentException)
            {
                Assert.IsFalse(e.Message.Contains('\n'), e.Message);
            }
        }
        Assert.IsInRange(1, 2999, opened);
    }
}

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class ReferenceRowsTests
{
    const int K = 7;

    static readonly Table Training = TestTables.Random(300, 4, 3, seed: 1);
    static readonly byte[] Bytes = Create(Training);

    [TestMethod]
    [DataRow(NeighborSearch.Auto)]
    [DataRow(NeighborSearch.Exact)]
    [DataRow(NeighborSearch.Hnsw)]
    public void New_rows_get_the_entropy_of_their_nearest_training_rows(NeighborSearch search)
    {
        ReferenceRows reference = ReferenceRows.Load(Bytes, Training.Schema);
        Table rows = TestTables.Random(40, 4, 2, seed: 2);
        EntropyScores scores = reference.Score(rows, K, search, 2, default);
        Assert.AreEqual(search == NeighborSearch.Hnsw ? search : NeighborSearch.Exact, scores.Search.Used);
        Assert.AreSequenceEqual(Training.Schema.Classes, scores.Classes);
        for (int row = 0; row < rows.RowCount; row++)
        {
            double[] expected = Frequencies(rows.Row(row));
            for (int c = 0; c < 3; c++)
                Assert.AreEqual(expected[c], scores.Frequencies(row)[c], 1e-12);
            Assert.AreEqual(-expected.Where(p => p > 0).Sum(p => p * Math.Log2(p)), scores.Bits[row], 1e-12);
        }
    }

    [TestMethod]
    public void A_training_row_finds_itself_and_labels_are_not_looked_at()
    {
        ReferenceRows reference = ReferenceRows.Load(Bytes, Training.Schema);
        EntropyScores scores = reference.Score(Training, 1, NeighborSearch.Exact, 1, default);
        for (int row = 0; row < Training.RowCount; row++)
            Assert.AreEqual(1, scores.Frequencies(row)[Training.Labels[row]]);
        double[,] values = new double[Training.RowCount, 4];
        Buffer.BlockCopy(Training.Values.ToArray(), 0, values, 0, Training.Values.Length * sizeof(double));
        EntropyScores unlabeled = reference.Score(Table.Unlabeled(values), K, NeighborSearch.Exact, 1, default);
        Assert.AreSequenceEqual(reference.Score(Training, K, NeighborSearch.Exact, 1, default).Bits.ToArray(), unlabeled.Bits.ToArray());
    }

    [TestMethod]
    public void A_file_scores_as_bytes_in_memory_and_is_a_whole_index()
    {
        using TempFolder folder = new();
        File.WriteAllBytes(folder["reference.knn"], Bytes);
        using FileStream file = File.OpenRead(folder["reference.knn"]);
        ReferenceRows opened = ReferenceRows.Load(file, Training.Schema, 300), loaded = ReferenceRows.Load(Bytes, Training.Schema);
        Assert.AreEqual(K, opened.DefaultNeighbors);
        Table rows = TestTables.Random(50, 4, 2, seed: 3);
        foreach (NeighborSearch search in (NeighborSearch[])[NeighborSearch.Exact, NeighborSearch.Hnsw])
            Assert.AreSequenceEqual(loaded.Score(rows, K, search, 1, default).Bits.ToArray(),
                opened.Score(rows, K, search, 1, default).Bits.ToArray());
        using HnswIndex index = HnswIndex.Open(folder["reference.knn"]);
        index.Verify();
        Assert.AreEqual(300, index.Rows);
    }

    [TestMethod]
    public void Threads_do_not_change_a_byte() =>
        Assert.IsTrue(Bytes.AsSpan().SequenceEqual(Create(Training, threads: 3)));

    [TestMethod]
    public void Every_flipped_bit_of_the_header_and_every_missing_byte_is_refused()
    {
        using HnswIndex index = HnswIndex.Load(new MemoryStream(Bytes));
        for (int at = (int)index.Bytes; at < index.Bytes + 32; at++)
            for (int bit = 0; bit < 8; bit++)
            {
                // Another k is as good for the file itself; the model's hash finds it.
                if (at - index.Bytes is >= 24 and < 28)
                    continue;
                byte[] flipped = [.. Bytes];
                flipped[at] ^= (byte)(1 << bit);
                Expect.Throws<InvalidDataException>(() => ReferenceRows.Load(flipped, Training.Schema), "reference.knn");
            }
        for (int length = (int)index.Bytes; length < Bytes.Length; length += 37)
            Expect.Throws<InvalidDataException>(() => ReferenceRows.Load(Bytes[..length], Training.Schema), "reference.knn");
        Expect.Throws<InvalidDataException>(() => ReferenceRows.Load([.. Bytes, 0], Training.Schema), "reference.knn", "bytes, expected");
    }

    [TestMethod]
    public void Means_scales_and_classes_that_cannot_be_are_refused()
    {
        using HnswIndex index = HnswIndex.Load(new MemoryStream(Bytes));
        int means = (int)index.Bytes + 32, scales = means + 4 * sizeof(double), labels = scales + 4 * sizeof(double);
        byte[] With(int at, byte[] value)
        {
            byte[] changed = [.. Bytes];
            value.CopyTo(changed, at);
            return changed;
        }
        Expect.Throws<InvalidDataException>(() => ReferenceRows.Load(With(means, BitConverter.GetBytes(double.NaN)), Training.Schema),
            "a mean or a scale is no number");
        Expect.Throws<InvalidDataException>(() => ReferenceRows.Load(With(scales, BitConverter.GetBytes(0.0)), Training.Schema),
            "a mean or a scale is no number");
        Expect.Throws<InvalidDataException>(() => ReferenceRows.Load(With(labels + 8, BitConverter.GetBytes(3)), Training.Schema),
            "row 2 has class 3 of 3");
        Expect.Throws<InvalidDataException>(() => ReferenceRows.Load(With(labels, BitConverter.GetBytes(-1)), Training.Schema),
            "row 0 has class -1 of 3");
    }

    [TestMethod]
    public void A_reference_of_another_table_is_refused()
    {
        Expect.Throws<InvalidDataException>(() => ReferenceRows.Load(Bytes, TestTables.Random(300, 5, 3).Schema), "300 rows x 4 columns",
            "5 columns");
        Expect.Throws<InvalidDataException>(() => ReferenceRows.Load(Bytes, TestTables.Random(300, 4, 2).Schema), "in 3 classes",
            "in 2 classes");
    }

    [TestMethod]
    public void Bad_requests_are_refused_and_k_is_clamped()
    {
        ReferenceRows reference = ReferenceRows.Load(Bytes, Training.Schema);
        Expect.Throws<ArgumentException>(() => reference.Score(Training, K, NeighborSearch.Graph, 1, default), "got graph",
            "auto, exact or hnsw");
        Expect.Throws<ArgumentOutOfRangeException>(() => reference.Score(Training, 0, NeighborSearch.Auto, 1, default), "neighbors");
        Expect.Throws<ArgumentException>(() => reference.Score(Table.Unlabeled(new[,] { { 0, 0, 0, 0 }, { 0, 0, 1e300, 0 } }), K,
            NeighborSearch.Auto, 1, default), "row 1, column 'x2'", "1E+300", "too far from the training rows");
        Assert.AreEqual(300, reference.Score(Training, 1000, NeighborSearch.Hnsw, 1, default).Neighbors);
        Assert.AreEqual(0, reference.Score(Table.Unlabeled(new double[0, 4]), K, NeighborSearch.Auto, 1, default).Bits.Length);
    }

    static byte[] Create(Table table, int threads = 1)
    {
        TableEncoder encoder = TableEncoder.Fit(table);
        return ReferenceRows.Create(encoder.Encode(table), encoder, table.Labels, table.Schema.Classes.Count, K, threads, default);
    }

    // Brute force in double, standardized as the definition says.
    static double[] Frequencies(ReadOnlySpan<double> row)
    {
        double[] point = row.ToArray(), distances = new double[Training.RowCount];
        for (int j = 0; j < 4; j++)
        {
            double[] column = [.. Enumerable.Range(0, Training.RowCount).Select(i => Training.Row(i)[j])];
            double mean = column.Average(), variance = column.Average(value => (value - mean) * (value - mean));
            for (int i = 0; i < distances.Length; i++)
                distances[i] += (point[j] - column[i]) * (point[j] - column[i]) / variance;
        }
        double[] frequencies = new double[3];
        foreach (int neighbor in Enumerable.Range(0, distances.Length).OrderBy(i => distances[i]).Take(K))
            frequencies[Training.Labels[neighbor]] += 1.0 / K;
        return frequencies;
    }
}

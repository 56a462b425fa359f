namespace LeoCvae.Runtime.Tests.Neighbors;

[TestClass]
public class HnswIndexTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow(16)]
    [DataRow(40)]
    [DataRow(130)]
    public void Finds_the_neighbors_of_new_rows_among_clusters(int columns)
    {
        Matrix x = HnswData.Mixture(4000, columns), queries = HnswData.Mixture(1000, columns, 2);
        using HnswIndex index = HnswIndex.Build(x);
        Assert.IsGreaterThanOrEqualTo(0.99, HnswData.Recall(index, x, queries, 15));
        Assert.IsGreaterThanOrEqualTo(HnswData.Recall(index, x, queries, 15, 16), HnswData.Recall(index, x, queries, 15, 200));
    }

    [TestMethod]
    public void Finds_the_neighbors_of_rows_like_digits()
    {
        Matrix x = HnswData.Digits(3000);
        Assert.IsGreaterThanOrEqualTo(0.98, HnswData.Recall(HnswIndex.Build(x), x, x, 10, 128));
    }

    [TestMethod]
    public void Finds_the_neighbors_of_its_own_rows_without_the_row_itself()
    {
        Matrix x = HnswData.Mixture(4000, 24);
        HnswIndex index = HnswIndex.Build(x);
        int hits = 0, all = 0;
        for (int row = 0; row < x.Rows; row += 9)
        {
            (double Distance, int Row)[] truth = HnswData.Nearest(x, x[row], 15, row), got = HnswData.SearchRow(index, row, 15, 50);
            HnswData.CheckSorted(x, x[row], got);
            Assert.DoesNotContain(row, got.Select(pair => pair.Row));
            hits += truth.Intersect(got).Count();
            all += truth.Length;
        }
        Assert.IsGreaterThanOrEqualTo(0.99, (double)hits / all);
    }

    [TestMethod]
    public void Expands_duplicates_with_the_smaller_rows_first()
    {
        Matrix x = HnswData.Integers(6000, 3, 12);
        HnswIndex index = HnswIndex.Build(x);
        Assert.AreEqual(6000, index.Rows);
        Assert.IsLessThan(1728 + 1, index.DistinctRows);
        // Distances tie in great numbers: what is asked for is the right distances.
        for (int row = 0; row < x.Rows; row += 97)
        {
            (double Distance, int Row)[] truth = HnswData.Nearest(x, x[row], 12), got = HnswData.Search(index, x[row], 12, 200);
            HnswData.CheckSorted(x, x[row], got);
            Assert.AreSequenceEqual(truth.Select(pair => pair.Distance), got.Select(pair => pair.Distance));
            int own = truth.Count(pair => pair.Distance == 0);
            Assert.AreSequenceEqual(truth.Take(own), got.Take(own));
        }
    }

    [TestMethod]
    public void Identical_rows_are_all_found()
    {
        Matrix x = HnswData.Integers(1000, 4, 1);
        HnswIndex index = HnswIndex.Build(x);
        Assert.AreEqual(1, index.DistinctRows);
        Assert.AreSequenceEqual(Enumerable.Range(0, 20).Select(row => (4.0, row)), HnswData.Search(index, [1, 1, 1, 1], 20));
        Assert.AreSequenceEqual([(0.0, 0), (0.0, 2), (0.0, 3)], HnswData.SearchRow(index, 1, 3));
        Assert.HasCount(999, HnswData.SearchRow(index, 500, 2000));
    }

    [TestMethod]
    public void One_column_is_enough()
    {
        Matrix x = HnswData.Mixture(3000, 1), queries = HnswData.Mixture(300, 1, 2);
        Assert.IsGreaterThanOrEqualTo(0.97, HnswData.Recall(HnswIndex.Build(x), x, queries, 10, 100));
    }

    [TestMethod]
    public void One_row_and_two_rows_are_enough()
    {
        HnswIndex one = HnswIndex.Build(HnswData.Rows([3, 4])), two = HnswIndex.Build(HnswData.Rows([3, 4], [0, 1]));
        Assert.AreSequenceEqual([(25.0, 0)], HnswData.Search(one, [0, 0], 5));
        Assert.IsEmpty(HnswData.SearchRow(one, 0, 5));
        Assert.AreSequenceEqual([(1.0, 1), (25.0, 0)], HnswData.Search(two, [0, 0], 5));
        Assert.AreSequenceEqual([(18.0, 0)], HnswData.SearchRow(two, 1, 5));
        Assert.IsEmpty(HnswData.Search(two, [0, 0], 0));
    }

    [TestMethod]
    public void Every_search_returns_as_many_rows_as_asked_for()
    {
        // Clumps far from each other: the kind of data that falls apart.
        Matrix x = new(3000, 5);
        CounterRandom random = new(5, RandomStream.Latent);
        for (int i = 0; i < x.Rows; i++)
        {
            random.FillNormal((ulong)i, x.Row(i));
            foreach (ref float value in x.Row(i))
                value = 1e-3f * value + 100 * (i % 60);
        }
        HnswIndex index = HnswIndex.Build(x, new() { Links = 2, BuildEffort = 4 });
        for (int i = 0; i < x.Rows; i += 50)
            Assert.HasCount(100, HnswData.Search(index, x[i], 100, 1));
        CheckReachable(index.Graph);
    }

    [TestMethod]
    [DataRow(16)]
    [DataRow(2)]
    public void Every_node_can_be_reached_from_the_entry(int links) =>
        CheckReachable(HnswIndex.Build(HnswData.Mixture(3000, 12), new() { Links = links, BuildEffort = 10 }).Graph);

    [TestMethod]
    public void Any_number_of_threads_gives_the_same_bytes()
    {
        Matrix x = HnswData.Mixture(6000, 20), more = HnswData.Mixture(2000, 20, 2);
        byte[][] built = new byte[3][], extended = new byte[3][];
        for (int threads = 1; threads <= 3; threads++)
        {
            HnswIndex index = HnswIndex.Build(x, new() { MaxDegreeOfParallelism = threads, BuildEffort = 40 });
            built[threads - 1] = HnswData.Bytes(index);
            index.Add(more);
            extended[threads - 1] = HnswData.Bytes(index);
        }
        Assert.AreSequenceEqual(built[0], built[1]);
        Assert.AreSequenceEqual(built[0], built[2]);
        Assert.AreSequenceEqual(extended[0], extended[1]);
        Assert.AreSequenceEqual(extended[0], extended[2]);
    }

    [TestMethod]
    public void The_seed_decides_the_graph()
    {
        Matrix x = HnswData.Mixture(500, 8);
        Assert.AreSequenceEqual(HnswData.Bytes(HnswIndex.Build(x)), HnswData.Bytes(HnswIndex.Build(x)));
        Assert.IsFalse(HnswData.Bytes(HnswIndex.Build(x)).SequenceEqual(HnswData.Bytes(HnswIndex.Build(x, new() { Seed = 43 }))));
    }

    [TestMethod]
    [DataRow(20)]
    [DataRow(70)]
    public void Every_register_width_gives_the_same_graph(int columns)
    {
        Matrix x = HnswData.Mixture(1500, columns);
        HnswIndex index = HnswIndex.Build(x, new() { MaxDegreeOfParallelism = 1 });
        byte[] graph = Relinked<Simd512>(index);
        Assert.AreSequenceEqual(graph, Relinked<Simd256>(index));
        if (Simd.Fuses)
            Assert.AreSequenceEqual(graph, Relinked<Simd128>(index));
    }

    [TestMethod]
    public unsafe void Every_register_width_gives_the_same_distance()
    {
        const int Most = 208;
        Matrix x = HnswData.Mixture(40, Most);
        fixed (float* rows = x.Values)
            for (int row = 0; row + 1 < x.Rows; row++)
                for (int stride = 16; stride <= Most; stride += 16)
                {
                    float* a = rows + row * Most, b = a + Most;
                    float distance = HnswSearch.Squared<Simd512>(a, b, stride);
                    Assert.AreEqual(distance, HnswSearch.Squared<Simd256>(a, b, stride));
                    if (Simd.Fuses)
                        Assert.AreEqual(distance, HnswSearch.Squared<Simd128>(a, b, stride));
                }
    }

    static byte[] Relinked<T>(HnswIndex index) where T : struct, ISimd<T>
    {
        HnswGraph graph = index.Graph;
        graph.SetLevels([.. Enumerable.Range(0, graph.Nodes).Select(graph.Level)]);
        graph.Entry = -1;
        new HnswBuilder<T>(graph, 1, CancellationToken.None).Insert(0);
        return HnswData.Bytes(index);
    }

    [TestMethod]
    [DataRow(NeighborMetric.Euclidean, false)]
    [DataRow(NeighborMetric.Cosine, true)]
    public void Concurrent_searches_equal_serial_ones(NeighborMetric metric, bool opened)
    {
        Matrix x = HnswData.Mixture(3000, 20), queries = HnswData.Mixture(400, 20, 2);
        using HnswIndex index = Index(x, metric, opened);
        (double, int)[][] serial = [.. Enumerable.Range(0, queries.Rows).Select(i => HnswData.Search(index, queries[i], 10, 40))];
        (double, int)[][] concurrent = new (double, int)[queries.Rows][];
        for (int round = 0; round < 3; round++)
        {
            Parallel.For(0, queries.Rows, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
                concurrent[i] = HnswData.Search(index, queries[i], 10, 40));
            for (int i = 0; i < queries.Rows; i++)
                Assert.AreSequenceEqual(serial[i], concurrent[i]);
        }
    }

    [TestMethod]
    public void Searches_run_on_while_rows_are_added()
    {
        Matrix x = HnswData.Mixture(2000, 10), more = HnswData.Mixture(500, 10, 2);
        HnswIndex index = HnswIndex.Build(x);
        Task adding = Task.Run(() => index.Add(more), TestContext.CancellationToken);
        do
            foreach ((double distance, int row) in HnswData.Search(index, x[7], 10))
                Assert.AreEqual(Distance.Squared(x[7], row < x.Rows ? x[row] : more[row - x.Rows]), distance);
        while (!adding.IsCompleted);
        adding.GetAwaiter().GetResult();
        Assert.AreEqual(2500, index.Rows);
    }

    [TestMethod]
    public void Calls_that_add_at_the_same_time_add_everything()
    {
        Matrix x = HnswData.Mixture(600, 10), more = HnswData.Mixture(400, 10, 2);
        HnswIndex index = HnswIndex.Build(x);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => index.Add(HnswData.Part(more, 50 * i, 50 * i + 50)));
        Assert.AreEqual(1000, index.Rows);
        for (int i = 0; i < more.Rows; i += 7)
            Assert.AreEqual(0, HnswData.Search(index, more[i], 1)[0].Distance);
        CheckReachable(index.Graph);
    }

    [TestMethod]
    [DataRow(NeighborMetric.Euclidean, false, false)]
    [DataRow(NeighborMetric.Cosine, false, true)]
    [DataRow(NeighborMetric.Euclidean, true, true)]
    public void A_query_allocates_nothing(NeighborMetric metric, bool opened, bool duplicates)
    {
        Matrix x = duplicates ? HnswData.Integers(2000, 4, 9) : HnswData.Mixture(2000, 20);
        if (duplicates)
            foreach (ref float value in x.Values.AsSpan())
                value++;
        using HnswIndex index = Index(x, metric, opened);
        int[] ids = new int[15];
        double[] distances = new double[15];
        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 200; i++)
            {
                index.Search(x[i], ids, distances);
                index.SearchRow(i, ids, distances);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Allocated();
        Assert.AreEqual(0, Allocated());
    }

    [TestMethod]
    public void Added_rows_are_found_like_the_first_ones()
    {
        Matrix all = HnswData.Mixture(4000, 20), queries = HnswData.Mixture(700, 20, 2);
        // Sorted by cluster: what is added lies where nothing was.
        HnswIndex index = HnswIndex.Build(HnswData.Part(all, 0, 1500));
        index.Add(HnswData.Part(all, 1500, 1501));
        index.Add(HnswData.Part(all, 1501, 1501));
        index.Add(HnswData.Part(all, 1501, 4000));
        Assert.AreEqual(4000, index.Rows);
        Assert.IsGreaterThanOrEqualTo(0.99, HnswData.Recall(index, all, queries, 15));
        CheckReachable(index.Graph);
    }

    [TestMethod]
    public void Added_duplicates_join_their_nodes()
    {
        Matrix first = HnswData.Integers(2000, 3, 12), more = HnswData.Integers(1500, 3, 13, 2), all = new(3500, 3);
        first.Values.CopyTo(all.Values.AsSpan());
        more.Values.CopyTo(all.Values.AsSpan(first.Values.Length));
        HnswIndex index = HnswIndex.Build(first);
        index.Add(more);
        Assert.AreEqual(HnswIndex.Build(all).DistinctRows, index.DistinctRows);
        for (int row = 0; row < all.Rows; row += 61)
            Assert.AreSequenceEqual(HnswData.Nearest(all, all[row], 4000), HnswData.Search(index, all[row], 4000));
    }

    [TestMethod]
    public void Cosine_compares_directions()
    {
        Matrix x = HnswData.Mixture(3000, 16), unit = new(3000, 16), queries = HnswData.Mixture(300, 16, 2);
        for (int i = 0; i < x.Rows; i++)
            for (int j = 0; j < 16; j++)
                unit.Row(i)[j] = (float)(x[i][j] / Math.Sqrt(Distance.Squared(x[i], new float[16])));
        HnswIndex index = HnswIndex.Build(x, new() { Metric = NeighborMetric.Cosine });
        int hits = 0;
        for (int i = 0; i < 300; i += 3)
        {
            double length = Math.Sqrt(Distance.Squared(queries[i], new float[16]));
            (double Distance, int Row)[] truth = HnswData.Nearest(unit, [.. queries[i].ToArray().Select(value => (float)(value / length))],
                10), got = HnswData.Search(index, queries[i], 10);
            hits += truth.Select(pair => pair.Row).Intersect(got.Select(pair => pair.Row)).Count();
            Assert.AreEqual(truth[0].Distance, got[0].Distance, 1e-6);
        }
        Assert.IsGreaterThanOrEqualTo(990, hits);
        (double distance, int row) =
            HnswData.Search(HnswIndex.Build(HnswData.Rows([1, 0], [0, 5]), new() { Metric = NeighborMetric.Cosine }), [-1, 0], 2)[1];
        Assert.AreEqual((4, 0), (distance, row));
    }

    [TestMethod]
    [DataRow(1e-20f)]
    [DataRow(1e20f)]
    [DataRow(1e30f)]
    public void Magnitudes_may_be_extreme(float magnitude)
    {
        Matrix x = HnswData.Mixture(2000, 10), queries = HnswData.Mixture(300, 10, 2);
        foreach (Matrix matrix in new[] { x, queries })
            foreach (ref float value in matrix.Values.AsSpan())
                value *= magnitude;
        HnswIndex index = HnswIndex.Build(x);
        int hits = 0;
        for (int i = 0; i < 300; i += 3)
        {
            (double Distance, int Row)[] truth = HnswData.Nearest(x, queries[i], 10), got = HnswData.Search(index, queries[i], 10);
            Assert.AreEqual(truth[0].Distance, got[0].Distance, 1e-6 * truth[0].Distance);
            hits += truth.Select(pair => pair.Row).Intersect(got.Select(pair => pair.Row)).Count();
        }
        Assert.IsGreaterThanOrEqualTo(990, hits);
    }

    [TestMethod]
    public void A_query_far_off_still_finds_rows()
    {
        Matrix x = HnswData.Mixture(2000, 10);
        HnswIndex index = HnswIndex.Build(x);
        float[] far = new float[10];
        far.AsSpan().Fill(float.MaxValue);
        (double Distance, int Row)[] got = HnswData.Search(index, far, 10);
        Assert.HasCount(10, got);
        foreach ((double distance, int row) in got)
            Assert.AreEqual(1, distance / Distance.Squared(far, x[row]), 1e-12);
    }

    [TestMethod]
    public void Bad_input_is_refused_by_row()
    {
        HnswIndex index = HnswIndex.Build(HnswData.Rows([1, 2], [3, 4]));
        Fails("row 1: got NaN", () => HnswIndex.Build(HnswData.Rows([1, 2], [3, float.NaN])));
        Fails("row 0: got -Infinity", () => HnswIndex.Build(HnswData.Rows([float.NegativeInfinity, float.NaN])));
        Fails("row 1: got Infinity", () => index.Add(HnswData.Rows([1, 2], [float.PositiveInfinity, 4])));
        Fails("row 0: got a magnitude of 1E+20", () => index.Add(HnswData.Rows([1, 1e20f])));
        Fails("row 1: got zeros", () => HnswIndex.Build(HnswData.Rows([1, 2], [0, 0]), new() { Metric = NeighborMetric.Cosine }));
        Fails("got 0 rows", () => HnswIndex.Build(new Matrix(0, 3)));
        Fails("got rows of 3 columns", () => index.Add(new Matrix(1, 3)));
        Fails("query: got 1 values, expected 2", () => HnswData.Search(index, [1], 1));
        Fails("query: got NaN", () => HnswData.Search(index, [1, float.NaN], 1));
        Fails("effort: got 0", () => HnswData.Search(index, [1, 2], 1, 0));
        Fails("row: got 2, expected 0 to 1", () => HnswData.SearchRow(index, 2, 1));
        Fails("squaredDistances: got room for 1", () => index.Search([1, 2], new int[2], new double[1]));
        Fails("Links: got 1", () => HnswIndex.Build(new Matrix(1, 1), new() { Links = 1 }));
        Fails("BuildEffort: got 0", () => HnswIndex.Build(new Matrix(1, 1), new() { BuildEffort = 0 }));
        Fails("Metric: got 7", () => HnswIndex.Build(new Matrix(1, 1), new() { Metric = (NeighborMetric)7 }));
        Fails("MaxDegreeOfParallelism: got 0", () => HnswIndex.Build(new Matrix(1, 1), new() { MaxDegreeOfParallelism = 0 }));
        Assert.AreEqual(2, index.Rows);
    }

    [TestMethod]
    public void Cancellation_leaves_the_index_as_it_was()
    {
        Matrix x = HnswData.Mixture(500, 8);
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(() => HnswIndex.Build(x, cancellation: source.Token));
        HnswIndex index = HnswIndex.Build(x);
        byte[] before = HnswData.Bytes(index);
        Assert.ThrowsExactly<OperationCanceledException>(() => index.Add(x, source.Token));
        Assert.AreSequenceEqual(before, HnswData.Bytes(index));
    }

    [TestMethod]
    public void A_disposed_index_says_so()
    {
        HnswIndex index = HnswIndex.Build(HnswData.Mixture(50, 4));
        index.Dispose();
        index.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => HnswData.Search(index, [1, 2, 3, 4], 1));
        Assert.ThrowsExactly<ObjectDisposedException>(() => index.Add(new Matrix(1, 4)));
    }

    HnswIndex Index(Matrix x, NeighborMetric metric, bool opened)
    {
        HnswIndex index = HnswIndex.Build(x, new() { Metric = metric });
        if (!opened)
            return index;
        string path = Path.Combine(TestContext.TestRunDirectory!, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(TestContext.TestRunDirectory!);
        File.WriteAllBytes(path, HnswData.Bytes(index));
        return HnswIndex.Open(path);
    }

    static void Fails(string message, Action action) => Expect.Throws<ArgumentException>(action, message);

    static void CheckReachable(HnswGraph graph)
    {
        HashSet<int> seen = [graph.Entry];
        Stack<int> open = new(seen);
        while (open.TryPop(out int node))
            foreach (int link in graph.LinksOf(node, 0))
                if (seen.Add(link))
                    open.Push(link);
        Assert.HasCount(graph.Nodes, seen);
    }
}

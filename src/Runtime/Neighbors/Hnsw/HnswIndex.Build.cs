using System.Numerics.Tensors;

namespace LeoCvae;

public sealed unsafe partial class HnswIndex
{
    // Squares of magnitudes in between neither overflow nor vanish; values of at most Largest can still be squared and summed up.
    const float Small = 1e-6f, Large = 1e6f, Largest = 1e15f;

    /// <summary>Builds an index.</summary>
    /// <param name="rows">n x d, at least 1 x 1, at most 1048576 columns; copied.</param>
    /// <param name="options">How to build; null means the defaults.</param>
    /// <param name="cancellation">Stops the build.</param>
    /// <exception cref="ArgumentException">An option is out of range, there are no rows or no columns, a value is not a finite number, or
    /// (for cosine) a row is all zeros; the message names the row.</exception>
    /// <exception cref="OperationCanceledException">The build was cancelled.</exception>
    public static HnswIndex Build(Matrix rows, HnswOptions? options = null, CancellationToken cancellation = default) =>
        BuildReporting(rows, options, null, cancellation);

    /// <summary>The same, saying what share of the rows is linked.</summary>
    internal static HnswIndex BuildReporting(Matrix rows, HnswOptions? options, Action<double>? done, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rows);
        options ??= new();
        options.Validate();
        if (rows.Rows < 1 || rows.Columns is < 1 or > HnswLayout.MostColumns)
            throw Fault.Argument(nameof(rows),
                $"got {rows.Rows} rows of {rows.Columns} columns, expected at least one row of 1 to " +
                $"{HnswLayout.MostColumns} columns");
        double scale = Check(rows, options.Metric);
        Matrix scaled = Scale(rows, scale, options.Metric);
        DistinctRows groups = LeoCvae.DistinctRows.Of(scaled);
        int[] levels = Levels(groups.Count, options);
        HnswLayout layout = new(rows.Rows, groups.Count, rows.Columns, options.Links, levels.Sum());
        HnswGraph graph = new(new HeapMemory(layout.Length), layout, options, scale);
        for (int node = 0; node < groups.Count; node++)
            scaled[groups.First[node]].CopyTo(new(graph.Vector(node), layout.Width));
        graph.SetLevels(levels);
        graph.SetMembers(groups.GroupOf);
        graph.LinkDistances = LinkDistances(layout);
        Link(graph, 0, options.MaxDegreeOfParallelism, done, cancellation);
        return new(graph);
    }

    /// <summary>
    /// Adds rows; they get the next row numbers. The index is copied and the copy put in its place: searches that run meanwhile see the
    /// index as it was, and a failed or cancelled call changes nothing. The copy costs milliseconds, so add many rows at a time. An opened
    /// index lies in memory afterwards, and its file is given back.
    /// </summary>
    /// <param name="more">m x d, with the index's number of columns; no rows add nothing.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="ArgumentException">Another number of columns, a value that is not a finite number or more than 1e15 times too large
    /// for the index's scale, or (for cosine) a row of zeros; the message names the row of <paramref name="more"/>.</exception>
    /// <exception cref="InvalidDataException">The index was opened from a file, and the file is damaged.</exception>
    /// <exception cref="ObjectDisposedException">The index was disposed of.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled.</exception>
    public void Add(Matrix more, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(more);
        lock (_adding)
        {
            using HeldGraph held = Enter();
            HnswGraph old = held.Graph;
            if (more.Columns != Columns)
                throw Fault.Argument(nameof(more), $"got rows of {more.Columns} columns, the index has {Columns}");
            if (more.Rows == 0)
                return;
            _graph = Extend(old, more, cancellation);
            old.Memory.Dispose();
        }
    }

    static HnswGraph Extend(HnswGraph old, Matrix more, CancellationToken cancellation)
    {
        HnswOptions options = old.Options;
        Check(more, options.Metric, old.Scale);
        if (old.Memory is MappedMemory)
            HnswFile.CheckBody(old);
        int nodes = old.Nodes, rows = old.Layout.Rows;
        Matrix scaled = Scale(more, old.Scale, options.Metric), all = new(checked(nodes + more.Rows), more.Columns);
        for (int node = 0; node < nodes; node++)
            old.Row(node).CopyTo(all.Row(node));
        scaled.Values.CopyTo(all.Values.AsSpan(nodes * more.Columns));
        DistinctRows groups = LeoCvae.DistinctRows.Of(all);
        int[] levels = Levels(groups.Count, options), nodeOfRow = new int[checked(rows + more.Rows)];
        for (int node = 0; node < nodes; node++)
            levels[node] = groups.GroupOf[node] == node ? old.Level(node)
                : throw HnswGraph.Damaged($"node {node} equals node {groups.GroupOf[node]}");
        for (int row = 0; row < rows; row++)
            nodeOfRow[row] = old.NodeOfRow(row);
        groups.GroupOf.AsSpan(nodes).CopyTo(nodeOfRow.AsSpan(rows));
        HnswLayout layout = new(nodeOfRow.Length, groups.Count, more.Columns, options.Links, levels.Sum());
        HnswGraph graph = new(new HeapMemory(layout.Length), layout, options, old.Scale) { Entry = old.Entry, TopLevel = old.TopLevel };
        for (int node = 0; node < groups.Count; node++)
            all[groups.First[node]].CopyTo(new(graph.Vector(node), layout.Width));
        graph.SetLevels(levels);
        graph.SetMembers(nodeOfRow);
        CopyLinks(old, graph);
        Link(graph, nodes, options.MaxDegreeOfParallelism, null, cancellation);
        return graph;
    }

    static void CopyLinks(HnswGraph from, HnswGraph to)
    {
        to.LinkDistances = LinkDistances(to.Layout);
        for (int node = 0; node < from.Nodes; node++)
            for (int level = from.Level(node); level >= 0; level--)
                from.LinksOf(node, level).CopyTo(new(to.List(node, level), to.ListSize(level)));
        // Distances aren't kept in files: adding to a loaded index measures them again.
        if (from.LinkDistances is null)
            Simd.Run<LinkMeasures, int>(new(to, from.Nodes));
        else
            from.LinkDistances.CopyTo(to.LinkDistances, 0);
    }

    // Distances of the links of the first nodes.
    readonly struct LinkMeasures(HnswGraph graph, int nodes) : ISimdWork<int>
    {
        public int On<T>() where T : struct, ISimd<T>
        {
            for (int node = 0; node < nodes; node++)
            {
                long at = (long)node * graph.Level0Links;
                foreach (int link in graph.LinksOf(node, 0))
                    graph.LinkDistances![at++] = HnswSearch.Squared<T>(graph.Vector(node), graph.Vector(link), graph.Stride);
            }
            return nodes;
        }
    }

    static void Link(HnswGraph graph, int firstNode, int threads, Action<double>? done, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Simd.Run<Insertion, int>(new(graph, firstNode, threads, done, cancellation));
    }

    readonly struct Insertion(HnswGraph graph, int firstNode, int threads, Action<double>? done, CancellationToken cancellation)
        : ISimdWork<int>
    {
        public int On<T>() where T : struct, ISimd<T>
        {
            new HnswBuilder<T>(graph, threads, cancellation).Insert(firstNode, done);
            return graph.Nodes - firstNode;
        }
    }

    static float[] LinkDistances(HnswLayout layout) => new float[(long)layout.Nodes * layout.Level0Links];

    // Each level has a share 1 / M of the nodes of the one below.
    static int[] Levels(int nodes, HnswOptions options)
    {
        CounterRandom random = new(options.Seed, RandomStream.SearchGraph);
        int[] levels = new int[nodes];
        for (int node = 0; node < nodes; node++)
            levels[node] = Math.Min(HnswLayout.HighestLevel,
                (int)(-Math.Log((random.Word((ulong)node, 0) + 1.0) / (1L << 32)) / Math.Log(options.Links)));
        return levels;
    }

    // The power of two that rows are scaled by, or the given one if there is one.
    static double Check(Matrix rows, NeighborMetric metric, double? given = null)
    {
        float largest = 0;
        string parameter = given is null ? "rows" : "more";
        for (int i = 0; i < rows.Rows; i++)
        {
            float magnitude = Magnitude(rows[i]);
            if (!float.IsFinite(magnitude))
                throw Fault.Argument(parameter, $"row {i}: got {FirstNotFinite(rows[i])}, expected finite numbers");
            if (metric == NeighborMetric.Cosine && magnitude == 0)
                throw Fault.Argument(parameter, $"row {i}: got zeros only, which have no direction; the cosine metric needs one");
            if (metric == NeighborMetric.Euclidean && given is double scale && magnitude * scale > Largest)
                throw Fault.Argument(parameter,
                    $"row {i}: got a magnitude of {magnitude}, expected at most {Largest / scale}: the index's rows are much smaller; " +
                    $"build a new one");
            largest = Math.Max(largest, magnitude);
        }
        return given ?? (metric == NeighborMetric.Cosine || largest is 0 or (>= Small and <= Large) ? 1
            : Math.ScaleB(1, -Math.ILogB(largest)));
    }

    // Infinite or NaN if a value is.
    static float Magnitude(ReadOnlySpan<float> row) => Math.Abs(TensorPrimitives.MaxMagnitude(row));

    static float FirstNotFinite(ReadOnlySpan<float> row)
    {
        int at = 0;
        while (float.IsFinite(row[at]))
            at++;
        return row[at];
    }

    static Matrix Scale(Matrix rows, double scale, NeighborMetric metric)
    {
        if (scale == 1 && metric == NeighborMetric.Euclidean)
            return rows;
        Matrix scaled = new(rows.Rows, rows.Columns);
        for (int i = 0; i < rows.Rows; i++)
            Scale(rows[i], scale, metric, scaled.Row(i));
        return scaled;
    }

    // To length 1 for cosine, else by the scale.
    static void Scale(ReadOnlySpan<float> row, double scale, NeighborMetric metric, Span<float> scaled)
    {
        if (metric == NeighborMetric.Cosine)
        {
            double sum = 0;
            foreach (float value in row)
                sum += (double)value * value;
            scale = 1 / Math.Sqrt(sum);
        }
        for (int i = 0; i < row.Length; i++)
            scaled[i] = (float)(row[i] * scale);
    }
}

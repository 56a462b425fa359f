namespace LeoCvae;

public sealed unsafe partial class HnswIndex
{
    // Graphs of fewer nodes than this times the effort are searched through: as quick, and exact.
    const int ScanShare = 2;

    /// <summary>
    /// Finds the rows nearest to a query, nearest first, at equal distance the smaller row number first. Thread-safe; allocates nothing
    /// once as many searches ran at a time as now.
    /// </summary>
    /// <param name="query">d values, as many as <see cref="Columns"/>.</param>
    /// <param name="ids">Receives row numbers; its length is the number of neighbors that are wanted.</param>
    /// <param name="squaredDistances">Receives their squared distances, in double; for cosine those of the rows at length 1. At least as
    /// long as <paramref name="ids"/>.</param>
    /// <param name="effort">ef, candidates that are kept: more find more of the true neighbors and take longer. Default
    /// <see cref="DefaultEffort"/>; at least the number of neighbors; the number of rows makes the search exact.</param>
    /// <returns>Neighbors that were written: as many as asked for, or as there are rows.</returns>
    /// <exception cref="ArgumentException">Lengths don't fit, effort is below 1, a value is not a finite number, or (for cosine) the query
    /// is all zeros.</exception>
    /// <exception cref="InvalidDataException">The index was opened from a file, and the file is damaged.</exception>
    /// <exception cref="ObjectDisposedException">The index was disposed of.</exception>
    public int Search(ReadOnlySpan<float> query, Span<int> ids, Span<double> squaredDistances, int effort = DefaultEffort)
    {
        CheckOutput(ids, squaredDistances, effort);
        if (query.Length != Columns)
            throw Fault.Argument(nameof(query), $"got {query.Length} values, expected {Columns}");
        float magnitude = Magnitude(query);
        if (!float.IsFinite(magnitude))
            throw Fault.Argument(nameof(query), $"got {FirstNotFinite(query)}, expected finite numbers");
        if (magnitude == 0 && Options.Metric == NeighborMetric.Cosine)
            throw Fault.Argument(nameof(query), $"got zeros only, which have no direction; the cosine metric needs one");
        using HeldGraph held = Enter();
        HnswGraph graph = held.Graph;
        HnswScratch scratch = graph.Scratch.Rent();
        Span<float> scaled = new(scratch.Query, query.Length);
        Scale(query, graph.Scale, graph.Options.Metric, scaled);
        // A query this far off sees all rows at about the same distance; its square must stay finite while it searches.
        bool isFar = magnitude * graph.Scale > Largest && graph.Options.Metric == NeighborMetric.Euclidean;
        if (isFar)
            foreach (ref float value in scaled)
                value = Math.Clamp(value, -Largest, Largest);
        HnswResults results = new(graph, scaled, ids, squaredDistances, -1);
        int count = Simd.Run<Finding, int>(new(graph, scratch, results, -1, effort));
        if (isFar)
            results.Remeasure(query, count);
        graph.Scratch.Return(scratch);
        return count;
    }

    /// <summary>
    /// Finds the other rows nearest to one of the index's own rows, which is left out by its number; its duplicates are found. Quicker than
    /// <see cref="Search"/>, since it starts where the row stands. Otherwise the same.
    /// </summary>
    /// <param name="row">The row's number.</param>
    /// <param name="ids">Receives row numbers; its length is the number of neighbors that are wanted.</param>
    /// <param name="squaredDistances">Receives their squared distances; at least as long as <paramref name="ids"/>.</param>
    /// <param name="effort">As for <see cref="Search"/>.</param>
    /// <returns>Neighbors that were written: as many as asked for, or as there are other rows.</returns>
    /// <exception cref="ArgumentException">There is no such row, lengths don't fit, or effort is below 1.</exception>
    /// <exception cref="InvalidDataException">The index was opened from a file, and the file is damaged.</exception>
    /// <exception cref="ObjectDisposedException">The index was disposed of.</exception>
    public int SearchRow(int row, Span<int> ids, Span<double> squaredDistances, int effort = DefaultEffort)
    {
        CheckOutput(ids, squaredDistances, effort);
        using HeldGraph held = Enter();
        HnswGraph graph = held.Graph;
        if ((uint)row >= (uint)graph.Layout.Rows)
            throw Fault.Argument(nameof(row), $"got {row}, expected 0 to {graph.Layout.Rows - 1}");
        int node = graph.NodeOfRow(row);
        HnswScratch scratch = graph.Scratch.Rent();
        graph.Row(node).CopyTo(new(scratch.Query, graph.Layout.Width));
        int count = Simd.Run<Finding, int>(new(graph, scratch, new(graph, graph.Row(node), ids, squaredDistances, row), node, effort));
        graph.Scratch.Return(scratch);
        return count;
    }

    HeldGraph Enter()
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            HnswGraph graph = _graph;
            try
            {
                return new(graph, graph.Memory.Enter());
            }
            catch (ObjectDisposedException) when (graph != _graph)
            {
                // Add has just put another one in its place.
            }
        }
    }

    static void CheckOutput(Span<int> ids, Span<double> squaredDistances, int effort)
    {
        if (squaredDistances.Length < ids.Length)
            throw Fault.Argument(nameof(squaredDistances), $"got room for {squaredDistances.Length}, expected {ids.Length} as for the ids");
        if (effort < 1)
            throw Fault.Argument(nameof(effort), $"got {effort}, expected 1 or more");
    }

    /// <summary>A graph that stays where it is until this is disposed of.</summary>
    readonly struct HeldGraph(HnswGraph graph, Lifetime.Use use) : IDisposable
    {
        public HnswGraph Graph => graph;

        public void Dispose()
        {
            use.Dispose();
            // Memory on the heap is nobody's after that.
            GC.KeepAlive(graph);
        }
    }

    readonly ref struct Finding(HnswGraph graph, HnswScratch scratch, HnswResults results, int node, int effort) : ISimdWork<int>
    {
        readonly HnswResults _results = results;

        public int On<T>() where T : struct, ISimd<T> => Find<T>(graph, scratch, _results, node, effort);
    }

    // From the node's own place if there is one, else from the entry. The query lies in the scratch.
    static int Find<T>(HnswGraph graph, HnswScratch scratch, HnswResults results, int node, int effort) where T : struct, ISimd<T>
    {
        // One more than asked for, where the row itself is among them.
        effort = Math.Max(effort, results.Wanted + (node < 0 ? 0 : 1));
        if (graph.Nodes / ScanShare <= effort)
            return Scan<T>(graph, scratch.Query, ref results);
        scratch.Begin(effort);
        HnswSearch.Start(scratch, node < 0 ? HnswSearch.Descend<T>(graph, scratch.Query, 0) : HnswKey.Of(0, node), effort);
        HnswSearch.Layer<T>(graph, scratch.Query, effort, 0, scratch);
        for (int i = 0; i < scratch.Count && results.Offer(HnswKey.Node(scratch.Pool[i]), HnswKey.Distance(scratch.Pool[i])); i++)
        {
        }
        // Where few links lead on, a walk can end too early.
        return results.IsFull ? results.Finish() : Scan<T>(graph, scratch.Query, ref results);
    }

    static int Scan<T>(HnswGraph graph, float* query, ref HnswResults results) where T : struct, ISimd<T>
    {
        results.Clear();
        for (int node = 0; node < graph.Nodes; node++)
            results.Offer(node, HnswSearch.Squared<T>(query, graph.Vector(node), graph.Stride));
        return results.Finish();
    }
}

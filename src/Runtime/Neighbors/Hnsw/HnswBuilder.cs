using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LeoCvae;

/// <summary>
/// Links nodes into a graph, batch by batch: all nodes of a batch look for their links in the graph as it stands, then the links back are
/// added, grouped by target. Nothing depends on which thread does what, so any number of threads gives the same graph, without locks.
/// </summary>
sealed unsafe partial class HnswBuilder<T> where T : struct, ISimd<T>
{
    // A batch is a fiftieth of what was inserted before it: nodes of a batch don't see each other, and few may miss a neighbor that way.
    const int BatchShare = 50, LargestBatch = 20_000, NodesPerTask = 8, TargetsPerTask = 64;

    // Batches too small to pay for waking threads.
    const int SmallBatch = 16;

    readonly HnswGraph _graph;
    readonly ParallelOptions _parallel;
    readonly ParallelOptions _serial;
    readonly float[] _linkDistances;
    readonly int _links, _level0Links, _effort;

    // Links back at level 0, as lists in arrays: the first of each target, and the next of each link (place in batch x M + place in list).
    readonly int[] _firstBack, _nextBack;
    readonly List<int> _targets = [];

    public HnswBuilder(HnswGraph graph, int threads, CancellationToken cancellation)
    {
        _graph = graph;
        _parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        _serial = new() { MaxDegreeOfParallelism = 1, CancellationToken = cancellation };
        (_links, _level0Links) = (graph.Layout.Links, graph.Level0Links);
        _effort = Math.Max(graph.Options.BuildEffort, _links);
        _linkDistances = graph.LinkDistances ?? throw new InvalidOperationException("link distances are missing");
        _firstBack = new int[graph.Nodes];
        Array.Fill(_firstBack, -1);
        _nextBack = new int[Math.Min(LargestBatch, graph.Nodes / BatchShare + 1) * _links];
    }

    /// <summary>Links the nodes from the given one to the last, saying what share is done, then makes sure that every node can be reached.
    /// </summary>
    public void Insert(int firstNode, Action<double>? report = null)
    {
        int[] order = [.. Enumerable.Range(firstNode, _graph.Nodes - firstNode)];
        // Shuffled: neighbors often stand together in a table, and must not all fall into one batch.
        new CounterRandom(_graph.Options.Seed, RandomStream.SearchGraph).Shuffle(CounterRandom.Row(1, firstNode), order);
        int done = 0;
        if (_graph.Entry < 0)
            Promote(order[done++]);
        while (done < order.Length)
        {
            int size = Math.Min(Math.Clamp(done / BatchShare, 1, LargestBatch), order.Length - done);
            InsertBatch(order.AsMemory(done, size));
            done += size;
            report?.Invoke((double)done / order.Length);
        }
        Repair();
    }

    void Promote(int node)
    {
        if (_graph.Entry < 0 || _graph.Level(node) > _graph.TopLevel)
            (_graph.Entry, _graph.TopLevel) = (node, _graph.Level(node));
    }

    void InsertBatch(ReadOnlyMemory<int> batch)
    {
        InTasks(batch.Length, NodesPerTask, (i, scratch) => FindLinks(batch.Span[i], scratch));
        CollectBack(batch.Span);
        InTasks(_targets.Count, TargetsPerTask, (i, scratch) => LinkBack(_targets[i], batch.Span, scratch));
        _targets.Clear();
        HnswScratch serial = _graph.Scratch.Rent();
        foreach (int node in batch.Span)
            LinkBackAbove(node, serial);
        _graph.Scratch.Return(serial);
        foreach (int node in batch.Span)
            Promote(node);
    }

    void InTasks(int count, int perTask, Action<int, HnswScratch> action) =>
        Parallel.For(0, (count + perTask - 1) / perTask, count <= SmallBatch ? _serial : _parallel, _graph.Scratch.Rent,
            (task, _, scratch) =>
        {
            for (int i = task * perTask; i < Math.Min(count, (task + 1) * perTask); i++)
                action(i, scratch);
            return scratch;
        }, _graph.Scratch.Return);

    // A node's own links, at its levels that the graph has already. The graph is only read, the node's own lists are written.
    void FindLinks(int node, HnswScratch scratch)
    {
        int level = Math.Min(_graph.Level(node), _graph.TopLevel);
        float* vector = _graph.Vector(node);
        ulong nearest = HnswSearch.Descend<T>(_graph, vector, level);
        for (; level >= 0; level--)
        {
            scratch.Begin(_effort);
            HnswSearch.Start(scratch, nearest & ~HnswKey.Expanded, _effort);
            HnswSearch.Layer<T>(_graph, vector, _effort, level, scratch);
            nearest = scratch.Pool[0];
            int chosen = Choose(new(scratch.Pool, scratch.Count), _links, scratch);
            SetList(node, level, chosen, scratch);
        }
    }

    // Algorithm 4 of Malkov and Yashunin: nearest first, a candidate that is nearer to a chosen one than to the node is left out. Links so
    // point in all directions instead of into the nearest clump.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    int Choose(ReadOnlySpan<ulong> candidates, int most, HnswScratch scratch)
    {
        int* selected = scratch.Selected;
        int chosen = 0, stride = _graph.Stride;
        for (int i = 0; i < candidates.Length && chosen < most; i++)
        {
            int candidate = HnswKey.Node(candidates[i]);
            float distance = HnswKey.Distance(candidates[i]);
            float* vector = _graph.Vector(candidate);
            int nearer = 0;
            while (nearer < chosen && !(HnswSearch.SquaredBelow<T>(vector, _graph.Vector(selected[nearer]), stride, distance) < distance))
                nearer++;
            if (nearer == chosen)
                (selected[chosen], scratch.SelectedDistances[chosen++]) = (candidate, distance);
        }
        return chosen;
    }

    void SetList(int node, int level, int count, HnswScratch scratch)
    {
        int size = _graph.ListSize(level);
        Span<int> list = new(_graph.List(node, level), size);
        new ReadOnlySpan<int>(scratch.Selected, count).CopyTo(list);
        list[count..].Fill(-1);
        if (level == 0)
            new ReadOnlySpan<float>(scratch.SelectedDistances, count).CopyTo(DistancesOf(node));
    }

    Span<float> DistancesOf(int node) =>
        MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_linkDistances), (nint)node * _level0Links),
        _level0Links);

    // Backwards, so that each target's list comes out in the batch's order.
    void CollectBack(ReadOnlySpan<int> batch)
    {
        for (int i = batch.Length - 1; i >= 0; i--)
        {
            ReadOnlySpan<int> links = _graph.LinksOf(batch[i], 0);
            for (int j = links.Length - 1; j >= 0; j--)
            {
                int target = links[j], link = i * _links + j;
                if (_firstBack[target] < 0)
                    _targets.Add(target);
                _nextBack[link] = _firstBack[target];
                _firstBack[target] = link;
            }
        }
    }

    void LinkBack(int target, ReadOnlySpan<int> batch, HnswScratch scratch)
    {
        int* list = _graph.List(target, 0);
        Span<float> distances = DistancesOf(target);
        int old = _graph.Degree(list, _level0Links), all = old;
        for (int link = _firstBack[target]; link >= 0; link = _nextBack[link])
            all++;
        Span<ulong> candidates = all > _level0Links ? scratch.Candidates(all) : default;
        for (int i = 0; i < old && !candidates.IsEmpty; i++)
            candidates[i] = HnswKey.Of(distances[i], list[i]);
        for (int link = _firstBack[target], i = old; link >= 0; link = _nextBack[link], i++)
        {
            int source = batch[link / _links];
            float distance = DistancesOf(source)[link % _links];
            if (candidates.IsEmpty)
                (list[i], distances[i]) = (source, distance);
            else
                candidates[i] = HnswKey.Of(distance, source);
        }
        _firstBack[target] = -1;
        if (candidates.IsEmpty)
            return;
        candidates.Sort();
        SetList(target, 0, Choose(candidates, _level0Links, scratch), scratch);
    }

    // Few nodes have levels above 0: one thread does them.
    void LinkBackAbove(int node, HnswScratch scratch)
    {
        for (int level = Math.Min(_graph.Level(node), _graph.TopLevel); level > 0; level--)
            foreach (int target in _graph.LinksOf(node, level))
                LinkBackAbove(target, node, level, scratch);
    }

    void LinkBackAbove(int target, int source, int level, HnswScratch scratch)
    {
        int* list = _graph.List(target, level);
        int degree = _graph.Degree(list, _links);
        if (degree < _links)
        {
            list[degree] = source;
            return;
        }
        float* vector = _graph.Vector(target);
        Span<ulong> candidates = scratch.Candidates(degree + 1);
        for (int i = 0; i < degree; i++)
            candidates[i] = HnswKey.Of(HnswSearch.Squared<T>(vector, _graph.Vector(list[i]), _graph.Stride), list[i]);
        candidates[degree] = HnswKey.Of(HnswSearch.Squared<T>(vector, _graph.Vector(source), _graph.Stride), source);
        candidates.Sort();
        SetList(target, level, Choose(candidates, _links, scratch), scratch);
    }
}

namespace LeoCvae;

sealed unsafe partial class HnswBuilder<T>
{
    // Choosing links can cut a node off. Every node must be reachable from the entry at level 0: each one that isn't becomes a link of a
    // near node that is. A spanning tree of what is reached is never cut, so one pass is enough.
    void Repair()
    {
        int[] parents = new int[_graph.Nodes];
        Array.Fill(parents, -1);
        Stack<int> open = new();
        parents[_graph.Entry] = _graph.Entry;
        Reach(_graph.Entry, parents, open);
        HnswScratch scratch = _graph.Scratch.Rent();
        for (int node = 0; node < _graph.Nodes; node++)
        {
            if (parents[node] >= 0)
                continue;
            parents[node] = Adopt(node, parents, scratch);
            Reach(node, parents, open);
        }
        _graph.Scratch.Return(scratch);
    }

    void Reach(int start, int[] parents, Stack<int> open)
    {
        open.Push(start);
        while (open.TryPop(out int node))
            foreach (int link in _graph.LinksOf(node, 0))
                if (parents[link] < 0)
                {
                    parents[link] = node;
                    open.Push(link);
                }
    }

    // Makes an unreachable node a link of the nearest reachable node that has room, or a link that the tree doesn't need.
    int Adopt(int node, int[] parents, HnswScratch scratch)
    {
        float* vector = _graph.Vector(node);
        scratch.Begin(_effort);
        HnswSearch.Start(scratch, HnswSearch.Descend<T>(_graph, vector, 0), _effort);
        HnswSearch.Layer<T>(_graph, vector, _effort, 0, scratch);
        for (int i = 0; i < scratch.Count; i++)
        {
            int near = HnswKey.Node(scratch.Pool[i]);
            if (near != node && parents[near] >= 0 && TryLink(near, node, HnswKey.Distance(scratch.Pool[i]), parents))
                return near;
        }
        // None of the near ones; a leaf of the tree always has room.
        for (int other = 0; other < _graph.Nodes; other++)
            if (parents[other] >= 0 && TryLink(other, node, HnswSearch.Squared<T>(vector, _graph.Vector(other), _graph.Stride), parents))
                return other;
        throw new InvalidOperationException("no node has room for a link");
    }

    bool TryLink(int from, int to, float distance, int[] parents)
    {
        int* list = _graph.List(from, 0);
        int place = _graph.Degree(list, _level0Links);
        if (place == _level0Links)
            do
                place--;
            while (place >= 0 && parents[list[place]] == from);
        if (place < 0)
            return false;
        list[place] = to;
        DistancesOf(from)[place] = distance;
        return true;
    }
}

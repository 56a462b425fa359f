using System.Buffers;
using System.Runtime.CompilerServices;

namespace LeoCvae;

/// <summary>
/// A tree's leaves: row numbers in the tree's order, neighbors close to each other, and the start of each leaf, with the end at last.
/// </summary>
sealed record ProjectionTree(int[] Order, int[] Starts)
{
    public int Leaves => Starts.Length - 1;

    public ReadOnlySpan<int> Leaf(int leaf) => Order.AsSpan(Starts[leaf]..Starts[leaf + 1]);
}

/// <summary>
/// Random projection trees (Dasgupta and Freund 2008): a node is split near the median along the direction between two of its rows, until
/// nodes are leaves. A split's random numbers depend on the tree and on where the node stands, not on who splits it.
/// </summary>
/// <param name="rows">Rows, one after the other.</param>
/// <param name="width">Features of a row.</param>
/// <param name="leafSize">Rows of a leaf at most.</param>
/// <param name="random">Chooses directions.</param>
sealed unsafe class ProjectionForest<T>(float* rows, int width, int leafSize, CounterRandom random) where T : struct, ISimd<T>
{
    // Nodes above a share of the rows are split one per task, below it a task takes a whole subtree.
    const int SubtreesPerTree = 16, MostSampled = 63, FewestSampled = 9, RowsPerSample = 16;

    /// <summary>Grows trees, numbered from the first one on, over the same rows.</summary>
    public ProjectionTree[] Grow(int firstTree, int trees, int[] chosen, ParallelOptions parallel)
    {
        int[][] orders = [.. Enumerable.Range(0, trees).Select(_ => (int[])chosen.Clone())];
        bool[][] isStart = [.. Enumerable.Range(0, trees).Select(_ => new bool[chosen.Length])];
        Node[] nodes = [.. Enumerable.Range(0, trees).Select(tree => new Node(tree, 0, chosen.Length, 0))];
        int whole = Math.Max(leafSize, chosen.Length / SubtreesPerTree);
        while (nodes.Length > 0)
        {
            (Node, Node)[] children = new (Node, Node)[nodes.Length];
            Node[] level = nodes;
            Parallel.For(0, level.Length, parallel, i =>
            {
                if (level[i].Count > whole)
                    children[i] = Split(orders[level[i].Tree], level[i], firstTree);
                else
                    Finish(orders[level[i].Tree], isStart[level[i].Tree], level[i], firstTree);
            });
            nodes = [.. children.SelectMany(pair => new[] { pair.Item1, pair.Item2 }).Where(node => node.Count > 0)];
        }
        return [.. orders.Zip(isStart, (order, starts) => new ProjectionTree(order, Starts(starts)))];
    }

    static int[] Starts(ReadOnlySpan<bool> isStart)
    {
        List<int> starts = [];
        for (int at = 0, next; at < isStart.Length && (next = isStart[at..].IndexOf(true)) >= 0; at += next + 1)
            starts.Add(at + next);
        return [.. starts, isStart.Length];
    }

    void Finish(int[] order, bool[] isStart, Node node, int firstTree)
    {
        isStart[node.First] = true;
        if (node.Count <= leafSize)
            return;
        (Node left, Node right) = Split(order, node, firstTree);
        Finish(order, isStart, left, firstTree);
        Finish(order, isStart, right, firstTree);
    }

    (Node, Node) Split(int[] order, Node node, int firstTree)
    {
        Span<int> ids = order.AsSpan(node.First, node.Count);
        float[] rented = ArrayPool<float>.Shared.Rent(node.Count + 2 * width);
        Span<float> projections = rented.AsSpan(0, node.Count), origin = rented.AsSpan(node.Count, width),
            direction = rented.AsSpan(node.Count + width, width);
        int middle = 0;
        if (Choose(ids, CounterRandom.Row((firstTree + node.Tree) * 64 + Math.Min(node.Depth, 63), node.First), origin, direction))
        {
            fixed (float* start = projections, from = origin, along = direction)
                Project(ids, from, along, start);
            middle = Partition(ids, projections, Median(projections));
        }
        ArrayPool<float>.Shared.Return(rented);
        // A lopsided split is as good as none.
        if (Math.Min(middle, node.Count - middle) < node.Count / 4)
            middle = node.Count / 2;
        return (new(node.Tree, node.First, middle, node.Depth + 1),
            new(node.Tree, node.First + middle, node.Count - middle, node.Depth + 1));
    }

    // The line through two rows; false where they are the same.
    bool Choose(ReadOnlySpan<int> ids, ulong where, Span<float> origin, Span<float> direction)
    {
        int first = (int)((ulong)random.Word(where, 0) * (uint)ids.Length >> 32),
            second = (int)((ulong)random.Word(where, 1) * (uint)(ids.Length - 1) >> 32);
        float* a = rows + (long)ids[first] * width, b = rows + (long)ids[second < first ? second : second + 1] * width;
        float largest = 0;
        for (int j = 0; j < width; j++)
        {
            origin[j] = a[j] / 2 + b[j] / 2;
            largest = Math.Max(largest, Math.Abs(b[j] / 2 - a[j] / 2));
        }
        for (int j = 0; j < width; j++)
            direction[j] = (b[j] / 2 - a[j] / 2) / largest;
        return largest > 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Project(ReadOnlySpan<int> ids, float* origin, float* direction, float* projections)
    {
        const int Lanes = Gemm.Lanes;
        int whole = width / Lanes * Lanes;
        for (int i = 0; i < ids.Length; i++)
        {
            float* row = rows + (long)ids[i] * width;
            T s0 = default, s1 = default, s2 = default, s3 = default;
            for (int j = 0; j < whole; j += Lanes)
            {
                s0 = Add(j, s0);
                if (T.Count < Lanes)
                    s1 = Add(j + T.Count, s1);
                if (T.Count < Lanes / 2)
                    (s2, s3) = (Add(j + 2 * T.Count, s2), Add(j + 3 * T.Count, s3));
            }
            float projection = VectorMath.SumOfLanes(s0, s1, s2, s3);
            for (int j = whole; j < width; j++)
                projection += (row[j] - origin[j]) * direction[j];
            projections[i] = projection;

            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            T Add(int j, T sum) =>
                T.MultiplyAdd(T.Subtract(T.Load(row + j), T.Load(origin + j)), T.Load(direction + j), sum);
        }
    }

    static float Median(ReadOnlySpan<float> values)
    {
        int count = Math.Min(values.Length, Math.Clamp(values.Length / RowsPerSample, FewestSampled, MostSampled));
        Span<float> sample = stackalloc float[count];
        for (int i = 0; i < count; i++)
            sample[i] = values[(int)((long)i * values.Length / count)];
        sample.Sort();
        return sample[count / 2];
    }

    static int Partition(Span<int> ids, Span<float> values, float pivot)
    {
        int left = 0, right = ids.Length - 1;
        while (left <= right)
        {
            if (values[left] < pivot)
            {
                left++;
                continue;
            }
            (ids[left], ids[right]) = (ids[right], ids[left]);
            (values[left], values[right]) = (values[right], values[left]);
            right--;
        }
        return left;
    }

    readonly record struct Node(int Tree, int First, int Count, int Depth);
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LeoCvae;

/// <summary>
/// The walk through a search graph: greedy above, best first below. Both build and queries use it. A graph is only read, all that is
/// written lies in the scratch.
/// </summary>
static unsafe class HnswSearch
{
    // The processor fetches a row's later lines by itself; more requests than this crowd each other out.
    const int MostPrefetchedLines = 8, FloatsPerLine = 16, Lanes = Gemm.Lanes;

    // Wide rows give up at a multiple of this many features once they are too far.
    const int Block = 64;

    /// <summary>Squared distance of two rows, padded to a multiple of 16; the same for every width of registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Squared<T>(float* a, float* b, int stride) where T : struct, ISimd<T> => VectorMath.SumOfLanes(
        OfFirstLanes<T>(a, b, stride),
        T.Count < Lanes ? OfFirstLanes<T>(a + T.Count, b + T.Count, stride) : default,
        T.Count < Lanes / 2 ? OfFirstLanes<T>(a + 2 * T.Count, b + 2 * T.Count, stride) : default,
        T.Count < Lanes / 2 ? OfFirstLanes<T>(a + 3 * T.Count, b + 3 * T.Count, stride) : default);

    // Of the first lanes of each 16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static T OfFirstLanes<T>(float* a, float* b, int stride) where T : struct, ISimd<T>
    {
        T s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i <= stride - 4 * Lanes; i += 4 * Lanes)
        {
            T d0 = T.Subtract(T.Load(a + i), T.Load(b + i)), d1 = T.Subtract(T.Load(a + i + Lanes), T.Load(b + i + Lanes));
            T d2 = T.Subtract(T.Load(a + i + 2 * Lanes), T.Load(b + i + 2 * Lanes)),
                d3 = T.Subtract(T.Load(a + i + 3 * Lanes), T.Load(b + i + 3 * Lanes));
            s0 = T.MultiplyAdd(d0, d0, s0);
            s1 = T.MultiplyAdd(d1, d1, s1);
            s2 = T.MultiplyAdd(d2, d2, s2);
            s3 = T.MultiplyAdd(d3, d3, s3);
        }
        for (; i < stride; i += Lanes)
        {
            T d = T.Subtract(T.Load(a + i), T.Load(b + i));
            s0 = T.MultiplyAdd(d, d, s0);
        }
        return T.Add(T.Add(s0, s1), T.Add(s2, s3));
    }

    /// <summary>The squared distance, or some number of at least the bound if it isn't below the bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SquaredBelow<T>(float* a, float* b, int stride, float bound) where T : struct, ISimd<T> =>
        stride <= Block ? Squared<T>(a, b, stride) : WideBelow<T>(a, b, stride, bound);

    static float WideBelow<T>(float* a, float* b, int stride, float bound) where T : struct, ISimd<T>
    {
        float sum = 0;
        for (int i = 0; i < stride && sum < bound; i += Block)
            sum += Squared<T>(a + i, b + i, Math.Min(Block, stride - i));
        return sum;
    }

    /// <summary>
    /// Walks from the entry to the nearest node that greedy steps reach, from the top level down to the level above the given one.
    /// </summary>
    /// <returns>The node's key.</returns>
    public static ulong Descend<T>(HnswGraph graph, float* query, int level) where T : struct, ISimd<T>
    {
        int node = graph.Entry;
        float nearest = Squared<T>(query, graph.Vector(node), graph.Stride);
        for (int upper = graph.TopLevel; upper > level; upper--)
            for (int from = -1; from != node;)
            {
                from = node;
                int* list = graph.List(from, upper);
                int degree = graph.Degree(list, graph.Layout.Links);
                for (int i = 0; i < degree; i++)
                    Prefetch(graph.Vector(list[i]), graph.Stride);
                for (int i = 0; i < degree; i++)
                {
                    float distance = SquaredBelow<T>(query, graph.Vector(list[i]), graph.Stride, nearest);
                    if (distance < nearest)
                        (nearest, node) = (distance, list[i]);
                }
            }
        return HnswKey.Of(nearest, node);
    }

    /// <summary>Puts a node that a search starts from into the pool.</summary>
    public static void Start(HnswScratch scratch, ulong key, int effort)
    {
        int node = HnswKey.Node(key);
        if (scratch.Marks[node] == scratch.Epoch)
            return;
        scratch.Marks[node] = scratch.Epoch;
        int count = scratch.Count;
        if (count < effort || key < scratch.Pool[count - 1])
            Insert(scratch.Pool, ref count, effort, key);
        scratch.Count = count;
    }

    /// <summary>Best-first search of a level from the nodes in the pool; leaves the nearest there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Layer<T>(HnswGraph graph, float* query, int effort, int level, HnswScratch scratch) where T : struct, ISimd<T>
    {
        ulong* pool = scratch.Pool;
        int* fresh = scratch.Fresh;
        float* distances = scratch.Distances, vectors = graph.Vectors;
        int count = scratch.Count, stride = graph.Stride;
        for (int at = 0; at < count;)
        {
            ulong key = pool[at];
            if ((key & HnswKey.Expanded) != 0)
            {
                at++;
                continue;
            }
            pool[at] = key | HnswKey.Expanded;
            int found = Unseen(graph, HnswKey.Node(key), level, scratch);
            if (at + 1 < count && level == 0)
                PrefetchLine(graph.Level0 + (long)HnswKey.Node(pool[at + 1]) * graph.Level0Links);
            float bound = count == effort ? HnswKey.Distance(pool[count - 1]) : float.PositiveInfinity;
            // All distances first: no mispredicted branch stops the arithmetic.
            for (int i = 0; i < found; i++)
                distances[i] = SquaredBelow<T>(query, vectors + (long)fresh[i] * stride, stride, bound);
            int next = at + 1;
            for (int i = 0; i < found; i++)
            {
                if (!(distances[i] < bound))
                    continue;
                next = Math.Min(next, Insert(pool, ref count, effort, HnswKey.Of(distances[i], fresh[i])));
                if (count == effort)
                    bound = HnswKey.Distance(pool[count - 1]);
            }
            at = next;
        }
        scratch.Count = count;
    }

    // Collects and marks a node's links that were not seen before, and has their rows fetched.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Unseen(HnswGraph graph, int node, int level, HnswScratch scratch)
    {
        int* list = graph.List(node, level), fresh = scratch.Fresh;
        ushort* marks = scratch.Marks;
        ushort epoch = scratch.Epoch;
        int size = level == 0 ? graph.Level0Links : graph.Layout.Links, found = 0;
        for (int i = 0; i < size; i++)
        {
            int link = list[i];
            if (!graph.IsNode(link))
                break;
            // Without a branch: whether a link was seen can't be predicted.
            fresh[found] = link;
            found += marks[link] == epoch ? 0 : 1;
            marks[link] = epoch;
        }
        for (int i = 0; i < found; i++)
            Prefetch(graph.Vector(fresh[i]), graph.Stride);
        return found;
    }

    // Returns where the key went. The pool is sorted; a full one loses its last key.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Insert(ulong* pool, ref int count, int capacity, ulong key)
    {
        // Without branches, which would be mispredicted half the time: keys are below 2^63, so the difference's top bit compares them.
        int low = 0;
        for (int rest = count; rest > 0;)
        {
            int half = (rest + 1) >> 1;
            low += half & -(int)((pool[low + half - 1] - key) >> 63);
            rest -= half;
        }
        int end = count < capacity ? count++ : capacity - 1;
        if (end > low)
            Buffer.MemoryCopy(pool + low, pool + low + 1, (end - low) * sizeof(ulong), (end - low) * sizeof(ulong));
        pool[low] = key;
        return low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Prefetch(float* row, int stride)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(row);
        int floats = Math.Min(stride, MostPrefetchedLines * FloatsPerLine);
        for (int i = FloatsPerLine; i < floats; i += FloatsPerLine)
            Sse.Prefetch0(row + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void PrefetchLine(void* line)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(line);
    }
}

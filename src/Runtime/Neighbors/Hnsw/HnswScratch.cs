using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LeoCvae;

/// <summary>What one search writes to: used by one thread at a time, then by the next search, so that a query allocates nothing.</summary>
sealed unsafe class HnswScratch
{
    readonly float[] _query, _distances, _selectedDistances;
    readonly ushort[] _marks;
    readonly int[] _fresh, _selected;
    ulong[] _pool = [], _candidates = [];

    public HnswScratch(HnswGraph graph)
    {
        int list = graph.Level0Links;
        (_query, _distances, _selectedDistances) = (Pinned<float>(graph.Stride), Pinned<float>(list), Pinned<float>(list));
        (_fresh, _selected) = (Pinned<int>(list), Pinned<int>(list));
        _marks = Pinned<ushort>(graph.Nodes);
        Query = Pointer(_query);
        Distances = Pointer(_distances);
        SelectedDistances = Pointer(_selectedDistances);
        Fresh = Pointer(_fresh);
        Selected = Pointer(_selected);
        Marks = Pointer(_marks);
    }

    /// <summary>The query in the graph's scale, padded with zeros.</summary>
    public float* Query { get; }

    /// <summary>The nearest nodes so far as sorted keys, see <see cref="HnswKey"/>.</summary>
    public ulong* Pool { get; private set; }

    /// <summary>Keys in the pool.</summary>
    public int Count { get; set; }

    /// <summary>A node was seen if its mark is <see cref="Epoch"/>: no clearing between searches.</summary>
    public ushort* Marks { get; }

    public ushort Epoch { get; private set; }

    /// <summary>Links of a node that were not seen before.</summary>
    public int* Fresh { get; }

    /// <summary>Their distances.</summary>
    public float* Distances { get; }

    /// <summary>Links that were chosen.</summary>
    public int* Selected { get; }

    /// <summary>Their distances.</summary>
    public float* SelectedDistances { get; }

    /// <summary>Starts a search that keeps this many nodes.</summary>
    public void Begin(int effort)
    {
        Count = 0;
        if (_pool.Length < effort)
        {
            _pool = Pinned<ulong>(effort);
            Pool = Pointer(_pool);
        }
        if (++Epoch == 0)
        {
            Array.Clear(_marks);
            Epoch = 1;
        }
    }

    /// <summary>Room for candidates to choose links from.</summary>
    public Span<ulong> Candidates(int count)
    {
        if (_candidates.Length < count)
            _candidates = Pinned<ulong>(Math.Max(count, 2 * _candidates.Length));
        return _candidates.AsSpan(0, count);
    }

    static TItem[] Pinned<TItem>(int length) where TItem : unmanaged => GC.AllocateArray<TItem>(length, pinned: true);

    static TItem* Pointer<TItem>(TItem[] pinned) where TItem : unmanaged => (TItem*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
}

/// <summary>
/// A node with its distance in one number: the distance's bits (distances are never negative, so their order is that of their bits), the
/// node, and whether its links were followed. Sorted by distance, then by node.
/// </summary>
static class HnswKey
{
    /// <summary>Set once the node's links were followed.</summary>
    public const ulong Expanded = 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(float distance, int node) => (ulong)BitConverter.SingleToUInt32Bits(distance) << 32 | (uint)node << 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Node(ulong key) => (int)((uint)key >> 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Distance(ulong key) => BitConverter.UInt32BitsToSingle((uint)(key >> 32));
}

/// <summary>Scratch objects that wait for a search. Thread-safe, no locks, no allocation once as many exist as there are threads.</summary>
sealed class HnswScratchPool(HnswGraph graph)
{
    readonly HnswScratch?[] _free = new HnswScratch?[Math.Max(16, 2 * Environment.ProcessorCount)];

    public HnswScratch Rent()
    {
        foreach (ref HnswScratch? place in _free.AsSpan())
            if (place is not null && Interlocked.Exchange(ref place, null) is HnswScratch scratch)
                return scratch;
        return new(graph);
    }

    public void Return(HnswScratch scratch)
    {
        foreach (ref HnswScratch? place in _free.AsSpan())
            if (place is null && Interlocked.CompareExchange(ref place, scratch, null) is null)
                return;
    }
}

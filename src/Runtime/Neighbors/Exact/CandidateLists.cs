using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LeoCvae;

/// <summary>
/// For each row the candidates nearest so far, by the kernel's approximate distance, in no order. A row belongs to one thread at a time.
/// </summary>
sealed unsafe class CandidateLists
{
    /// <summary>A mark that a caller may set in an id; equal ids are equal with and without it.</summary>
    public const int Marked = 1 << 30;

    const int Lane = 8;

    // The bits of a row number; one above them is free for a mark.
    const int IdBits = Marked - 1;

    // Pinned: the pointers stay good as long as this object lives.
    readonly float[] _distances, _limits;
    readonly int[] _ids;
    readonly float* _firstDistance, _firstLimit;
    readonly int* _firstId;

    /// <param name="rows">Number of rows.</param>
    /// <param name="wanted">Candidates to keep at least; rounded up to whole registers.</param>
    /// <param name="padding">Limits past the last row, at minus infinity: nothing gets in there.</param>
    public CandidateLists(int rows, int wanted, int padding)
    {
        Capacity = (wanted + Lane - 1) / Lane * Lane;
        _distances = PackedRows.Pinned((long)rows * Capacity);
        _limits = PackedRows.Pinned(rows + padding);
        _ids = GC.AllocateUninitializedArray<int>(checked(rows * Capacity), pinned: true);
        _firstDistance = PackedRows.Pointer(_distances);
        _firstLimit = PackedRows.Pointer(_limits);
        _firstId = (int*)Marshal.UnsafeAddrOfPinnedArrayElement(_ids, 0);
        Array.Fill(_distances, float.PositiveInfinity);
        Array.Fill(_ids, -1);
        Array.Fill(_limits, float.PositiveInfinity, 0, rows);
        Array.Fill(_limits, float.NegativeInfinity, rows, padding);
    }

    public int Capacity { get; }

    /// <summary>Of each row the largest distance kept: only a smaller one gets in.</summary>
    public float* Limits => _firstLimit;

    /// <summary>Row numbers, -1 where the list isn't full yet.</summary>
    public Span<int> Ids(int row) => _ids.AsSpan(row * Capacity, Capacity);

    public ReadOnlySpan<float> Distances(int row) => _distances.AsSpan(row * Capacity, Capacity);

    /// <summary>Replaces the row's farthest candidate, if the new one is nearer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Offer(int row, int id, float distance)
    {
        if (distance < _firstLimit[row])
            Replace(row, id, distance);
    }

    /// <summary>The same, unless the id is there already; says whether it got in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool OfferOnce(int row, int id, float distance)
    {
        if (!(distance < _firstLimit[row]) || Contains(row, id))
            return false;
        Replace(row, id, distance);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(int row, int id)
    {
        int* start = _firstId + (long)row * Capacity;
        Vector256<int> wanted = Vector256.Create(id & IdBits), bits = Vector256.Create(IdBits), equal = default;
        for (int i = 0; i < Capacity; i += Lane)
            equal |= Vector256.Equals(Vector256.Load(start + i) & bits, wanted);
        return equal != default;
    }

    /// <summary>Has the row's ids brought into the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int row)
    {
        if (!Sse.IsSupported)
            return;
        int* start = _firstId + (long)row * Capacity;
        Sse.Prefetch0(start);
        Sse.Prefetch0(start + Capacity - 1);
    }

    void Replace(int row, int id, float distance)
    {
        float* start = _firstDistance + (long)row * Capacity;
        Vector256<float> limit = Vector256.Create(_firstLimit[row]), largest = Vector256.Create(distance);
        int farthest = -1;
        for (int i = 0; farthest < 0; i += Lane)
        {
            uint equal = Vector256.Equals(Vector256.Load(start + i), limit).ExtractMostSignificantBits();
            if (equal != 0)
                farthest = i + BitOperations.TrailingZeroCount(equal);
        }
        start[farthest] = distance;
        _firstId[(long)row * Capacity + farthest] = id;
        for (int i = 0; i < Capacity; i += Lane)
            largest = Vector256.Max(largest, Vector256.Load(start + i));
        Vector128<float> half = Vector128.Max(largest.GetLower(), largest.GetUpper());
        _firstLimit[row] = Math.Max(Math.Max(half[0], half[1]), Math.Max(half[2], half[3]));
    }
}

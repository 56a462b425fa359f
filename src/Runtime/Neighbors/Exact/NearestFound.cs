namespace LeoCvae;

/// <summary>
/// The k nearest rows of each of some queries, as far as they are found: by distance, then by key. Thread-safe for different queries.
/// </summary>
/// <param name="queries">How many queries there are.</param>
/// <param name="k">Rows of each.</param>
sealed class NearestFound(int queries, int k)
{
    readonly long[] _keys = Filled(checked(queries * k), long.MaxValue);
    readonly double[] _distances = Filled(queries * k, double.PositiveInfinity);

    /// <summary>Rows of each query.</summary>
    public int K => k;

    /// <summary>Keys of the query's rows, nearest first; the largest number where none is found.</summary>
    public ReadOnlySpan<long> Keys(int query) => _keys.AsSpan(query * k, k);

    /// <summary>Their squared distances; infinite where none is found.</summary>
    public ReadOnlySpan<double> SquaredDistances(int query) => _distances.AsSpan(query * k, k);

    /// <summary>Takes a row, if it is among the nearest; returns how far the farthest of them is now.</summary>
    public double Add(int query, long key, double distance)
    {
        Span<long> keys = _keys.AsSpan(query * k, k);
        Span<double> distances = _distances.AsSpan(query * k, k);
        int at = k;
        for (; at > 0 && (distance < distances[at - 1] || (distance == distances[at - 1] && key < keys[at - 1])); at--)
            if (at < k)
                (distances[at], keys[at]) = (distances[at - 1], keys[at - 1]);
        if (at < k)
            (distances[at], keys[at]) = (distance, key);
        return distances[^1];
    }

    /// <summary>Whether so many rows were found.</summary>
    public bool IsFull(int query) => k == 0 || _keys[(query * k) + k - 1] != long.MaxValue;

    /// <summary>Takes what was found elsewhere.</summary>
    public void Set(int query, NearestFound other, int otherQuery)
    {
        other.Keys(otherQuery).CopyTo(_keys.AsSpan(query * k, k));
        other.SquaredDistances(otherQuery).CopyTo(_distances.AsSpan(query * k, k));
    }

    /// <summary>The lists, where keys are row numbers.</summary>
    public NeighborLists ToLists() => new(k, [.. _keys.Select(key => (int)Math.Min(key, int.MaxValue))], _distances);

    static T[] Filled<T>(int length, T value)
    {
        T[] array = new T[length];
        Array.Fill(array, value);
        return array;
    }
}

namespace LeoCvae;

/// <summary>
/// From the nearest distinct rows to the nearest rows: duplicates count as often as they stand in the table, at equal distance the smaller
/// row first. Thread-safe for different groups.
/// </summary>
sealed class RowRanking(DistinctRows distinct, int k)
{
    readonly int[] _ids = new int[checked(distinct.GroupOf.Length * k)];
    readonly double[] _distances = new double[distinct.GroupOf.Length * k];

    /// <summary>Sets the neighbors of all rows of a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="near">The nearest other groups, at least min(k, all) of them, in order of (distance, group).</param>
    public void Set(int group, IReadOnlyList<(double Distance, int Group)> near)
    {
        if (distinct.Count == distinct.GroupOf.Length)
        {
            // No duplicates: a group is its row.
            for (int i = 0; i < k; i++)
                (_distances[group * k + i], _ids[group * k + i]) = near[i];
            return;
        }
        List<(double Distance, int Row)> pool = [];
        void AddMembers(int of, double distance, int most)
        {
            foreach (int row in distinct.Members(of))
                if (most-- > 0)
                    pool.Add((distance, row));
        }
        // Of a group the k + 1 first rows are enough, one of them may be the row itself.
        AddMembers(group, 0, k + 1);
        foreach ((double distance, int other) in near)
        {
            // Sorted by distance: once there are k others, only ties with the last of them matter.
            if (pool.Count > k && distance > pool[^1].Distance)
                break;
            AddMembers(other, distance, k + 1);
        }
        pool.Sort();
        foreach (int row in distinct.Members(group))
        {
            int at = row * k, end = at + k;
            for (int i = 0; at < end; i++)
                if (pool[i].Row != row)
                    (_distances[at], _ids[at++]) = pool[i];
        }
    }

    /// <summary>Sets a row's neighbors, found otherwise.</summary>
    public void Set(int row, ReadOnlySpan<int> ids, ReadOnlySpan<double> distances)
    {
        ids.CopyTo(_ids.AsSpan(row * k, k));
        distances.CopyTo(_distances.AsSpan(row * k, k));
    }

    public NeighborLists ToLists() => new(k, _ids, _distances);
}

namespace LeoCvae;

/// <summary>
/// Nearest neighbors of all rows of a matrix by lists: each distinct row is compared with all rows of so many lists as hold nearly all
/// neighbors of a sample.
/// </summary>
static class ListNeighbors
{
    // Below it lists are too short to be worth it.
    const int FewRows = 256;
    // The exact search of all rows compares each pair once, this one twice.
    const double LargestShare = 0.4;

    /// <summary>
    /// About the min(k, n - 1) nearest other rows of every row, the same for any number of threads; null where so many lists are needed
    /// that the exact search is quicker.
    /// </summary>
    /// <param name="x">The rows.</param>
    /// <param name="k">Neighbors.</param>
    /// <param name="more">How many times as many lists as the sample says.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="progress">Receives the share that is done.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentException">A value is not a finite number.</exception>
    public static NeighborLists? AllRows(Matrix x, int k, int more, int threads, IProgress<double>? progress,
        CancellationToken cancellation)
    {
        k = Math.Min(k, x.Rows - 1);
        DistinctRows distinct = DistinctRows.Of(x);
        if (distinct.Count < FewRows)
            return ExactNeighbors.AllRows(x, k, threads, progress, cancellation);
        Matrix rows = Scaled(x, distinct);
        int own = Math.Min(k, rows.Rows - 1), count = ListCenters.CountFor(rows.Rows);
        Matrix centers = ListCenters.Find(rows.Chosen(ListProbes.Sample(rows.Rows, count * ListCenters.RowsPerCenter)), count, threads,
            cancellation);
        MemoryLists lists = new(rows, centers, threads, cancellation);
        int[] sample = ListProbes.Sample(rows.Rows);
        long probes = more *
            (long)ListProbes.Measure(sample, rows.Chosen(sample), lists, own, centers, lists.ListOf, threads, cancellation).Probes;
        if (probes > LargestShare * lists.Count)
            return null;
        NearestFound found = new ListSearch(lists, own).Search(rows, centers, (int)probes, row => row, threads, cancellation, progress);
        RowRanking ranking = new(distinct, k);
        List<(double Distance, int Group)> near = [];
        for (int group = 0; group < rows.Rows; group++)
        {
            near.Clear();
            foreach (long key in found.Keys(group))
                near.Add((Distance.Squared(x[distinct.First[group]], x[distinct.First[key >> 32]]), (int)(key >> 32)));
            near.Sort();
            ranking.Set(group, near);
        }
        return ranking.ToLists();
    }

    // Squares neither overflow nor vanish.
    static Matrix Scaled(Matrix x, DistinctRows distinct)
    {
        Matrix rows = x.Chosen(distinct.First);
        float scale = (float)Math.Min(PackedRows.LargestScale, PackedRows.PowerOfTwo(rows.Values));
        if (scale != 1)
            System.Numerics.Tensors.TensorPrimitives.Multiply(rows.Values, scale, rows.Values);
        return rows;
    }
}

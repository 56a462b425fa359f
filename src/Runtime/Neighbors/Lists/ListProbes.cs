namespace LeoCvae;

/// <summary>Which lists' centers are nearest to rows, and how many of them are needed.</summary>
static class ListProbes
{
    // Of more than this share of the lists it is quicker to sort all than to keep the nearest.
    const int FewShare = 8;

    const int RowsPerTask = 64;

    /// <summary>Rows of a table on which it is measured how many lists a row must be compared with.</summary>
    public const int SampledRows = 1000;

    // Found of the sample's neighbors: its mean is off by one or two thousandths, and .99 is promised.
    const double WantedRecall = 0.993;

    /// <summary>Numbers of the sampled rows: at equal distances.</summary>
    public static int[] Sample(int rows, int count = SampledRows)
    {
        count = Math.Min(count, rows);
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)i * rows / count))];
    }

    /// <summary>How many of the nearest lists hold nearly all neighbors, and what share of them.</summary>
    /// <param name="sample">Numbers of the sampled rows.</param>
    /// <param name="rows">The sampled rows.</param>
    /// <param name="all">All rows, in whatever lists.</param>
    /// <param name="k">Neighbors.</param>
    /// <param name="centers">The lists' centers.</param>
    /// <param name="listOf">The list of each row of the table.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="cancellation">Stops it.</param>
    public static (int Probes, double Recall) Measure(int[] sample, Matrix rows, IRowLists all, int k, Matrix centers, int[] listOf,
        int threads, CancellationToken cancellation)
    {
        NearestFound neighbors = new ListSearch(all, k).SearchAll(rows, i => sample[i], threads, cancellation);
        int[] inOrder = Nearest(rows, centers, centers.Rows, threads, cancellation), place = new int[centers.Rows];
        // Neighbors in the list that is nearest, second and so on.
        long[] found = new long[centers.Rows];
        for (int row = 0; row < rows.Rows; row++)
        {
            for (int i = 0; i < place.Length; i++)
                place[inOrder[(row * place.Length) + i]] = i;
            foreach (long key in neighbors.Keys(row))
                found[place[listOf[key >> 32]]]++;
        }
        (long wanted, long sum, int probes) = ((long)rows.Rows * k, 0, 0);
        do
            sum += found[probes++];
        while (sum < WantedRecall * wanted);
        return (probes, (double)sum / wanted);
    }

    /// <summary>The nearest centers of each row, nearest first, ties by number: rows x probes.</summary>
    public static int[] Nearest(Matrix rows, Matrix centers, int probes, int threads, CancellationToken cancellation)
    {
        int[] lists = new int[checked(rows.Rows * probes)];
        if (probes <= Math.Max(1, centers.Rows / FewShare))
        {
            NeighborLists nearest = ExactNeighbors.NewRows(rows, centers, probes, threads, cancellation);
            for (int row = 0; row < rows.Rows; row++)
                nearest.Ids(row).CopyTo(lists.AsSpan(row * probes, probes));
            return lists;
        }
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, (rows.Rows + RowsPerTask - 1) / RowsPerTask, parallel, task =>
        {
            (double Distance, int List)[] all = new (double, int)[centers.Rows];
            for (int row = task * RowsPerTask; row < Math.Min(rows.Rows, (task + 1) * RowsPerTask); row++)
            {
                for (int list = 0; list < all.Length; list++)
                    all[list] = (Distance.Squared(rows[row], centers[list]), list);
                Array.Sort(all);
                for (int i = 0; i < probes; i++)
                    lists[(row * probes) + i] = all[i].List;
            }
        });
        return lists;
    }
}

namespace LeoCvae;

/// <summary>Centers of lists of rows, by k-means on a sample (Lloyd).</summary>
static class ListCenters
{
    /// <summary>Rows of the sample for each center.</summary>
    public const int RowsPerCenter = 32;

    const int Rounds = 6;

    /// <summary>How many lists are good for so many rows: what a row is compared with then, centers and lists, is least.</summary>
    public static int CountFor(long rows) => (int)Math.Clamp(2 * Math.Sqrt(rows), 1, 1 << 14);

    /// <summary>At most so many centers; those that are nearest to none of the sample are left out. The same for any number of
    /// threads.</summary>
    public static Matrix Find(Matrix sample, int count, int threads, CancellationToken cancellation)
    {
        count = Math.Min(count, sample.Rows);
        Matrix centers = new(count, sample.Columns);
        for (int center = 0; center < count; center++)
            sample[(int)((long)center * sample.Rows / count)].CopyTo(centers.Row(center));
        int[] sizes = [];
        for (int round = 0; round < Rounds; round++)
        {
            NeighborLists nearest = ExactNeighbors.NewRows(sample, centers, 1, threads, cancellation);
            double[] sums = new double[(long)count * sample.Columns];
            sizes = new int[count];
            for (int row = 0; row < sample.Rows; row++)
            {
                int center = nearest.Ids(row)[0];
                sizes[center]++;
                Span<double> sum = sums.AsSpan(center * sample.Columns, sample.Columns);
                ReadOnlySpan<float> values = sample[row];
                for (int j = 0; j < sum.Length; j++)
                    sum[j] += values[j];
            }
            for (int center = 0; center < count; center++)
                for (int j = 0; sizes[center] > 0 && j < sample.Columns; j++)
                    centers.Row(center)[j] = (float)(sums[(center * sample.Columns) + j] / sizes[center]);
        }
        return InOrder(centers, [.. Enumerable.Range(0, count).Where(center => sizes[center] > 0)]);
    }

    // Each is followed by the nearest that is left: rows that are near each other are then in lists that are.
    static Matrix InOrder(Matrix centers, List<int> left)
    {
        Matrix ordered = new(left.Count, centers.Columns);
        int next = 0;
        for (int place = 0; place < ordered.Rows; place++)
        {
            ReadOnlySpan<float> last = centers[left[next]];
            last.CopyTo(ordered.Row(place));
            left[next] = left[^1];
            left.RemoveAt(left.Count - 1);
            double nearest = double.PositiveInfinity;
            for (int i = 0; i < left.Count; i++)
                if (Distance.Squared(last, centers[left[i]]) is double distance && distance < nearest)
                    (nearest, next) = (distance, i);
        }
        return ordered;
    }
}

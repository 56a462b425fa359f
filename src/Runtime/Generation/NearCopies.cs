namespace LeoCvae;

/// <summary>
/// How near synthetic rows come to real ones. Measured is the distance (Euclidean, of standardized features) to the nearest real row of the
/// same class, against the median distance between a real row of that class and its nearest other one. Immutable and thread-safe.
/// </summary>
public sealed record NearCopies
{
    /// <summary>The most real rows of a class whose synthetic rows are told of by themselves.</summary>
    public const int FewRecords = 10;

    /// <summary>The most rows of a class that are measured: a share of so many is off by a hundredth or two.</summary>
    internal const int Most = 1000;

    /// <summary>
    /// Share of synthetic rows that lie within half of that median: near-copies. All rows of a class with one real row do.
    /// </summary>
    public required double WithinHalf { get; init; }

    /// <summary>Share of synthetic rows that lie within a tenth of it.</summary>
    public required double WithinTenth { get; init; }

    /// <summary>
    /// Classes of at most <see cref="FewRecords"/> real rows most of whose synthetic rows are near-copies, with their real rows.
    /// </summary>
    public required IReadOnlyList<(string Class, int RealRows)> OfFewRecords { get; init; }

    /// <summary>In one sentence, without a full stop.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{WithinHalf * 100:0} % of the synthetic rows lie within half of the median distance between a real row of their class and its " +
            $"nearest other, {WithinTenth * 100:0} % within a tenth");

    /// <summary>Measures a resampled table; of more than 1,000 rows of a class some, evenly spread.</summary>
    /// <param name="resampled">Real rows, then synthetic ones, as <see cref="LeoModel.Oversample"/> gives them.</param>
    /// <param name="maxDegreeOfParallelism">Threads; -1 uses all cores.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Null where there is no synthetic row.</returns>
    /// <exception cref="ArgumentException">The rows have no labels.</exception>
    public static NearCopies? Of(Table resampled, int maxDegreeOfParallelism = -1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(resampled);
        resampled.RequireLabels(nameof(resampled));
        int real = resampled.RealRows;
        return real == resampled.RowCount ? null
            : Of((resampled, 0, real), (resampled, real, resampled.RowCount), TableEncoder.Fit(resampled, real), Most,
                maxDegreeOfParallelism, cancellation);
    }

    /// <summary>Measures synthetic rows against real ones of the same classes.</summary>
    /// <param name="real">A table and its range of real rows.</param>
    /// <param name="made">A table and its range of synthetic rows, at least one.</param>
    /// <param name="encoder">Fitted on the real rows.</param>
    /// <param name="most">The most rows of a class that are measured.</param>
    /// <param name="threads">Threads; -1 uses all cores.</param>
    /// <param name="cancellation">Stops it.</param>
    internal static NearCopies Of(
        (Table Table, int First, int End) real, (Table Table, int First, int End) made, TableEncoder encoder, int most, int threads,
            CancellationToken cancellation = default)
    {
        static int[] Rows((Table Table, int First, int End) part, int label) =>
            [.. Enumerable.Range(part.First, part.End - part.First).Where(row => part.Table.Labels[row] == label)];
        double half = 0, tenth = 0;
        List<(string, int)> few = [];
        for (int c = 0; c < real.Table.Schema.Classes.Count; c++)
        {
            int[] records = Rows(real, c), ofClass = Rows(made, c);
            if (records.Length == 0 || ofClass.Length == 0)
                continue;
            int[] some = [.. Some(ofClass.Length, most).Select(i => ofClass[i])];
            Matrix x = encoder.Encode(real.Table, records), rows = encoder.Encode(made.Table, some);
            NeighborLists nearest = ExactNeighbors.NewRows(rows, x, 1, threads, cancellation);
            double[] distances = Distances(nearest, rows.Rows);
            double median = MedianDistance(x, most, threads, cancellation), copies = Share(distances, 0.5 * median);
            half += copies * ofClass.Length;
            tenth += Share(distances, 0.1 * median) * ofClass.Length;
            if (records.Length <= FewRecords && copies > 0.5)
                few.Add((real.Table.Schema.Classes[c], records.Length));
        }
        int all = made.End - made.First;
        return new() { WithinHalf = half / all, WithinTenth = tenth / all, OfFewRecords = few };
    }

    /// <summary>Share of distances below a bound.</summary>
    internal static double Share(double[] distances, double bound) =>
        // Where real rows repeat each other, a repeat is what counts.
        distances.Count(distance => distance == 0 || distance < bound) / (double)distances.Length;

    /// <summary>The median of distances between real rows and their nearest others; infinite where there is no other.</summary>
    internal static double Median(double[] distances)
    {
        if (distances.Length == 0)
            return double.PositiveInfinity;
        double[] sorted = [.. distances.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Numbers of all rows, or of some, evenly spread.</summary>
    internal static int[] Some(int rows, int most)
    {
        int some = Math.Min(rows, most);
        return [.. Enumerable.Range(0, some).Select(i => (int)((long)i * rows / some))];
    }

    static double MedianDistance(Matrix records, int most, int threads, CancellationToken cancellation)
    {
        int[] some = Some(records.Rows, most);
        return Median(records.Rows == 1 ? [] : Distances(ExactNeighbors.SomeRows(records, some, 1, threads, cancellation), some.Length));
    }

    /// <summary>Of each row the distance to the nearest one.</summary>
    internal static double[] Distances(NeighborLists nearest, int rows) =>
        [.. Enumerable.Range(0, rows).Select(row => Math.Sqrt(nearest.SquaredDistances(row)[0]))];
}

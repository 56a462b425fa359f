namespace LeoCvae;

/// <summary>
/// How near synthetic rows come to real ones. Measured is the distance (Euclidean, of standardized features) to the nearest real row of the same class,
/// against the median distance between a real row of that class and its nearest other one. Immutable and thread-safe.
/// </summary>
public sealed record NearCopies
{
    /// <summary>The most real rows of a class whose synthetic rows are told of by themselves.</summary>
    public const int FewRecords = 10;

    // A share of so many rows is off by a hundredth or two.
    const int MostMeasured = 1000;

    /// <summary>Share of synthetic rows that lie within half of that median: near-copies. All rows of a class with one real row do.</summary>
    public required double WithinHalf { get; init; }

    /// <summary>Share of synthetic rows that lie within a tenth of it.</summary>
    public required double WithinTenth { get; init; }

    /// <summary>Classes of at most <see cref="FewRecords"/> real rows most of whose synthetic rows are near-copies, with their real rows.</summary>
    public required IReadOnlyList<(string Class, int RealRows)> OfFewRecords { get; init; }

    /// <summary>In one sentence, without a full stop.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{WithinHalf * 100:0} % of the synthetic rows lie within half of the median distance between a real row of their class and its nearest other, {WithinTenth * 100:0} % within a tenth");

    /// <summary>Measures a resampled table; of more than 1,000 rows of a class some, evenly spread.</summary>
    /// <param name="resampled">Real rows, then synthetic ones, as <see cref="LeoModel.Oversample"/> gives them.</param>
    /// <param name="maxDegreeOfParallelism">Threads; -1 uses all cores.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Null where there is no synthetic row.</returns>
    /// <exception cref="ArgumentException">The rows have no labels.</exception>
    public static NearCopies? Of(Table resampled, int maxDegreeOfParallelism = -1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(resampled);
        resampled.RequireLabels();
        int[] Rows(int first, int end, int label) => [.. Enumerable.Range(first, end - first).Where(row => resampled.Labels[row] == label)];
        TableEncoder encoder = TableEncoder.Fit(resampled.Select([.. Enumerable.Range(0, resampled.RealRows)]));
        double half = 0, tenth = 0;
        List<(string, int)> few = [];
        int all = resampled.RowCount - resampled.RealRows;
        for (int c = 0; c < resampled.Schema.Classes.Count; c++)
        {
            int[] real = Rows(0, resampled.RealRows, c), made = Rows(resampled.RealRows, resampled.RowCount, c);
            if (made.Length == 0 || real.Length == 0)
                continue;
            Matrix records = Encode(real), rows = Encode(Some(made));
            NeighborLists nearest = ExactNeighbors.NewRows(rows, records, 1, maxDegreeOfParallelism, cancellation);
            double median = real.Length == 1 ? double.PositiveInfinity : MedianDistance(records, maxDegreeOfParallelism, cancellation);
            // Where real rows repeat each other, a repeat is what counts.
            double Share(double part) => Enumerable.Range(0, rows.Rows)
                .Count(row => Math.Sqrt(nearest.SquaredDistances(row)[0]) is double distance && (distance == 0 || distance < part * median)) / (double)rows.Rows;
            half += Share(0.5) * made.Length;
            tenth += Share(0.1) * made.Length;
            if (real.Length <= FewRecords && Share(0.5) > 0.5)
                few.Add((resampled.Schema.Classes[c], real.Length));
        }
        return all == 0 ? null : new() { WithinHalf = half / all, WithinTenth = tenth / all, OfFewRecords = few };

        Matrix Encode(int[] rows) => encoder.Encode(resampled, rows);
    }

    static int[] Some(int[] rows) =>
        rows.Length <= MostMeasured ? rows : [.. Enumerable.Range(0, MostMeasured).Select(i => rows[(int)((long)i * rows.Length / MostMeasured)])];

    static double MedianDistance(Matrix records, int threads, CancellationToken cancellation)
    {
        int[] some = Some([.. Enumerable.Range(0, records.Rows)]);
        NeighborLists lists = ExactNeighbors.SomeRows(records, some, 1, threads, cancellation);
        double[] distances = [.. Enumerable.Range(0, some.Length).Select(i => Math.Sqrt(lists.SquaredDistances(i)[0])).Order()];
        return (distances[(distances.Length - 1) / 2] + distances[distances.Length / 2]) / 2;
    }
}

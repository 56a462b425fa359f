namespace LeoCvae.Evaluation;

/// <summary>
/// Attacks on the training rows behind synthetic ones. Distances are Euclidean, of features standardized by the training rows; a category
/// that differs is as far as one standard deviation. Missing values are imputed by the training rows. Thread-safe.
/// </summary>
public static class RowAttacks
{
    // A share of so many rows of a class is off by .02.
    const int Most = 500;

    const int FewestHoldout = 2;

    /// <summary>Attacks a resampled table; of more than 500 rows of a class some are attacked, evenly spread.</summary>
    /// <param name="resampled">Training rows, then synthetic ones.</param>
    /// <param name="holdout">Real rows that nobody was trained on, with the same columns; classes and categories by name. Null where
    /// there are none.</param>
    /// <param name="maxDegreeOfParallelism">Threads; -1 uses all cores.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Null where no class with training rows has a synthetic row.</returns>
    /// <exception cref="ArgumentException">The columns differ, or a table has no labels.</exception>
    public static AttackScores? Measure(
        Table resampled, Table? holdout = null, int maxDegreeOfParallelism = -1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(resampled);
        resampled.RequireLabels(nameof(resampled));
        holdout?.RequireLabels(nameof(holdout));
        holdout = holdout is null ? null : SyntheticQuality.InTermsOf(resampled.Schema, holdout);
        int real = resampled.RealRows;
        if (real < 2 || real == resampled.RowCount)
            return null;
        Imputation imputation = Imputation.OfReal(resampled);
        (resampled, holdout) = (imputation.Complete(resampled), holdout is null ? null : imputation.Complete(holdout));
        TableEncoder encoder = TableEncoder.Fit(resampled, real);
        Matrix training = encoder.Encode(resampled, [.. Enumerable.Range(0, real)]);
        ReadOnlyMemory<double>[] keys = Keys(resampled, [.. Enumerable.Range(0, real)], encoder, training);
        Dictionary<ReadOnlyMemory<double>, int> alike = new(RowComparer.Instance);
        foreach (ReadOnlyMemory<double> key in keys)
            alike[key] = alike.GetValueOrDefault(key) + 1;
        Shares synthetic = new(), asMany = new(), others = new();
        Mean membership = new(), byMean = new(), alone = new();
        (int Records, double Rebuilt) lines = (int.MaxValue, double.NaN);
        for (int c = 0; c < resampled.Schema.Classes.Count; c++)
        {
            int[] records = [.. Rows(resampled, 0, real, c)], made = [.. Rows(resampled, real, resampled.RowCount, c)];
            if (records.Length == 0 || made.Length == 0)
                continue;
            int[] some = Some(records);
            double[] gaps = NearCopies.Distances(ExactNeighbors.SomeRows(training, some, 1, maxDegreeOfParallelism, cancellation),
                some.Length);
            Matrix attacked = encoder.Encode(resampled, some), rows = encoder.Encode(resampled, made);
            double[] nearest = Nearest(attacked, rows);
            bool[] isAlone = [.. some.Select(row => alike[keys[row]] == 1)];
            alone.Add(isAlone.Count(single => single) / (double)some.Length, records.Length);
            synthetic.Add(ComeBack(some, resampled, made, rows), isAlone, nearest, gaps, records.Length);
            int[] held = [.. Enumerable.Range(0, holdout?.RowCount ?? 0)
                .Where(row => holdout!.Label(row) == resampled.Schema.Classes[c])];
            if (held.Length > 0)
            {
                int[] compared = [.. NearCopies.Some(held.Length, Math.Min(held.Length, made.Length)).Select(i => held[i])];
                int[] asManyRows = [.. NearCopies.Some(made.Length, compared.Length).Select(i => made[i])];
                foreach ((Shares shares, Table table, int[] taken) in (ReadOnlySpan<(Shares, Table, int[])>)
                    [(asMany, resampled, asManyRows), (others, holdout!, compared)])
                {
                    Matrix x = encoder.Encode(table, taken);
                    shares.Add(ComeBack(some, table, taken, x), isAlone, Nearest(attacked, x), gaps, records.Length);
                }
            }
            if (held.Length >= FewestHoldout)
            {
                Matrix outside = encoder.Encode(holdout!, Some(held)), mean = MeanOf(training, records);
                membership.Add(Membership(nearest, Nearest(outside, rows)), records.Length);
                byMean.Add(Membership(Nearest(attacked, mean), Nearest(outside, mean)), records.Length);
            }
            if (records.Length < lines.Records)
                lines = (records.Length, encoder.Layout.Numbers.Length == 0 ? double.NaN
                    : LineAttack.Rebuilt(Numbers(some), encoder.Layout.Blocks.Count == 0 ? gaps : GapsOfNumbers(some), Numbers(made),
                        cancellation));
        }
        return lines.Records == int.MaxValue ? null : new()
        {
            Alone = alone.Value,
            Synthetic = synthetic.Means,
            AsManySynthetic = asMany.Means,
            Holdout = others.Means,
            MembershipAuc = membership.Value,
            MeanMembershipAuc = byMean.Value,
            LinesRebuilt = lines.Rebuilt,
        };

        double[] Nearest(Matrix rows, Matrix reference) =>
            NearCopies.Distances(ExactNeighbors.NewRows(rows, reference, 1, maxDegreeOfParallelism, cancellation), rows.Rows);

        bool[] ComeBack(int[] attacked, Table table, int[] rows, Matrix encoded)
        {
            HashSet<ReadOnlyMemory<double>> there = new(Keys(table, rows, encoder, encoded), RowComparer.Instance);
            return [.. attacked.Select(row => there.Contains(keys[row]))];
        }

        // Lines run through numbers, and are told by their last digits.
        double[][] Numbers(int[] rows) => [.. rows.Take(Math.Max(Most, LineAttack.MostRows))
            .Select(row => EncodedRows.Numbers(resampled.Row(row), encoder))];

        double[] GapsOfNumbers(int[] rows)
        {
            Matrix numbers = new(real, encoder.Layout.Numbers.Length);
            for (int i = 0; i < real; i++)
                training[i][..numbers.Columns].CopyTo(numbers.Row(i));
            return NearCopies.Distances(ExactNeighbors.SomeRows(numbers, rows, 1, maxDegreeOfParallelism, cancellation), rows.Length);
        }
    }

    /// <summary>What a model's file gives of its training rows; of more than 500 of them some are attacked.</summary>
    /// <param name="decoded">What its seeds decode to with all noise at 0.</param>
    /// <param name="training">The rows, in the order in which it was fitted on them.</param>
    /// <param name="cancellation">Stops it.</param>
    internal static DecodeScores Decode(DecodedSeeds decoded, Table training, CancellationToken cancellation)
    {
        TableEncoder encoder = TableEncoder.Fit(training);
        Matrix rows = encoder.Encode(training);
        Matrix seedRows = encoder.Encode(new(new(training.Schema.Columns, null, []), decoded.Rows, []));
        SeedBank seeds = decoded.Seeds;
        int[] some = [.. NearCopies.Some(training.RowCount, Most)], seedOf = new int[training.RowCount];
        for (int seed = 0; seed < seeds.Rows.Count; seed++)
            seedOf[seeds.Rows[seed]] = seed;
        Matrix[] means = [.. Enumerable.Range(0, training.Schema.Classes.Count)
            .Select(c => MeanOf(rows, [.. Rows(training, 0, training.RowCount, c)]))];
        double[] gaps = NearCopies.Distances(ExactNeighbors.SomeRows(rows, some, 1, 1, cancellation), some.Length);
        return new(Median(Own), Median(row => Apart(rows[row], means[training.Labels[row]][0])));

        double Own(int row)
        {
            if (seeds.Rows.Count > 0)
                return Apart(rows[row], seedRows[seedOf[row]]);
            int c = decoded.Schema.ClassIndex(training.Label(row));
            return Enumerable.Range(seeds.Starts[c], seeds.Starts[c + 1] - seeds.Starts[c]).Min(seed => Apart(rows[row], seedRows[seed]));
        }

        static double Apart(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => Math.Sqrt(Distance.Squared(a, b));

        double Median(Func<int, double> distance) => ClosestRows.Quantile(
            [.. some.Select((row, i) => (Row: row, Gap: gaps[i])).Where(at => at.Gap > 0).Select(at => distance(at.Row) / at.Gap)], 0.5);
    }

    // What rows are equal by: numbers as floats of features, -0 as 0, and all names, also such as share a level.
    static ReadOnlyMemory<double>[] Keys(Table table, int[] rows, TableEncoder encoder, Matrix encoded)
    {
        int[] names = [.. Enumerable.Range(0, table.Schema.Columns.Count).Where(j => table.Schema.Columns[j].Categories is not null)];
        int numbers = encoder.Layout.Numbers.Length, width = numbers + names.Length;
        double[] keys = new double[rows.Length * width];
        for (int i = 0; i < rows.Length; i++)
            for (int j = 0; j < width; j++)
                keys[i * width + j] = (j < numbers ? encoded[i][j] : table.Row(rows[i])[names[j - numbers]]) + 0.0;
        return [.. rows.Select((_, i) => new ReadOnlyMemory<double>(keys, i * width, width))];
    }

    static double Membership(double[] inside, double[] outside) => Ranking.Auc(
        [.. inside.Concat(outside).Select(distance => -distance)], [.. inside.Select(_ => true), .. outside.Select(_ => false)]);

    static Matrix MeanOf(Matrix rows, int[] records)
    {
        Matrix mean = new(1, rows.Columns);
        foreach (int row in records)
            for (int j = 0; j < rows.Columns; j++)
                mean.Row(0)[j] += rows[row][j] / records.Length;
        return mean;
    }

    static IEnumerable<int> Rows(Table table, int first, int end, int label) =>
        Enumerable.Range(first, end - first).Where(row => table.Labels[row] == label);

    static int[] Some(int[] rows) => [.. NearCopies.Some(rows.Length, Most).Select(i => rows[i])];

    // A mean over classes by their rows.
    sealed class Mean
    {
        double _sum, _weight;

        public double Value => _weight == 0 ? double.NaN : _sum / _weight;

        public void Add(double value, double weight) => (_sum, _weight) = (_sum + value * weight, _weight + weight);
    }

    sealed class Shares
    {
        readonly Mean _equal = new(), _tenth = new(), _half = new();

        public NearestRowShares Means => new(_equal.Value, _tenth.Value, _half.Value);

        public void Add(bool[] comeBack, bool[] isAlone, double[] nearest, double[] gaps, int rows)
        {
            int single = isAlone.Count(alone => alone);
            if (single > 0)
                _equal.Add(comeBack.Zip(isAlone).Count(row => row is (true, true)) / (double)single, (double)rows * single / gaps.Length);
            // A row that another one repeats has no ratio.
            int[] apart = [.. Enumerable.Range(0, gaps.Length).Where(i => gaps[i] > 0)];
            if (apart.Length == 0)
                return;
            double weight = (double)rows * apart.Length / gaps.Length;
            _tenth.Add(Within(0.1), weight);
            _half.Add(Within(0.5), weight);

            double Within(double share) => apart.Count(i => nearest[i] < share * gaps[i]) / (double)apart.Length;
        }
    }
}

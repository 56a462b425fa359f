namespace LeoCvae.Evaluation;

/// <summary>
/// What the baselines share: every class grows to the size of the largest, class by class, each row on a line between two rows of the
/// class.
/// </summary>
abstract class Baseline(string name) : IRowMaker
{
    const int MostNeighbors = 5;

    public string Name => name;

    public Table Resample(TrainingRows training, ulong seed, CancellationToken cancellation) =>
        Make(training, seed, doubles: false, cancellation).Resampled;

    public MadeRows Make(TrainingRows training, ulong seed, bool doubles, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(training);
        int[] counts = training.Table.ClassCounts();
        int largest = counts.Max();
        Table Grow(IEnumerable<int> rows) => Grown(training.Table, [.. rows], seed, cancellation);
        return new(Grow(counts.Select(count => largest - count)), doubles ? Grow(counts) : null, []);
    }

    // With so many more rows of each class.
    Table Grown(Table table, int[] more, ulong seed, CancellationToken cancellation)
    {
        int[] counts = table.ClassCounts();
        // As one has to set it for imbalanced-learn, which refuses classes of k rows or fewer.
        int k = Math.Clamp(counts.Min() - 1, 1, MostNeighbors), width = table.Schema.Columns.Count;
        List<(int Class, Segment[] Segments)> plan = [];
        Lazy<Matrix> space = new(() => ClassRows.SpaceOf(table));
        CounterRandom random = new(seed, RandomStream.Oversampling);
        for (int c = 0; c < counts.Length; c++)
            if (more[c] > 0)
                plan.Add((c, Draw(new(table, space, c, k, cancellation), more[c], random)));

        long added = plan.Sum(part => (long)part.Segments.Length);
        if (added * width > Array.MaxLength)
            throw Fault.Argument(nameof(table),
                $"{Name}: {added} synthetic rows x {width} columns are too large for memory, at most {Array.MaxLength / width} rows");
        double[] values = new double[added * width];
        int at = 0;
        foreach (Segment segment in plan.SelectMany(part => part.Segments))
        {
            ReadOnlySpan<double> from = table.Row(segment.From), to = table.Row(segment.To);
            for (int j = 0; j < width; j++)
                values[at++] = from[j] + segment.Step * (to[j] - from[j]);
        }
        int[] labels = [.. plan.SelectMany(part => Enumerable.Repeat(part.Class, part.Segments.Length))];
        return table.Append(new(table.Schema, values, labels, realRows: 0,
            [.. plan.SelectMany(part => part.Segments.Select(segment => segment.From))]));
    }

    /// <summary>The synthetic rows of a class.</summary>
    /// <param name="group">The class.</param>
    /// <param name="count">How many to make.</param>
    /// <param name="random">Random numbers of (class, number of the synthetic row).</param>
    protected abstract Segment[] Draw(ClassRows group, int count, CounterRandom random);

    /// <summary>Rows from any of the bases towards any of their neighbors, all pairs alike.</summary>
    protected static Segment[] DrawPairs(ClassRows group, int[] bases, int count, CounterRandom random)
    {
        if (group.Rows.Length == 1)
            return [.. Enumerable.Repeat(new Segment(group.Rows[0], group.Rows[0], 0), count)];
        NeighborLists neighbors = group.WithinClass(bases);
        Segment[] segments = new Segment[count];
        for (int i = 0; i < count; i++)
        {
            ulong row = CounterRandom.Row(group.Class, i);
            (int at, int neighbor) = Math.DivRem(Pick(random, row, bases.Length * neighbors.K), neighbors.K);
            segments[i] = new(bases[at], group.Rows[neighbors.Ids(at)[neighbor]], random.Uniform(row, 1));
        }
        return segments;
    }

    protected static int Pick(CounterRandom random, ulong row, int choices) => (int)((ulong)random.Word(row, 0) * (uint)choices >> 32);
}

/// <summary>A synthetic row: row From, a step of 0 up to 1 towards row To.</summary>
readonly record struct Segment(int From, int To, double Step);

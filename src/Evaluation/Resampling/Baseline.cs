namespace LeoCvae.Evaluation;

/// <summary>
/// What the baselines share: every class grows to the size of the largest, class by class, each row on a line between two rows of the
/// class. Missing values are imputed.
/// </summary>
abstract class Baseline(string name) : IRowMaker
{
    const int MostNeighbors = 5;

    public string Name => name;

    public virtual bool TakesCategories => false;

    public Table Resample(TrainingRows training, ulong seed, CancellationToken cancellation) =>
        Make(training, seed, doubles: false, cancellation).Resampled;

    public MadeRows Make(TrainingRows training, ulong seed, bool doubles, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (!TakesCategories && training.Table.Schema.Columns.FirstOrDefault(column => column.Categories is not null) is { } column)
            throw Fault.Argument(nameof(training), $"method '{Name}': got categories in column '{column.Name}', expected numbers only");
        Table table = Rows(training);
        int[] counts = table.ClassCounts();
        int largest = counts.Max();
        Table Grow(IEnumerable<int> rows) => Grown(table, [.. rows], seed, cancellation);
        return new(Grow(counts.Select(count => largest - count)), doubles ? Grow(counts) : null, []);
    }

    // With so many more rows of each class.
    Table Grown(Table table, int[] more, ulong seed, CancellationToken cancellation)
    {
        int[] counts = table.ClassCounts();
        // As one has to set it for imbalanced-learn, which refuses classes of k rows or fewer.
        int k = Math.Clamp(counts.Min() - 1, 1, MostNeighbors), width = table.Schema.Columns.Count;
        List<(ClassRows Group, Segment[] Segments)> plan = [];
        Lazy<Matrix> space = new(() => ClassRows.SpaceOf(table));
        NominalSpace? nominal = NominalSpace.Of(table);
        CounterRandom random = new(seed, RandomStream.Oversampling);
        for (int c = 0; c < counts.Length; c++)
            if (more[c] > 0)
            {
                ClassRows group = new(table, space, nominal, c, k, cancellation);
                plan.Add((group, Draw(group, more[c], random)));
            }

        long added = plan.Sum(part => (long)part.Segments.Length);
        if (added * width > Array.MaxLength)
            throw Fault.Argument(nameof(table),
                $"{Name}: {added} synthetic rows x {width} columns are too large for memory, at most {Array.MaxLength / width} rows");
        double[] values = new double[added * width];
        int at = 0;
        foreach ((ClassRows group, Segment[] segments) in plan)
            for (int i = 0; i < segments.Length; i++, at += width)
                Write(table, group, segments[i], i, random, values.AsSpan(at, width));
        int[] labels = [.. plan.SelectMany(part => Enumerable.Repeat(part.Group.Class, part.Segments.Length))];
        return table.Append(new(table.Schema, values, labels, realRows: 0,
            [.. plan.SelectMany(part => part.Segments.Select(segment => segment.From))]));
    }

    void Write(Table table, ClassRows group, Segment segment, int number, CounterRandom random, Span<double> row)
    {
        ReadOnlySpan<double> from = table.Row(segment.From), to = table.Row(segment.To);
        for (int j = 0; j < row.Length; j++)
            row[j] = from[j] + segment.Step * (to[j] - from[j]);
        foreach (int j in group.Nominal?.Columns ?? [])
            row[j] = Category(group, segment, from[j], number, j, random);
    }

    /// <summary>The rows to resample.</summary>
    protected virtual Table Rows(TrainingRows training) => training.Table;

    /// <summary>The category of a synthetic row in a column where the row that it starts from has another one, or the same.</summary>
    protected virtual double Category(ClassRows group, Segment segment, double own, int number, int column, CounterRandom random) => own;

    /// <summary>The synthetic rows of a class.</summary>
    /// <param name="group">The class.</param>
    /// <param name="count">How many to make.</param>
    /// <param name="random">Random numbers of (class, number of the synthetic row).</param>
    protected abstract Segment[] Draw(ClassRows group, int count, CounterRandom random);

    /// <summary>Any rows of the class, all alike.</summary>
    protected static Segment[] DrawCopies(ClassRows group, int count, CounterRandom random)
    {
        Segment[] copies = new Segment[count];
        for (int i = 0; i < count; i++)
        {
            int row = group.Rows[Pick(random, CounterRandom.Row(group.Class, i), group.Rows.Length)];
            copies[i] = new(row, row, 0);
        }
        return copies;
    }

    /// <summary>Rows from any of the bases towards any of their neighbors, all pairs alike.</summary>
    protected static Segment[] DrawPairs(ClassRows group, int[] bases, int count, CounterRandom random)
    {
        if (group.Rows.Length == 1)
            return [.. Enumerable.Repeat(new Segment(group.Rows[0], group.Rows[0], 0), count)];
        NeighborLists neighbors = bases == group.Rows ? group.WithinClass() : group.WithinClass(bases);
        Segment[] segments = new Segment[count];
        for (int i = 0; i < count; i++)
        {
            ulong row = CounterRandom.Row(group.Class, i);
            (int at, int neighbor) = Math.DivRem(Pick(random, row, bases.Length * neighbors.K), neighbors.K);
            segments[i] = new(bases[at], group.Rows[neighbors.Ids(at)[neighbor]], random.Uniform(row, 1));
        }
        return segments;
    }

    protected static int Pick(CounterRandom random, ulong row, int choices, int draw = 0) =>
        (int)((ulong)random.Word(row, draw) * (uint)choices >> 32);
}

/// <summary>A synthetic row: row From, a step of 0 up to 1 towards row To.</summary>
readonly record struct Segment(int From, int To, double Step);

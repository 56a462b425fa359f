namespace LeoCvae;

public sealed partial class LeoModel
{
    /// <summary>The default seed of all random numbers.</summary>
    public const ulong DefaultSeed = 42;

    /// <summary>Generates rows, in the order of the model's classes, then by number within the class.</summary>
    /// <param name="counts">Rows of each class by name; a class that is not named gets none.</param>
    /// <param name="seed">Seed of the random numbers; the same seed gives the same rows, and more rows of a class begin with the same ones.</param>
    /// <param name="progress">Receives the number of rows done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="ArgumentException">A class is unknown, a count is negative, or the table would be too large for memory.</exception>
    public Table Generate(IReadOnlyDictionary<string, int> counts, ulong seed = DefaultSeed, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(counts);
        int[] perClass = new int[Schema.Classes.Count];
        foreach ((string name, int count) in counts)
            perClass[Schema.ClassIndex(name)] = SamplingStrategy.CheckCount(name, count);
        return Generate(perClass, seed, progress, cancellation);
    }

    /// <summary>
    /// Resamples a table: its rows as the real ones, then as many synthetic rows as the strategy gives each class. Where the table is the one that
    /// the model was fitted on, synthetic rows carry the reconstruction residuals of its rows (unless the model was fitted without): they then
    /// have the spread of real rows, which those of <see cref="Generate(IReadOnlyDictionary{string, int}, ulong, IProgress{long}?, CancellationToken)"/> lack.
    /// </summary>
    /// <param name="table">The real rows, with the model's columns; its classes must be known to the model.</param>
    /// <param name="strategy">How many rows each class gets; null is <see cref="SamplingStrategy.Auto"/>.</param>
    /// <param name="maxRows">The most rows that <see cref="SamplingStrategy.Auto"/> may add; null is ten times the real rows.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <param name="progress">Receives the number of synthetic rows done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="ArgumentException">The table doesn't fit the model, or the strategy doesn't fit the table.</exception>
    public Table Oversample(Table table, SamplingStrategy? strategy = null, long? maxRows = null, ulong seed = DefaultSeed, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        RequireAlive();
        RequireSameColumns(table, withLabels: true);
        SamplingPlan plan = (strategy ?? SamplingStrategy.Auto).Plan(table, maxRows);
        // The table's classes may come in another order than the model's; the synthetic rows follow the table's.
        // A class that has no rows and gets none need not be known to the model.
        int[] counts = table.ClassCounts();
        int[] used = [.. Enumerable.Range(0, counts.Length).Where(c => counts[c] > 0 || plan.RowsToAdd[c] > 0)];
        int[] modelClass = [.. used.Select(c => Schema.ClassIndex(table.Schema.Classes[c]))];
        int[] perClass = new int[Schema.Classes.Count];
        for (int i = 0; i < used.Length; i++)
            perClass[modelClass[i]] = plan.RowsToAdd[used[i]];
        SeedResiduals? residuals = Manifest.ResidualScale > 0 && WasFittedOn(table) ? new(Manifest, table, DecodeMeans(), perClass, _options.MaxDegreeOfParallelism, cancellation) : null;
        return table.Append(Generate(perClass, seed, progress, cancellation, modelClass, residuals));
    }

    /// <summary>Splits a number of rows equally over the classes; the remainder goes to the rarer classes.</summary>
    public IReadOnlyDictionary<string, int> SplitEqually(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        int classes = Schema.Classes.Count;
        int[] rarestFirst = [.. Enumerable.Range(0, classes).OrderBy(c => Manifest.Provenance.ClassCounts[c])];
        return rarestFirst.Select((c, rank) => (c, rank)).ToDictionary(x => Schema.Classes[x.c], x => rows / classes + (x.rank < rows % classes ? 1 : 0));
    }

    /// <summary>Splits a number of rows over the classes as the training table had them (largest remainders).</summary>
    public IReadOnlyDictionary<string, int> SplitLikeTraining(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        long total = Manifest.Provenance.ClassCounts.Sum(count => (long)count);
        (int Class, int Rows, long Remainder)[] shares = [.. Manifest.Provenance.ClassCounts.Select((count, c) => (c, (int)((long)rows * count / total), (long)rows * count % total))];
        int left = rows - shares.Sum(share => share.Rows);
        return shares.OrderByDescending(share => share.Remainder).Select((share, rank) => (share, rank)).ToDictionary(x => Schema.Classes[x.share.Class], x => x.share.Rows + (x.rank < left ? 1 : 0));
    }

    Table Generate(int[] perClass, ulong seed, IProgress<long>? progress, CancellationToken cancellation, int[]? order = null, SeedResiduals? residuals = null)
    {
        RequireAlive();
        int width = Schema.Columns.Count;
        long total = perClass.Sum(count => (long)count);
        if (total * width > Array.MaxLength)
            throw new ArgumentException($"got {total} rows x {width} columns, expected at most {Array.MaxLength / width} rows at a time");
        double[] values = new double[total * width];
        int[] labels = new int[total], sourceRows = new int[total];
        List<(int Class, int First, int Offset, int Count)> batches = [];
        int offset = 0;
        foreach (int c in order ?? [.. Enumerable.Range(0, perClass.Length)])
        {
            labels.AsSpan(offset, perClass[c]).Fill(c);
            for (int first = 0; first < perClass[c]; first += _generator.BatchRows)
                batches.Add((c, first, offset + first, Math.Min(_generator.BatchRows, perClass[c] - first)));
            offset += perClass[c];
        }

        long done = 0;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = _options.MaxDegreeOfParallelism, CancellationToken = cancellation };
        Parallel.ForEach(batches, parallel, batch =>
        {
            Span<double> rows = values.AsSpan(batch.Offset * width, batch.Count * width);
            Span<int> sources = sourceRows.AsSpan(batch.Offset, batch.Count);
            _generator.Fill(seed, batch.Class, batch.First, rows, sources);
            residuals?.Add(seed, batch.Class, batch.First, sources, rows);
            progress?.Report(Interlocked.Add(ref done, batch.Count));
        });
        return new(Schema, values, labels, realRows: 0, sourceRows);
    }

    /// <summary>How many rows of the training table come back exactly from their own seeds, without noise.</summary>
    internal int CountReturnedRows(Table training)
    {
        int width = Schema.Columns.Count;
        double[] decoded = DecodeMeans();
        return Manifest.Seeds.Rows.Where((row, seed) => training.Row(row).SequenceEqual(decoded.AsSpan(seed * width, width))).Count();
    }

    /// <summary>What the seeds decode to without noise, in their order: n x d.</summary>
    internal double[] DecodeMeans()
    {
        (int width, int seeds) = (Schema.Columns.Count, Manifest.Seeds.Rows.Count);
        double[] decoded = new double[(long)seeds * width];
        for (int first = 0; first < seeds; first += _generator.BatchRows)
            _generator.DecodeMeans(first, decoded.AsSpan(first * width, Math.Min(_generator.BatchRows, seeds - first) * width));
        return decoded;
    }
}

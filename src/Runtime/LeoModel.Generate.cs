using System.Buffers;
using System.Runtime.ExceptionServices;

namespace LeoCvae;

public sealed partial class LeoModel
{
    /// <summary>The default seed of all random numbers.</summary>
    public const ulong DefaultSeed = 42;

    /// <summary>Generates rows, in the order of the model's classes, then by number within the class.</summary>
    /// <param name="counts">Rows of each class by name; a class that is not named gets none.</param>
    /// <param name="seed">Seed of the random numbers; the same seed gives the same rows, and more rows of a class begin with the same
    /// ones.</param>
    /// <param name="weights">What rows start from: by default they are for adding to real ones.</param>
    /// <param name="progress">Receives the number of rows done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="ArgumentException">A class is unknown, a count is negative, or the table would be too large for memory.</exception>
    public Table Generate(IReadOnlyDictionary<string, int> counts, ulong seed = DefaultSeed, SeedWeights weights = SeedWeights.Entropy,
        IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        using Lifetime.Use use = _lifetime.Enter();
        return Generate([.. PerClass(counts).Select((count, c) => new RowRange(c, 0, count))], seed, weights, progress, cancellation);
    }

    /// <summary>
    /// Resamples a table: its rows as the real ones, then as many synthetic rows as the strategy gives each class: the first ones that
    /// <see cref="Generate(IReadOnlyDictionary{string, int}, ulong, SeedWeights, IProgress{long}?, CancellationToken)"/>
    /// makes of the class.
    /// </summary>
    /// <param name="table">The real rows, with the model's columns; its classes must be known to the model.</param>
    /// <param name="strategy">How many rows each class gets; null is <see cref="SamplingStrategy.Auto"/>.</param>
    /// <param name="maxRows">The most rows that <see cref="SamplingStrategy.Auto"/> may add; null is ten times the real rows.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <param name="progress">Receives the number of synthetic rows done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="ArgumentException">The table doesn't fit the model, or the strategy doesn't fit the table.</exception>
    public Table Oversample(Table table, SamplingStrategy? strategy = null, long? maxRows = null, ulong seed = DefaultSeed,
        IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        using Lifetime.Use use = _lifetime.Enter();
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
        return table.Append(Generate([.. modelClass.Select(c => new RowRange(c, 0, perClass[c]))], seed, SeedWeights.Entropy, progress,
            cancellation));
    }

    /// <summary>Splits a number of rows equally over the classes; the remainder goes to the rarer classes.</summary>
    public IReadOnlyDictionary<string, int> SplitEqually(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        int classes = Schema.Classes.Count;
        int[] rarestFirst = [.. Enumerable.Range(0, classes).OrderBy(c => Manifest.Provenance.ClassCounts[c])];
        return rarestFirst.Select((c, rank) => (c, rank))
            .ToDictionary(x => Schema.Classes[x.c], x => rows / classes + (x.rank < rows % classes ? 1 : 0));
    }

    /// <summary>Splits a number of rows over the classes as the training table had them (largest remainders).</summary>
    public IReadOnlyDictionary<string, int> SplitLikeTraining(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        long total = Manifest.Provenance.ClassCounts.Sum(count => (long)count);
        (int Class, int Rows,
            long Remainder)[] shares = [.. Manifest.Provenance.ClassCounts.Select((count, c) =>
            (c, (int)((long)rows * count / total), (long)rows * count % total))];
        int left = rows - shares.Sum(share => share.Rows);
        return shares.OrderByDescending(share => share.Remainder).Select((share, rank) => (share, rank))
            .ToDictionary(x => Schema.Classes[x.share.Class], x => x.share.Rows + (x.rank < left ? 1 : 0));
    }

    /// <summary>Generates some rows of a class: the same ones as any other call that asks for them, whatever its range. Allocates nothing
    /// once a thread has called it (on the CPU).</summary>
    /// <param name="classIndex">The class, an index into <see cref="TableSchema.Classes"/> of <see cref="Schema"/>.</param>
    /// <param name="first">Number of the first row within the class, from 0; first + count is at most 2^40.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="rows">Receives them: count x d values, row by row, in original units.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <param name="weights">What rows start from.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="ArgumentException">The class, the range or the span's length is at fault.</exception>
    /// <exception cref="InvalidDataException">The model's weights overflow.</exception>
    /// <example><code>
    /// double[] rows = new double[1000 * model.Schema.Columns.Count];
    /// model.Generate(model.Schema.ClassIndex("malignant"), first: 5000, count: 1000, rows);   // rows 5000 to 5999 of the class
    /// </code></example>
    public void Generate(int classIndex, long first, int count, Span<double> rows, ulong seed = DefaultSeed,
        SeedWeights weights = SeedWeights.Entropy, CancellationToken cancellation = default)
    {
        using Lifetime.Use use = _lifetime.Enter();
        int width = Schema.Columns.Count;
        if ((uint)classIndex >= (uint)Schema.Classes.Count)
            throw new ArgumentOutOfRangeException(nameof(classIndex), classIndex,
                $"expected 0 to {Schema.Classes.Count - 1}, an index into the model's classes");
        if (first < 0 || count < 0 || first > LastRow - count)
            throw new ArgumentOutOfRangeException(nameof(first), first,
                $"got rows {first} up to {first} + {count}, expected them within 0 to 2^40");
        if (rows.Length != (long)count * width)
            throw Fault.Argument(nameof(rows), $"got room for {rows.Length} values, expected {count} rows x {width} columns");
        using Instruments.Call call = Instruments.Generate();
        int[] sources = ArrayPool<int>.Shared.Rent(Math.Min(count, _generator.BatchRows));
        for (int done = 0; done < count;)
        {
            cancellation.ThrowIfCancellationRequested();
            // Up to where a whole batch ends, so that the next ones begin there.
            int some = (int)Math.Min(count - done, _generator.BatchRows - (first + done) % _generator.BatchRows);
            _generator.Fill(weights, seed, classIndex, first + done, rows.Slice(done * width, some * width), sources.AsSpan(0, some));
            RequireFinite(rows.Slice(done * width, some * width));
            done += some;
        }
        ArrayPool<int>.Shared.Return(sources);
        call.Done(count);
    }

    /// <summary>
    /// The rows of
    /// <see cref="Generate(IReadOnlyDictionary{string, int}, ulong, SeedWeights, IProgress{long}?, CancellationToken)"/>,
    /// in their order, a table at a time: memory stays the same however many they are. At least one table comes, an empty one where no
    /// rows are asked for.
    /// </summary>
    /// <param name="counts">Rows of each class by name; a class that is not named gets none.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <param name="weights">What rows start from.</param>
    /// <param name="firstRow">The first row wanted, from 0: the same ones come whatever the range.</param>
    /// <param name="rowCount">How many; null: all from there on.</param>
    /// <param name="progress">Receives the number of rows done.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <exception cref="ArgumentException">A class is unknown, a count is negative, or there are no such rows.</exception>
    /// <example>Process 3 of 64 (see <see cref="Shard"/>) makes its part of the rows:<code>
    /// (long first, long count) = new Shard(3, 64).Of(counts.Values.Sum(rows => (long)rows));
    /// TableFile.Write(model.GenerateBatches(counts, firstRow: first, rowCount: count), "rows-3.csv");
    /// </code></example>
    public IEnumerable<Table> GenerateBatches(IReadOnlyDictionary<string, int> counts, ulong seed = DefaultSeed,
        SeedWeights weights = SeedWeights.Entropy, long firstRow = 0, long? rowCount = null, IProgress<long>? progress = null,
        CancellationToken cancellation = default)
    {
        using Lifetime.Use use = _lifetime.Enter();
        int[] perClass = PerClass(counts);
        long rows = perClass.Sum(count => (long)count), wanted = rowCount ?? rows - firstRow;
        if (firstRow < 0 || wanted < 0 || firstRow > rows - wanted)
            throw Fault.Argument(nameof(firstRow), $"got {wanted} rows from row {firstRow} on, expected them within {rows} rows");
        return Tables(perClass, firstRow, wanted, seed, weights, progress, cancellation);
    }

    const long LastRow = 1L << 40;

    // As many rows as keep every core busy, and no more than some tens of megabytes.
    const int BatchesOfTable = 32;

    IEnumerable<Table> Tables(int[] perClass, long firstRow, long rowCount, ulong seed, SeedWeights weights, IProgress<long>? progress,
        CancellationToken cancellation)
    {
        int most = BatchesOfTable * _generator.BatchRows;
        if (rowCount == 0)
            yield return new(Schema, [], [], realRows: 0, []) { FirstRow = firstRow };
        // Row numbers of the class's first row, and within the class.
        long start = 0, row = firstRow, end = firstRow + rowCount;
        for (int c = 0; c < perClass.Length; start += perClass[c++])
            while (row < Math.Min(end, start + perClass[c]))
            {
                // Whole batches, but for the first.
                long first = row - start, some = Math.Min(most - (first % _generator.BatchRows), Math.Min(end, start + perClass[c]) - row);
                Table table;
                using (_lifetime.Enter())
                    table = Generate([new(c, first, (int)some)], seed, weights, progress: null, cancellation).At(row);
                row += some;
                progress?.Report(row - firstRow);
                yield return table;
            }
    }

    /// <summary>What the seeds give with all noise at 0, in their order: n x d.</summary>
    internal double[] DecodeSeeds() => _generator.DecodeMeans(Schema.Columns.Count);

    int[] PerClass(IReadOnlyDictionary<string, int> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        int[] perClass = new int[Schema.Classes.Count];
        foreach ((string name, int count) in counts)
            perClass[Schema.ClassIndex(name)] = SamplingStrategy.CheckCount(name, count);
        return perClass;
    }

    // Rows of a class.
    readonly record struct RowRange(int Class, long First, int Count);

    Table Generate(IReadOnlyList<RowRange> ranges, ulong seed, SeedWeights weights, IProgress<long>? progress,
        CancellationToken cancellation)
    {
        using Instruments.Call call = Instruments.Generate();
        int width = Schema.Columns.Count;
        long total = ranges.Sum(range => (long)range.Count);
        if (total * width > Array.MaxLength)
            throw Fault.Argument("counts",
                $"got {total} rows x {width} columns, expected at most {Array.MaxLength / width} rows at a time");
        double[] values = new double[total * width];
        int[] labels = new int[total], sourceRows = new int[total];
        List<(int Class, long First, int Offset, int Count)> batches = [];
        int offset = 0;
        foreach (RowRange range in ranges)
        {
            labels.AsSpan(offset, range.Count).Fill(range.Class);
            // Up to where a whole batch ends, so that the next ones begin there.
            for (int done = 0, some; done < range.Count; done += some)
            {
                some = (int)Math.Min(_generator.BatchRows - ((range.First + done) % _generator.BatchRows), range.Count - done);
                batches.Add((range.Class, range.First + done, offset + done, some));
            }
            offset += range.Count;
        }

        long finished = 0;
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = _options.MaxDegreeOfParallelism, CancellationToken = cancellation };
        try
        {
            Parallel.ForEach(batches, parallel, batch =>
            {
                _generator.Fill(weights, seed, batch.Class, batch.First, values.AsSpan(batch.Offset * width, batch.Count * width),
                    sourceRows.AsSpan(batch.Offset, batch.Count));
                progress?.Report(Interlocked.Add(ref finished, batch.Count));
            });
        }
        catch (AggregateException e) when (e.InnerException is InvalidDataException damaged)
        {
            ExceptionDispatchInfo.Throw(damaged);
        }
        RequireFinite(values);
        call.Done(total);
        return new(Schema, values, labels, realRows: 0, sourceRows);
    }

    // Weights are finite, what comes of them need not be.
    void RequireFinite(ReadOnlySpan<double> rows)
    {
        // Much faster than the search for its place.
        if (VectorMath.AreFinite(rows))
            return;
        int width = Schema.Columns.Count;
        for (int at = 0, bad; (bad = rows[at..].IndexOfAnyExceptInRange(-double.MaxValue, double.MaxValue)) >= 0; at = bad + 1)
        {
            bad += at;
            if (double.IsNaN(rows[bad]) && Schema.Columns[bad % width].HasMissing)
                continue;
            throw new InvalidDataException($"the model's network overflows: got no finite number for column " +
                $"'{Schema.Columns[bad % width].Name}'; its weights can't be those of a fit");
        }
    }

    // CUDA where it can be had; a damaged model is damaged on the CPU, too.
    (RuntimeOptions, IGeneratorNetwork, string? Fallback) OpenAnywhere(RuntimeOptions options)
    {
        RuntimeOptions onCpu = options with { Device = RuntimeOptions.Cpu }, onCuda = options with { Device = RuntimeOptions.Cuda };
        if (!OnnxRuntimeSupport.IsEnabled)
            return (onCpu, OpenGenerator(onCpu), "no CUDA: the application was built without ONNX Runtime");
        try
        {
            return (onCuda, OpenGenerator(onCuda), null);
        }
        catch (Exception e) when (e is DllNotFoundException or InvalidDataException)
        {
            return (onCpu, OpenGenerator(onCpu), e.Message);
        }
    }

    IGeneratorNetwork OpenGenerator(RuntimeOptions options)
    {
        byte[] onnx = _package.Content(ModelFormat.Generator)!;
        if (!OnnxRuntimeSupport.IsEnabled || options.Evaluator == Evaluator.Managed)
            return new ManagedGeneratorNetwork(onnx, Schema.Columns, Manifest.LatentSize, Manifest.Constraints);
        LevelFile.Read(new(ModelFormat.Generator, onnx), Schema.Columns, Schema.Classes.Count);
        return new OnnxGeneratorNetwork(onnx, Schema.Columns.Count, Manifest.LatentSize, Manifest.Sampling,
                Schema.Columns.Count(FeatureLayout.IsNumber), options);
    }
}

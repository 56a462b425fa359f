using System.Globalization;

namespace LeoCvae;

/// <summary>How an <see cref="EntropyIndex"/> is built. Immutable.</summary>
public sealed record EntropyIndexOptions
{
    /// <summary>The most neighbors, k, that can be asked for later: 1 or more, by default 15; at most the number of other rows.</summary>
    public int Neighbors { get; init; } = LocalEntropy.DefaultNeighbors;

    /// <summary>What the rows come from, to be read again as <see cref="EntropyIndex.Source"/>: a file's hash, say.</summary>
    public string? Source { get; init; }

    /// <summary>Threads; -1 uses all cores. The file doesn't depend on it.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    internal void Validate() => ArgumentOutOfRangeException.ThrowIfLessThan(Neighbors, 1);
}

/// <summary>
/// Labeled rows of a table that may be larger than memory, in a file, to score rows against them: the Local Entropy Score and the class
/// frequencies among a row's k nearest indexed rows, as <see cref="LocalEntropy"/> has them. Thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// The rows lie in some 2 sqrt(n) lists, each row in that of the nearest center (k-means on a sample; an inverted file without
/// compression). A row is compared with all rows of the lists whose centers are nearest to it: of so many that on 1,000 sampled rows .993
/// of all neighbors were found, which is measured when the index is built. Data without structure need most lists, and the time of an exact
/// search.
/// </para>
/// <para>
/// Features are standardized by all rows, to the bit as in <see cref="LocalEntropy.Score(Table, int, NeighborSearch, int,
/// IProgress{double}?, CancellationToken)"/>. The file takes 4 bytes a feature and 8 a row. Building it reads the rows once, keeps them
/// beside the file while it lasts (8 bytes a cell), and takes 4 bytes a row and about 1 GB of memory; scoring holds a few lists.
/// </para>
/// </remarks>
/// <example><code>
/// TableSchema schema = TableFile.ReadSchema("rows.csv", target: "label");
/// using (TableBatches rows = TableFile.ReadBatches("rows.csv", new() { Like = schema }))
///     EntropyIndex.Build("reference.knn", schema, rows.Read().Select(batch => batch.Table));
/// using EntropyIndex index = EntropyIndex.Open("reference.knn");
/// using TableBatches again = TableFile.ReadBatches("rows.csv", new() { Like = schema });
/// foreach (TableBatch batch in again.Read())
///     Console.WriteLine(index.Score(batch.Table, areIndexed: true).Bits[0]);
/// </code></example>
public sealed class EntropyIndex : IDisposable
{
    // Rows of a batch that are checked: as many as cost little, or a small share of its work.
    const int FewestChecked = 16, MostChecked = 500, CheckedShare = 16;
    const double LittleWork = 1e9;

    // Below it a batch is compared with more lists: its rows lie where the indexed ones don't.
    const double LeastRecall = 0.95;

    // The squares of larger features overflow a float.
    const float LargestFeature = 1e15f;
    const int WorstShown = 5;

    readonly IndexFile _file;

    EntropyIndex(IndexFile file) => (_file, Schema) = (file, file.Head.ToSchema());

    /// <summary>The columns and classes of the indexed rows.</summary>
    public TableSchema Schema { get; }

    /// <summary>How many rows were indexed.</summary>
    public long RowCount => _file.Head.Rows;

    /// <summary>The most neighbors that can be asked for, k.</summary>
    public int Neighbors => _file.Head.Neighbors;

    /// <summary>What the rows come from, as <see cref="EntropyIndexOptions.Source"/> said; null where it didn't.</summary>
    public string? Source => _file.Head.Source;

    /// <summary>In how many lists the rows are.</summary>
    public int Lists => _file.Count;

    /// <summary>With how many lists a row is compared.</summary>
    public int Probes => _file.Head.Probes;

    /// <summary>The share of its neighbors that an indexed row finds, as measured when the index was built.</summary>
    public double Recall => _file.Head.Recall;

    /// <summary>SHA-256 of all that scores depend on, in lower-case hexadecimal digits.</summary>
    public string Sha256 => _file.Sha256;

    /// <summary>Builds an index.</summary>
    /// <param name="path">Where the file goes; it appears whole or not at all.</param>
    /// <param name="schema">Columns, label column and classes of the rows.</param>
    /// <param name="batches">The rows, read once; the order counts.</param>
    /// <param name="options">k, threads; null: the defaults.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <param name="progress">Receives the share that is done, roughly, once the rows are read.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentException">Rows don't fit the schema or have no labels, there are fewer than two, or more than
    /// 2,147,483,647.</exception>
    /// <exception cref="IOException">The place is taken or can't be written.</exception>
    public static void Build(string path, TableSchema schema, IEnumerable<Table> batches, EntropyIndexOptions? options = null,
        bool overwrite = false, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(batches);
        options ??= new();
        options.Validate();
        AtomicFile.RequireFree(path, overwrite);
        EncoderFit fit = new(schema.Columns);
        using IndexRows rows = new(path, schema.Columns.Count);
        rows.Keep(batches.Select(table =>
        {
            table.RequireLabels(nameof(batches));
            Table recoded = table.As(schema, withLabels: true, nameof(batches),
                string.Create(CultureInfo.InvariantCulture, $"rows from {table.FirstRow} on: "));
            for (int row = 0; row < recoded.RowCount; row++)
                fit.Count(recoded.Row(row));
            return recoded;
        }), schema, cancellation);
        LocalEntropy.RequireTwoRows(rows.Rows);
        TableEncoder encoder = Fit(fit, rows, cancellation);
        IndexBuilder builder = new(rows, Math.Min(options.Neighbors, rows.Rows - 1), options.MaxDegreeOfParallelism, progress,
            cancellation);
        AtomicFile.Write(path, overwrite, stream => builder.Write(stream, schema, encoder, options.Source), cancellation);
    }

    /// <summary>Opens an index; its rows are read as they are needed.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no index, or damaged.</exception>
    public static EntropyIndex Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new(IndexFile.Open(path));
    }

    /// <summary>Scores rows against the indexed ones.</summary>
    /// <param name="table">Rows with the index's feature columns; labels, if there are any, are not looked at.</param>
    /// <param name="neighbors">k, 1 to <see cref="Neighbors"/>; null is that.</param>
    /// <param name="areIndexed">Whether the rows are indexed ones, read again from the same file, of which none is its own neighbor: each
    /// is known by its number in the file. Otherwise a row that was indexed finds itself.</param>
    /// <param name="maxDegreeOfParallelism">Threads; -1 uses all cores. The scores don't depend on it.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <returns>The scores, and as <see cref="EntropyScores.Search"/> the recall measured on some of these rows; where the rows are unlike
    /// the indexed ones, so that it is below .95, they are compared with four times as many lists, and so on up to all.</returns>
    /// <exception cref="ArgumentException">The columns are others, k is out of range, or a value lies too far from the indexed
    /// rows.</exception>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public EntropyScores Score(Table table, int? neighbors = null, bool areIndexed = false, int maxDegreeOfParallelism = -1,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (neighbors is int asked && (asked < 1 || asked > Neighbors))
            throw Fault.Argument(nameof(neighbors), $"got {asked} neighbors, expected 1 to {Neighbors}, for which the index was built");
        table = table.As(Schema, withLabels: false, nameof(table));
        Matrix queries = _file.Encoder.EncodeWithin(table, LargestFeature);
        ListSearch search = new(_file, neighbors ?? Neighbors);
        Func<int, long>? own = areIndexed ? row => table.FirstRow + row : null;
        for (int probes = Probes; ; probes = (int)Math.Min(Lists, 4L * probes))
        {
            NearestFound found = search.Search(queries, _file.Centers, probes, own, maxDegreeOfParallelism, cancellation);
            if (probes == Lists)
                return Scores(table.RowCount, found, new()
                {
                    Used = NeighborSearch.Exact,
                    Note = probes == Probes ? null : "rows are so unlike the indexed ones that they were compared with all of them",
                });
            MeasuredRecall recall = Check(search, queries, found, probes, own, maxDegreeOfParallelism, cancellation);
            if (recall.Mean >= LeastRecall)
                return Scores(table.RowCount, found, new()
                {
                    Used = NeighborSearch.Lists,
                    Recall = recall.Mean,
                    CheckedRows = recall.Rows.Length,
                    WorstRows = recall.Worst(WorstShown),
                });
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    static TableEncoder Fit(EncoderFit fit, IndexRows rows, CancellationToken cancellation)
    {
        fit.EndCounts();
        for (int pass = 0; pass < 2; pass++)
            for (int block = 0; block < rows.Count; block++)
            {
                cancellation.ThrowIfCancellationRequested();
                (int first, int count) = rows.Block(block);
                using IndexRows.Cells cells = rows.Take(first, count);
                for (int row = 0; row < count; row++)
                    if (pass == 0)
                        fit.AddToMean(cells[row]);
                    else
                        fit.AddToScale(cells[row]);
            }
        return fit.ToEncoder();
    }

    MeasuredRecall Check(ListSearch search, Matrix queries, NearestFound found, int probes, Func<int, long>? own, int threads,
        CancellationToken cancellation)
    {
        int count = (int)Math.Clamp(Math.Max(LittleWork / RowCount / queries.Columns,
            (double)queries.Rows * probes / Lists / CheckedShare), FewestChecked, MostChecked);
        int[] rows = RecallGate.Choose(queries.Rows, count, new(0, RandomStream.RecallSample));
        NearestFound exact = search.SearchAll(queries.Chosen(rows), own is null ? null : i => own(rows[i]), threads, cancellation);
        return new(rows, [.. rows.Select((row, i) => RecallGate.Right(found.SquaredDistances(row), exact.SquaredDistances(i)))]);
    }

    EntropyScores Scores(int rows, NearestFound found, SearchReport report)
    {
        int classes = Schema.Classes.Count;
        double[] bits = new double[rows], frequencies = new double[(long)rows * classes];
        int[] labels = new int[found.K];
        for (int row = 0; row < rows; row++)
        {
            for (int i = 0; i < labels.Length; i++)
                labels[i] = (int)(uint)found.Keys(row)[i];
            bits[row] = LocalEntropy.Of(labels, frequencies.AsSpan(row * classes, classes));
        }
        return new(found.K, report, Schema.Classes, bits, frequencies);
    }
}

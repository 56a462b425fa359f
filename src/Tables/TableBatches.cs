namespace LeoCvae;

/// <summary>
/// A table that goes with a model, read once from its start to its end and written again with new columns, a batch of rows at a time:
/// memory doesn't grow with the number of rows. Not thread-safe.
/// </summary>
/// <remarks>
/// A text's batch has up to 65,536 rows, about four million cells and 64 MB; a batch of Parquet is a row group, or some small ones. What
/// needs all rows is held in memory whole: values that are filled in, tables that are put into shape (<see cref="SourceOptions"/>).
/// </remarks>
/// <example><code>
/// using TableBatches rows = TableFile.ReadBatches("new.csv", new() { Like = model.Schema });
/// TableFile.Write("scores.csv", overwrite: true, stream => rows.Write(stream, batch =>
/// {
///     EntropyScores scores = model.Score(batch.Table);
///     return [ExtraColumn.OfNumbers("entropy_bits", row => scores.Bits[row])];
/// }));
/// </code></example>
public abstract class TableBatches : IDisposable
{
    const int MostRows = 1 << 16, LeastRows = 1 << 8, MostValues = 1 << 22;

    bool _isRead, _isLabeled;

    private protected TableBatches(TableLayout layout, JoinedLabels? labels, TableRequest request)
    {
        (Layout, Labels, Request) = (layout, labels, request);
        BatchRows = RowsOf(layout, request);
        layout.RequireLike(request.Columns.Like!);
    }

    /// <summary>How the labels of another file went with the rows; null where they are in the table itself.</summary>
    public JoinedLabels? Labels { get; }

    /// <summary>
    /// What the rows themselves have said of how they are to be read, once they are written: parts of one file have to agree in it.
    /// </summary>
    internal IEnumerable<(string What, string How)> Found => Layout.Columns.Select((name, j) => (Name: name, Layout.Choices[j]?.Format))
        .Where(column => column.Format is not null).Select(column => ($"the form of the dates in '{column.Name}'", column.Format!))
        .Prepend(("labels", _isLabeled ? "read" : "none"));

    private protected TableLayout Layout { get; }

    private protected TableRequest Request { get; }

    private protected int BatchRows { get; }

    /// <summary>Fails before long work where a column that is to be added has a name that is taken, or that no file can hold.</summary>
    /// <exception cref="ArgumentException">A name is taken, or no text (see <see cref="TableSchema"/>).</exception>
    public void RequireNewColumns(IEnumerable<string> added)
    {
        ArgumentNullException.ThrowIfNull(added);
        Layout.RequireNewColumns(added);
    }

    /// <summary>Reads all rows, a batch at a time, which is good until the next one is asked for.</summary>
    /// <exception cref="InvalidDataException">The content is at fault.</exception>
    /// <exception cref="InvalidOperationException">The rows were read before.</exception>
    public IEnumerable<TableBatch> Read()
    {
        Begin();
        foreach (TableBatch batch in ReadRows())
            yield return batch;
        Request.Part?.Index.RequireUnchanged(Request.Name);
    }

    /// <summary>Reads all rows and writes them as they were, with columns that a function gives for each batch.</summary>
    /// <param name="stream">Receives the file.</param>
    /// <param name="added">The columns to write after the others, by the row's number in the batch: the same ones for each.</param>
    /// <exception cref="InvalidDataException">The content is at fault; what stands before it is written already.</exception>
    /// <exception cref="InvalidOperationException">The rows were written before.</exception>
    public void Write(Stream stream, Func<TableBatch, IReadOnlyList<ExtraColumn>> added)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(added);
        Begin();
        string[]? names = null;
        WriteRows(stream, batch =>
        {
            _isLabeled = batch.Table.IsLabeled;
            IReadOnlyList<ExtraColumn> columns = added(batch);
            string[] own = [.. columns.Select(column => column.Name)];
            if (names is null)
                RequireNewColumns(own);
            else if (!names.SequenceEqual(own, StringComparer.Ordinal))
                throw Fault.Argument(nameof(added), $"got the columns {TableSchema.Quote(own)} for rows from {batch.FirstRow} on, " +
                    $"expected {TableSchema.Quote(names)} as for those before");
            names = own;
            return columns;
        });
        Request.Part?.Index.RequireUnchanged(Request.Name);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>The most rows of a batch. What is filled in is known when all rows are.</summary>
    internal static int RowsOf(TableLayout layout, TableRequest request) => request.Columns.Missing == MissingUse.Impute ? int.MaxValue
        : request.BatchRows ?? Math.Clamp(MostValues / layout.Columns.Count, LeastRows, MostRows);

    void Begin()
    {
        if (_isRead)
            throw new InvalidOperationException("the rows were read already; they come once");
        _isRead = true;
    }

    private protected abstract IEnumerable<TableBatch> ReadRows();

    private protected abstract void WriteRows(Stream stream, Func<TableBatch, IReadOnlyList<ExtraColumn>> added);

    private protected abstract void Close();
}

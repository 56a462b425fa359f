namespace LeoCvae;

/// <summary>A table and how to write it back: its real rows as they were read, new rows alike. Immutable and thread-safe.</summary>
public abstract class TableDocument
{
    private protected TableDocument(GroupedTable rows, TableLayout layout) =>
        (Table, Groups, Labels, Layout) = (rows.Table, rows.Groups, rows.Labels, layout);

    /// <summary>The rows that were read.</summary>
    public Table Table { get; }

    /// <summary>The name of each row's group; null for a row that stands for itself. Null where no group column was asked for.</summary>
    public IReadOnlyList<string?>? Groups { get; }

    /// <summary>How the labels of another file went with the rows; null where they are in the table itself.</summary>
    public JoinedLabels? Labels { get; }

    private protected TableLayout Layout { get; }

    /// <summary>
    /// Writes the rows as they were read, then a table's synthetic rows in the same layout. Numbers are rounded to their column's decimals.
    /// Synthetic rows have names of their own where a column names the rows (synthetic-1, synthetic-2, ...), belong to no group, and have
    /// empty cells in columns that were left out.
    /// </summary>
    /// <param name="stream">Receives the file.</param>
    /// <param name="resampled">This document's rows followed by synthetic ones; null writes only the rows.</param>
    /// <param name="extra">Columns to write after the others.</param>
    /// <exception cref="ArgumentException">An extra column has a name that is taken, or the table isn't made of this document's
    /// rows.</exception>
    public void Write(Stream stream, Table? resampled = null, params IReadOnlyList<ExtraColumn> extra) =>
        Write(stream, resampled, extra, progress: null);

    /// <summary>The same, saying how far it is.</summary>
    /// <param name="stream">Receives the file.</param>
    /// <param name="resampled">The table, then new rows; null: the table alone.</param>
    /// <param name="extra">Columns that are added.</param>
    /// <param name="progress">Receives how much is written.</param>
    /// <exception cref="ArgumentException">The resampled table doesn't fit, or an added column's name is taken.</exception>
    public void Write(Stream stream, Table? resampled, IReadOnlyList<ExtraColumn> extra, IProgress<TableProgress>? progress)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(extra);
        RequireNewColumns(extra.Select(column => column.Name));
        if (resampled is not null && Table.Schema.Mismatch(resampled.Schema) is string mismatch)
            throw Fault.Argument(nameof(resampled), $"the resampled table doesn't fit the file: {mismatch}");
        if (resampled is not null && resampled.RealRows != Table.RowCount)
            throw Fault.Argument(nameof(resampled),
                $"the resampled table doesn't fit the file: got {resampled.RealRows} real rows, expected " +
                $"{Table.RowCount}");
        double rows = Math.Max(1, (resampled ?? Table).RowCount);
        WriteRows(stream, resampled, extra, progress is null ? null : row => progress.Report(new(row, row / rows)));
    }

    /// <summary>
    /// Fails where a column that is to be added has a name that the table has already, or that no file can hold: before long work, rather
    /// than after it.
    /// </summary>
    /// <exception cref="ArgumentException">A name is taken, or no text (see <see cref="TableSchema"/>).</exception>
    public void RequireNewColumns(IEnumerable<string> added)
    {
        ArgumentNullException.ThrowIfNull(added);
        Layout.RequireNewColumns(added);
    }

    private protected abstract void WriteRows(Stream stream, Table? resampled, IReadOnlyList<ExtraColumn> extra, Action<int>? done);
}

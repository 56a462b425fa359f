using System.Text;

namespace LeoCvae;

/// <summary>
/// A CSV or TSV file in memory: its table, and the bytes of its records, so that real rows are written as they were read.
/// Immutable and thread-safe.
/// </summary>
public sealed class CsvDocument
{
    readonly CsvLayout _layout;
    readonly RecordBytes _records;
    readonly WrittenColumn[] _columns;
    readonly char _delimiter;

    // The header is record 0, row i is record i + 1.
    internal CsvDocument(GroupedTable rows, CsvLayout layout, RecordBytes records, WrittenColumn[] columns, char delimiter)
    {
        (Table, Groups, _layout) = (rows.Table, rows.Groups, layout);
        (_records, _columns, _delimiter) = (records, columns, delimiter);
    }

    /// <summary>The parsed rows.</summary>
    public Table Table { get; }

    /// <summary>The name of each row's group; null for a row that stands for itself. Null where no group column was asked for.</summary>
    public IReadOnlyList<string?>? Groups { get; }

    /// <summary>
    /// Writes the rows as they were read, byte for byte, then a table's synthetic rows in the same layout. Numbers are rounded to their
    /// column's decimals and written with as many where all of the column's are, else as short as can be; dates are written as the
    /// column's; a missing cell is written as most of the column's are. Synthetic rows have names of their own where a column names the
    /// rows (synthetic-1, synthetic-2, ...), belong to no group, and have empty cells in columns that were left out.
    /// </summary>
    /// <param name="stream">Receives UTF-8 text.</param>
    /// <param name="resampled">This document's rows followed by synthetic ones; null writes only the rows.</param>
    /// <param name="extra">Columns to write after the others.</param>
    /// <exception cref="ArgumentException">An extra column has a name that is taken, or the table isn't made of this document's
    /// rows.</exception>
    public void Write(Stream stream, Table? resampled = null, params IReadOnlyList<ExtraColumn> extra)
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
        _records.Write(stream, extra.Count == 0 ? null : record =>
            Encoding.UTF8.GetBytes(string.Concat(extra.Select(column => _delimiter
                + CsvRowWriter.Quote(record == 0 ? column.Name : column.Text(record - 1), _delimiter)))));
        if (resampled is not null)
            new CsvRowWriter(_layout.Roles, Table.Schema.Columns, _columns, _delimiter, _records.NewLine)
                .Write(stream, resampled, resampled.RealRows, extra);
    }

    /// <summary>
    /// Fails where a column that is to be added has a name that the table has already, or that no file can hold: before long work, rather
    /// than after it.
    /// </summary>
    /// <exception cref="ArgumentException">A name is taken, or no text (see <see cref="TableSchema"/>).</exception>
    public void RequireNewColumns(IEnumerable<string> added)
    {
        ArgumentNullException.ThrowIfNull(added);
        HashSet<string> names = new(_layout.Header, StringComparer.Ordinal);
        foreach (string name in added)
        {
            TableSchema.RequireText("column", name, nameof(added));
            if (!names.Add(name))
                throw Fault.Argument(nameof(added), $"column '{name}' is to be added, but the table has a column of that name already");
        }
    }
}

using System.Globalization;
using System.Text;

namespace LeoCvae;

/// <summary>
/// A CSV or TSV file in memory: its table, and the bytes of its records, so that real rows are written as they were read.
/// Immutable and thread-safe.
/// </summary>
public sealed class CsvDocument
{
    readonly IReadOnlyList<string> _header;
    readonly RecordBytes _records;
    readonly int?[] _writtenDecimals;
    readonly string _delimiter;
    readonly int _groupIndex;

    // The header is record 0, row i is record i + 1. Written decimals: where all numbers of a column are written with as many.
    // The group column's place is among all columns, -1 without one.
    internal CsvDocument(
        GroupedTable rows, int groupIndex, IReadOnlyList<string> header, RecordBytes records, int?[] writtenDecimals, char delimiter)
    {
        (Table, Groups, _groupIndex) = (rows.Table, rows.Groups, groupIndex);
        (_header, _records, _writtenDecimals, _delimiter) = (header, records, writtenDecimals, delimiter.ToString());
    }

    /// <summary>The parsed rows.</summary>
    public Table Table { get; }

    /// <summary>The name of each row's group; null for a row that stands for itself. Null where no group column was asked for.</summary>
    public IReadOnlyList<string?>? Groups { get; }

    /// <summary>
    /// Writes the rows as they were read, byte for byte, then a table's synthetic rows in the same layout. Numbers are rounded to their
    /// column's decimals and written with as many where all of the column's are, else as short as can be.
    /// Synthetic rows belong to no group: their cell is empty.
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
                + Quote(record == 0 ? column.Name : column.Text(record - 1))))));
        if (resampled is not null)
            WriteRows(stream, resampled, resampled.RealRows, extra);
    }

    /// <summary>
    /// Fails where a column that is to be added has a name that the table has already, or that no file can hold: before long work, rather
    /// than after it.
    /// </summary>
    /// <exception cref="ArgumentException">A name is taken, or no text (see <see cref="TableSchema"/>).</exception>
    public void RequireNewColumns(IEnumerable<string> added)
    {
        ArgumentNullException.ThrowIfNull(added);
        HashSet<string> names = new(_header, StringComparer.Ordinal);
        foreach (string name in added)
        {
            TableSchema.RequireText("column", name, nameof(added));
            if (!names.Add(name))
                throw Fault.Argument(nameof(added), $"column '{name}' is to be added, but the table has a column of that name already");
        }
    }

    /// <summary>Writes tables of one schema as one CSV.</summary>
    internal static void Write(Stream stream, IEnumerable<Table> batches, char delimiter)
    {
        bool isFirst = true;
        foreach (Table batch in batches)
        {
            Write(stream, batch, delimiter, withHeader: isFirst);
            isFirst = false;
        }
    }

    static void Write(Stream stream, Table table, char delimiter, bool withHeader)
    {
        List<string> header = [.. table.Schema.Columns.Select(column => column.Name)];
        if (table.Schema.Target is string target)
            header.Insert(table.Schema.TargetIndex, target);
        CsvDocument layout = new(new(table, null), -1, header, new([(byte)'\n']), new int?[table.Schema.Columns.Count], delimiter);
        if (withHeader)
            stream.Write(Encoding.UTF8.GetBytes(string.Join(delimiter, header.Select(layout.Quote)) + "\n"));
        layout.WriteRows(stream, table, 0, []);
    }

    void WriteRows(Stream stream, Table rows, int first, IReadOnlyList<ExtraColumn> extra)
    {
        IReadOnlyList<ColumnSpec> columns = rows.Schema.Columns;
        string newLine = Encoding.ASCII.GetString(_records.NewLine);
        StringBuilder line = new();
        for (int row = first; row < rows.RowCount; row++)
        {
            ReadOnlySpan<double> values = rows.Row(row);
            int field = 0;
            void Add(string text)
            {
                if (field++ == _groupIndex)
                {
                    line.Append(_delimiter);
                    field++;
                }
                line.Append(text).Append(_delimiter);
            }
            for (int i = 0; i <= columns.Count; i++)
            {
                if (i == Table.Schema.TargetIndex)
                    Add(Quote(rows.Label(row)));
                if (i < columns.Count)
                    Add(Number(values[i], Table.Schema.Columns[i].Decimals, _writtenDecimals[i]));
            }
            if (field == _groupIndex)
                line.Append(_delimiter);
            foreach (ExtraColumn column in extra)
                line.Append(Quote(column.Text(row))).Append(_delimiter);
            line.Length -= _delimiter.Length;
            stream.Write(Encoding.UTF8.GetBytes(line.Append(newLine).ToString()));
            line.Clear();
        }
    }

    // Decimals are this file's own; a model may have been fitted on a rounder or a finer table. Never -0, nor -0.00 for a number that
    // rounds to it.
    static string Number(double value, int? decimals, int? written)
    {
        string text = value.ToString(decimals is null ? "R" : $"F{Math.Max(decimals.Value, written ?? 0)}", CultureInfo.InvariantCulture);
        if (decimals > 0 && written is null)
            text = text.TrimEnd('0').TrimEnd('.');
        return text[0] == '-' && !text.AsSpan().ContainsAnyInRange('1', '9') ? text[1..] : text;
    }

    string Quote(string field) => field.Contains(_delimiter, StringComparison.Ordinal) || field.AsSpan().ContainsAny('"', '\r', '\n')
        ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : field;
}

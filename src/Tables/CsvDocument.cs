namespace LeoCvae;

/// <summary>
/// A CSV or TSV file in memory: its table, and the bytes of its records. Real rows are written byte for byte as they were read; numbers of
/// synthetic ones with as many decimals as all of their column's, where those agree, else as short as can be, dates as the column's, a
/// missing cell as most of the column's are.
/// </summary>
sealed class CsvDocument : TableDocument
{
    readonly RecordBytes _records;
    readonly WrittenColumn[] _columns;
    readonly char _delimiter;
    readonly NumberForm _form;

    // The header is record 0, row i is record i + 1.
    public CsvDocument(GroupedTable rows, TableLayout layout, RecordBytes records, WrittenColumn[] columns, char delimiter, NumberForm form)
        : base(rows, layout) => (_records, _columns, _delimiter, _form) = (records, columns, delimiter, form);

    /// <summary>What is written behind each record.</summary>
    /// <param name="extra">The columns.</param>
    /// <param name="delimiter">Between fields.</param>
    /// <param name="form">How numbers are written.</param>
    /// <param name="firstRecord">The row that the first record is; -1 for the header.</param>
    public static Func<int, ReadOnlySpan<byte>>? Addition(
        IReadOnlyList<ExtraColumn> extra, char delimiter, NumberForm form, int firstRecord)
    {
        if (extra.Count == 0)
            return null;
        CsvLines line = new((byte)delimiter);
        return record =>
        {
            line.Clear();
            line.AddRaw([]);
            foreach (ExtraColumn column in extra)
                line.Add(record + firstRecord < 0 ? column.Name : column.TextOf(record + firstRecord, form));
            return line.Written[..^1];
        };
    }

    private protected override void WriteRows(Stream stream, Table? resampled, IReadOnlyList<ExtraColumn> extra, Action<int>? done)
    {
        _records.Write(stream, Addition(extra, _delimiter, _form, firstRecord: -1), done);
        if (resampled is not null)
            new CsvRowWriter(Layout.Roles, Table.Schema.Columns, _columns, _delimiter, _records.NewLine, _form)
                .Write(stream, resampled, resampled.RealRows, extra, done);
    }
}

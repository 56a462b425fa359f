namespace LeoCvae;

/// <summary>
/// The batches of a Parquet file: small row groups together, a large one by itself, whose rows are handed over some at a time. What is
/// written has the file's row groups.
/// </summary>
sealed class ParquetBatches(ParquetFile file, TableLayout layout, TableRequest request) : TableBatches(layout, null, request)
{
    private protected override IEnumerable<TableBatch> ReadRows()
    {
        (long first, int start, int stop) = Range;
        for (int group = start; group < stop;)
        {
            (int end, long count) = End(file, group, BatchRows);
            GroupedTable rows = ParquetTableReader.ReadBatch(file, Layout, Request, group..end, first);
            for (long done = 0; done < count; done += BatchRows)
                yield return Part(rows, (int)done, (int)Math.Min(BatchRows, count - done));
            (group, first) = (end, first + count);
        }
    }

    private protected override void WriteRows(Stream stream, Func<TableBatch, IReadOnlyList<ExtraColumn>> added)
    {
        ParquetOutput? output = null;
        ParquetColumn[] columns = [];
        (long first, int start, int stop) = Range;
        int own = file.Columns.Count;
        for (int group = start; group < stop;)
        {
            (int end, long count) = End(file, group, BatchRows);
            GroupedTable rows = ParquetTableReader.ReadBatch(file, Layout, Request, group..end, first);
            ParquetCells[][] cells = [];
            // Where the next row goes.
            (int into, int at) = (0, 0);
            for (long done = 0; done < count; done += BatchRows)
            {
                TableBatch batch = Part(rows, (int)done, (int)Math.Min(BatchRows, count - done));
                IReadOnlyList<ExtraColumn> extra = added(batch);
                if (output is null)
                {
                    columns = [.. file.Columns, .. extra.Select(ParquetDocument.ColumnOf)];
                    output = ParquetDocument.Output(stream, file, columns);
                }
                if (done == 0)
                    cells = [.. file.Groups.Take(group..end).Select(size =>
                        columns.Skip(own).Select(column => column.Type!.New(size)).ToArray())];
                for (int row = 0; row < batch.Table.RowCount; row++, at++)
                {
                    for (; at == file.Groups[group + into]; into++)
                        at = 0;
                    for (int column = 0; column < extra.Count; column++)
                        ParquetDocument.Set(cells[into][column], at, extra[column], row);
                }
            }
            for (into = 0; group < end; group++, into++)
                output?.Write(file.Groups[group], column => column < own ? file.Read(group, column) : cells[into][column - own]);
            first += count;
        }
        output?.Finish();
    }

    // The first row, its row group, and the group behind the last row.
    (long First, int Start, int Stop) Range =>
        Request.Part is { } part ? (part.FirstRow, (int)part.Start.At, (int)part.End.At) : (0, 0, file.Groups.Count);

    /// <summary>Where the batches begin, and where the last one ends.</summary>
    public static BatchPlace[] Index(ParquetFile file, TableLayout layout, TableRequest request)
    {
        List<BatchPlace> places = [default];
        while (places[^1].At < file.Groups.Count)
        {
            (int end, long count) = End(file, (int)places[^1].At, RowsOf(layout, request));
            places.Add(new(places[^1].Row + count, 0, end));
        }
        return [.. places];
    }

    private protected override void Close() => file.Dispose();

    // The row group after those of a batch, and how many rows these have.
    static (int Group, long Rows) End(ParquetFile file, int group, int batchRows)
    {
        long count = 0;
        do
            count += file.Groups[group++];
        while (group < file.Groups.Count && count + file.Groups[group] <= batchRows);
        return (group, count);
    }

    static TableBatch Part(GroupedTable rows, int first, int count) => count == rows.Table.RowCount
        ? new(rows.Table, rows.Groups, rows.Table.FirstRow)
        : new(rows.Table.Slice(first, count), rows.Groups is null ? null : [.. rows.Groups.Skip(first).Take(count)],
            rows.Table.FirstRow + first);
}

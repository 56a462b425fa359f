namespace LeoCvae;

/// <summary>The batches of a CSV or TSV file; of each the bytes of its records are kept until it is written.</summary>
sealed class CsvBatches(CsvReader reader, TableLayout layout, RecordBytes header, Stream content, TableRequest request,
    JoinedLabels? labels) : TableBatches(layout, labels, request)
{
    private protected override IEnumerable<TableBatch> ReadRows()
    {
        RecordBytes records = new(header.NewLine);
        while (reader.ReadBatch(records, BatchRows) is { } rows)
            yield return new(rows.Table, rows.Groups, rows.Table.FirstRow);
    }

    private protected override void WriteRows(Stream stream, Func<TableBatch, IReadOnlyList<ExtraColumn>> added)
    {
        NumberForm form = new(Request.Source.HasDecimalComma);
        RecordBytes records = new(header.NewLine);
        bool isBegun = false;
        while (reader.ReadBatch(records, BatchRows) is { } rows)
        {
            IReadOnlyList<ExtraColumn> extra = added(new(rows.Table, rows.Groups, rows.Table.FirstRow));
            if (!isBegun)
                header.Write(stream, CsvDocument.Addition(extra, Request.Delimiter, form, firstRecord: -1));
            records.Write(stream, CsvDocument.Addition(extra, Request.Delimiter, form, firstRecord: 0));
            isBegun = true;
        }
    }

    private protected override void Close() => content.Dispose();
}

using System.Text;

namespace LeoCvae;

/// <summary>
/// Writes tables in other formats, the value of every cell unchanged; what a format can't hold is refused by row and column. Thread-safe.
/// </summary>
/// <remarks>
/// To Parquet, columns get types by the rules of a reader: int64 for numbers that are all written as whole ones, else double, date,
/// timestamp[us], bool for true and false, else string with the very text; missing cells are null. A time with an offset from UTC becomes
/// that point in time. To text, numbers are written as the shortest text that is read as the same, times in ISO form.
/// </remarks>
public static class TableConverter
{
    const int MostGroupRows = 1 << 20, MostGroupValues = 1 << 22;

    /// <summary>Writes a table in the format of another file's extension.</summary>
    /// <param name="from">The table.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <param name="source">How the table's text is written; null: as its extension says.</param>
    /// <param name="target">How text is to be written; null: as the extension says.</param>
    /// <param name="texts">Columns that are text whatever their cells are.</param>
    /// <param name="progress">Receives how far it is.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>The number of rows and of columns.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The content is at fault.</exception>
    /// <exception cref="IOException">The place is taken or can't be written.</exception>
    public static (long Rows, int Columns) Convert(string from, string to, bool overwrite = false, SourceOptions? source = null,
        SourceOptions? target = null, IReadOnlyCollection<string>? texts = null, IProgress<TableProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(from);
        char? delimiter = TableFile.Delimiter(to, target?.Delimiter);
        AtomicFile.RequireFree(to, overwrite);
        (long, int) size = default;
        using Stream content = TableFile.OpenRead(from);
        char? between = TableFile.IsParquet(from, source) ? null : TableFile.Delimiter(from, source?.Delimiter);
        TableFile.Write(to, overwrite, stream =>
            size = Convert(content, from, between, stream, delimiter, source, target, texts, progress), cancellation);
        return size;
    }

    /// <summary>Writes a table from a stream to a stream.</summary>
    /// <param name="content">Text, or Parquet where the stream can be read from its end.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="between">What separates its fields; null for Parquet.</param>
    /// <param name="to">Receives the table.</param>
    /// <param name="delimiter">What is to separate its fields there; null for Parquet.</param>
    /// <param name="source">How text is written that is read; who names a delimiter here means it, another one is doubted.</param>
    /// <param name="target">Whether decimals are to stand behind a comma.</param>
    /// <param name="texts">Columns that are text whatever their cells are.</param>
    /// <param name="progress">Receives how far it is: a text is read whole, then written.</param>
    /// <returns>The number of rows and of columns.</returns>
    /// <exception cref="InvalidDataException">The content is at fault.</exception>
    public static (long Rows, int Columns) Convert(Stream content, string name, char? between, Stream to, char? delimiter,
        SourceOptions? source = null, SourceOptions? target = null, IReadOnlyCollection<string>? texts = null,
        IProgress<TableProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(to);
        NumberForm form = new(target?.HasDecimalComma is true);
        if (between is not char own)
        {
            using ParquetFile file = ParquetFile.Open(content, name);
            if (delimiter is char text)
            {
                long line = 0;
                ParquetText.Write(file, name, text, form, "\n"u8.ToArray(), (lines, isLast) =>
                {
                    lines.WriteTo(to, isLast);
                    Report(progress, line++, file.RowCount, 0);
                });
            }
            else
            {
                content.Position = 0;
                content.CopyTo(to);
            }
            return (file.RowCount, file.Columns.Count);
        }
        TableRequest request = new TableRequest(name, null, null, LabelUse.Ignored, new()
        {
            Columns = (texts ?? []).ToDictionary(column => column, _ => new ColumnChoice { Kind = ColumnKind.Category }),
        }, source ?? new())
        {
            IsWithoutLabels = true,
            Delimiter = own,
            Progress = progress is null ? null : new Reading(progress),
            Share = TableFile.ShareOf(content),
        }.Checked();
        CsvContent table = CsvReader.ReadContent(content, Again(content), request);
        if (delimiter is char other)
            WriteText(table, request, to, other, form, progress);
        else
            WriteParquet(table, request, to, progress);
        return (table.Rows, table.Header.Length);
    }

    // Null for a stream that is read once.
    static Func<Stream>? Again(Stream content)
    {
        Gzip? gzip = content as Gzip;
        Stream file = gzip?.Packed ?? content;
        if (!file.CanSeek)
            return null;
        // A gzip file that was begun isn't given from without.
        long start = gzip is null ? file.Position : 0;
        return () =>
        {
            file.Position = start;
            return gzip is null ? new Rewound(file) : new Gzip(new Rewound(file));
        };
    }

    // Stays open.
    sealed class Rewound(Stream stream) : ForwardStream
    {
        public override int Read(Span<byte> buffer) => stream.Read(buffer);
    }

    // Reading takes about as long as writing.
    sealed class Reading(IProgress<TableProgress> progress) : IProgress<TableProgress>
    {
        public void Report(TableProgress value) => progress.Report(value with { Share = value.Share / 2 });
    }

    static void Report(IProgress<TableProgress>? progress, long row, long rows, double before)
    {
        const int RowsAReport = 1 << 12;
        if (progress is not null && row % RowsAReport == 0)
            progress.Report(new(row, before + ((1 - before) * row / Math.Max(1, rows))));
    }

    static void WriteText(CsvContent table, TableRequest request, Stream to, char delimiter, NumberForm form,
        IProgress<TableProgress>? progress)
    {
        NumberForm own = new(request.Source.HasDecimalComma);
        bool isOther = form.HasDecimalComma != own.HasDecimalComma;
        CsvLines lines = new((byte)delimiter);
        long line = 0;
        foreach (CsvRecords records in Records(table, request))
        {
            for (int field = 0; field < records.FieldCount; field++)
            {
                ReadOnlySpan<byte> cell = records.Field(field);
                if (isOther && line > 0 && table.Columns[field].Column.Kind == ColumnKind.Numeric && !IsMissing(cell))
                    lines.Add(form.Write(Encoding.UTF8.GetString(own.Of(cell))));
                else
                    lines.Add(cell);
            }
            lines.EndLine(records.LineEnd.IsEmpty ? table.NewLine : records.LineEnd);
            lines.WriteTo(to);
            Report(progress, line++, table.Rows, 0.5);
        }
        lines.WriteTo(to, isLast: true);
    }

    static void WriteParquet(CsvContent table, TableRequest request, Stream to, IProgress<TableProgress>? progress)
    {
        NumberForm form = new(request.Source.HasDecimalComma);
        ParquetType[] types = [.. table.Columns.Select(column => TypeOf(column.Column, column.IsWhole))];
        ParquetOutput output = new(to, [.. types.Select((type, field) => new ParquetColumn(table.Header[field], type, type.Name, true))]);
        int most = Math.Clamp(MostGroupValues / types.Length, 1, MostGroupRows), row = -1;
        long left = table.Rows;
        ParquetCells[] cells = [];
        foreach (CsvRecords records in Records(table, request))
        {
            if (row < 0)
            {
                // The header.
                row = 0;
                continue;
            }
            // Those of the first row group are the largest, and serve the others.
            if (cells.Length == 0)
                cells = [.. types.Select(type => type.New((int)Math.Min(most, left)))];
            for (int field = 0; field < types.Length; field++)
                if (!TryFill(cells[field], row, types[field], table.Columns[field].Column, records.Field(field), form))
                    throw request.Changed();
            row++;
            Report(progress, table.Rows - left + row, table.Rows, 0.5);
            if (row < Math.Min(most, left))
                continue;
            output.Write(row, field => cells[field]);
            left -= row;
            row = 0;
        }
        output.Finish();
    }

    // False for what is none of the column's kind, as all were that were read before.
    static bool TryFill(ParquetCells cells, int row, ParquetType type, ColumnSpec column, ReadOnlySpan<byte> cell, NumberForm form)
    {
        if (IsMissing(cell))
            cells.SetMissing(row);
        else if (type.Kind is null)
            cells.SetText(row, Encoding.UTF8.GetString(cell));
        else if (column.Kind == ColumnKind.Numeric)
        {
            ReadOnlySpan<byte> text = form.Of(cell);
            if (!NumberText.TryReadPlain(text, out double number, out _)
                && NumberText.Read(text, out number) is not (NumberTextKind.Number or NumberTextKind.Padded))
                return false;
            cells.SetNumber(row, number);
        }
        else
        {
            if (!DateText.TryRead(column.Kind, column.Format!, Encoding.UTF8.GetString(Blanks.Trim(cell)), out double time))
                return false;
            cells.SetNumber(row, time);
        }
        return true;
    }

    static ParquetType TypeOf(ColumnSpec column, bool isWhole) =>
        column.Kind == ColumnKind.Numeric ? isWhole ? ParquetTypes.Int64 : ParquetTypes.Double : ParquetOutput.TypeOf(column);

    static bool IsMissing(ReadOnlySpan<byte> cell) => MissingValue.Is(Blanks.Trim(cell));

    // The header, then all rows.
    static IEnumerable<CsvRecords> Records(CsvContent table, TableRequest request)
    {
        using Stream content = table.Open();
        CsvRecords records = new(content, (byte)request.Delimiter);
        records.Skip(records.Peek().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0);
        for (long row = -1; row < table.Rows; row++)
            if (records.Next() && records.FieldCount == table.Header.Length)
                yield return records;
            else
                throw request.Changed();
        if (records.Next())
            throw request.Changed();
    }
}

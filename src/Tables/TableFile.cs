namespace LeoCvae;

/// <summary>
/// Reads and writes tables by extension: .csv, .tsv, each also .gz (UTF-8, invariant culture), and .parquet. Thread-safe.
/// </summary>
public static partial class TableFile
{
    /// <summary>Reads a table with a header line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="target">Name of the label column; null takes the last column.</param>
    /// <param name="labels">Whether there must be labels, and whether they are read.</param>
    /// <param name="columns">What columns are read as, and what is done where a cell is missing (empty, NA, N/A, #N/A, &lt;NA&gt;, NaN,
    /// -NaN or null in any case; a label may not be); null finds out, and takes what is missing.</param>
    /// <param name="source">How a text file is written; null: as its extension says.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The content is at fault; the message says what was got, what was expected and
    /// where.</exception>
    public static Table Read(string path, string? target = null, LabelUse labels = LabelUse.Required, ColumnOptions? columns = null,
        SourceOptions? source = null) => Read(path, Request(path, path, target, null, labels, columns, source, null)).Table;

    /// <summary>Reads a table from a stream.</summary>
    /// <param name="content">UTF-8 text with a header line.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="target">Name of the label column; null takes the last column.</param>
    /// <param name="labels">Whether there must be labels, and whether they are read.</param>
    /// <param name="columns">What columns are read as; null finds out.</param>
    /// <param name="source">How the text is written; null: with commas between fields.</param>
    /// <exception cref="InvalidDataException">The content is at fault.</exception>
    public static Table Read(Stream content, string name, string? target = null, LabelUse labels = LabelUse.Required,
        ColumnOptions? columns = null, SourceOptions? source = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        return Read(content, Request(null, name, target, null, labels, columns, source, null)).Table;
    }

    /// <summary>Reads a labeled table without its group column, and the group of each row.</summary>
    /// <param name="path">The file.</param>
    /// <param name="groups">Name of the column that says what a row comes from (a patient, say); null: there is none. Its cells are text;
    /// where one is empty, NA or the like, the row stands for itself.</param>
    /// <param name="target">Name of the label column; null takes the last column.</param>
    /// <param name="columns">What columns are read as; null finds out.</param>
    /// <param name="source">How a text file is written; null: as its extension says.</param>
    /// <param name="progress">Receives how far the reader is.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The content is at fault; the message says what was got, what was expected and
    /// where.</exception>
    public static GroupedTable ReadGrouped(string path, string? groups, string? target = null, ColumnOptions? columns = null,
        SourceOptions? source = null, IProgress<TableProgress>? progress = null) =>
        Read(path, Request(path, path, target, groups, LabelUse.Required, columns, source, progress));

    /// <summary>Reads a labeled table without its group column, and the group of each row, from a stream.</summary>
    /// <param name="content">UTF-8 text with a header line.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="groups">Name of the column that says what a row comes from; null: there is none.</param>
    /// <param name="target">Name of the label column; null takes the last column.</param>
    /// <param name="columns">What columns are read as; null finds out.</param>
    /// <param name="source">How the text is written; null: with commas between fields.</param>
    /// <param name="progress">Receives how far the reader is.</param>
    /// <exception cref="InvalidDataException">The content is at fault.</exception>
    public static GroupedTable ReadGrouped(Stream content, string name, string? groups, string? target = null,
        ColumnOptions? columns = null, SourceOptions? source = null, IProgress<TableProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        return Read(content, Request(null, name, target, groups, LabelUse.Required, columns, source, progress));
    }

    /// <summary>
    /// Reads a table to write its rows again as they were: the bytes of a text file are kept, a Parquet file is read again then.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="target">Name of the label column; null takes the last column.</param>
    /// <param name="labels">Whether there must be labels, and whether they are read.</param>
    /// <param name="groups">Name of the column that says what a row comes from, which is none of the table's; null: there is none.</param>
    /// <param name="columns">What columns are read as; null finds out.</param>
    /// <param name="source">How a text file is written; null: as its extension says.</param>
    /// <param name="progress">Receives how far the reader is.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The content is at fault; the message says what was got, what was expected and
    /// where.</exception>
    public static TableDocument ReadDocument(string path, string? target = null, LabelUse labels = LabelUse.Required, string? groups = null,
        ColumnOptions? columns = null, SourceOptions? source = null, IProgress<TableProgress>? progress = null)
    {
        TableRequest request = Request(path, path, target, groups, labels, columns, source, progress);
        if (SourceTable.IsNeeded(request.Source))
            return ReadShaped(path, request, CsvReader.ReadDocument);
        if (IsParquet(path, source))
            return ParquetTableReader.ReadDocument(() => ParquetFile.Open(OpenFile(path), path), request);
        using Stream content = Open(path, ref request, out _);
        return CsvReader.ReadDocument(content, request);
    }

    /// <summary>Reads a table from a stream and keeps the bytes of its rows, to write them again as they were.</summary>
    /// <param name="content">UTF-8 text with a header line.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="target">Name of the label column; null takes the last column.</param>
    /// <param name="labels">Whether there must be labels, and whether they are read.</param>
    /// <param name="groups">Name of the column that says what a row comes from, which is none of the table's; null: there is none.</param>
    /// <param name="columns">What columns are read as; null finds out.</param>
    /// <param name="source">How the text is written; null: with commas between fields.</param>
    /// <param name="progress">Receives how far the reader is.</param>
    /// <exception cref="InvalidDataException">The content is at fault.</exception>
    public static TableDocument ReadDocument(Stream content, string name, string? target = null, LabelUse labels = LabelUse.Required,
        string? groups = null, ColumnOptions? columns = null, SourceOptions? source = null, IProgress<TableProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        TableRequest request = Request(null, name, target, groups, labels, columns, source, progress);
        return SourceTable.IsNeeded(request.Source) ? Shaped(content, request, CsvReader.ReadDocument)
            : CsvReader.ReadDocument(content, request);
    }

    /// <summary>Reads a table that goes with a model a batch of rows at a time, to write the rows again as they were.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">What columns are read as; <see cref="ColumnOptions.Like"/> says what there must be.</param>
    /// <param name="target">Name of the label column; null takes the last column.</param>
    /// <param name="labels">Whether there must be labels, and whether they are read.</param>
    /// <param name="groups">Name of the column that says what a row comes from, which is none of the table's; null: there is none.</param>
    /// <param name="source">How a text file is written; null: as its extension says.</param>
    /// <param name="progress">Receives how far the reader is.</param>
    /// <param name="batchRows">The most rows of a batch; null: by what they take.</param>
    /// <param name="part">The batches to read, of <see cref="IndexBatches"/> with the same arguments; null: all. What is written has the
    /// header, too.</param>
    /// <exception cref="ArgumentException">The columns are like none, or the part has no rows.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The content is at fault, or the columns are others.</exception>
    /// <exception cref="IOException">The file changed since it was indexed.</exception>
    public static TableBatches ReadBatches(string path, ColumnOptions columns, string? target = null, LabelUse labels = LabelUse.Required,
        string? groups = null, SourceOptions? source = null, IProgress<TableProgress>? progress = null, int? batchRows = null,
        BatchRange? part = null)
    {
        TableRequest request = Batched(Request(path, path, target, groups, labels, columns, source, progress), batchRows);
        if (part is not null)
        {
            RequireParts(request);
            if (part.RowCount == 0)
                throw Fault.Argument(nameof(part), $"got a part without rows");
            part.Index.RequireUnchanged(path);
            request = request with { Part = part };
        }
        if (IsParquet(path, source))
        {
            ParquetFile file = ParquetFile.Open(OpenFile(path), path);
            try
            {
                if (!SourceTable.IsNeeded(request.Source))
                    return ParquetTableReader.ReadBatches(file, request);
                using (file)
                    return ReadBatches(ParquetText.Records(file, path).Open(), request);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        Stream content = Open(path, ref request, out _);
        try
        {
            if (part is not null)
                content = new PartStream(content, part.Index.Places[0].At, part.Start.At, part.End.At);
            return ReadBatches(content, request);
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    /// <summary>Reads a table that goes with a model from a stream a batch of rows at a time, to write the rows again as they
    /// were.</summary>
    /// <param name="content">UTF-8 text with a header line; it is closed with the batches.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="columns">What columns are read as; <see cref="ColumnOptions.Like"/> says what there must be.</param>
    /// <param name="target">Name of the label column; null takes the last column.</param>
    /// <param name="labels">Whether there must be labels, and whether they are read.</param>
    /// <param name="groups">Name of the column that says what a row comes from, which is none of the table's; null: there is none.</param>
    /// <param name="source">How the text is written; null: with commas between fields.</param>
    /// <param name="progress">Receives how far the reader is.</param>
    /// <param name="batchRows">The most rows of a batch; null: by what they take.</param>
    /// <exception cref="ArgumentException">The columns are like none.</exception>
    /// <exception cref="InvalidDataException">The content is at fault, or the columns are others.</exception>
    public static TableBatches ReadBatches(Stream content, string name, ColumnOptions columns, string? target = null,
        LabelUse labels = LabelUse.Required, string? groups = null, SourceOptions? source = null,
        IProgress<TableProgress>? progress = null, int? batchRows = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        return ReadBatches(content, Batched(Request(null, name, target, groups, labels, columns, source, progress), batchRows));
    }

    /// <summary>
    /// Reads a file for what its columns and classes are, and keeps no row: memory doesn't grow with their number, but with the different
    /// texts of columns that are no numbers. With it as <see cref="ColumnOptions.Like"/> a table that is larger than memory is then read in
    /// batches.
    /// </summary>
    /// <param name="path">The file, which is read twice where it is a text.</param>
    /// <param name="target">Name of the label column; null takes the last column.</param>
    /// <param name="columns">What columns are read as; null: as their cells say.</param>
    /// <param name="groups">Name of the column that says what a row comes from, which is none of the table's; null: there is none.</param>
    /// <param name="source">How a text file is written; null: as its extension says.</param>
    /// <param name="progress">Receives how far the reader is.</param>
    /// <exception cref="ArgumentException">All rows are needed: values are to be filled in, or the table is to be put into
    /// shape.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The content is at fault, or is a pipe's, which is read once.</exception>
    public static TableSchema ReadSchema(string path, string? target = null, ColumnOptions? columns = null, string? groups = null,
        SourceOptions? source = null, IProgress<TableProgress>? progress = null)
    {
        TableRequest request = Request(path, path, target, groups, LabelUse.Required, columns, source, progress);
        RequireParts(request);
        if (IsParquet(path, source))
        {
            using ParquetFile file = ParquetFile.Open(OpenFile(path), path);
            return ParquetTableReader.ReadSchema(file, request);
        }
        using Stream content = Open(path, ref request, out Func<Stream>? again);
        return CsvReader.ReadSchema(content, again
            ?? throw new InvalidDataException($"{path}: got a pipe, expected a file: it is read twice"), request);
    }

    /// <summary>
    /// Finds where the batches of a file begin that
    /// <c>ReadBatches</c> reads with the same arguments: one pass over its bytes, without a look at its cells.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">What columns are read as.</param>
    /// <param name="target">Name of the label column; null takes the last column.</param>
    /// <param name="labels">Whether there must be labels, and whether they are read.</param>
    /// <param name="groups">Name of the column that says what a row comes from; null: there is none.</param>
    /// <param name="source">How a text file is written; null: as its extension says.</param>
    /// <param name="progress">Receives how far the pass is.</param>
    /// <param name="batchRows">The most rows of a batch; null: by what they take.</param>
    /// <exception cref="ArgumentException">The columns are like none, or the table is read whole: values are to be filled in, or it is to
    /// be put into shape.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The content is at fault.</exception>
    public static BatchIndex IndexBatches(string path, ColumnOptions columns, string? target = null, LabelUse labels = LabelUse.Required,
        string? groups = null, SourceOptions? source = null, IProgress<TableProgress>? progress = null, int? batchRows = null)
    {
        TableRequest request = Batched(Request(path, path, target, groups, labels, columns, source, progress), batchRows);
        RequireParts(request);
        return BatchIndex.Of(path, () =>
        {
            if (IsParquet(path, source))
            {
                using ParquetFile file = ParquetFile.Open(OpenFile(path), path);
                return ParquetTableReader.IndexBatches(file, request);
            }
            using Stream content = Open(path, ref request, out _);
            return CsvReader.IndexBatches(content, request);
        });
    }

    // What needs all rows can't be had of some.
    static void RequireParts(TableRequest request)
    {
        if (request.Columns.Missing == MissingUse.Impute)
            throw Fault.Argument("columns", $"got values to fill in, which needs all rows, for a part of them");
        if (SourceTable.IsNeeded(request.Source))
            throw Fault.Argument("source",
                $"got a table to put into shape (--transpose, --row-names, --labels), which needs all rows, for a part of them");
    }

    static TableRequest Batched(TableRequest request, int? batchRows)
    {
        if (request.Columns.Like is null)
            throw Fault.Argument("columns", $"got columns like none, expected the schema that the table goes with (Like)");
        if (batchRows is int rows)
            ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1, nameof(batchRows));
        return request with { BatchRows = batchRows };
    }

    // A table that is put into shape is a text in memory from there on.
    static CsvBatches ReadBatches(Stream content, TableRequest request)
    {
        if (!SourceTable.IsNeeded(request.Source))
            return CsvReader.ReadBatches(content, request);
        using (content)
        {
            (RecordBytes records, TableRequest shaped, JoinedLabels? labels) = SourceTable.Read(content, request);
            return CsvReader.ReadBatches(records.Open(), Undoubted(shaped), labels);
        }
    }

    /// <summary>Opens a file to be read, decompressed where its name ends in .gz.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static Stream OpenRead(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Unpacked(path, OpenFile(path));
    }

    internal static bool IsParquet(string path, SourceOptions? source)
    {
        bool isParquet = Delimiter(path, source?.Delimiter) is null;
        return isParquet && source?.HasDecimalComma is true
            ? throw Fault.Argument(nameof(source), $"'{path}': got a decimal comma for Parquet, which has numbers, expected a text file")
            : isParquet;
    }

    static TableRequest Request(string? path, string name, string? target, string? groups, LabelUse labels, ColumnOptions? columns,
        SourceOptions? source, IProgress<TableProgress>? progress) =>
        new TableRequest(name, target, groups, labels, columns ?? new(), source ?? new())
        {
            Delimiter = path is null ? source?.Delimiter ?? ',' : Delimiter(path, source?.Delimiter) ?? ',',
            Progress = progress,
        }.Checked();

    internal static bool IsParquetName(string path) => path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);

    // Whether the extension says what separates the fields.
    internal static bool IsNamedText(string path) =>
        Path.GetExtension(IsGzip(path) ? path[..^3] : path).ToLowerInvariant() is ".csv" or ".tsv";

    static GroupedTable Read(Stream content, TableRequest request) => SourceTable.IsNeeded(request.Source)
        ? Shaped(content, request, ReadAll) : CsvReader.Read(content, null, request);

    static GroupedTable ReadAll(Stream content, TableRequest request, JoinedLabels? labels) =>
        CsvReader.Read(content, null, request) with { Labels = labels };

    static T Shaped<T>(Stream content, TableRequest request, Func<Stream, TableRequest, JoinedLabels?, T> read)
    {
        (RecordBytes records, TableRequest shaped, JoinedLabels? labels) = SourceTable.Read(content, request);
        using Stream text = records.Open();
        return read(text, Undoubted(shaped), labels);
    }

    // The delimiter of a table that was put into shape isn't doubted any more.
    static TableRequest Undoubted(TableRequest shaped) =>
        shaped with { Source = shaped.Source with { Delimiter = shaped.Delimiter } };

    // A table that is put into shape is a text from there on.
    static T ReadShaped<T>(string path, TableRequest request, Func<Stream, TableRequest, JoinedLabels?, T> read)
    {
        if (!IsParquet(path, request.Source))
        {
            using Stream content = Open(path, ref request, out _);
            return Shaped(content, request, read);
        }
        using ParquetFile file = ParquetFile.Open(OpenFile(path), path);
        return Shaped(ParquetText.Records(file, path).Open(), request, read);
    }

    static GroupedTable Read(string path, TableRequest request)
    {
        if (SourceTable.IsNeeded(request.Source))
            return ReadShaped(path, request, ReadAll);
        if (IsParquet(path, request.Source))
        {
            using ParquetFile file = ParquetFile.Open(OpenFile(path), path);
            return ParquetTableReader.Read(file, request);
        }
        using Stream content = Open(path, ref request, out Func<Stream>? again);
        return CsvReader.Read(content, again, request);
    }

    // Opens a text file; it can be opened anew unless it is a pipe.
    static Stream Open(string path, ref TableRequest request, out Func<Stream>? again)
    {
        FileStream file = OpenFile(path);
        request = request with { Share = ShareOf(file) };
        again = file.CanSeek ? () => Unpacked(path, File.OpenRead(path)) : null;
        return Unpacked(path, file);
    }

    /// <summary>Says what share of a text is read; null where its length isn't known.</summary>
    internal static Func<double?> ShareOf(Stream content) => (content is Gzip gzip ? gzip.Packed : content) is { CanSeek: true } file
        ? () => (double)file.Position / Math.Max(1, file.Length) : () => null;

    static FileStream OpenFile(string path)
    {
        FileKind kind = FilePlace.Kind(path);
        if (kind is FileKind.Missing or FileKind.Folder)
            throw new FileNotFoundException(kind == FileKind.Folder ? $"'{path}' is a folder, expected a file" : $"no such file: '{path}'",
                path);
        return File.OpenRead(path);
    }

    internal static Stream Unpacked(string path, Stream file) => IsGzip(path) ? new Gzip(file) : file;

    static bool IsGzip(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
}

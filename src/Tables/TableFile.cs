using System.IO.Compression;

namespace LeoCvae;

/// <summary>
/// Reads and writes tables by extension: .csv, .tsv, each also .gz (UTF-8, invariant culture), and .parquet. Thread-safe.
/// </summary>
public static class TableFile
{
    /// <summary>Reads a table with a header line.</summary>
    /// <param name="path">The file.</param>
    /// <param name="target">Name of the label column; null takes the last column.</param>
    /// <param name="labels">Whether there must be labels, and whether they are read.</param>
    /// <param name="columns">What columns are read as, and what is done where a cell is missing (empty, NA, N/A, #N/A, &lt;NA&gt;, NaN,
    /// -NaN or null in any case; a label may not be); null finds out, and takes what is missing.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The content is at fault; the message says what was got, what was expected and
    /// where.</exception>
    public static Table Read(string path, string? target = null, LabelUse labels = LabelUse.Required, ColumnOptions? columns = null)
    {
        if (IsParquet(path))
            return ReadParquet(path, target, null, labels, columns).Table;
        using Stream content = Open(path, out char delimiter, out Func<Stream>? again);
        return CsvReader.Read(content, again, path, delimiter, target, groups: null, labels, columns).Table;
    }

    /// <summary>Reads a table from a stream.</summary>
    /// <param name="content">UTF-8 text with a header line.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="delimiter">Between fields.</param>
    /// <param name="target">Name of the label column; null takes the last column.</param>
    /// <param name="labels">Whether there must be labels, and whether they are read.</param>
    /// <param name="columns">What columns are read as; null finds out.</param>
    /// <exception cref="InvalidDataException">The content is at fault.</exception>
    public static Table Read(Stream content, string name, char delimiter = ',', string? target = null, LabelUse labels = LabelUse.Required,
        ColumnOptions? columns = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        return CsvReader.Read(content, null, name, delimiter, target, groups: null, labels, columns).Table;
    }

    /// <summary>Reads a labeled table without its group column, and the group of each row.</summary>
    /// <param name="path">The file.</param>
    /// <param name="groups">Name of the column that says what a row comes from (a patient, say); null: there is none. Its cells are text;
    /// where one is empty, NA or the like, the row stands for itself.</param>
    /// <param name="target">Name of the label column; null takes the last column.</param>
    /// <param name="columns">What columns are read as; null finds out.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The content is at fault; the message says what was got, what was expected and
    /// where.</exception>
    public static GroupedTable ReadGrouped(string path, string? groups, string? target = null, ColumnOptions? columns = null)
    {
        if (IsParquet(path))
            return ReadParquet(path, target, groups, LabelUse.Required, columns);
        using Stream content = Open(path, out char delimiter, out Func<Stream>? again);
        return CsvReader.Read(content, again, path, delimiter, target, groups, LabelUse.Required, columns);
    }

    /// <summary>Reads a labeled table without its group column, and the group of each row, from a stream.</summary>
    /// <param name="content">UTF-8 text with a header line.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="groups">Name of the column that says what a row comes from; null: there is none.</param>
    /// <param name="delimiter">Between fields.</param>
    /// <param name="target">Name of the label column; null takes the last column.</param>
    /// <param name="columns">What columns are read as; null finds out.</param>
    /// <exception cref="InvalidDataException">The content is at fault.</exception>
    public static GroupedTable ReadGrouped(
        Stream content, string name, string? groups, char delimiter = ',', string? target = null, ColumnOptions? columns = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        return CsvReader.Read(content, null, name, delimiter, target, groups, LabelUse.Required, columns);
    }

    /// <summary>
    /// Reads a table to write its rows again as they were: the bytes of a text file are kept, a Parquet file is read again then.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="target">Name of the label column; null takes the last column.</param>
    /// <param name="labels">Whether there must be labels, and whether they are read.</param>
    /// <param name="groups">Name of the column that says what a row comes from, which is none of the table's; null: there is none.</param>
    /// <param name="columns">What columns are read as; null finds out.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The content is at fault; the message says what was got, what was expected and
    /// where.</exception>
    public static TableDocument ReadDocument(string path, string? target = null, LabelUse labels = LabelUse.Required, string? groups = null,
        ColumnOptions? columns = null)
    {
        if (IsParquet(path))
            return ParquetTableReader.ReadDocument(() => ParquetFile.Open(OpenFile(path), path), path, target, groups, labels, columns);
        using Stream content = Open(path, out char delimiter, out _);
        return ReadDocument(content, path, delimiter, target, labels, groups, columns);
    }

    /// <summary>Reads a table from a stream and keeps the bytes of its rows, to write them again as they were.</summary>
    /// <param name="content">UTF-8 text with a header line.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="delimiter">Between fields.</param>
    /// <param name="target">Name of the label column; null takes the last column.</param>
    /// <param name="labels">Whether there must be labels, and whether they are read.</param>
    /// <param name="groups">Name of the column that says what a row comes from, which is none of the table's; null: there is none.</param>
    /// <param name="columns">What columns are read as; null finds out.</param>
    /// <exception cref="InvalidDataException">The content is at fault.</exception>
    public static TableDocument ReadDocument(
        Stream content, string name, char delimiter = ',', string? target = null, LabelUse labels = LabelUse.Required,
            string? groups = null, ColumnOptions? columns = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        return CsvReader.ReadDocument(content, name, delimiter, target, groups, labels, columns);
    }

    /// <summary>Writes a table; numbers with their column's decimals.</summary>
    /// <exception cref="IOException">The place is taken or can't be written.</exception>
    public static void Write(Table table, string path, bool overwrite = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        Write([table], path, overwrite, cancellation);
    }

    /// <summary>
    /// Writes tables of one schema one after the other, as <see cref="LeoModel.GenerateBatches"/> gives them: memory doesn't grow with the
    /// number of rows.
    /// </summary>
    /// <exception cref="IOException">The place is taken or can't be written.</exception>
    public static void Write(IEnumerable<Table> batches, string path, bool overwrite = false, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        char? delimiter = Delimiter(path);
        Write(path, overwrite, stream =>
        {
            if (delimiter is char text)
                CsvRowWriter.Write(stream, batches, text);
            else
                ParquetOutput.Write(stream, batches);
        }, cancellation);
    }

    /// <summary>Writes a table to a stream as UTF-8 text with a header line.</summary>
    public static void Write(Table table, Stream stream, char delimiter = ',')
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(stream);
        CsvRowWriter.Write(stream, [table], delimiter);
    }

    /// <summary>
    /// Writes tables of one schema one after the other, as <see cref="LeoModel.GenerateBatches"/> gives them: a header line, then all rows.
    /// </summary>
    /// <example><code>
    /// TableFile.Write("rows.csv", overwrite: true, stream => TableFile.Write(model.GenerateBatches(counts), stream));
    /// </code></example>
    public static void Write(IEnumerable<Table> batches, Stream stream, char delimiter = ',')
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(stream);
        CsvRowWriter.Write(stream, batches, delimiter);
    }

    /// <summary>Writes a file whole or not at all, compressed where its name ends in .gz.</summary>
    /// <exception cref="IOException">The place is taken or can't be written.</exception>
    public static void Write(string path, bool overwrite, Action<Stream> write, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        AtomicFile.Write(path, overwrite, stream =>
        {
            if (!IsGzip(path))
            {
                write(stream);
                return;
            }
            using GZipStream compressed = new(stream, CompressionLevel.Optimal, leaveOpen: true);
            write(compressed);
        }, cancellation);
    }

    /// <summary>The delimiter that a path's extension stands for; null for Parquet, which has none.</summary>
    /// <exception cref="ArgumentException">The extension is not a table's.</exception>
    public static char? Delimiter(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string name = IsGzip(path) ? path[..^3] : path;
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".csv" => ',',
            ".tsv" => '\t',
            ".parquet" when name == path => null,
            ".parquet" => throw Fault.Argument(nameof(path), $"'{path}': Parquet is compressed in itself; decompress it (gzip -d)"),
            // Standard input and other pipes by name.
            "" when name.StartsWith("/dev/", StringComparison.Ordinal) => ',',
            _ => throw Fault.Argument(nameof(path),
                $"'{path}': got the extension '{Path.GetExtension(path)}', expected .csv, .tsv, .csv.gz, .tsv.gz or .parquet"),
        };
    }

    static bool IsParquet(string path) => Delimiter(path) is null;

    static GroupedTable ReadParquet(string path, string? target, string? groups, LabelUse labels, ColumnOptions? columns)
    {
        using ParquetFile file = ParquetFile.Open(OpenFile(path), path);
        return ParquetTableReader.Read(file, path, target, groups, labels, columns);
    }

    // Opens a text file; it can be opened anew unless it is a pipe.
    static Stream Open(string path, out char delimiter, out Func<Stream>? again)
    {
        delimiter = Delimiter(path)!.Value;
        FileStream file = OpenFile(path);
        again = file.CanSeek ? () => Unpacked(path, File.OpenRead(path)) : null;
        return Unpacked(path, file);
    }

    static FileStream OpenFile(string path)
    {
        FileKind kind = FilePlace.Kind(path);
        if (kind is FileKind.Missing or FileKind.Folder)
            throw new FileNotFoundException(kind == FileKind.Folder ? $"'{path}' is a folder, expected a file" : $"no such file: '{path}'",
                path);
        return File.OpenRead(path);
    }

    static Stream Unpacked(string path, FileStream file) => IsGzip(path) ? new Gzip(file) : file;

    static bool IsGzip(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
}

using System.IO.Compression;

namespace LeoCvae;

public static partial class TableFile
{
    /// <summary>Writes a table; numbers with their column's decimals.</summary>
    /// <exception cref="ArgumentException">A text file can't hold a name: it stands for a missing value there (NA, say).</exception>
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
        _ = Delimiter(path);
        Write(path, overwrite, stream => WriteAs(path, batches, stream), cancellation);
    }

    /// <summary>Writes tables as the extension of a path says, uncompressed.</summary>
    internal static void WriteAs(string path, IEnumerable<Table> batches, Stream stream)
    {
        if (Delimiter(path) is char text)
            CsvRowWriter.Write(stream, batches, text);
        else
            ParquetOutput.Write(stream, batches);
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

    /// <summary>
    /// Writes tables of one schema one after the other to a stream that is written asynchronously, a web response for example: a header
    /// line, then all rows, a batch in memory at a time.
    /// </summary>
    public static Task WriteAsync(IEnumerable<Table> batches, Stream stream, char delimiter = ',', CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(stream);
        return CsvRowWriter.WriteAsync(stream, batches, delimiter, cancellation);
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
            EvenStream even = new(compressed);
            write(even);
            even.HandOn();
        }, cancellation);
    }

    /// <summary>The delimiter of a text file, as it was told or by the extension; null for Parquet, which has none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="told">What separates the fields of a text, whose extension may then be .txt, too.</param>
    /// <exception cref="ArgumentException">The extension is not a table's, or not that of a text.</exception>
    public static char? Delimiter(string path, char? told = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string name = IsGzip(path) ? path[..^3] : path;
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".csv" => told ?? ',',
            ".tsv" => told ?? '\t',
            ".txt" when told is not null => told,
            ".parquet" when name != path =>
                throw Fault.Argument(nameof(path), $"'{path}': Parquet is compressed in itself; decompress it (gzip -d)"),
            ".parquet" => told is null ? null
                : throw Fault.Argument(nameof(path), $"'{path}': got a delimiter for Parquet, which has none, expected a text file"),
            // Standard input and other pipes by name.
            "" when name.StartsWith("/dev/", StringComparison.Ordinal) => told ?? ',',
            _ => throw Fault.Argument(nameof(path),
                $"'{path}': got the extension '{Path.GetExtension(path)}', expected .csv, .tsv, .csv.gz, .tsv.gz or .parquet" +
                $"{(Path.GetExtension(name) == ".txt" ? ", or --delimiter to say what separates the fields of a .txt" : "")}"),
        };
    }
}

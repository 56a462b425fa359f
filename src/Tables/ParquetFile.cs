using System.Globalization;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace LeoCvae;

/// <summary>A column of a Parquet file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it holds; null where that is not served.</param>
/// <param name="TypeName">What that is called.</param>
/// <param name="IsNullable">Whether cells may be without a value.</param>
sealed record ParquetColumn(string Name, ParquetType? Type, string TypeName, bool IsNullable);

/// <summary>
/// An open Parquet file: its columns, and their cells by row group. What is damaged is an <see cref="InvalidDataException"/> that names
/// the file. Not thread-safe.
/// </summary>
sealed class ParquetFile : IDisposable
{
    const int FooterBytes = 8;

    readonly string _name;
    readonly BoundedStream _stream;
    readonly ParquetReader _reader;
    readonly DataField?[] _fields;

    ParquetFile(string name, BoundedStream stream, ParquetReader reader)
    {
        (_name, _stream, _reader) = (name, stream, reader);
        FileMetaData meta = reader.Metadata!;
        (Columns, List<SchemaElement> leaves) = ReadColumns(meta);
        // Cells are read as they are stored, and what they mean is said by our own types.
        foreach (SchemaElement leaf in leaves)
            (leaf.LogicalType, leaf.ConvertedType) = (null, null);
        meta.Schema = [meta.Schema[0], .. leaves];
        meta.Schema[0].NumChildren = leaves.Count;
        foreach (ColumnChunk chunk in meta.RowGroups.SelectMany(group => group.Columns))
            if (chunk.MetaData is { } data)
                data.Statistics = null;
        Queue<DataField> fields = new(leaves.Count == 0 ? [] : reader.Schema.GetDataFields());
        _fields = [.. Columns.Select(column => column.Type is null ? null : fields.Dequeue())];
        Groups = [.. meta.RowGroups.Select(group => checked((int)group.NumRows))];
        if (Groups.Any(rows => rows < 0) || Groups.Sum(rows => (long)rows) != meta.NumRows)
            throw new InvalidDataException($"{name}: the Parquet data are damaged: got {Groups.Sum(rows => (long)rows)} rows in row " +
                $"groups, expected {meta.NumRows}");
        if (meta.NumRows > PageCheck.MostRows(stream.Length))
            throw new InvalidDataException($"{name}: the Parquet data are damaged: got {meta.NumRows} rows in {stream.Length} bytes");
    }

    /// <summary>Opens a file.</summary>
    /// <param name="stream">The file, which is closed with this; it must be seekable.</param>
    /// <param name="name">What messages call it.</param>
    public static ParquetFile Open(Stream stream, string name)
    {
        try
        {
            RequireParquet(stream, name);
            BoundedStream metered = new(stream);
            return Guarded(name, null, () => new ParquetFile(name, metered, Read(metered)));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>All columns, in order.</summary>
    public IReadOnlyList<ParquetColumn> Columns { get; }

    /// <summary>The rows of each row group.</summary>
    public IReadOnlyList<int> Groups { get; }

    /// <summary>Rows in all.</summary>
    public long RowCount => _reader.Metadata!.NumRows;

    /// <summary>The file's length in bytes.</summary>
    public long Length => _stream.Length;

    /// <summary>What is noted in the file beside its data.</summary>
    public IReadOnlyDictionary<string, string> Notes => _reader.CustomMetadata;

    /// <summary>How the first column is compressed.</summary>
    public CompressionCodec Codec => _reader.Metadata!.RowGroups.FirstOrDefault()?.Columns.FirstOrDefault()?.MetaData?.Codec
        ?? CompressionCodec.SNAPPY;

    /// <summary>The cells of a column in a row group.</summary>
    public ParquetCells Read(int group, int column) => Guarded(_name, Columns[column].Name, () =>
    {
        if (Groups[group] == 0)
            return Columns[column].Type!.New(0);
        DataField field = _fields[column]!;
        ParquetRowGroupReader reader = _reader.OpenRowGroupReader(group);
        ColumnMetaData data = reader.GetMetadata(field)?.MetaData ?? throw new InvalidDataException("a row group is without it");
        if (data.NumValues != Groups[group])
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"got {data.NumValues} values for {Groups[group]} rows"));
        // The reader takes the lengths of such values for values.
        if (data.Type == Parquet.Meta.Type.BOOLEAN && !data.Encodings.Contains(Encoding.PLAIN))
            throw new NotSupportedException("true and false are run-length encoded, which is not read; write the file in data pages V1");
        _stream.Allow(0, long.MaxValue);
        (long start, long end, bool areMissing) = PageCheck.Require(_stream, data, field.IsNullable);
        if (areMissing)
            return Columns[column].Type!.Missing(Groups[group]);
        _stream.Allow(start, end);
        return Columns[column].Type!.Read(reader, field, Groups[group]);
    });

    public void Dispose() => _stream.Dispose();

    // Columns of columns are one column, that is not served.
    static (ParquetColumn[], List<SchemaElement>) ReadColumns(FileMetaData meta)
    {
        List<ParquetColumn> columns = [];
        List<SchemaElement> leaves = [];
        for (int at = 1; at < meta.Schema.Count;)
        {
            SchemaElement element = meta.Schema[at];
            (ParquetType? type, string typeName) = ParquetTypes.Of(element);
            columns.Add(new(element.Name, type, typeName, element.RepetitionType != FieldRepetitionType.REQUIRED));
            if (type is not null)
                leaves.Add(element);
            // Children come right behind their parent.
            for (long left = 1; left > 0 && at < meta.Schema.Count; at++)
                left += Math.Max(0, meta.Schema[at].NumChildren ?? 0) - 1;
        }
        return ([.. columns], leaves);
    }

    static void RequireParquet(Stream stream, string name)
    {
        if (!stream.CanSeek)
            throw new InvalidDataException($"{name}: a Parquet file is read from its end, and a pipe has none; expected a file");
        byte[] start = new byte[1 << 12], end = new byte[FooterBytes];
        int length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (!start.AsSpan(0, length).StartsWith("PAR1"u8))
            throw new InvalidDataException(length == 0 ? $"{name}: the file is empty, expected Parquet"
                : start.AsSpan().StartsWith("PARE"u8) ? $"{name}: the Parquet file is encrypted; decrypt it first"
                : $"{name}: this is no Parquet file, as its name says, but " + (ForeignFormat.Advice(start.AsSpan(0, length))
                    ?? $"begins with '{VisibleText.Start(start.AsSpan(0, Math.Min(length, 8)))}'"));
        if (stream.Length < FooterBytes + 4 || stream.Seek(-FooterBytes, SeekOrigin.End) < 0
            || stream.ReadAtLeast(end, FooterBytes, throwOnEndOfStream: false) < FooterBytes || !end.AsSpan(4).SequenceEqual("PAR1"u8))
            throw new InvalidDataException($"{name}: the Parquet file is truncated: it doesn't end as one does");
        int footer = BitConverter.ToInt32(end);
        if (footer <= 0 || footer > stream.Length - FooterBytes - 4)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"{name}: the Parquet data are damaged: got a footer of {footer} bytes in a file of {stream.Length}"));
        byte[] bytes = new byte[footer];
        stream.Seek(-FooterBytes - footer, SeekOrigin.End);
        stream.ReadExactly(bytes);
        if (ThriftCheck.FooterFault(bytes) is string fault)
            throw new InvalidDataException($"{name}: the Parquet data are damaged: {fault}");
        stream.Position = 0;
    }

    // Fields of other types than expected lead the library past the footer's end, where it never stops: it is given up.
    static ParquetReader Read(BoundedStream stream)
    {
        TimeSpan most = TimeSpan.FromSeconds(30 + stream.Length / (1 << 24));
        Task<ParquetReader> read = Task.Run(() => ParquetReader.CreateAsync(stream, new ParquetOptions()));
        return ((IAsyncResult)read).AsyncWaitHandle.WaitOne(most) ? read.GetAwaiter().GetResult()
            : throw new InvalidDataException("the footer can't be read");
    }

    // The first one, without the name of a parameter.
    static string Line(Exception e) =>
        VisibleText.Line((e is ArgumentException argument ? Fault.Text(argument) : e.Message).Split('\n', 2)[0].TrimEnd('\r'));

    // The library fails in many ways at what is damaged.
    static T Guarded<T>(string name, string? column, Func<T> read)
    {
        string where = column is null ? name : $"{name}: column '{column}'";
        try
        {
            return read();
        }
        catch (InvalidDataException e) when (e.Message.StartsWith(name, StringComparison.Ordinal))
        {
            throw;
        }
        catch (Exception e) when (e is NotSupportedException or NotImplementedException)
        {
            throw new InvalidDataException($"{where}: {VisibleText.Line(e.Message)}", e);
        }
        catch (Exception e) when (e is not OperationCanceledException and not UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{where}: the Parquet data are damaged: {Line(e)}", e);
        }
    }

    /// <summary>A stream that is read at once, within bounds: the library goes on behind a column's pages where these lack values.
    /// </summary>
    sealed class BoundedStream(Stream stream) : Stream
    {
        (long Start, long End) _allowed = (0, long.MaxValue);

        /// <summary>From here on only bytes from one place up to another are read.</summary>
        public void Allow(long start, long end) => _allowed = (start, end);

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => stream.Length;

        public override long Position { get => stream.Position; set => stream.Position = value; }

        public override int Read(Span<byte> buffer)
        {
            if (buffer.IsEmpty)
                return 0;
            long at = stream.Position;
            if (at < _allowed.Start || at >= _allowed.End)
                throw new InvalidDataException("its pages have fewer values than they say");
            return stream.Read(buffer[..(int)Math.Min(buffer.Length, _allowed.End - at)]);
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(Read(buffer.Span));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Task.FromResult(Read(buffer.AsSpan(offset, count)));

        public override long Seek(long offset, SeekOrigin origin) => stream.Seek(offset, origin);

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                stream.Dispose();
            base.Dispose(disposing);
        }
    }
}

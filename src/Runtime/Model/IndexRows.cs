using System.Runtime.InteropServices;

namespace LeoCvae;

/// <summary>
/// A table's cells and classes in a file beside the one that is wanted, which goes when this is disposed of; they are read in blocks, in
/// order. As <see cref="IRowLists"/> its lists are the blocks, encoded. Reading is thread-safe.
/// </summary>
sealed class IndexRows : IRowLists, IDisposable
{
    const int MostRows = 1 << 16, LeastRows = 1 << 8, MostValues = 1 << 22;

    readonly FileStream _file;
    readonly string _path;
    readonly int _columns, _perBlock;
    TableEncoder? _encoder;

    /// <param name="path">The file that is wanted.</param>
    /// <param name="columns">Columns of the table.</param>
    public IndexRows(string path, int columns)
    {
        (_path, _columns, _perBlock) = (path, columns, Math.Clamp(MostValues / columns, LeastRows, MostRows));
        try
        {
            _file = new(Leftovers.NewName(FilePlace.Resolve(path)), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 0,
                FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw GuardedStream.Failure(path, e);
        }
    }

    public int Rows { get; private set; }

    public int Count => (Rows + _perBlock - 1) / _perBlock;

    // A row's cells, then its class.
    int RowBytes => (_columns + 1) * sizeof(double);

    /// <summary>Keeps all rows.</summary>
    /// <param name="batches">The rows.</param>
    /// <param name="schema">Has the classes, which are told by their names.</param>
    /// <param name="cancellation">Stops it.</param>
    public void Keep(IEnumerable<Table> batches, TableSchema schema, CancellationToken cancellation) =>
        GuardedStream.WriteAll(_file, _path, stream =>
        {
            double[] row = new double[_columns + 1];
            foreach (Table table in batches)
            {
                if (Rows > int.MaxValue - table.RowCount)
                    throw Fault.Argument(nameof(batches), $"got more than {int.MaxValue} rows, expected at most so many");
                int[] classOf = [.. table.Schema.Classes.Select(schema.ClassIndex)];
                for (int i = 0; i < table.RowCount; i++)
                {
                    table.Row(i).CopyTo(row);
                    row[^1] = classOf[table.Labels[i]];
                    stream.Write(MemoryMarshal.AsBytes<double>(row));
                }
                Rows += table.RowCount;
            }
        }, cancellation);

    /// <summary>From here on blocks are lists of encoded rows.</summary>
    public void EncodeBy(TableEncoder encoder) => _encoder = encoder;

    /// <summary>The block's first row, and how many it has.</summary>
    public (int First, int Count) Block(int block) => (block * _perBlock, CountOf(block));

    public int CountOf(int list) => Math.Min(_perBlock, Rows - (list * _perBlock));

    /// <summary>The cells and the class of some rows, which are a row of one column more.</summary>
    public double[] Cells(int first, int count)
    {
        double[] cells = new double[(_columns + 1) * count];
        Span<byte> left = MemoryMarshal.AsBytes(cells.AsSpan());
        long at = (long)first * RowBytes;
        while (!left.IsEmpty)
        {
            int read = RandomAccess.Read(_file.SafeFileHandle, left, at);
            if (read == 0)
                throw new IOException($"'{_path}' can't be written: the rows kept beside it were cut off");
            left = left[read..];
            at += read;
        }
        return cells;
    }

    /// <summary>A row of <see cref="Cells"/> without its class.</summary>
    public ReadOnlySpan<double> RowOf(double[] cells, int row) => cells.AsSpan(row * (_columns + 1), _columns);

    /// <summary>Its class.</summary>
    public int ClassOf(double[] cells, int row) => (int)cells[(row * (_columns + 1)) + _columns];

    /// <summary>Some rows encoded.</summary>
    public Matrix Encoded(double[] cells)
    {
        Matrix encoded = new(cells.Length / (_columns + 1), _encoder!.Width);
        for (int row = 0; row < encoded.Rows; row++)
            _encoder.Encode(RowOf(cells, row), encoded.Row(row));
        return encoded;
    }

    public void Read(int list, Span<float> rows, Span<long> keys)
    {
        (int first, int count) = Block(list);
        Encoded(Cells(first, count)).Values.CopyTo(rows);
        for (int row = 0; row < count; row++)
            keys[row] = (long)(first + row) << 32;
    }

    public void Dispose() => _file.Dispose();
}

using System.Buffers;
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

    /// <summary>Some rows, in memory that is given back when they are disposed of.</summary>
    public Cells Take(int first, int count)
    {
        Cells cells = new(_columns, count);
        Span<byte> bytes = MemoryMarshal.AsBytes(cells.All);
        return FileBytes.Read(_file.SafeFileHandle, bytes, (long)first * RowBytes) == bytes.Length ? cells
            : throw new IOException($"'{_path}' can't be written: the rows kept beside it were cut off");
    }

    /// <summary>Some rows encoded.</summary>
    public Matrix Encode(int[] some)
    {
        Matrix encoded = new(some.Length, _encoder!.Width);
        for (int i = 0; i < some.Length; i++)
        {
            using Cells row = Take(some[i], 1);
            _encoder.Encode(row[0], encoded.Row(i));
        }
        return encoded;
    }

    /// <summary>Rows next to each other encoded.</summary>
    public void Encode(Cells cells, Span<float> rows)
    {
        int width = _encoder!.Width;
        for (int row = 0; row < cells.Count; row++)
            _encoder.Encode(cells[row], rows.Slice(row * width, width));
    }

    public void Read(int list, Span<float> rows, Span<long> keys)
    {
        (int first, int count) = Block(list);
        using Cells cells = Take(first, count);
        Encode(cells, rows);
        for (int row = 0; row < count; row++)
            keys[row] = (long)(first + row) << 32;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>Rows, each with its class behind its cells.</summary>
    public readonly struct Cells(int columns, int count) : IDisposable
    {
        readonly double[] _cells = ArrayPool<double>.Shared.Rent((columns + 1) * count);

        public int Count => count;

        /// <summary>All of them.</summary>
        public Span<double> All => _cells.AsSpan(0, (columns + 1) * count);

        /// <summary>A row without its class.</summary>
        public ReadOnlySpan<double> this[int row] => _cells.AsSpan(row * (columns + 1), columns);

        /// <summary>A row's class.</summary>
        public int ClassOf(int row) => (int)_cells[(row * (columns + 1)) + columns];

        public void Dispose() => ArrayPool<double>.Shared.Return(_cells);
    }
}

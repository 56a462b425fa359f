namespace LeoCvae;

/// <summary>Lists of a matrix's rows. Immutable and thread-safe.</summary>
sealed class MemoryLists : IRowLists
{
    readonly Matrix _x;
    readonly int[] _starts, _rows;

    public MemoryLists(Matrix x, Matrix centers, int threads, CancellationToken cancellation)
    {
        _x = x;
        ListOf = ListProbes.Nearest(x, centers, 1, threads, cancellation);
        _starts = new int[centers.Rows + 1];
        foreach (int list in ListOf)
            _starts[list + 1]++;
        for (int list = 0; list < centers.Rows; list++)
            _starts[list + 1] += _starts[list];
        int[] next = _starts[..^1];
        _rows = new int[x.Rows];
        for (int row = 0; row < x.Rows; row++)
            _rows[next[ListOf[row]]++] = row;
    }

    /// <summary>The list of each row.</summary>
    public int[] ListOf { get; }

    public int Count => _starts.Length - 1;

    public int CountOf(int list) => _starts[list + 1] - _starts[list];

    public void Read(int list, Span<float> rows, Span<long> keys)
    {
        int width = _x.Columns;
        for (int i = 0; i < keys.Length; i++)
        {
            int row = _rows[_starts[list] + i];
            _x[row].CopyTo(rows.Slice(i * width, width));
            keys[i] = (long)row << 32;
        }
    }
}

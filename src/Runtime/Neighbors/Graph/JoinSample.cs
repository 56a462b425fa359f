using System.Runtime.InteropServices;

namespace LeoCvae;

/// <summary>
/// Which rows meet in a round of descent. Each row draws some of its new and some of its old candidates; the drawn rows get the row in
/// return, the first ones in a random order of the rows. Nothing depends on threads. Its memory is given back with it, not when the
/// collector gets to it: what comes next needs as much.
/// </summary>
sealed unsafe class JoinSample : IDisposable
{
    const int RowsPerTask = 1024;

    readonly int _rows, _size;
    // Of each row: drawn candidates, then rows that drew it.
    readonly Half _fresh, _old;

    public JoinSample(int rows, int size)
    {
        // Counts are bytes.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, byte.MaxValue);
        (_rows, _size) = (rows, size);
        (_fresh, _old) = (new(rows, size), new(rows, size));
    }

    /// <summary>Rows of a join at most.</summary>
    public int MostRows => 4 * _size;

    /// <summary>Draws a round's sample and takes the marks off the new candidates that were drawn.</summary>
    public void Draw(CandidateLists lists, CounterRandom random, int round, ParallelOptions parallel)
    {
        Parallel.For(0, (_rows + RowsPerTask - 1) / RowsPerTask, parallel, task =>
        {
            for (int row = task * RowsPerTask; row < Math.Min(_rows, (task + 1) * RowsPerTask); row++)
                DrawForward(row, lists.Ids(row), random.Word(CounterRandom.Row(1 << 20 | round, row), 0));
        });
        int parts = parallel.MaxDegreeOfParallelism > 0 ? parallel.MaxDegreeOfParallelism : Environment.ProcessorCount;
        (int start, int step) = Walk(random, round);
        Parallel.For(0, parts, parallel,
            part => Return((int)((long)part * _rows / parts), (int)((part + 1L) * _rows / parts), start, step));
    }

    /// <summary>The rows that meet at a row, each once, the new ones first.</summary>
    public (int Count, int Fresh) Of(int row, int[] ids)
    {
        int fresh = _fresh.AddTo(row, ids, 0);
        return (_old.AddTo(row, ids, fresh), fresh);
    }

    public void Dispose()
    {
        _fresh.Dispose();
        _old.Dispose();
    }

    void DrawForward(int row, Span<int> ids, uint word)
    {
        int first = (int)((ulong)word * (uint)ids.Length >> 32);
        Span<int> fresh = _fresh.Drawn(row), old = _old.Drawn(row);
        int freshCount = 0, oldCount = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            ref int id = ref ids[i + first < ids.Length ? i + first : i + first - ids.Length];
            if (id < 0)
                continue;
            if ((id & CandidateLists.Marked) == 0)
            {
                if (oldCount < _size)
                    old[oldCount++] = id;
            }
            else if (freshCount < _size)
            {
                id &= ~CandidateLists.Marked;
                fresh[freshCount++] = id;
            }
        }
        _fresh.Begin(row, freshCount);
        _old.Begin(row, oldCount);
    }

    // Walks over all rows in steps; a part takes what belongs to its own rows.
    void Return(int first, int end, int row, int step)
    {
        for (int i = 0; i < _rows; i++)
        {
            _fresh.Return(row, first, end);
            _old.Return(row, first, end);
            row += step;
            if (row >= _rows)
                row -= _rows;
        }
    }

    // A step without a common divisor with the number of rows visits each once.
    (int Start, int Step) Walk(CounterRandom random, int round)
    {
        ulong where = CounterRandom.Row(2 << 20, round);
        int step = 1 + (int)((ulong)random.Word(where, 1) * (uint)(_rows - 1) >> 32);
        while (System.Numerics.BigInteger.GreatestCommonDivisor(step, _rows) != 1)
            step = step % (_rows - 1) + 1;
        return ((int)((ulong)random.Word(where, 0) * (uint)_rows >> 32), step);
    }

    /// <summary>The new, or the old, part of the sample.</summary>
    sealed class Half(int rows, int size) : IDisposable
    {
        readonly int* _ids = (int*)NativeMemory.Alloc((nuint)rows, (nuint)(2 * size * sizeof(int)));
        readonly (byte Drawn, byte Returned)[] _counts = new (byte, byte)[rows];

        public Span<int> Drawn(int row) => new(_ids + 2L * row * size, size);

        Span<int> Returned(int row) => new(_ids + (2L * row + 1) * size, size);

        public void Begin(int row, int drawn) => _counts[row] = ((byte)drawn, 0);

        public void Return(int row, int first, int end)
        {
            foreach (int to in Drawn(row)[.._counts[row].Drawn])
            {
                if (to < first || to >= end)
                    continue;
                ref byte count = ref _counts[to].Returned;
                if (count < size)
                    Returned(to)[count++] = row;
            }
        }

        public int AddTo(int row, int[] ids, int count)
        {
            (byte drawn, byte returned) = _counts[row];
            foreach (int id in Drawn(row)[..drawn])
                if (!ids.AsSpan(0, count).Contains(id))
                    ids[count++] = id;
            foreach (int id in Returned(row)[..returned])
                if (!ids.AsSpan(0, count).Contains(id))
                    ids[count++] = id;
            return count;
        }

        public void Dispose() => NativeMemory.Free(_ids);
    }
}

using System.Numerics;

namespace LeoCvae.Evaluation;

/// <summary>
/// Rows in blocks of near ones, so that a search for nearest rows can leave out blocks that are too far away. Distances are sums over
/// columns in their order, and a block's bound is the same sum of smaller terms, so that nothing is missed by rounding. Immutable and
/// thread-safe.
/// </summary>
sealed class RowBlocks
{
    // Their columns stay in a near cache; of registers some are filled at a time, so that sums needn't wait for each other.
    const int BlockRows = 128, Registers = 4;

    readonly int _rows;

    // The row at each place, block by block, and the place of each row.
    readonly int[] _order, _places;

    // Columns by place, padded to whole blocks; of each number its range in each block, padded to whole registers.
    readonly double[][] _numbers, _categories, _low, _high;

    // Squared distance of two categories.
    readonly double _apart;

    /// <param name="numbers">Columns of numbers, at least one.</param>
    /// <param name="categories">Columns of categories.</param>
    /// <param name="apart">Squared distance of two categories.</param>
    public RowBlocks(double[][] numbers, double[][] categories, double apart)
    {
        (_rows, _apart) = (numbers[0].Length, apart);
        _order = [.. Enumerable.Range(0, _rows)];
        Split(numbers, 0, _rows);
        _places = new int[_rows];
        for (int place = 0; place < _rows; place++)
            _places[_order[place]] = place;
        (_numbers, _categories) = ([.. numbers.Select(InOrder)], [.. categories.Select(InOrder)]);
        double[][][] blocks = [.. numbers.Select(column => _order.Select(row => column[row]).Chunk(BlockRows).ToArray())];
        (_low, _high) = ([.. blocks.Select(column => Padded([.. column.Select(block => block.Min())]))],
            [.. blocks.Select(column => Padded([.. column.Select(block => block.Max())]))]);
    }

    /// <summary>The nearest others of some rows; equally near ones by their numbers.</summary>
    public NeighborLists Nearest(int[] some, int k, CancellationToken cancellation)
    {
        k = Math.Min(k, _rows - 1);
        int[] ids = new int[some.Length * k], blocks = new int[_low[0].Length];
        double[] nearest = new double[ids.Length], bounds = new double[blocks.Length], distances = new double[BlockRows];
        for (int at = 0; at < some.Length && k > 0; at++)
        {
            cancellation.ThrowIfCancellationRequested();
            Bounds(_places[some[at]], bounds);
            for (int block = 0; block < blocks.Length; block++)
                blocks[block] = block;
            Array.Sort(bounds, blocks);
            Span<int> own = ids.AsSpan(at * k, k);
            Span<double> ownNearest = nearest.AsSpan(at * k, k);
            int found = 0;
            for (int i = 0; i < blocks.Length && !(found == k && bounds[i] > ownNearest[^1]); i++)
            {
                int first = blocks[i] * BlockRows, count = Math.Min(BlockRows, _rows - first);
                if (count <= 0)
                    continue;
                Distances(_places[some[at]], first, distances);
                for (int place = 0; place < count; place++)
                    if (_order[first + place] is int row && row != some[at])
                        Offer(row, distances[place], ref found, own, ownNearest);
            }
        }
        return new(k, ids, nearest);
    }

    /// <summary>Puts a row among the nearest found so far, where it belongs there.</summary>
    public static void Offer(int row, double distance, ref int found, Span<int> ids, Span<double> nearest)
    {
        int place = found == ids.Length ? found : found++;
        for (; place > 0 && (distance < nearest[place - 1] || distance == nearest[place - 1] && row < ids[place - 1]); place--)
            if (place < ids.Length)
                (ids[place], nearest[place]) = (ids[place - 1], nearest[place - 1]);
        if (place < ids.Length)
            (ids[place], nearest[place]) = (row, distance);
    }

    // Squared, from the row at a place to those of a block.
    void Distances(int from, int first, double[] distances)
    {
        int lanes = Vector<double>.Count;
        Vector<double> zero = Vector<double>.Zero, apart = new(_apart);
        for (int i = 0; i < BlockRows; i += Registers * lanes)
        {
            (Vector<double> a, Vector<double> b, Vector<double> c, Vector<double> d) = (zero, zero, zero, zero);
            foreach (double[] column in _numbers)
            {
                Vector<double> own = new(column[from]);
                ReadOnlySpan<double> cells = column.AsSpan(first + i, Registers * lanes);
                a += Squared(new Vector<double>(cells) - own);
                b += Squared(new Vector<double>(cells[lanes..]) - own);
                c += Squared(new Vector<double>(cells[(2 * lanes)..]) - own);
                d += Squared(new Vector<double>(cells[(3 * lanes)..]) - own);
            }
            foreach (double[] column in _categories)
            {
                Vector<double> own = new(column[from]);
                ReadOnlySpan<double> cells = column.AsSpan(first + i, Registers * lanes);
                a += Apart(new(cells), own);
                b += Apart(new(cells[lanes..]), own);
                c += Apart(new(cells[(2 * lanes)..]), own);
                d += Apart(new(cells[(3 * lanes)..]), own);
            }
            a.CopyTo(distances, i);
            b.CopyTo(distances, i + lanes);
            c.CopyTo(distances, i + 2 * lanes);
            d.CopyTo(distances, i + 3 * lanes);
        }

        Vector<double> Apart(Vector<double> cells, Vector<double> own) => Vector.ConditionalSelect(Vector.Equals(cells, own), zero, apart);
    }

    // No row of a block is nearer.
    void Bounds(int from, double[] bounds)
    {
        for (int i = 0; i < bounds.Length; i += Vector<double>.Count)
        {
            Vector<double> sum = Vector<double>.Zero;
            for (int j = 0; j < _numbers.Length; j++)
            {
                Vector<double> own = new(_numbers[j][from]);
                Vector<double> off = Vector.Max(new Vector<double>(_low[j], i) - own, own - new Vector<double>(_high[j], i));
                sum += Squared(Vector.Max(off, Vector<double>.Zero));
            }
            sum.CopyTo(bounds, i);
        }
    }

    static Vector<double> Squared(Vector<double> difference) => difference * difference;

    // By place, and as many more as fill the last block.
    double[] InOrder(double[] column)
    {
        double[] cells = new double[(_rows + BlockRows - 1) / BlockRows * BlockRows];
        for (int place = 0; place < _rows; place++)
            cells[place] = column[_order[place]];
        return cells;
    }

    // To whole registers.
    static double[] Padded(double[] values) =>
        [.. values, .. new double[(Vector<double>.Count - values.Length % Vector<double>.Count) % Vector<double>.Count]];

    // Halves of whole blocks, at the middle of the number that is spread most.
    void Split(double[][] numbers, int first, int end)
    {
        if (end - first <= BlockRows)
            return;
        double[] widest = numbers.MaxBy(column =>
        {
            (double low, double high) = (double.PositiveInfinity, double.NegativeInfinity);
            for (int i = first; i < end; i++)
                (low, high) = (Math.Min(low, column[_order[i]]), Math.Max(high, column[_order[i]]));
            return high - low;
        })!;
        double[] keys = [.. _order[first..end].Select(row => widest[row])];
        keys.AsSpan().Sort(_order.AsSpan(first..end));
        int middle = first + ((end - first) / 2 + BlockRows - 1) / BlockRows * BlockRows;
        Split(numbers, first, middle);
        Split(numbers, middle, end);
    }
}

using System.Runtime.ExceptionServices;

namespace LeoCvae;

/// <summary>
/// Nearest rows among those of some lists: each query is compared with all rows of the lists whose centers are nearest to it. With all
/// lists it is exact. Queries that are near each other go together, so that a list is read for many of them.
/// </summary>
/// <param name="lists">The rows to search among.</param>
/// <param name="k">Rows to find.</param>
sealed class ListSearch(IRowLists lists, int k)
{
    // Pairs of a query and a list that are in memory at a time.
    const int MostPairs = 1 << 21;

    const int LeastQueries = 512, MostQueries = 1 << 14;

    /// <summary>Finds the nearest rows of all queries; the same for any number of threads.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="centers">The lists' centers.</param>
    /// <param name="probes">Lists that a query is compared with, of the nearest centers.</param>
    /// <param name="own">The number that a query has among the rows, where the queries are some of them and none is its own neighbor; null:
    /// they are new ones.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="progress">Receives the share that is done.</param>
    public NearestFound Search(Matrix queries, Matrix centers, int probes, Func<int, long>? own, int threads,
        CancellationToken cancellation, IProgress<double>? progress = null)
    {
        NearestFound found = new(queries.Rows, k);
        int most = Math.Max(1, MostPairs / probes);
        for (int first = 0; first < queries.Rows; first += most)
        {
            Matrix some = queries.Slice(first, Math.Min(most, queries.Rows - first));
            Search(some, ListProbes.Nearest(some, centers, probes, threads, cancellation), own, found, first, threads, cancellation);
            progress?.Report(Math.Min(1, (double)(first + most) / queries.Rows));
        }
        // Where the nearest lists are short they may hold fewer rows than are looked for.
        int[] few = [.. Enumerable.Range(0, queries.Rows).Where(query => !found.IsFull(query))];
        if (few.Length > 0 && probes < lists.Count)
        {
            NearestFound again = Search(queries.Chosen(few), centers, (int)Math.Min(lists.Count, 4L * probes),
                own is null ? null : i => own(few[i]), threads, cancellation);
            for (int i = 0; i < few.Length; i++)
                found.Set(few[i], again, i);
        }
        return found;
    }

    /// <summary>The same by comparing each query with all lists.</summary>
    public NearestFound SearchAll(Matrix queries, Func<int, long>? own, int threads, CancellationToken cancellation)
    {
        NearestFound found = new(queries.Rows, k);
        int[] probed = [.. Enumerable.Range(0, queries.Rows).SelectMany(_ => Enumerable.Range(0, lists.Count))];
        Search(queries, probed, own, found, 0, threads, cancellation);
        return found;
    }

    void Search(Matrix queries, int[] probed, Func<int, long>? own, NearestFound found, int first, int threads,
        CancellationToken cancellation)
    {
        int probes = probed.Length / queries.Rows;
        int[] order = Enumerable.Range(0, queries.Rows).ToArray(), nearest = new int[queries.Rows];
        for (int query = 0; query < nearest.Length; query++)
            nearest[query] = probed[query * probes];
        Array.Sort(nearest, order);
        int cores = threads < 0 ? Environment.ProcessorCount : threads,
            perBlock = Math.Clamp((queries.Rows + cores - 1) / cores, LeastQueries, MostQueries);
        try
        {
            Parallel.For(0, (queries.Rows + perBlock - 1) / perBlock,
                new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, block =>
                {
                    int[] some = order[(block * perBlock)..Math.Min(order.Length, (block + 1) * perBlock)];
                    new Block(lists, queries, some, probed, probes, found, first,
                        [.. some.Select(query => own?.Invoke(first + query) ?? long.MinValue)]).Search(cancellation);
                });
        }
        catch (AggregateException e) when (e.InnerException is IOException or InvalidDataException)
        {
            // A file that was damaged or went: each thread may have found out.
            ExceptionDispatchInfo.Throw(e.InnerException);
        }
    }

    sealed unsafe class Block : IRowFound
    {
        readonly IRowLists _lists;
        readonly Matrix _queries;
        readonly NearestFound _found;
        readonly int _first;
        readonly int[] _starts, _pairs;
        // By the place in the block: which query it is, its own number among the rows, and its nearest list.
        readonly int[] _order, _nearest;
        readonly long[] _own;
        readonly float[] _norms, _limits;
        readonly QueryPanels _panels;
        // Places of the queries that are in the panels.
        readonly int[] _places;
        float[] _rows = [], _rowNorms = [];
        long[] _keys = [];

        public Block(IRowLists lists, Matrix queries, int[] order, int[] probed, int probes, NearestFound found, int first, long[] own)
        {
            (_lists, _queries, _order, _found, _first, _own) = (lists, queries, order, found, first, own);
            (_norms, _limits, _places) = (new float[_order.Length], new float[_order.Length], new int[_order.Length]);
            Array.Fill(_limits, float.PositiveInfinity);
            // The places of the queries of each list.
            _starts = new int[lists.Count + 1];
            _nearest = [.. _order.Select(query => probed[query * probes])];
            foreach (int query in _order)
                foreach (int list in probed.AsSpan(query * probes, probes))
                    _starts[list + 1]++;
            for (int list = 0; list < lists.Count; list++)
                _starts[list + 1] += _starts[list];
            int[] next = _starts[..^1];
            _pairs = new int[_starts[^1]];
            for (int place = 0; place < _order.Length; place++)
                foreach (int list in probed.AsSpan(_order[place] * probes, probes))
                    _pairs[next[list]++] = place;
            _panels = QueryPanels.Of(queries.Columns, _order.Length);
        }

        // First each query's nearest list: there is most of what it looks for, and little of the others is then near enough.
        public void Search(CancellationToken cancellation)
        {
            for (int place = 0; place < _order.Length; place++)
                _norms[place] = _panels.Norm(_queries[_order[place]]);
            for (int pass = 0; pass < 2; pass++)
                for (int list = 0; list < _starts.Length - 1; list++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    int count = 0;
                    foreach (int place in _pairs.AsSpan(_starts[list].._starts[list + 1]))
                        if ((_nearest[place] == list) == (pass == 0))
                            _places[count++] = place;
                    if (count > 0 && _lists.CountOf(list) > 0)
                        Search(list, count);
                }
        }

        void Search(int list, int count)
        {
            int rows = _lists.CountOf(list), width = _queries.Columns;
            Read(list, rows, width);
            for (int i = 0; i < count; i++)
            {
                int place = _places[i];
                _queries[_order[place]].CopyTo(_panels.Row(i));
                (_panels.Norms[i], _panels.Limits[i]) = (_norms[place], _limits[place]);
            }
            _panels.Pack(count);
            for (int start = 0; start < rows; start += QueryPanels.RowsPerBlock)
                _panels.Meet(PackedRows.Pointer(_rows) + ((long)start * width), PackedRows.Pointer(_rowNorms) + start, start,
                    Math.Min(QueryPanels.RowsPerBlock, rows - start), this);
            for (int i = 0; i < count; i++)
                _limits[_places[i]] = _panels.Limits[i];
        }

        void Read(int list, int count, int width)
        {
            int padded = count + DistanceTile.Rows;
            if (_keys.Length < padded)
            {
                _rows = PackedRows.Pinned((long)padded * width);
                _rowNorms = PackedRows.Pinned(padded);
                _keys = new long[padded];
            }
            _lists.Read(list, _rows.AsSpan(0, count * width), _keys.AsSpan(0, count));
            for (int row = 0; row < count; row++)
                _rowNorms[row] = _panels.Norm(_rows.AsSpan(row * width, width));
            _rowNorms.AsSpan(count, DistanceTile.Rows).Fill(float.PositiveInfinity);
        }

        public float Take(int panelQuery, int row, float limit)
        {
            int place = _places[panelQuery], query = _order[place], width = _queries.Columns;
            long key = _keys[row];
            if (key >> 32 == _own[place])
                return limit;
            double last = _found.Add(_first + query, key, Distance.Squared(_queries[query], _rows.AsSpan(row * width, width)));
            return double.IsFinite(last)
                ? MathF.BitIncrement((float)(last + DistanceTile.ErrorBound(width, _norms[place], last))) : limit;
        }
    }
}

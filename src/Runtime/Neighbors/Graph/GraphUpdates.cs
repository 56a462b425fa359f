namespace LeoCvae;

/// <summary>
/// What a task of the descent found: candidates for lists that it may not write. Sorted by owner, so that each owner applies its own
/// part, task after task: the order is the same for any number of threads.
/// </summary>
sealed class GraphUpdates
{
    /// <summary>Rows are dealt out to so many owners, in runs of neighboring rows.</summary>
    public const int Owners = 32;

    const int RunBits = 4;

    readonly int[] _starts = new int[Owners + 1];
    // Most tasks find little.
    Update[] _found = new Update[128], _byOwner = [];
    int _count;

    public void Add(int row, int candidate, float distance)
    {
        if (_count == _found.Length)
            Array.Resize(ref _found, 2 * _count);
        _found[_count++] = new(row, candidate, distance);
    }

    public void Clear() => _count = 0;

    /// <summary>Sorts by owner; the finds of an owner stay in order.</summary>
    public void Sort()
    {
        if (_byOwner.Length < _count)
            _byOwner = new Update[_found.Length];
        Array.Clear(_starts);
        foreach (ref readonly Update update in _found.AsSpan(0, _count))
            _starts[Owner(update.Row) + 1]++;
        for (int owner = 0; owner < Owners; owner++)
            _starts[owner + 1] += _starts[owner];
        Span<int> next = stackalloc int[Owners];
        _starts.AsSpan(0, Owners).CopyTo(next);
        foreach (ref readonly Update update in _found.AsSpan(0, _count))
            _byOwner[next[Owner(update.Row)]++] = update;
    }

    /// <summary>Applies an owner's part; returns how many candidates got in.</summary>
    public int Apply(int owner, CandidateLists lists)
    {
        int improved = 0;
        foreach (ref readonly Update update in _byOwner.AsSpan(_starts[owner].._starts[owner + 1]))
            if (lists.OfferOnce(update.Row, update.Candidate | CandidateLists.Marked, update.Distance))
                improved++;
        return improved;
    }

    static int Owner(int row) => (row >> RunBits) & (Owners - 1);

    readonly record struct Update(int Row, int Candidate, float Distance);
}

namespace LeoCvae;

/// <summary>
/// Counts the calls that use something which has to be freed: it is freed when it was ended and the last running call is done. Calls that
/// begin after the end are refused. Thread-safe.
/// </summary>
/// <param name="owner">Named by the exception.</param>
/// <param name="free">Called once.</param>
sealed class Lifetime(string owner, Action free)
{
    // Running calls, and one for the owner.
    int _users = 1, _ended;

    /// <summary>Begins a call; it lasts until it is disposed of.</summary>
    /// <exception cref="ObjectDisposedException">The end has come.</exception>
    public Use Enter()
    {
        int users = Volatile.Read(ref _users);
        while (Volatile.Read(ref _ended) == 0 && users > 0)
        {
            int before = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (before == users)
                return new(this);
            users = before;
        }
        throw new ObjectDisposedException(owner);
    }

    /// <summary>No call begins any more; what runs goes on to its end. A second time changes nothing.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
            Leave();
    }

    void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            free();
    }

    /// <summary>A running call; the default is one of something that need not be freed.</summary>
    public readonly struct Use(Lifetime? lifetime) : IDisposable
    {
        public void Dispose() => lifetime?.Leave();
    }
}

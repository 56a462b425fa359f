namespace LeoCvae.Training;

/// <summary>
/// Threads that wait, without spinning, for pieces of work; the caller is one of them. Running allocates nothing. One caller at a time.
/// </summary>
sealed class WorkerTeam : IDisposable
{
    readonly AutoResetEvent[] _start, _done;
    readonly Thread[] _threads;
    Action<int>? _work;
    Exception? _failure;

    public WorkerTeam(int size)
    {
        Size = size;
        _start = [.. Enumerable.Range(1, size - 1).Select(_ => new AutoResetEvent(false))];
        _done = [.. Enumerable.Range(1, size - 1).Select(_ => new AutoResetEvent(false))];
        _threads = [.. Enumerable.Range(1, size - 1)
            .Select(i => new Thread(() => Work(i)) { IsBackground = true, Name = $"LeoCvae training {i}" })];
        foreach (Thread thread in _threads)
            thread.Start();
    }

    /// <summary>Threads, the caller's among them.</summary>
    public int Size { get; }

    /// <summary>Calls work(0), work(1), ..., work(size - 1) at the same time, and waits for all.</summary>
    public void Run(Action<int> work)
    {
        _work = work;
        foreach (AutoResetEvent start in _start)
            start.Set();
        try
        {
            work(0);
        }
        finally
        {
            foreach (AutoResetEvent done in _done)
                done.WaitOne();
        }
        if (_failure is Exception failure)
        {
            _failure = null;
            throw new InvalidOperationException("a training thread failed", failure);
        }
    }

    public void Dispose()
    {
        _work = null;
        foreach (AutoResetEvent start in _start)
            start.Set();
        foreach (Thread thread in _threads)
            thread.Join();
        foreach (AutoResetEvent signal in _start.Concat(_done))
            signal.Dispose();
    }

    void Work(int index)
    {
        while (true)
        {
            _start[index - 1].WaitOne();
            if (_work is not Action<int> work)
                return;
            try
            {
                work(index);
            }
            catch (Exception e)
            {
                _failure = e;
            }
            _done[index - 1].Set();
        }
    }
}

using System.Collections.Concurrent;

namespace LeoCvae;

/// <summary>
/// Improves candidate lists by descent (Dong, Moses and Li 2011): a neighbor of a neighbor is likely a neighbor. In each round a row
/// introduces a sample of its new candidates, and of the rows whose candidate it is, to each other and to old ones. Joins read lists as
/// they were when their batch began, then each list's owner applies what was found, in a fixed order: the same for any number of threads.
/// </summary>
sealed class NeighborDescent<T>(PackedRows packed, CandidateLists lists, GraphOptions options, CounterRandom random,
    ParallelOptions parallel) where T : struct, ISimd<T>
{
    const int RowsPerTask = 64, TasksPerBatch = 128;

    readonly ConcurrentBag<LocalJoin<T>> _joins = [];
    readonly GraphUpdates[] _updates = [.. Enumerable.Range(0, TasksPerBatch).Select(_ => new GraphUpdates())];

    /// <summary>Runs until little changes.</summary>
    /// <param name="done">Receives the number of rounds that are done.</param>
    public void Run(Action<int>? done = null)
    {
        using JoinSample sample = new(packed.Count, options.Sample);
        for (int round = 0; round < options.Rounds; round++)
        {
            sample.Draw(lists, random, round, parallel);
            if (JoinAll(sample) < options.StopBelow * packed.Count * lists.Capacity)
                return;
            done?.Invoke(round + 1);
        }
    }

    long JoinAll(JoinSample sample)
    {
        int tasks = (packed.Count + RowsPerTask - 1) / RowsPerTask, batches = (tasks + TasksPerBatch - 1) / TasksPerBatch;
        long improved = 0;
        for (int batch = 0; batch < batches; batch++)
        {
            // A batch takes tasks at equal steps: all over the rows, so that lists are seldom found by many joins of one batch.
            int b = batch, count = (tasks - batch + batches - 1) / batches;
            Parallel.For(0, count, parallel, i => JoinSome(sample, b + i * batches, _updates[i]));
            Parallel.For(0, GraphUpdates.Owners, parallel, owner =>
            {
                long mine = 0;
                for (int i = 0; i < count; i++)
                    mine += _updates[i].Apply(owner, lists);
                Interlocked.Add(ref improved, mine);
            });
        }
        return improved;
    }

    void JoinSome(JoinSample sample, int task, GraphUpdates updates)
    {
        if (!_joins.TryTake(out LocalJoin<T>? join))
            join = new(packed, lists, sample.MostRows);
        updates.Clear();
        int end = Math.Min(packed.Count, (task + 1) * RowsPerTask);
        for (int row = task * RowsPerTask; row < end; row++)
        {
            (int count, int fresh) = sample.Of(row, join.Ids);
            if (fresh > 0)
                join.Run(count, fresh, updates);
        }
        updates.Sort();
        _joins.Add(join);
    }
}

using System.Numerics;
using System.Runtime.InteropServices;

namespace LeoCvae;

/// <summary>
/// Exact nearest neighbours by brute force: squared Euclidean distance accumulated in float, the nearest candidates
/// recomputed in double. A row is excluded by its number, never by its position; ties go to the smaller row number.
/// </summary>
static class ExactNeighbors
{
    // Candidates kept beyond k, so that float rounding can't push a true neighbour out before distances are recomputed.
    const int Slack = 8;
    const int QueryBlock = 4, RowsPerTask = 64;

    /// <summary>The min(k, n - 1) nearest other rows of every row; the same for any number of threads.</summary>
    public static NeighborLists AllRows(Matrix x, int k, int threads, CancellationToken cancellation = default)
    {
        int n = x.Rows;
        k = Math.Min(k, n - 1);
        int[] ids = new int[n * k];
        double[] distances = new double[n * k];
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, (n + RowsPerTask - 1) / RowsPerTask, parallel, task =>
        {
            Candidates[] nearest = [.. Enumerable.Range(0, QueryBlock).Select(_ => new Candidates(Math.Min(k + Slack, n - 1)))];
            int end = Math.Min(n, (task + 1) * RowsPerTask);
            for (int first = task * RowsPerTask; first < end; first += QueryBlock)
            {
                int count = Math.Min(QueryBlock, end - first);
                Search(x, first, count, nearest);
                for (int q = 0; q < count; q++)
                    nearest[q].Recompute(x, first + q, ids.AsSpan((first + q) * k, k), distances.AsSpan((first + q) * k, k));
            }
        });
        return new(k, ids, distances);
    }

    static void Search(Matrix x, int first, int count, Candidates[] nearest)
    {
        foreach (Candidates candidates in nearest)
            candidates.Clear();
        // A short block repeats its last row; the repeats are not read.
        int Query(int q) => first + Math.Min(q, count - 1);
        ReadOnlySpan<float> q0 = x[Query(0)], q1 = x[Query(1)], q2 = x[Query(2)], q3 = x[Query(3)];
        Span<float> distance = stackalloc float[QueryBlock];
        for (int row = 0; row < x.Rows; row++)
        {
            SquaredDistances(x[row], q0, q1, q2, q3, distance);
            for (int q = 0; q < count; q++)
                if (distance[q] < nearest[q].Threshold && row != first + q)
                    nearest[q].Insert(row, distance[q]);
        }
    }

    static void SquaredDistances(ReadOnlySpan<float> a, ReadOnlySpan<float> q0, ReadOnlySpan<float> q1, ReadOnlySpan<float> q2, ReadOnlySpan<float> q3, Span<float> distance)
    {
        Vector<float> s0 = default, s1 = default, s2 = default, s3 = default;
        ReadOnlySpan<Vector<float>> va = MemoryMarshal.Cast<float, Vector<float>>(a), v0 = MemoryMarshal.Cast<float, Vector<float>>(q0), v1 = MemoryMarshal.Cast<float, Vector<float>>(q1),
            v2 = MemoryMarshal.Cast<float, Vector<float>>(q2), v3 = MemoryMarshal.Cast<float, Vector<float>>(q3);
        for (int i = 0; i < va.Length; i++)
        {
            Vector<float> d0 = va[i] - v0[i], d1 = va[i] - v1[i], d2 = va[i] - v2[i], d3 = va[i] - v3[i];
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }
        (float t0, float t1, float t2, float t3) = (Vector.Sum(s0), Vector.Sum(s1), Vector.Sum(s2), Vector.Sum(s3));
        for (int i = va.Length * Vector<float>.Count; i < a.Length; i++)
        {
            (float d0, float d1, float d2, float d3) = (a[i] - q0[i], a[i] - q1[i], a[i] - q2[i], a[i] - q3[i]);
            t0 += d0 * d0;
            t1 += d1 * d1;
            t2 += d2 * d2;
            t3 += d3 * d3;
        }
        (distance[0], distance[1], distance[2], distance[3]) = (t0, t1, t2, t3);
    }

    /// <summary>The nearest rows so far, sorted by (distance, row). Rows must be offered in ascending order.</summary>
    sealed class Candidates(int capacity)
    {
        readonly int[] _rows = new int[capacity];
        readonly float[] _distances = new float[capacity];
        readonly (double Distance, int Row)[] _exact = new (double, int)[capacity];
        int _count;

        /// <summary>Only a smaller distance gets in: of equal ones the earlier, smaller row stays.</summary>
        public float Threshold { get; private set; } = float.PositiveInfinity;

        public void Clear() => (_count, Threshold) = (0, float.PositiveInfinity);

        public void Insert(int row, float distance)
        {
            int i = _count < capacity ? _count++ : capacity - 1;
            for (; i > 0 && _distances[i - 1] > distance; i--)
                (_rows[i], _distances[i]) = (_rows[i - 1], _distances[i - 1]);
            (_rows[i], _distances[i]) = (row, distance);
            if (_count == capacity)
                Threshold = _distances[capacity - 1];
        }

        public void Recompute(Matrix x, int query, Span<int> ids, Span<double> distances)
        {
            ReadOnlySpan<float> q = x[query];
            for (int i = 0; i < _count; i++)
            {
                ReadOnlySpan<float> row = x[_rows[i]];
                double sum = 0;
                for (int j = 0; j < q.Length; j++)
                {
                    double difference = (double)row[j] - q[j];
                    sum += difference * difference;
                }
                _exact[i] = (sum, _rows[i]);
            }
            _exact.AsSpan(0, _count).Sort();
            for (int i = 0; i < ids.Length; i++)
                (distances[i], ids[i]) = _exact[i];
        }
    }
}

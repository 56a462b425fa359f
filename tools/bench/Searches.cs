using System.Diagnostics;

namespace LeoCvae.Bench;

/// <summary>The searches by name, each as a user gets it: the graph search with its recall gate.</summary>
static class Searches
{
    public const int K = 15;

    /// <summary>Neighbors of all rows, by the exact or the graph search.</summary>
    public static (Measurement Took, int[] Ids) AllRows(Matrix rows, NeighborSearch search, int threads)
    {
        NeighborLists? lists = null;
        Measurement took = Measurement.Of(() => lists = NearestNeighbors.AllRows(rows, K, search, threads).Lists);
        return (took, [.. Enumerable.Range(0, rows.Rows).SelectMany(row => lists!.Ids(row).ToArray())]);
    }

    /// <summary>An HNSW index of the rows.</summary>
    public static (Measurement Took, HnswIndex Index) Build(Matrix rows, int threads)
    {
        HnswIndex? index = null;
        Measurement took = Measurement.Of(() => index = HnswIndex.Build(rows, new() { MaxDegreeOfParallelism = threads }));
        return (took, index!);
    }

    /// <summary>Neighbors of all of the index's own rows.</summary>
    public static (Measurement Took, int[] Ids) OwnRows(HnswIndex index, int effort, int threads)
    {
        int[] ids = new int[index.Rows * K];
        double[] distances = new double[ids.Length];
        Measurement took = Measurement.Of(() => Parallel.For(0, index.Rows, new ParallelOptions { MaxDegreeOfParallelism = threads }, row =>
            index.SearchRow(row, ids.AsSpan(row * K, K), distances.AsSpan(row * K, K), effort)));
        return (took, ids);
    }

    /// <summary>Neighbors of new rows, one at a time, after one pass that isn't timed.</summary>
    public static (Measurement Took, int[] Ids, double MedianMicroseconds) NewRows(HnswIndex index, Matrix queries, int effort)
    {
        int[] ids = new int[queries.Rows * K];
        double[] distances = new double[K], microseconds = new double[queries.Rows];
        Measurement took = new(0, 0, 0);
        for (int pass = 0; pass < 2; pass++)
            took = Measurement.Of(() =>
            {
                for (int row = 0; row < queries.Rows; row++)
                {
                    long start = Stopwatch.GetTimestamp();
                    index.Search(queries[row], ids.AsSpan(row * K, K), distances, effort);
                    microseconds[row] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
                }
            });
        Array.Sort(microseconds);
        return (took, ids, microseconds[microseconds.Length / 2]);
    }
}

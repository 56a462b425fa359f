namespace LeoCvae;

/// <summary>How the neighbors of all rows of a table are found.</summary>
public enum NeighborSearch
{
    /// <summary>Exact for tables where that is as fast, <see cref="Graph"/> for larger ones.</summary>
    Auto = 0,

    /// <summary>Every pair of rows; exact.</summary>
    Exact = 1,

    /// <summary>Random projection trees, then descent over the lists found so far; the fastest for large tables.</summary>
    Graph = 2,

    /// <summary>A navigable small world graph, as it serves new rows; slower than <see cref="Graph"/> for all rows of a table.</summary>
    Hnsw = 3,

    /// <summary>
    /// All rows of the nearest of some lists (k-means), as many as a sample needs: what an <see cref="EntropyIndex"/> does on disk.
    /// </summary>
    Lists = 4,
}

namespace LeoCvae;

/// <summary>
/// An approximate nearest-neighbor index: a hierarchical navigable small world graph (Malkov and Yashunin 2016) of the rows of a matrix.
/// Made for new rows against a fixed reference; for all rows against each other an exact search is faster up to tens of thousands of rows.
/// All members are thread-safe. Searches allocate nothing once as many ran at a time as threads search. Only an index that was opened
/// from a file holds anything that needs <see cref="Dispose"/>; disposing while a search runs is safe.
/// </summary>
/// <remarks>
/// Identical rows are kept as one node, all of them are found. Magnitudes may be extreme (1e-20, 1e20): they are scaled by a power of two.
/// The same rows, options and machine give the same index, byte for byte, for any number of threads.
/// </remarks>
public sealed unsafe partial class HnswIndex : IDisposable
{
    /// <summary>The effort of a search that doesn't say: 64, or the number of neighbors that are asked for, if that is more.</summary>
    public const int DefaultEffort = 64;

    readonly Lock _adding = new();
    HnswGraph _graph;
    volatile bool _disposed;

    HnswIndex(HnswGraph graph) => _graph = graph;

    /// <summary>Number of rows, duplicates included. Row numbers are 0 to Rows - 1, in the order in which rows were given.</summary>
    public int Rows => _graph.Layout.Rows;

    /// <summary>Number of distinct rows: nodes of the graph.</summary>
    public int DistinctRows => _graph.Nodes;

    /// <summary>Number of columns: values of a row and of a query.</summary>
    public int Columns => _graph.Layout.Width;

    /// <summary>
    /// The options that the index was built with. After <see cref="Load"/> or <see cref="Open"/> the number of threads is the default.
    /// </summary>
    public HnswOptions Options => _graph.Options;

    /// <summary>Bytes of the index's memory, and of its file.</summary>
    public long Bytes => _graph.Layout.Length;

    internal HnswGraph Graph => _graph;

    /// <summary>
    /// Gives back the file of an opened index, once the last running search is done. All that comes later throws
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        _disposed = true;
        _graph.Memory.Dispose();
    }

    /// <summary>A copy of all rows, in their order, as they are kept: scaled by the index's power of two, for cosine to length 1.</summary>
    internal Matrix ToMatrix()
    {
        using HeldGraph held = Enter();
        HnswGraph graph = held.Graph;
        Matrix rows = new(graph.Layout.Rows, graph.Layout.Width);
        for (int row = 0; row < rows.Rows; row++)
            graph.Row(graph.NodeOfRow(row)).CopyTo(rows.Row(row));
        return rows;
    }
}

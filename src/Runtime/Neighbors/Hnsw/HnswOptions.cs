namespace LeoCvae;

/// <summary>What near means.</summary>
public enum NeighborMetric
{
    /// <summary>Squared Euclidean distance.</summary>
    Euclidean = 0,

    /// <summary>
    /// Rows and queries are scaled to length 1 first: the squared distance is then 2 - 2 cos, from 0 (same direction) to 4 (opposite).
    /// </summary>
    Cosine = 1,
}

/// <summary>How an <see cref="HnswIndex"/> is built. Immutable and thread-safe. The defaults suit most tables.</summary>
public sealed record HnswOptions
{
    internal const int FewestLinks = 2, MostLinks = 256, MostEffort = 1 << 20;

    /// <summary>
    /// M, links that a new row gets; it may collect twice as many. More links find more neighbors of rows of high intrinsic dimension, and
    /// cost memory (about 9 M bytes a row) and time.
    /// <value>Default 16; 2 to 256, of which 8 to 48 are sensible.</value>
    /// </summary>
    public int Links { get; init; } = 16;

    /// <summary>
    /// efConstruction, candidates that are kept while a new row's links are looked for. More give a better graph: searches need less effort
    /// for the same recall, and the build takes longer, about in proportion.
    /// <value>Default 100; 1 to 1048576, of which 50 to 500 are sensible; at least <see cref="Links"/> are always kept.</value>
    /// </summary>
    public int BuildEffort { get; init; } = 100;

    /// <summary>What near means. <value>Default Euclidean.</value></summary>
    public NeighborMetric Metric { get; init; }

    /// <summary>
    /// Seed of the rows' levels and of their order of insertion: another seed gives another graph of the same quality. <value>Default
    /// 42.</value>
    /// </summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>
    /// Threads of <see cref="HnswIndex.Build"/> and <see cref="HnswIndex.Add"/>; the graph doesn't depend on them. <value>Default -1: all
    /// cores.</value>
    /// </summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public void Validate()
    {
        Fault.Unless(Links is >= FewestLinks and <= MostLinks, nameof(Links), Links, "2 to 256");
        Fault.Unless(BuildEffort is >= 1 and <= MostEffort, nameof(BuildEffort), BuildEffort, "1 to 1048576");
        Fault.Unless(Metric is NeighborMetric.Euclidean or NeighborMetric.Cosine, nameof(Metric), Metric, "Euclidean or Cosine");
        Fault.Unless(MaxDegreeOfParallelism is -1 or >= 1, nameof(MaxDegreeOfParallelism), MaxDegreeOfParallelism,
            "-1 (all cores) or 1 or more");
    }
}

namespace LeoCvae;

/// <summary>Which search ran, and how many of the true neighbors it found. Immutable and thread-safe.</summary>
public sealed record SearchReport
{
    /// <summary>The search whose result was used, never <see cref="NeighborSearch.Auto"/>.</summary>
    public required NeighborSearch Used { get; init; }

    /// <summary>Mean share of true neighbors found, measured on <see cref="CheckedRows"/> rows; 1 for the exact search.</summary>
    public double Recall { get; init; } = 1;

    /// <summary>Rows that were searched exactly to measure it; 0 for the exact search.</summary>
    public int CheckedRows { get; init; }

    /// <summary>The checked rows that fared worst, worst first: misses come in clusters, which a good mean can hide.</summary>
    public IReadOnlyList<(int Row, double Recall)> WorstRows { get; init; } = [];

    /// <summary>Why another search than the wanted one was used, or null.</summary>
    public string? Note { get; init; }
}

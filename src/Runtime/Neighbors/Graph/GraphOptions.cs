namespace LeoCvae;

/// <summary>Settings of the approximate search. More of anything finds more neighbors and takes longer.</summary>
sealed record GraphOptions
{
    /// <summary>Random projection trees. Default 8; at least 1.</summary>
    public int Trees { get; init; } = 8;

    /// <summary>
    /// Rows of a leaf at most; a leaf's rows are all compared with each other. Default 256; at least 8. Grows with k where that is large.
    /// </summary>
    public int LeafSize { get; init; } = 256;

    /// <summary>Candidates kept beyond k: the search goes on through them. Default 8; at least 0.</summary>
    public int Spare { get; init; } = 8;

    /// <summary>Rounds of descent at most. Default 4; at least 0.</summary>
    public int Rounds { get; init; } = 4;

    /// <summary>
    /// Of a row's candidates, and of the rows whose candidate it is, those that meet in a round: so many new ones and so many old ones,
    /// each way. Default 8; 1 to 255.
    /// </summary>
    public int Sample { get; init; } = 8;

    /// <summary>Descent ends after a round that improves fewer than this share of all candidates. Default 0.01.</summary>
    public double StopBelow { get; init; } = 0.01;

    /// <summary>Seed of directions and samples. Default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>Stronger settings, for when recall turns out too low.</summary>
    public GraphOptions Enlarged() => this with
    {
        Trees = 2 * Trees,
        LeafSize = 2 * LeafSize,
        Spare = Spare + 16,
        Rounds = 2 * Rounds,
        Sample = 2 * Sample,
        StopBelow = StopBelow / 4
    };
}

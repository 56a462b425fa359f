namespace LeoCvae;

/// <summary>
/// How rows are drawn from generator.onnx: all that a reader needs beside the weights of the seeds, which are its tensor (and output)
/// seed_weight.
/// Seeds are the training rows, grouped by class. Immutable.
/// </summary>
public sealed record ManifestSampling
{
    /// <summary>
    /// First seed of each class, and the number of all seeds at the end: class c owns seeds ClassStarts[c] up to ClassStarts[c + 1].
    /// </summary>
    public required IReadOnlyList<int> ClassStarts { get; init; }

    /// <summary>Whether a class's seeds are spread evenly over its rows, rather than drawn independently.</summary>
    public required bool EvenSeeds { get; init; }

    /// <summary>Factor of the reconstruction residuals that rows added to the training table carry; 0 for none.</summary>
    public required double ResidualScale { get; init; }

    /// <summary>Among how many rows of its class a seed's residual finds the one that it is mixed with; 1 or more.</summary>
    public required int ResidualNeighbors { get; init; }
}

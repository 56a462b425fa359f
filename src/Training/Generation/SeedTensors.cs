namespace LeoCvae.Training;

/// <summary>The seed bank: mu and sigma, seeds x L, and the class, the training row (none of a component) and the weight of each
/// seed.</summary>
sealed record SeedTensors(float[] Mu, float[] Sigma, long[] Classes, long[] Rows, double[] Weights)
{
    /// <summary>Training rows that each component stands for; null where seeds are rows.</summary>
    public int[]? ComponentRows { get; init; }

    /// <summary>These seeds, to choose from.</summary>
    /// <param name="starts">First seed of each class, and their number at the end.</param>
    public SeedBank Bank(int[] starts) => new(starts, Rows, Weights, ComponentRows);
}

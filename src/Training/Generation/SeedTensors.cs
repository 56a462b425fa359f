namespace LeoCvae.Training;

/// <summary>The seed bank: mu and sigma, seeds x L, and the class, the training row (none of a component) and the weight of each
/// seed.</summary>
sealed record SeedTensors(float[] Mu, float[] Sigma, long[] Classes, long[] Rows, double[] Weights);

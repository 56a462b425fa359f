namespace LeoCvae.Training;

/// <summary>
/// Averages each seed with the nearest ones of its class, so that what the model holds of a training row is that of a few rows: mean of the
/// latent means, and variance of all these posteriors together. The weight stays the row's own.
/// </summary>
static class SeedBlur
{
    /// <param name="seeds">The posteriors of the training rows, grouped by class.</param>
    /// <param name="starts">First posterior of each class, and their number at the end.</param>
    /// <param name="latent">L.</param>
    /// <param name="neighbors">How many others; fewer where the class has fewer.</param>
    /// <param name="threads">Threads of the neighbor search.</param>
    /// <param name="cancellation">Stops it.</param>
    public static SeedTensors Of(SeedTensors seeds, int[] starts, int latent, int neighbors, int threads, CancellationToken cancellation)
    {
        float[] mu = [.. seeds.Mu], sigma = [.. seeds.Sigma];
        for (int c = 0; c + 1 < starts.Length; c++)
        {
            (int first, int n) = (starts[c], starts[c + 1] - starts[c]);
            int k = Math.Min(neighbors, n - 1);
            if (k == 0)
                continue;
            Matrix means = new(n, latent, seeds.Mu[(first * latent)..((first + n) * latent)]);
            NeighborLists nearest = NearestNeighbors.AllRows(means, k, NeighborSearch.Auto, threads, cancellation: cancellation).Lists;
            for (int i = 0; i < n; i++)
                for (int l = 0; l < latent; l++)
                {
                    (double sum, double squares) = (0, 0);
                    void Add(int s)
                    {
                        double value = seeds.Mu[s * latent + l], spread = seeds.Sigma[s * latent + l];
                        sum += value;
                        squares += value * value + spread * spread;
                    }
                    Add(first + i);
                    foreach (int other in nearest.Ids(i))
                        Add(first + other);
                    double mean = sum / (k + 1);
                    mu[(first + i) * latent + l] = (float)mean;
                    sigma[(first + i) * latent + l] = (float)Math.Sqrt(Math.Max(0, squares / (k + 1) - mean * mean));
                }
        }
        return seeds with { Mu = mu, Sigma = sigma };
    }
}

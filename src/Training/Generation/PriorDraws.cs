namespace LeoCvae.Training;

/// <summary>Latent vectors of a class as they will be generated, to fit with: seeds evenly spread, z = mu + sigma * normals.</summary>
static class PriorDraws
{
    /// <param name="seeds">What is drawn from.</param>
    /// <param name="bank">Its weights.</param>
    /// <param name="random">The stream.</param>
    /// <param name="c">The class.</param>
    /// <param name="firstRow">The stream's row of the first draw, within the class.</param>
    /// <param name="count">How many.</param>
    /// <param name="latent">L.</param>
    /// <param name="more">Further normals of each draw.</param>
    /// <returns>count x L, and count x more.</returns>
    public static (float[] Latents, float[] More) Of(SeedTensors seeds, SeedBank bank, CounterRandom random, int c, long firstRow,
        int count, int latent, int more = 0)
    {
        float[] latents = new float[count * latent], others = new float[count * more], normals = new float[latent + more];
        KroneckerSequence even = new(random, CounterRandom.Row(c, 0));
        for (int i = 0; i < count; i++)
        {
            int seed = bank.Pick(c, even[i]);
            random.FillNormal(CounterRandom.Row(c, firstRow + i), normals);
            for (int l = 0; l < latent; l++)
                latents[i * latent + l] = seeds.Mu[seed * latent + l] + seeds.Sigma[seed * latent + l] * normals[l];
            normals.AsSpan(latent).CopyTo(others.AsSpan(i * more));
        }
        return (latents, others);
    }
}

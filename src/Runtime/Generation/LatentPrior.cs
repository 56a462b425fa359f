namespace LeoCvae;

/// <summary>What the latent vector of a synthetic row is drawn from.</summary>
public enum LatentPrior
{
    /// <summary>
    /// Training rows, chosen in proportion to (1 + H)^gamma: the latent mean and spread of each is in the model, which grows with them.
    /// </summary>
    Seeds = 0,

    /// <summary>
    /// A mixture of Gaussians for each class, weighted by (1 + H)^gamma. A component stands for at least 5 rows where the class has them:
    /// nothing of a single row is in the model, and its size doesn't depend on theirs.
    /// </summary>
    Mixture = 1,
}

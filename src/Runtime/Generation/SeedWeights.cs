namespace LeoCvae;

/// <summary>How often each training row of a class is what a synthetic row starts from.</summary>
public enum SeedWeights
{
    /// <summary>In proportion to (1 + H)^gamma, H its local entropy: rows to add to real ones gather where classes overlap.</summary>
    Entropy = 0,

    /// <summary>All alike: rows in place of real ones are spread as these are.</summary>
    Equal = 1,
}

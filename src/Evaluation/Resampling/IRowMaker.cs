using LeoCvae.Training;

namespace LeoCvae.Evaluation;

/// <summary>A resampler that can make rows of every class, not only of those that lack some.</summary>
interface IRowMaker : IResampler
{
    /// <summary>What <see cref="IResampler.Resample"/> returns, and, where asked for, rows of all classes by the same fit.</summary>
    MadeRows Make(TrainingRows training, ulong seed, bool doubles, CancellationToken cancellation);
}

/// <summary>What a method made of training rows. Immutable.</summary>
/// <param name="Resampled">The training rows, then what the method adds.</param>
/// <param name="Doubled">The training rows, then as many new ones of each class as it has; null where nothing was made.</param>
/// <param name="Losses">Losses of the fit, an epoch each; none where nothing was trained.</param>
sealed record MadeRows(Table Resampled, Table? Doubled, IReadOnlyList<TrainingProgress> Losses)
{
    /// <summary>What the method returned, where values are missing as it left them.</summary>
    public Table AsMade { get; init; } = Resampled;

    /// <summary>What the file of the model that made them gives; null without one, or where no doubles were asked for.</summary>
    public DecodedSeeds? Decoded { get; init; }
}

/// <summary>The seeds of a model's file, decoded with all noise at 0.</summary>
/// <param name="Schema">The model's columns and classes.</param>
/// <param name="Seeds">Its seeds.</param>
/// <param name="Rows">A row of each seed, S x d.</param>
sealed record DecodedSeeds(TableSchema Schema, SeedBank Seeds, double[] Rows)
{
    public static DecodedSeeds Of(LeoModel model) => new(model.Schema, model.Seeds, model.DecodeSeeds());
}

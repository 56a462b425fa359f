namespace LeoCvae.Evaluation;

/// <summary>
/// A way to prepare training rows before a classifier is fitted: adding rows, weighing them, or nothing. Implementations are thread-safe.
/// </summary>
public interface IResampler
{
    /// <summary>Short name, as in reports and on the command line.</summary>
    string Name { get; }

    /// <summary>Whether classifiers shall then give every class the same weight: each row n / (C n_y), of the resampled rows.</summary>
    bool BalancesWeights => false;

    /// <summary>Whether it has a definition for categories; otherwise an evaluation of a table with such columns refuses it.</summary>
    bool TakesCategories => true;

    /// <summary>Resamples the training rows of a fold; it has nothing else to look at.</summary>
    /// <param name="training">The training rows.</param>
    /// <param name="seed">Seed of all random numbers; the same seed gives the same rows.</param>
    /// <param name="cancellation">Stops long work.</param>
    /// <returns>The training rows as they are, with their missing values or these imputed, then synthetic ones.</returns>
    Table Resample(TrainingRows training, ulong seed, CancellationToken cancellation);
}

using LeoCvae.Training;

namespace LeoCvae.Evaluation;

/// <summary>
/// The methods to compare, by name. All grow every class to the size of the largest one, like imbalanced-learn's 'auto', and on the values
/// as they are, not standardized; missing ones are imputed, which LEO-CVAE and random copies don't need.
/// </summary>
public static class Resamplers
{
    /// <summary>none: the rows as they are.</summary>
    public static IResampler None { get; } = new KeepRows("none", balancesWeights: false);

    /// <summary>weights: the rows as they are; classifiers give each row the weight n / (C n_y).</summary>
    public static IResampler Weights { get; } = new KeepRows("weights", balancesWeights: true);

    /// <summary>ros: copies of random rows of the class.</summary>
    public static IResampler RandomCopies { get; } = new RandomResampler();

    /// <summary>
    /// smote: between a random row and one of its 5 nearest of the class (Chawla et al. 2002). On tables with categories it is SMOTE-NC:
    /// the most frequent categories of the 5; where there are no numbers, SMOTEN.
    /// </summary>
    public static IResampler Smote { get; } = new SmoteResampler();

    /// <summary>
    /// bsmote: SMOTE from rows in danger only, of whose 10 nearest at least half, but not all, are of other classes (Borderline-1, Han et
    /// al. 2005). Numbers only.
    /// </summary>
    public static IResampler BorderlineSmote { get; } = new BorderlineSmoteResampler();

    /// <summary>
    /// adasyn: SMOTE with more rows where more of the 5 nearest are of other classes (He et al. 2008); a class with none such stays as it
    /// is. Numbers only.
    /// </summary>
    public static IResampler Adasyn { get; } = new AdasynResampler();

    /// <summary>cvae: the paper preset without entropy, gamma = 0.</summary>
    public static IResampler Cvae { get; } = new LeoResampler("cvae", TrainingOptions.Paper with { EntropyPower = 0 });

    /// <summary>leo: LEO-CVAE, default preset.</summary>
    public static IResampler Leo { get; } = new LeoResampler("leo", TrainingOptions.Default);

    /// <summary>leo-paper: LEO-CVAE, paper preset.</summary>
    public static IResampler LeoPaper { get; } = new LeoResampler("leo-paper", TrainingOptions.Paper);

    /// <summary>leo-model: the same as leo, by the model that was saved and loaded again.</summary>
    public static IResampler ReloadedLeo { get; } = new LeoResampler("leo-model", TrainingOptions.Default, reloads: true);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<IResampler> All { get; } = [None, Weights, RandomCopies, Smote, BorderlineSmote, Adasyn, Cvae, Leo,
        LeoPaper, ReloadedLeo];

    /// <summary>The method of a name.</summary>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public static IResampler Named(string name) => All.FirstOrDefault(resampler => resampler.Name == name)
        ?? throw Fault.Argument(nameof(name),
            $"got method '{name}', expected one of " +
            $"{string.Join(", ", All.Select(resampler => resampler.Name))}");
}

sealed class KeepRows(string name, bool balancesWeights) : IResampler
{
    public string Name => name;

    public bool BalancesWeights => balancesWeights;

    public Table Resample(TrainingRows training, ulong seed, CancellationToken cancellation) => training.Table;
}

namespace LeoCvae.Evaluation;

/// <summary>
/// The training part of a fold. Only cross-validation makes one, so that a resampler or classifier can't be handed test rows. Immutable and
/// thread-safe.
/// </summary>
public sealed class TrainingRows
{
    internal TrainingRows(Table table, object? owner = null, IReadOnlyList<string>? groups = null) =>
        (Table, Owner, Groups) = (table, owner, groups);

    /// <summary>
    /// The rows, with ranges and classes learned from them alone; missing values imputed and features selected by them alone.
    /// </summary>
    public Table Table { get; }

    /// <summary>The name of each row's group, for a method that splits its rows again; null where each row stands for itself.</summary>
    public IReadOnlyList<string>? Groups { get; }

    /// <summary>The fold that they belong to; what is fitted on them may only be scored there.</summary>
    internal object? Owner { get; }
}

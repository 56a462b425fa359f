namespace LeoCvae.Evaluation;

/// <summary>
/// The training part of a fold. Only cross-validation makes one, so that a resampler or classifier can't be handed test rows. Immutable and thread-safe.
/// </summary>
public sealed class TrainingRows
{
    internal TrainingRows(Table table) => Table = table;

    /// <summary>The rows, with ranges and classes learned from them alone.</summary>
    public Table Table { get; }
}

namespace LeoCvae.Training;

/// <summary>A fitted model and how its training went. Disposing it disposes the model.</summary>
public sealed class TrainingResult : IDisposable
{
    internal TrainingResult(LeoModel model, EntropyScores entropy, IReadOnlyList<TrainingProgress> losses, IReadOnlyList<string> warnings,
        int epochsBefore) =>
        (Model, Entropy, Losses, Warnings, EpochsBefore) = (model, entropy, losses, warnings, epochsBefore);

    /// <summary>The fitted model; it doesn't need TorchSharp any more.</summary>
    public LeoModel Model { get; }

    /// <summary>The local entropy of the training rows.</summary>
    public EntropyScores Entropy { get; }

    /// <summary>The losses of each epoch that ran.</summary>
    public IReadOnlyList<TrainingProgress> Losses { get; }

    /// <summary>How many of these epochs had run before and came from <see cref="TrainingOptions.Checkpoint"/>.</summary>
    public int EpochsBefore { get; }

    /// <summary>The rows of the table that were fitted, ascending; null where all were. The model counts the source rows of what it
    /// generates in them.</summary>
    public IReadOnlyList<int>? SampledRows { get; internal init; }

    /// <summary>The epoch whose weights were kept.</summary>
    public TrainingProgress Best => Losses.Last(loss => loss.IsBest);

    /// <summary>What had to be adapted to the data (few rows, tiny classes), in sentences.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}

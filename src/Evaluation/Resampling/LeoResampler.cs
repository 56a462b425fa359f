using LeoCvae.Training;

namespace LeoCvae.Evaluation;

/// <summary>Oversampling by a LEO-CVAE fitted on the training rows, on one core. Thread-safe.</summary>
public sealed class LeoResampler : IResampler
{
    readonly TrainingOptions _options;

    /// <summary>A method to compare.</summary>
    /// <param name="name">Short name, as in reports.</param>
    /// <param name="options">How to fit; seed and threads are set by the evaluation.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public LeoResampler(string name, TrainingOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (Name, _options) = (name, options);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public Table Resample(TrainingRows training, ulong seed, CancellationToken cancellation) =>
        Resample(training, seed, cancellation, out _);

    /// <summary>The same, with the losses of the fit; none where the classes are equal already.</summary>
    internal Table Resample(TrainingRows training, ulong seed, CancellationToken cancellation, out IReadOnlyList<TrainingProgress> losses)
    {
        ArgumentNullException.ThrowIfNull(training);
        losses = [];
        int[] counts = training.Table.ClassCounts();
        if (counts.Min() == counts.Max())
            return training.Table;
        TrainingOptions options = _options with { Seed = seed, MaxDegreeOfParallelism = 1 };
        using TrainingResult fitted = LeoTrainer.Fit(training.Table, options, groups: training.Groups, cancellation: cancellation);
        losses = fitted.Losses;
        // The baselines have no cap on added rows either.
        return fitted.Model.Oversample(training.Table, SamplingStrategy.Auto, long.MaxValue, seed, cancellation: cancellation);
    }
}

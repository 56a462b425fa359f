using LeoCvae.Training;

namespace LeoCvae.Evaluation;

/// <summary>
/// Oversampling by a LEO-CVAE fitted on the training rows, with their missing values, on one core. Thread-safe.
/// </summary>
public sealed class LeoResampler : IRowMaker
{
    readonly bool _reloads;

    /// <summary>A method to compare.</summary>
    /// <param name="name">Short name, as in reports.</param>
    /// <param name="options">How to fit; seed and threads are set by the evaluation.</param>
    /// <param name="reloads">Whether the fitted model is saved, and its rows are those of the model that was loaded again.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public LeoResampler(string name, TrainingOptions options, bool reloads = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (Name, Options, _reloads) = (name, options, reloads);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>
    /// How to fit. In a fold whose training rows have no such columns (not selected, of one value) a constraint that was given is left out.
    /// </summary>
    public TrainingOptions Options { get; }

    /// <summary>The same method, fitted otherwise.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public LeoResampler With(TrainingOptions options) => new(Name, options, _reloads);

    /// <inheritdoc/>
    public Table Resample(TrainingRows training, ulong seed, CancellationToken cancellation) =>
        Make(training, seed, doubles: false, cancellation).Resampled;

    MadeRows IRowMaker.Make(TrainingRows training, ulong seed, bool doubles, CancellationToken cancellation) =>
        Make(training, seed, doubles, cancellation);

    internal MadeRows Make(TrainingRows training, ulong seed, bool doubles, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(training);
        Table table = training.WithMissing;
        int[] counts = table.ClassCounts();
        if (counts.Min() == counts.Max())
            return new(table, null, []);
        TrainingOptions options = Options with
        {
            Seed = seed,
            MaxDegreeOfParallelism = 1,
            Constraints = Fitting(Options.Constraints ?? [], table.Schema.Columns),
        };
        using TrainingResult fitted = LeoTrainer.Fit(table, options, groups: training.Groups, cancellation: cancellation);
        using LeoModel? loaded = _reloads ? Reload(fitted.Model, cancellation) : null;
        LeoModel model = loaded ?? fitted.Model;
        Table Grow(SamplingStrategy strategy, long? maxRows = null) =>
            model.Oversample(table, strategy, maxRows, seed, cancellation: cancellation).WithSources(fitted.SampledRows);
        // Rows in place of the real ones.
        Table Double() => table.Append(model.Generate(table.Schema.Classes.Zip(counts).ToDictionary(pair => pair.First,
            pair => pair.Second), seed, SeedWeights.Equal, cancellation: cancellation));
        // The baselines have no cap on added rows either.
        return new(Grow(SamplingStrategy.Auto, long.MaxValue), doubles ? Double() : null, fitted.Losses)
        {
            Decoded = doubles ? DecodedSeeds.Of(model) : null,
        };
    }

    // Those that fit a fold's columns, and are held together there.
    static IReadOnlyList<RowConstraint> Fitting(IReadOnlyList<RowConstraint> constraints, IReadOnlyList<ColumnSpec> columns)
    {
        HeldConstraints held = new(columns);
        foreach (RowConstraint constraint in constraints)
            if (RowCoherence.Misfit(constraint, columns, withMap: false) is null)
                _ = held.TryAdd(constraint);
        return held.All;
    }

    // By way of its files, which are gone afterwards: a loaded model doesn't need them.
    static LeoModel Reload(LeoModel model, CancellationToken cancellation)
    {
        DirectoryInfo place = TemporaryFolder();
        try
        {
            string folder = Path.Combine(place.FullName, "model");
            model.Save(folder, cancellation: cancellation);
            return LeoModel.Load(folder, new() { MaxDegreeOfParallelism = 1 });
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    static DirectoryInfo TemporaryFolder()
    {
        try
        {
            return Directory.CreateTempSubdirectory("leocvae-");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"folder '{Path.GetTempPath()}' for temporary files: can't be written, expected room to save a model; " +
                $"TMPDIR names another one", e);
        }
    }
}

using System.Globalization;

namespace LeoCvae.Training;

/// <summary>Fits LEO-CVAE (arXiv 2509.25334) on imbalanced tables. Thread-safe.</summary>
public static class LeoTrainer
{
    /// <summary>Fits a model: standardize, score local entropy, weigh rows, train with early stopping, export to ONNX.</summary>
    /// <param name="table">At least two rows in at least two classes; give training rows only, never test rows.</param>
    /// <param name="options">How to fit; null is <see cref="TrainingOptions.Default"/>.</param>
    /// <param name="progress">Receives the losses of each epoch.</param>
    /// <param name="groups">n names of what a row comes from (a patient, say): rows of one group are never both trained on and validated
    /// on.
    /// Where a name, or the list, is null, a row stands for itself.</param>
    /// <param name="search">Receives the share of the search for neighbors that is done, before the first epoch.</param>
    /// <param name="cancellation">Stops between steps.</param>
    /// <exception cref="ArgumentException">The table or an option is at fault; the message says what and where.</exception>
    /// <exception cref="ArithmeticException">A loss is no longer a number.</exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, another fit's, or no checkpoint.</exception>
    /// <exception cref="IOException">The checkpoint is in use by another fit, or can't be written.</exception>
    public static TrainingResult Fit(Table table, TrainingOptions? options = null, IProgress<TrainingProgress>? progress = null,
        IReadOnlyList<string?>? groups = null, IProgress<double>? search = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        options ??= TrainingOptions.Default;
        options.Validate();
        table.RequireLabels();
        int[] counts = table.ClassCounts();
        RequireClasses(table);
        if (options.MaxTrainingRows < counts.Length)
            throw Fault.Argument(nameof(TrainingOptions.MaxTrainingRows),
                $"got {options.MaxTrainingRows} rows for {counts.Length} classes, expected at least one of each");
        CvaeEngines.Require(options);
        string? sampled = null;
        if (TrainingSample.Choose(table, options.MaxTrainingRows, options.Seed) is { } sample)
        {
            Table part = table.Select(sample);
            int[] taken = part.ClassCounts();
            sampled = TrainingSample.Describe(table.Schema,
                [.. table.Schema.Classes.Select(name => taken[part.Schema.ClassIndex(name)])], counts, options.MaxTrainingRows is not null);
            // Fails where there are too many or too few.
            _ = groups is null ? null : RowGroups.Number(groups, table.RowCount);
            groups = groups is null ? null : [.. sample.Select(row => groups[row])];
            (table, counts) = (part, taken);
        }
        else
            sample = null;
        IReadOnlyList<RowConstraint> constraints = ConstraintFinder.All(table, options);
        table = table.With(ConstraintFinder.WithFlags(table.Schema, constraints));
        int[]? groupOf = groups is null ? null : RowGroups.Number(groups, table.RowCount);

        TableEncoder encoder = TableEncoder.Fit(table);
        Matrix x = encoder.Encode(table);
        EntropyScores entropy = LocalEntropy.Score(x, table.Labels, table.Schema.Classes, options.EntropyNeighbors, NeighborSearch.Auto,
            options.MaxDegreeOfParallelism, search, cancellation);
        double[] entropyWeights = EntropyWeights(entropy, options);
        StratifiedSplit split = StratifiedSplit.Create(table.Labels, counts.Length, options.ValidationShare, options.Seed, groupOf);

        CvaeShape shape = new(x.Columns, counts.Length, options.HiddenSize, options.LatentSize);
        if ((long)shape.Hidden * Math.Max(shape.Features + shape.Classes, shape.Hidden) > Array.MaxLength)
        {
            int most = Array.MaxLength / (shape.Features + shape.Classes);
            throw Fault.Argument(nameof(TrainingOptions.HiddenSize),
                $"got {shape.Hidden} for {shape.Features} features, expected at most {most}: a layer would be too large for memory");
        }
        using TrainingCheckpoint? checkpoint = TrainingCheckpoint.Open(options, table, groupOf, shape);
        TrainingData data = new(x, table.Labels.ToArray(), RowWeights(table, entropyWeights), encoder.Layout);
        using ICvaeEngine engine = CvaeEngines.Create(options, data, CvaeWeights.Initial(shape, options.Seed));
        List<TrainingProgress> losses = new TrainLoop(options, shape, split).Run(engine, progress, cancellation, checkpoint);

        List<string> warnings = Warnings(table.Schema, counts, options, entropy, split, groups is not null);
        if (sampled is not null)
            warnings.Insert(0, sampled);
        byte[]? reference = options.WithReference
            ? ReferenceRows.Create(x, encoder, table.Labels, counts.Length, entropy.Neighbors, options.MaxDegreeOfParallelism,
            cancellation) : null;
        FittedNetwork fitted = new(table, encoder, entropy, entropyWeights, options, engine, losses, reference, constraints, groupOf);
        LeoModel model = LeoModel.FromFiles(ModelExporter.Export(fitted, warnings, cancellation),
            new() { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism });
        return new(model, entropy, losses, warnings, checkpoint?.State?.History.Count ?? 0) { SampledRows = sample };
    }

    /// <summary>
    /// Fits a model and resamples the table with it, like imbalanced-learn's <c>fit_resample</c>: real rows first, then synthetic ones.
    /// </summary>
    /// <param name="table">The table; give training rows only, never test rows.</param>
    /// <param name="options">How to fit; null is <see cref="TrainingOptions.Default"/>.</param>
    /// <param name="strategy">How many rows each class gets; null is <see cref="SamplingStrategy.Auto"/>: every class as large as the
    /// largest.</param>
    /// <param name="maxRows">The most rows that <see cref="SamplingStrategy.Auto"/> may add; null is ten times the real rows. Where that
    /// bites, classes end unequal.</param>
    /// <param name="progress">Receives the losses of each epoch.</param>
    /// <param name="groups">n names of what a row comes from (a patient, say): rows of one group are never both trained on and validated
    /// on.
    /// Where a name, or the list, is null, a row stands for itself.</param>
    /// <param name="cancellation">Stops between steps and batches.</param>
    /// <exception cref="ArgumentException">The table, an option or the strategy is at fault.</exception>
    public static Table FitResample(Table table, TrainingOptions? options = null, SamplingStrategy? strategy = null, long? maxRows = null,
        IProgress<TrainingProgress>? progress = null, IReadOnlyList<string?>? groups = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(table);
        table.RequireLabels();
        RequireClasses(table);
        // A strategy that doesn't fit the table should not cost a training run.
        _ = (strategy ?? SamplingStrategy.Auto).Plan(table, maxRows);
        using TrainingResult result = Fit(table, options, progress, groups, search: null, cancellation);
        return result.Model.Oversample(table, strategy, maxRows, (options ?? TrainingOptions.Default).Seed, cancellation: cancellation)
            .WithSources(result.SampledRows);
    }

    /// <summary>Deletes <see cref="TrainingOptions.Checkpoint"/>, once what was fitted is safe; nothing where there is none.</summary>
    /// <exception cref="InvalidDataException">The file is no checkpoint: it is left alone.</exception>
    public static void DeleteCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        TrainingCheckpoint.Delete(path);
    }

    static void RequireClasses(Table table)
    {
        (TableSchema schema, int[] counts) = (table.Schema, table.ClassCounts());
        if (counts.Length < 2)
        {
            string got = counts.Length == 0 ? "no rows" : $"one class only ('{schema.Classes[0]}')";
            throw Fault.Argument(nameof(table), $"label column '{schema.Target}': got {got}, expected at least two classes");
        }
        if (Array.IndexOf(counts, 0) is int empty and >= 0)
            throw Fault.Argument(nameof(table), $"class '{schema.Classes[empty]}' has no rows, expected at least one");
    }

    // (1 + H)^gamma
    static double[] EntropyWeights(EntropyScores entropy, TrainingOptions options)
    {
        double unit = options.EntropyScale == EntropyScale.Bits ? 1 : Math.Log2(entropy.Classes.Count);
        double[] weights = new double[entropy.Bits.Length];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = Math.Pow(1 + entropy.Bits[i] / unit, options.EntropyPower);
        return weights;
    }

    // w_i = n / (C n_y) * (1 + H_i)^gamma
    static float[] RowWeights(Table table, double[] entropyWeights)
    {
        double[] classWeights = table.ClassWeights();
        float[] weights = new float[table.RowCount];
        for (int i = 0; i < weights.Length; i++)
            weights[i] = (float)(classWeights[table.Labels[i]] * entropyWeights[i]);
        return weights;
    }

    static List<string> Warnings(TableSchema schema, int[] counts, TrainingOptions options, EntropyScores entropy, StratifiedSplit split,
        bool isGrouped)
    {
        List<string> warnings = [];
        string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        int k = entropy.Neighbors;
        if (k < options.EntropyNeighbors)
            warnings.Add(Text($"k is clamped from {options.EntropyNeighbors} to {k} neighbors: the table has {counts.Sum()} rows"));
        int[] alone = [.. Enumerable.Range(0, counts.Length).Where(c => counts[c] == 1)];
        int[] small = [.. Enumerable.Range(0, counts.Length).Where(c => counts[c] > 1 && counts[c] <= k)];
        string Names(int[] classes) => TableSchema.Quote([.. classes.Select(c => schema.Classes[c])]);
        if (alone.Length == 1)
            warnings.Add(Text($"class {Names(alone)} has one row: it is only trained on, and all its synthetic rows start from it"));
        else if (alone.Length > 1)
            warnings.Add(Text($"{alone.Length} classes have one row each ({Names(alone)}): ")
                + "it is only trained on, and all synthetic rows of the class start from it");
        if (small.Length == 1)
            warnings.Add(Text($"class {Names(small)} has {counts[small[0]]} rows, no more than k = {k}: ")
                + "every one of its rows has neighbors of other classes, so its entropy says little");
        else if (small.Length > 1)
        {
            (int least, int most) = (small.Min(c => counts[c]), small.Max(c => counts[c]));
            string rows = least == most ? Text($"{least}") : Text($"{least} to {most}");
            warnings.Add(Text($"{small.Length} classes have {rows} rows, no more than k = {k} ({Names(small)}): ")
                + "every one of their rows has neighbors of other classes, so their entropy says little");
        }
        if (split.Validation.Length == 0)
        {
            string what = isGrouped ? "group" : "row";
            warnings.Add($"no {what} could be set aside for validation: training stops on the loss of the training rows");
        }
        return warnings;
    }
}

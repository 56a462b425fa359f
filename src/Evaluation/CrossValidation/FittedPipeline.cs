using System.Globalization;

namespace LeoCvae.Evaluation;

/// <summary>Resampling, standardizing and a classifier, fitted on training rows. Thread-safe until it is disposed.</summary>
public sealed class FittedPipeline : IDisposable
{
    readonly TableEncoder _encoder;
    readonly IFittedClassifier _classifier;

    FittedPipeline(string method, TrainingRows training, Table resampled, double[] seen, TableEncoder encoder,
        IFittedClassifier classifier) =>
        (Method, Training, Resampled, Seen, _encoder, _classifier) = (method, training, resampled, seen, encoder, classifier);

    /// <summary>Resamples the training rows of a fold, standardizes by the result, and fits a classifier to it.</summary>
    /// <param name="training">A fold's training rows.</param>
    /// <param name="resampler">What adds or weighs rows.</param>
    /// <param name="classifier">What learns from them.</param>
    /// <param name="seed">Seed of all random numbers.</param>
    /// <param name="cancellation">Stops long work.</param>
    /// <exception cref="InvalidOperationException">The resampler didn't return the training rows followed by synthetic ones.</exception>
    public static FittedPipeline Fit(TrainingRows training, IResampler resampler, IClassifier classifier,
        ulong seed = LeoModel.DefaultSeed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(resampler);
        ArgumentNullException.ThrowIfNull(classifier);
        return Fit(training, resampler, Resample(training, resampler, seed, cancellation), classifier, stop: null, seed, cancellation);
    }

    /// <summary>Synthetic rows that were added to the training rows.</summary>
    public int AddedRows => Resampled.RowCount - Training.Table.RowCount;

    internal string Method { get; }

    internal TrainingRows Training { get; }

    internal Table Resampled { get; }

    /// <summary>Rows of each class of the whole table that the classifier saw, by weight.</summary>
    internal double[] Seen { get; }

    /// <summary>Training rows of each class of the whole table.</summary>
    internal double[] Before => ClassWeights(Training, Training.Table, []);

    /// <summary>The training rows resampled, checked to start with what was given, missing values imputed.</summary>
    internal static Table Resample(TrainingRows training, IResampler resampler, ulong seed, CancellationToken cancellation) =>
        Complete(training, Checked(training, resampler, resampler.Resample(training, seed, cancellation)));

    static Table Complete(TrainingRows training, Table rows) => ((Fold)training.Owner!).Imputation.Complete(rows);

    /// <summary>The same, and rows of all classes where the method can make them.</summary>
    internal static MadeRows Make(TrainingRows training, IResampler resampler, ulong seed, CancellationToken cancellation)
    {
        MadeRows made = resampler is IRowMaker maker ? maker.Make(training, seed, doubles: true, cancellation)
            : new(resampler.Resample(training, seed, cancellation), null, []);
        return made with
        {
            Resampled = Complete(training, Checked(training, resampler, made.Resampled)),
            Doubled = made.Doubled is null ? null : Complete(training, made.Doubled),
        };
    }

    static Table Checked(TrainingRows training, IResampler resampler, Table resampled)
    {
        Table given = training.Table;
        if (given.Schema.Mismatch(resampled.Schema) is string mismatch)
            throw new InvalidOperationException($"method '{resampler.Name}' returned other columns: {mismatch}");
        foreach ((ColumnSpec before, ColumnSpec after) in training.WithMissing.Schema.Columns.Zip(resampled.Schema.Columns))
            if (!IsLike(before, after) && !IsLike(Imputation.Complete(before), after))
                throw new InvalidOperationException($"method '{resampler.Name}' returned a column '{before.Name}' of another kind or " +
                    $"with other categories, expected those of the training rows");
        static bool IsLike(ColumnSpec before, ColumnSpec after) =>
            before.Kind == after.Kind && (before.Categories ?? []).SequenceEqual(after.Categories ?? []);
        bool starts = resampled.RowCount >= given.RowCount && (StartsWith(given) || StartsWith(training.WithMissing));
        bool StartsWith(Table rows) => resampled.Values[..rows.Values.Length].SequenceEqual(rows.Values);
        for (int row = 0; starts && row < given.RowCount; row++)
            starts = resampled.Label(row) == given.Label(row);
        if (!starts)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"method '{resampler.Name}' returned {resampled.RowCount} rows that don't start with the {given.RowCount} training rows; " +
                $"expected these, then synthetic ones"));
        return resampled;
    }

    /// <summary>
    /// Fits a classifier to resampled rows, or to the synthetic ones among them alone; where it can stop early and rows to stop on are
    /// given, it does.
    /// </summary>
    internal static FittedPipeline Fit(TrainingRows training, IResampler resampler, Table resampled, IClassifier classifier,
        (double[] Values, int[] Labels)? stop, ulong seed, CancellationToken cancellation, bool syntheticOnly = false)
    {
        int real = training.Table.RowCount;
        Table learned = syntheticOnly ? resampled.Select([.. Enumerable.Range(real, resampled.RowCount - real)]) : resampled;
        TableEncoder encoder = TableEncoder.Fit(learned);
        Matrix x = encoder.Encode(learned);
        int[] classOf = [.. learned.Schema.Classes.Select(Data(training).Table.Schema.ClassIndex)],
            labels = [.. learned.Labels.ToArray().Select(label => classOf[label])];
        double[] classWeights = learned.ClassWeights();
        float[] weights = resampler.BalancesWeights ? [.. learned.Labels.ToArray().Select(label => (float)classWeights[label])] : [];
        int classes = Data(training).Table.Schema.Classes.Count;
        IFittedClassifier fitted = stop is (double[] stopValues, int[] stopLabels) && classifier is IEarlyStoppingClassifier stopper
            ? stopper.Fit(x, labels, weights, classes, Encode(encoder, training, stopValues), stopLabels, seed, cancellation)
            : classifier.Fit(x, labels, weights, classes, seed, cancellation);
        return new(resampler.Name, training, resampled, ClassWeights(training, learned, weights), encoder, fitted);
    }

    /// <summary>Class probabilities of prepared rows, n x C.</summary>
    internal double[,] Probabilities(double[] values) => _classifier.Probabilities(Encode(_encoder, Training, values));

    /// <inheritdoc/>
    public void Dispose() => _classifier.Dispose();

    static Dataset Data(TrainingRows training) => ((Fold)training.Owner!).Data;

    static Matrix Encode(TableEncoder encoder, TrainingRows training, double[] values) =>
        encoder.Encode(new(new(training.Table.Schema.Columns, null, []), values, []));

    static double[] ClassWeights(TrainingRows training, Table table, float[] weights)
    {
        TableSchema whole = Data(training).Table.Schema;
        double[] sums = new double[whole.Classes.Count];
        int[] classOf = [.. table.Schema.Classes.Select(whole.ClassIndex)];
        for (int row = 0; row < table.RowCount; row++)
            sums[classOf[table.Labels[row]]] += weights.Length > 0 ? weights[row] : 1;
        return sums;
    }
}

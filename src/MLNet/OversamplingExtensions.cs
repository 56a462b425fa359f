using LeoCvae.Training;
using Microsoft.Data.Analysis;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace LeoCvae.MLNet;

/// <summary>One fold of a cross-validation whose training rows were oversampled.</summary>
/// <param name="Fold">Its number, from 0.</param>
/// <param name="Model">The model that was fitted on the oversampled training rows.</param>
/// <param name="Metrics">How it does on the fold's own rows, none of them synthetic.</param>
public sealed record OversampledFold<TMetrics>(int Fold, ITransformer Model, TMetrics Metrics);

/// <summary>
/// Oversampling for ML.NET. It adds rows, so it is no IEstimator: a pipeline would add rows to what it predicts, too, and a
/// cross-validation of the pipeline would test on rows made of test rows.
/// </summary>
public static class OversamplingExtensions
{
    /// <summary>
    /// Fits LEO-CVAE on training rows and adds synthetic ones behind them, every class as large as the largest. Columns and their order
    /// stay; real rows are as they were.
    /// </summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="data">The training rows: numbers, true and false, text, dates, keys, vectors of floats.</param>
    /// <param name="labelColumnName">The label: text, a number, true and false, or a key.</param>
    /// <param name="strategy">How many rows each class gets; null is <see cref="SamplingStrategy.Auto"/>.</param>
    /// <param name="options">Of the fit; null is <see cref="TrainingOptions.Default"/>.</param>
    /// <param name="cancellation">Stops the fit.</param>
    /// <exception cref="ArgumentException">A column is of another type, a label is missing, or the strategy doesn't fit.</exception>
    /// <example><code>
    /// IDataView balanced = mlContext.Data.Oversample(training, "Label");
    /// ITransformer model = pipeline.Fit(balanced);
    /// </code></example>
    public static IDataView Oversample(this DataOperationsCatalog catalog, IDataView data, string labelColumnName = "Label",
        SamplingStrategy? strategy = null, TrainingOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return Oversample(MemoryView.Read(data), labelColumnName, strategy, options, cancellation);
    }

    /// <summary>The same for a data frame.</summary>
    /// <param name="frame">The training rows.</param>
    /// <param name="labelColumnName">The label.</param>
    /// <param name="strategy">How many rows each class gets; null is <see cref="SamplingStrategy.Auto"/>.</param>
    /// <param name="options">Of the fit; null is <see cref="TrainingOptions.Default"/>.</param>
    /// <param name="cancellation">Stops the fit.</param>
    /// <exception cref="ArgumentException">A column is of another type, a label is missing, or the strategy doesn't fit.</exception>
    public static DataFrame Oversample(this DataFrame frame, string labelColumnName, SamplingStrategy? strategy = null,
        TrainingOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return Oversample(MemoryView.Read(frame), labelColumnName, strategy, options, cancellation).ToDataFrame(-1);
    }

    static MemoryView Oversample(MemoryView view, string label, SamplingStrategy? strategy, TrainingOptions? options,
        CancellationToken cancellation)
    {
        Table balanced = LeoTrainer.FitResample(view.ToTable(label), options, strategy, cancellation: cancellation);
        return new(view.Columns.Select(column => column.With(balanced, view.Rows, column.Name == label)), balanced.RowCount);
    }

    /// <summary>
    /// Cross-validation that oversamples the training rows of each fold and tests on the others. Folds are stratified.
    /// </summary>
    /// <param name="context">The context.</param>
    /// <param name="data">All rows.</param>
    /// <param name="estimator">The pipeline, fitted once a fold.</param>
    /// <param name="evaluate">Measures predictions: <c>predictions => mlContext.MulticlassClassification.Evaluate(predictions)</c>.</param>
    /// <param name="labelColumnName">The label, as it is in the data.</param>
    /// <param name="numberOfFolds">Folds, 2 or more.</param>
    /// <param name="strategy">How many rows each class gets; null is <see cref="SamplingStrategy.Auto"/>.</param>
    /// <param name="options">Of the fits; null is <see cref="TrainingOptions.Default"/>. Its seed draws the folds.</param>
    /// <param name="cancellation">Stops between folds and in a fit.</param>
    /// <exception cref="ArgumentException">The data or an option is at fault.</exception>
    public static IReadOnlyList<OversampledFold<TMetrics>> CrossValidateOversampled<TMetrics>(this MLContext context, IDataView data,
        IEstimator<ITransformer> estimator, Func<IDataView, TMetrics> evaluate, string labelColumnName = "Label", int numberOfFolds = 5,
        SamplingStrategy? strategy = null, TrainingOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(estimator);
        ArgumentNullException.ThrowIfNull(evaluate);
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfFolds, 2);
        MemoryView all = MemoryView.Read(data);
        int[] foldOf = Folds(all.Label(labelColumnName).Classes(), numberOfFolds, (options ?? TrainingOptions.Default).Seed);
        int[] RowsOf(Func<int, bool> isIn) => [.. Enumerable.Range(0, all.Rows).Where(row => isIn(foldOf[row]))];
        List<OversampledFold<TMetrics>> folds = [];
        for (int fold = 0; fold < numberOfFolds; fold++)
        {
            cancellation.ThrowIfCancellationRequested();
            IDataView training = Oversample(all.Select(RowsOf(other => other != fold)), labelColumnName, strategy, options, cancellation);
            ITransformer model = estimator.Fit(training);
            folds.Add(new(fold, model, evaluate(model.Transform(all.Select(RowsOf(other => other == fold))))));
        }
        return folds;
    }

    // Rows of each class in turn, shuffled.
    static int[] Folds(string[] classes, int folds, ulong seed)
    {
        int[] foldOf = new int[classes.Length];
        int next = 0;
        foreach ((int c, IGrouping<string, int> rows) in Enumerable.Range(0, classes.Length).GroupBy(row => classes[row]).Index())
        {
            int[] shuffled = [.. rows];
            new CounterRandom(seed, RandomStream.Folds).Shuffle((ulong)c, shuffled);
            foreach (int row in shuffled)
                foldOf[row] = next++ % folds;
        }
        return foldOf;
    }

    /// <summary>Adds the Local Entropy Score of each row as a column of floats: bits, 0 where all nearest rows are of one class.</summary>
    /// <param name="catalog">mlContext.Data.</param>
    /// <param name="data">The rows.</param>
    /// <param name="labelColumnName">The label.</param>
    /// <param name="outputColumnName">The new column.</param>
    /// <param name="neighbors">k.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="ArgumentException">A column is of another type, a label is missing, or the new column's name is taken.</exception>
    public static IDataView AddLocalEntropy(this DataOperationsCatalog catalog, IDataView data, string labelColumnName = "Label",
        string outputColumnName = "LocalEntropy", int neighbors = LocalEntropy.DefaultNeighbors, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        MemoryView view = MemoryView.Read(data);
        if (view.Columns.Any(column => column.Name == outputColumnName))
            throw Fault.Argument(nameof(outputColumnName), $"got '{outputColumnName}', which is a column of the data already");
        EntropyScores scores = LocalEntropy.Score(view.ToTable(labelColumnName), neighbors, cancellation: cancellation);
        DataViewSchema.Builder builder = new();
        builder.AddColumn(outputColumnName, NumberDataViewType.Single);
        ViewColumn added = ViewColumn.Of(builder.ToSchema()[0], [.. scores.Bits.ToArray().Select(bits => (float)bits)]);
        return new MemoryView([.. view.Columns, added], view.Rows);
    }
}

using System.Globalization;
using System.Runtime.CompilerServices;

namespace LeoCvae.Evaluation;

/// <summary>
/// One split of a table. It hands out its training rows; its test rows never leave it: it scores what was fitted on its own training rows.
/// Thread-safe.
/// </summary>
public sealed class Fold
{
    readonly int[] _trained, _tested;
    readonly Lazy<(Preparation Preparation, TrainingRows Rows)> _training;
    readonly ConditionalWeakTable<Table, LeakCheck> _checks = [];

    internal Fold(Dataset data, int repeat, int number, int[] foldOf, Func<int[], Preparation> prepare)
    {
        (Data, Repeat, Number) = (data, repeat, number);
        _trained = [.. Enumerable.Range(0, foldOf.Length).Where(row => foldOf[row] != number)];
        _tested = [.. Enumerable.Range(0, foldOf.Length).Where(row => foldOf[row] == number)];
        _training = new(() => Prepare(prepare(_trained)));
    }

    /// <summary>Number of the repeat, from 0.</summary>
    public int Repeat { get; }

    /// <summary>Number of the fold within its repeat, from 0.</summary>
    public int Number { get; }

    /// <summary>How many rows are tested.</summary>
    public int TestRows => _tested.Length;

    /// <summary>
    /// The training rows, missing values imputed and features selected by them alone; prepared when first asked for.
    /// </summary>
    public TrainingRows Training => _training.Value.Rows;

    internal Dataset Data { get; }

    /// <summary>Numbers of the test rows.</summary>
    internal IReadOnlyList<int> Tested => _tested;

    /// <summary>Whether the classes of the training rows differ in size.</summary>
    internal bool IsUnequal => _trained.CountBy(row => Data.Table.Labels[row]).Select(count => count.Value).Distinct().Count() > 1;

    /// <summary>Names of the columns of which the training rows have no value: they are 0 in all rows.</summary>
    internal IEnumerable<string> UnknownColumns => _training.Value.Preparation.Unknown(Data.Table);

    /// <summary>Predicts the test rows.</summary>
    /// <param name="pipeline">Fitted on the training rows of this very fold.</param>
    /// <exception cref="ArgumentException">The pipeline was fitted on other rows.</exception>
    /// <exception cref="InvalidOperationException">The synthetic rows repeat test rows: the resampler has seen them.</exception>
    public FoldPrediction Predict(FittedPipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        if (pipeline.Training.Owner != this)
            throw Fault.Argument(nameof(pipeline),
                $"fold {Number} of repeat {Repeat}: the pipeline was fitted on another fold's training rows, which hold rows that this " +
                $"one tests");
        double[] values = TestValues();
        // Classifiers share the rows that they are fitted on.
        LeakCheck leaks = _checks.GetValue(pipeline.Resampled, resampled => LeakCheck.Of(Training.Table, values, resampled));
        leaks.Require(pipeline.Method);
        double[,] raw = pipeline.Probabilities(values);
        return new(_tested, raw, PriorCorrection.ByFrequencies(pipeline.Before, pipeline.Seen).Apply(raw), leaks.Copied);
    }

    /// <summary>The rows that test, for the paper's protocol alone, which stops early on them.</summary>
    internal (double[] Values, int[] Labels) PeekAtTestRows() => (TestValues(), [.. _tested.Select(row => Data.Table.Labels[row])]);

    /// <summary>The test rows as a table, for the report alone, which holds synthetic rows against them.</summary>
    internal Table TestTable() => Build(_training.Value.Preparation, _tested, imputed: true);

    /// <summary>What stands in place of missing values of the training rows.</summary>
    internal Imputation Imputation => _training.Value.Preparation.Imputation;

    /// <summary>Folds of the training rows, prepared as they are here; null where there are too few of a class.</summary>
    internal Fold[]? Inner(int folds, ulong seed)
    {
        Preparation preparation = _training.Value.Preparation.OfPrepared();
        return CrossValidation.TrySplit(new(Training.WithMissing, Training.Groups), folds, seed, _ => preparation);
    }

    double[] TestValues() => _training.Value.Preparation.Values(Data.Table, _tested, imputed: true);

    (Preparation, TrainingRows) Prepare(Preparation preparation)
    {
        Table withMissing = Build(preparation, _trained, imputed: false);
        Table table = withMissing.Schema.Columns.Any(column => column.HasMissing) ? Build(preparation, _trained, imputed: true)
            : withMissing;
        return (preparation, new(table, this, TrainedGroups(), withMissing));
    }

    string[]? TrainedGroups() =>
        Data.Groups is int[] groups ? [.. _trained.Select(row => groups[row].ToString(CultureInfo.InvariantCulture))] : null;

    Table Build(Preparation preparation, int[] rows, bool imputed)
    {
        ColumnSpec[] columns = [.. preparation.Columns(Data.Table).Select(column => imputed ? Imputation.Complete(column) : column)];
        int[] labels = [.. rows.Select(row => Data.Table.Labels[row])];
        return Table.Learn([.. columns.Select(column => column.Name)], columns, Data.Table.Schema.Target, columns.Length,
            preparation.Values(Data.Table, rows, imputed), labels, Data.Table.Schema.Classes);
    }
}

/// <summary>What a pipeline says of a fold's test rows. Immutable.</summary>
/// <param name="Rows">Numbers of the m test rows in the whole table.</param>
/// <param name="Raw">m x C, the classifier's own probabilities, classes as in the whole table.</param>
/// <param name="Corrected">m x C, after <see cref="PriorCorrection.ByFrequencies"/>.</param>
/// <param name="CopiedTestRows">Synthetic rows that equal a test row and no training row.</param>
public sealed record FoldPrediction(IReadOnlyList<int> Rows, double[,] Raw, double[,] Corrected, int CopiedTestRows);

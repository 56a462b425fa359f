using LeoCvae.Training;

namespace LeoCvae.Evaluation;

/// <summary>How far an evaluation is.</summary>
/// <param name="Done">Fits scored.</param>
/// <param name="Total">Fits to score: methods x classifiers x repeats x folds.</param>
public readonly record struct EvaluationProgress(int Done, int Total);

/// <summary>
/// Compares methods, by the classifiers that learn from what they return, on the test rows of a repeated cross-validation. Thread-safe.
/// </summary>
public static class MethodEvaluator
{
    /// <summary>
    /// Runs every method with every classifier on every fold; one fit a core. Folds and seeds are the same for all methods, so that
    /// differences are paired.
    /// </summary>
    /// <param name="data">The rows.</param>
    /// <param name="methods">Methods to compare, see <see cref="Resamplers"/>; names unique.</param>
    /// <param name="classifiers">Classifiers to judge them by; names unique.</param>
    /// <param name="options">How; null takes the defaults.</param>
    /// <param name="progress">Receives the number of fits done, from several threads.</param>
    /// <param name="cancellation">Stops between and, where methods and classifiers allow, within fits.</param>
    /// <exception cref="ArgumentException">The rows or an option is at fault; the message says what and where.</exception>
    /// <exception cref="InvalidOperationException">A method has seen test rows, or didn't return the training rows first.</exception>
    public static EvaluationResult Run(Dataset data, IReadOnlyList<IResampler> methods, IReadOnlyList<IClassifier> classifiers,
        EvaluationOptions? options = null, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellation = default) =>
        Prepare(data, methods, classifiers, options, cancellation).Run(progress);

    /// <summary>
    /// The units that an evaluation can be taken apart into: a method on a fold each, fold by fold. They are those of all tables.
    /// </summary>
    /// <param name="methods">Number of methods.</param>
    /// <param name="options">Repeats and folds; null takes the defaults.</param>
    /// <exception cref="ArgumentException">There is no method, or an option is out of range.</exception>
    public static IReadOnlyList<UnitPlace> Units(int methods, EvaluationOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(methods);
        options ??= new();
        options.Validate();
        return [.. from repeat in Enumerable.Range(0, options.Repeats)
                   from fold in Enumerable.Range(0, options.Folds)
                   from method in Enumerable.Range(0, methods)
                   select new UnitPlace(repeat, fold, method)];
    }

    /// <summary>
    /// Runs one unit, on one core: the same as within <see cref="Run"/>, to the bit, wherever and in whatever order units are run.
    /// </summary>
    /// <param name="data">The rows.</param>
    /// <param name="methods">All methods of the evaluation.</param>
    /// <param name="classifiers">All classifiers of the evaluation.</param>
    /// <param name="unit">Number of the unit in <see cref="Units"/>.</param>
    /// <param name="options">How; null takes the defaults.</param>
    /// <param name="progress">Receives the number of fits done.</param>
    /// <param name="cancellation">Stops between and, where methods and classifiers allow, within fits.</param>
    /// <exception cref="ArgumentException">The rows or an option is at fault, or there is no such unit.</exception>
    /// <exception cref="InvalidOperationException">A method has seen test rows, or didn't return the training rows first.</exception>
    public static EvaluationUnit RunUnit(Dataset data, IReadOnlyList<IResampler> methods, IReadOnlyList<IClassifier> classifiers, int unit,
        EvaluationOptions? options = null, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellation = default)
    {
        EvaluationRun run = Prepare(data, methods, classifiers, options, cancellation);
        int count = Units(methods.Count, options).Count, done = 0;
        if ((uint)unit >= (uint)count)
            throw Fault.Argument(nameof(unit), $"got unit {unit}, expected 0 to {count - 1}");
        return run.Run(unit, () => progress?.Report(new(++done, classifiers.Count)));
    }

    /// <summary>What <see cref="Run"/> finds, from all its units, which may have been run elsewhere.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="methods">All methods of the evaluation.</param>
    /// <param name="classifiers">All classifiers of the evaluation.</param>
    /// <param name="units">All units, in any order.</param>
    /// <param name="options">How; null takes the defaults.</param>
    /// <exception cref="ArgumentException">A unit is missing, there twice, or of another evaluation.</exception>
    public static EvaluationResult Merge(Dataset data, IReadOnlyList<IResampler> methods, IReadOnlyList<IClassifier> classifiers,
        IEnumerable<EvaluationUnit> units, EvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(units);
        return Prepare(data, methods, classifiers, options, CancellationToken.None).Merge(units);
    }

    /// <summary>Fails where <see cref="Run"/> would before its first fit.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="methods">Methods to compare.</param>
    /// <param name="classifiers">Classifiers to judge them by.</param>
    /// <param name="options">How; null takes the defaults.</param>
    /// <exception cref="ArgumentException">The rows or an option is at fault; the message says what and where.</exception>
    public static void Validate(Dataset data, IReadOnlyList<IResampler> methods, IReadOnlyList<IClassifier> classifiers,
        EvaluationOptions? options = null) => Prepare(data, methods, classifiers, options, CancellationToken.None);

    static EvaluationRun Prepare(Dataset data, IReadOnlyList<IResampler> methods, IReadOnlyList<IClassifier> classifiers,
        EvaluationOptions? options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(classifiers);
        options ??= new();
        options.Validate();
        RequireNames("methods", [.. methods.Select(method => method.Name)]);
        ColumnSpec[] categories = [.. data.Table.Schema.Columns.Where(column => column.Categories is not null)];
        if (categories.Length > 0 && methods.FirstOrDefault(method => !method.TakesCategories) is { } refused)
            throw Fault.Argument(nameof(methods),
                $"method '{refused.Name}': got categories in {TableSchema.Quote([.. categories.Select(column => column.Name)])}, for " +
                $"which it has no definition, expected numbers only; smote takes both");
        // In all rows, so that a fold can't be the first to find one that breaks them.
        foreach (LeoResampler method in methods.OfType<LeoResampler>())
            _ = ConstraintFinder.Given(data.Table, method.Options.Constraints ?? []);
        RequireNames("classifiers", [.. classifiers.Select(classifier => classifier.Name)]);
        return new(data, methods, classifiers, options, cancellation);
    }

    static void RequireNames(string what, string[] names)
    {
        if (names.Length == 0)
            throw Fault.Argument(what, $"got none, expected at least one");
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Fault.Argument(what, $"'{twice.Key}' is given twice; names must be unique");
    }
}

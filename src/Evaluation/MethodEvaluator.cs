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
        EvaluationOptions? options = null, IProgress<EvaluationProgress>? progress = null, CancellationToken cancellation = default)
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
            _ = ConstraintFinder.Complete(data.Table, method.Options.Constraints ?? []);
        RequireNames("classifiers", [.. classifiers.Select(classifier => classifier.Name)]);
        return new EvaluationRun(data, methods, classifiers, options, progress, cancellation).Run();
    }

    static void RequireNames(string what, string[] names)
    {
        if (names.Length == 0)
            throw Fault.Argument(what, $"got none, expected at least one");
        if (names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Fault.Argument(what, $"'{twice.Key}' is given twice; names must be unique");
    }
}

namespace LeoCvae.Evaluation;

/// <summary>A classifier that a user would have. Implementations are thread-safe.</summary>
public interface IClassifier
{
    /// <summary>Short name, as in reports and on the command line.</summary>
    string Name { get; }

    /// <summary>Fits the classifier; the same rows, weights and seed give the same result, for any number of threads.</summary>
    /// <param name="x">n x d standardized features.</param>
    /// <param name="labels">n class indices below <paramref name="classes"/>.</param>
    /// <param name="weights">n row weights; empty where all rows count alike.</param>
    /// <param name="classes">C, number of classes; some may have no row.</param>
    /// <param name="seed">Seed of all random numbers.</param>
    /// <param name="cancellation">Stops long work.</param>
    IFittedClassifier Fit(Matrix x, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, int classes, ulong seed,
        CancellationToken cancellation);
}

/// <summary>A classifier that is trained step by step and can be told on which rows to stop early.</summary>
interface IEarlyStoppingClassifier : IClassifier
{
    /// <summary>
    /// Fits the classifier and keeps the state that did best on the rows to stop on; otherwise as <see cref="IClassifier.Fit"/>.
    /// </summary>
    /// <param name="x">n x d standardized features.</param>
    /// <param name="labels">n class indices below <paramref name="classes"/>.</param>
    /// <param name="weights">n row weights; empty where all rows count alike.</param>
    /// <param name="classes">C, number of classes; some may have no row.</param>
    /// <param name="stopX">m x d features to stop on, standardized as those of the fit.</param>
    /// <param name="stopLabels">m class indices below <paramref name="classes"/>.</param>
    /// <param name="seed">Seed of all random numbers.</param>
    /// <param name="cancellation">Stops long work.</param>
    IFittedClassifier Fit(Matrix x,
        ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, int classes, Matrix stopX, ReadOnlySpan<int> stopLabels, ulong seed,
        CancellationToken cancellation);
}

/// <summary>A fitted classifier. Thread-safe.</summary>
public interface IFittedClassifier : IDisposable
{
    /// <summary>Class probabilities, n x C; each row sums to 1, and a class that had no row to learn from gets 0.</summary>
    /// <param name="x">n x d features, standardized as those of the fit.</param>
    double[,] Probabilities(Matrix x);
}

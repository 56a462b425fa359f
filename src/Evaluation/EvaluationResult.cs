using System.Text.Json.Serialization;

namespace LeoCvae.Evaluation;

/// <summary>What an evaluation found. Immutable.</summary>
public sealed record EvaluationResult
{
    /// <summary>What was asked for.</summary>
    public required EvaluationOptions Options { get; init; }

    /// <summary>Class names in order of first appearance; class indices point into this list.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>True class index of each of the n rows.</summary>
    public required IReadOnlyList<int> Labels { get; init; }

    /// <summary>
    /// Index of the class that <see cref="ClassificationScores.F1Positive"/> and
    /// <see cref="ClassificationScores.AveragePrecisionPositive"/> are about.
    /// </summary>
    public required int PositiveClass { get; init; }

    /// <summary>
    /// How the figures may be read, in sentences: under the paper's protocol that they are optimistic, and what had to be adapted.
    /// </summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>One record for each method, classifier, repeat and fold, in this order.</summary>
    public required IReadOnlyList<FoldResult> Folds { get; init; }

    /// <summary>
    /// The probabilities of all rows, each from the fold that tested it; one record for each method, classifier and repeat, in this order.
    /// </summary>
    internal IReadOnlyList<PooledPredictions> Predictions { get; init; } = [];

    /// <summary>The rows of the first fold; null unless <see cref="EvaluationOptions.DescribeRows"/> asked for it.</summary>
    internal FirstFold? FirstFold { get; init; }
}

/// <summary>One method and classifier on one fold. Immutable.</summary>
public sealed record FoldResult
{
    /// <summary>Name of the resampler.</summary>
    public required string Method { get; init; }

    /// <summary>Name of the classifier.</summary>
    public required string Classifier { get; init; }

    /// <summary>Number of the repeat, from 0.</summary>
    public required int Repeat { get; init; }

    /// <summary>Number of the fold within its repeat, from 0.</summary>
    public required int Fold { get; init; }

    /// <summary>Rows trained on, before resampling.</summary>
    public required int TrainingRows { get; init; }

    /// <summary>Rows tested.</summary>
    public required int TestRows { get; init; }

    /// <summary>Synthetic rows that the method added to the training rows; of several replicates the mean, rounded up.</summary>
    public required int AddedRows { get; init; }

    /// <summary>
    /// Synthetic rows of all replicates that equal a test row and no training row: chance, or the fold would have been refused.
    /// </summary>
    public required int CopiedTestRows { get; init; }

    /// <summary>Scores of the classifier's own probabilities; the most probable class is decided for.</summary>
    public required ClassificationScores Raw { get; init; }

    /// <summary>
    /// Scores after the shift of class frequencies is taken out of the probabilities: by frequencies, then, where rows were added or
    /// weighed and inner folds are possible, fitted to what these predict; the most probable class is decided for.
    /// </summary>
    public required ClassificationScores Corrected { get; init; }

    /// <summary>The same, decided by a weight for each class, tuned on the training rows alone.</summary>
    public required ClassificationScores Tuned { get; init; }

    /// <summary>
    /// How far the method's rows alone lead; null where it can't make rows of every class, and unless
    /// <see cref="EvaluationOptions.DescribeRows"/> asked for it.
    /// </summary>
    public SyntheticOnlyScores? SyntheticOnly { get; init; }

    /// <summary>How <see cref="Tuned"/> was decided.</summary>
    [JsonInclude]
    internal DecisionRule? Decision { get; init; }
}

/// <summary>
/// Scores on the test rows of a classifier trained on synthetic rows alone, as many of each class as there are training rows, and of the
/// same classifier trained on these. The classifiers' own probabilities; the most probable class is decided for. Immutable.
/// </summary>
/// <param name="Synthetic">Trained on synthetic rows.</param>
/// <param name="Real">Trained on real rows.</param>
public sealed record SyntheticOnlyScores(ClassificationScores Synthetic, ClassificationScores Real);

/// <summary>Probabilities of all rows, each predicted by the fold that tested it. Immutable.</summary>
/// <param name="Method">Name of the resampler.</param>
/// <param name="Classifier">Name of the classifier.</param>
/// <param name="Repeat">Number of the repeat, from 0.</param>
/// <param name="FoldOfRow">The fold that tested each of the n rows.</param>
/// <param name="Raw">n x C, the classifier's own probabilities.</param>
/// <param name="Corrected">n x C, after <see cref="PriorCorrection"/>.</param>
sealed record PooledPredictions(string Method, string Classifier, int Repeat, IReadOnlyList<int> FoldOfRow, double[,] Raw,
    double[,] Corrected);

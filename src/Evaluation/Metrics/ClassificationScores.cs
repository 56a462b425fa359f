namespace LeoCvae.Evaluation;

/// <summary>
/// How well class probabilities, and the decisions made from them, fit the true classes of some rows. NaN where a measure is not defined.
/// Immutable.
/// </summary>
public sealed record ClassificationScores
{
    /// <summary>F1 over all decisions at once; with one class a row this is the share of rows decided rightly.</summary>
    public required double F1Micro { get; init; }

    /// <summary>Mean F1 of the classes that rows have or are given.</summary>
    public required double F1Macro { get; init; }

    /// <summary>F1 of the positive class.</summary>
    public required double F1Positive { get; init; }

    /// <summary>Mean recall of the classes that are present.</summary>
    public required double BalancedAccuracy { get; init; }

    /// <summary>Geometric mean of the recalls of the classes that are present, a recall of zero counted as 0.001.</summary>
    public required double GeometricMean { get; init; }

    /// <summary>Mean area under the ROC curve, each class against the rest; classes that are absent, or alone, don't count.</summary>
    public required double AucMacro { get; init; }

    /// <summary>Area under the ROC curve of all (row, class) pairs at once.</summary>
    public required double AucMicro { get; init; }

    /// <summary>
    /// Mean average precision (area under the precision-recall curve), each class against the rest; classes that are absent, or alone,
    /// don't count.
    /// </summary>
    public required double AveragePrecisionMacro { get; init; }

    /// <summary>Average precision of all (row, class) pairs at once.</summary>
    public required double AveragePrecisionMicro { get; init; }

    /// <summary>Average precision of the positive class; NaN where it is absent or alone.</summary>
    public required double AveragePrecisionPositive { get; init; }

    /// <summary>Brier score: squared error of the probabilities, summed over classes, 0 (best) to 2.</summary>
    public required double Brier { get; init; }

    /// <summary>Expected calibration error of the most probable class, ten bins of equal width, 0 (best) to 1.</summary>
    public required double CalibrationError { get; init; }

    /// <summary>Mean negative logarithm of the true class's probability, in nats.</summary>
    public required double LogLoss { get; init; }

    /// <summary>Scores probabilities against the true classes.</summary>
    /// <param name="probabilities">n x C, each row summing to 1; n at least 1.</param>
    /// <param name="labels">n true class indices.</param>
    /// <param name="positiveClass">Index of the class that measures of a single class are about.</param>
    /// <exception cref="ArgumentException">There are no rows, lengths disagree, or a value is out of range.</exception>
    public static ClassificationScores Of(double[,] probabilities, ReadOnlySpan<int> labels, int positiveClass) =>
        Of(probabilities, labels, positiveClass, null);

    /// <summary>The same by a decision rule, on which only F1, balanced accuracy and G-mean depend; null takes the likeliest one.</summary>
    internal static ClassificationScores Of(double[,] probabilities, ReadOnlySpan<int> labels, int positiveClass, DecisionRule? decision)
    {
        RequireProbabilities(probabilities, labels);
        int classes = probabilities.GetLength(1);
        if ((uint)positiveClass >= (uint)classes)
            throw Fault.Argument(nameof(positiveClass), $"positive class: got index {positiveClass}, expected one below {classes}");
        int[] mostProbable = DecisionRule.MostProbable(classes).Decide(probabilities);
        ConfusionMatrix confusion = ConfusionMatrix.Of(labels, decision?.Decide(probabilities) ?? mostProbable, classes);

        double[] all = new double[probabilities.Length], scores = new double[labels.Length];
        bool[] isTrue = new bool[probabilities.Length], isClass = new bool[labels.Length];
        List<double> auc = [], precision = [];
        double positivePrecision = double.NaN;
        for (int c = 0; c < classes; c++)
        {
            for (int i = 0; i < labels.Length; i++)
                (all[i * classes + c], isTrue[i * classes + c]) = (scores[i], isClass[i]) = (probabilities[i, c], labels[i] == c);
            (double area, double average) = Ranking.Of(scores, isClass);
            if (!double.IsNaN(area))
            {
                auc.Add(area);
                precision.Add(average);
            }
            if (c == positiveClass)
                positivePrecision = average;
        }
        (double aucMicro, double precisionMicro) = Ranking.Of(all, isTrue);
        return new()
        {
            F1Micro = confusion.F1Micro,
            F1Macro = confusion.F1Macro,
            F1Positive = confusion.F1(positiveClass),
            BalancedAccuracy = confusion.BalancedAccuracy,
            GeometricMean = confusion.GeometricMean,
            AucMacro = auc.DefaultIfEmpty(double.NaN).Average(),
            AucMicro = aucMicro,
            AveragePrecisionMacro = precision.DefaultIfEmpty(double.NaN).Average(),
            AveragePrecisionMicro = precisionMicro,
            AveragePrecisionPositive = positivePrecision,
            Brier = Calibration.Brier(labels, probabilities),
            CalibrationError = Calibration.ExpectedError(labels, probabilities, mostProbable),
            LogLoss = Calibration.LogLoss(labels, probabilities),
        };
    }

    internal static void RequireProbabilities(double[,] probabilities, ReadOnlySpan<int> labels)
    {
        const double Tolerance = 1e-4;
        ArgumentNullException.ThrowIfNull(probabilities);
        (int rows, int classes) = (probabilities.GetLength(0), probabilities.GetLength(1));
        if (rows == 0 || classes < 2)
            throw Fault.Argument(nameof(probabilities),
                $"got probabilities of {rows} rows x {classes} classes, expected at least one row and two classes");
        if (labels.Length != rows)
            throw Fault.Argument(nameof(labels), $"got {labels.Length} labels, expected {rows}");
        for (int i = 0; i < rows; i++)
        {
            double sum = 0;
            for (int c = 0; c < classes; c++)
                sum += probabilities[i, c] >= 0 ? probabilities[i, c] : double.NaN;
            if (!(Math.Abs(sum - 1) <= Tolerance))
                throw Fault.Argument(nameof(probabilities),
                    $"row {i}: got probabilities that are negative or not numbers, or sum to {sum}; expected a sum of 1");
            if ((uint)labels[i] >= (uint)classes)
                throw Fault.Argument(nameof(labels), $"row {i}: got class index {labels[i]}, expected one below {classes}");
        }
    }
}

namespace LeoCvae.Evaluation;

/// <summary>A curve's kind.</summary>
enum CurveKind
{
    /// <summary>True positive rate over false positive rate.</summary>
    Roc = 0,

    /// <summary>Precision over recall.</summary>
    PrecisionRecall = 1,

    /// <summary>Share of positives over mean predicted probability.</summary>
    Calibration = 2,
}

/// <summary>A curve of a method with a classifier. Immutable.</summary>
/// <param name="Kind">What it shows.</param>
/// <param name="Method">Name of the method.</param>
/// <param name="Classifier">Name of the classifier.</param>
/// <param name="X">Abscissas.</param>
/// <param name="Y">Ordinates.</param>
sealed record ReportCurve(CurveKind Kind, string Method, string Classifier, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    const int MostPoints = 120, Bins = 10;

    /// <summary>
    /// The three curves of out-of-fold probabilities, thinned to at most 120 points: of the positive class where there are two classes,
    /// else over all pairs of row and class.
    /// </summary>
    /// <param name="method">Name of the method.</param>
    /// <param name="classifier">Name of the classifier.</param>
    /// <param name="probabilities">n x C probabilities.</param>
    /// <param name="labels">n class indices.</param>
    /// <param name="positiveClass">Which of two classes the curves are about.</param>
    public static IReadOnlyList<ReportCurve> Of(
        string method, string classifier, double[,] probabilities, IReadOnlyList<int> labels, int positiveClass)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(labels);
        int classes = probabilities.GetLength(1);
        int[] columns = classes == 2 ? [positiveClass] : [.. Enumerable.Range(0, classes)];
        (double Score, bool IsPositive)[] pairs =
        [
            .. labels
                .SelectMany((label, i) => columns.Select(c => (Score: probabilities[i, c], label == c)))
                .OrderByDescending(pair => pair.Score),
        ];
        double positives = pairs.Count(pair => pair.IsPositive), negatives = pairs.Length - positives;
        if (positives == 0 || negatives == 0)
            return [];

        List<(double X, double Y)> roc = [(0, 0)], precision = [];
        (double hits, double misses) = (0, 0);
        for (int i = 0; i < pairs.Length; i++)
        {
            (hits, misses) = pairs[i].IsPositive ? (hits + 1, misses) : (hits, misses + 1);
            // Equal scores are one step.
            if (i + 1 < pairs.Length && pairs[i + 1].Score == pairs[i].Score)
                continue;
            roc.Add((misses / negatives, hits / positives));
            precision.Add((hits / positives, hits / (hits + misses)));
        }
        // Bins of equal numbers of pairs: few rows give few probabilities near 1.
        IEnumerable<(double, double)> calibration = pairs.Reverse().Chunk(Math.Max(1, (pairs.Length + Bins - 1) / Bins))
            .Select(bin => (bin.Average(pair => pair.Score), bin.Average(pair => pair.IsPositive ? 1.0 : 0)));
        return [Make(CurveKind.Roc, Thin(roc)), Make(CurveKind.PrecisionRecall, Thin(precision)),
            Make(CurveKind.Calibration, [.. calibration])];

        ReportCurve Make(CurveKind kind, List<(double X, double Y)> points) =>
            new(kind, method, classifier, [.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]);
    }

    static List<(double X, double Y)> Thin(List<(double X, double Y)> points) => points.Count <= MostPoints
        ? points
        : [.. Enumerable.Range(0, MostPoints).Select(i => points[(int)((long)i * (points.Count - 1) / (MostPoints - 1))])];
}

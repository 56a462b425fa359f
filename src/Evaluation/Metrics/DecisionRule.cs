namespace LeoCvae.Evaluation;

/// <summary>
/// Decides for the class c with the largest w_c p(c), the first of equals. With two classes that is a threshold: p(1) above w_0 / (w_0 +
/// w_1). Immutable and thread-safe.
/// </summary>
sealed record DecisionRule
{
    // Steps of the exponent t in w_c = share_c^-t.
    const int Steps = 20;

    /// <summary>A rule of weights.</summary>
    /// <exception cref="ArgumentException">A weight is negative or not finite.</exception>
    public DecisionRule(IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Weights = [.. weights];
        foreach (double weight in Weights)
            if (!(weight >= 0 && double.IsFinite(weight)))
                throw Fault.Argument(nameof(weights), $"got {weight}, expected 0 or more");
    }

    /// <summary>w, a weight for each class.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>The most probable class.</summary>
    public static DecisionRule MostProbable(int classes) => new(Enumerable.Repeat(1.0, classes).ToArray());

    /// <summary>
    /// The rule that does best on some rows, which must not be test rows. Two classes: the best of all thresholds, the one nearest to 1/2
    /// of equals.
    /// More: w_c = share_c^-t with the best t of 0, 0.05, ... 1, the smallest of equals; t = 0 takes the most probable class, t = 1 the one
    /// that gained most on its share.
    /// </summary>
    /// <param name="probabilities">n x C.</param>
    /// <param name="labels">n true class indices.</param>
    /// <param name="tuneFor">f1_macro, balanced_accuracy or g_mean.</param>
    /// <exception cref="ArgumentException">Lengths disagree, or there is no such measure.</exception>
    public static DecisionRule Tune(double[,] probabilities, ReadOnlySpan<int> labels, string tuneFor)
    {
        ClassificationScores.RequireProbabilities(probabilities, labels);
        return probabilities.GetLength(1) == 2 ? TuneThreshold(probabilities, labels, tuneFor)
            : TuneExponent(probabilities, labels, tuneFor);
    }

    /// <summary>The class of each of n rows.</summary>
    /// <param name="probabilities">n x C.</param>
    /// <exception cref="ArgumentException">The number of classes is another one.</exception>
    public int[] Decide(double[,] probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        if (probabilities.GetLength(1) != Weights.Count)
            throw Fault.Argument(nameof(probabilities),
                $"got probabilities of {probabilities.GetLength(1)} classes, expected {Weights.Count}");
        int[] decided = new int[probabilities.GetLength(0)];
        for (int i = 0; i < decided.Length; i++)
            for (int c = 1; c < Weights.Count; c++)
                if (Weights[c] * probabilities[i, c] > Weights[decided[i]] * probabilities[i, decided[i]])
                    decided[i] = c;
        return decided;
    }

    static DecisionRule TuneThreshold(double[,] probabilities, ReadOnlySpan<int> labels, string tuneFor)
    {
        double[] scores = new double[labels.Length];
        for (int i = 0; i < scores.Length; i++)
            scores[i] = probabilities[i, 1];
        int[] sorted = labels.ToArray();
        Array.Sort(scores, sorted);
        // All rows are decided as class 1, then, from the lowest score up, as class 0. A score of 0 is above no threshold.
        int[,] counts = new int[2, 2];
        foreach (int label in labels)
            counts[label, 1]++;
        (double best, double threshold) = (double.NegativeInfinity, 0.5);
        for (int i = 0; i <= scores.Length; i++)
        {
            if (i == scores.Length || scores[i] > (i == 0 ? 0 : scores[i - 1]))
            {
                double between = ((i == 0 ? 0 : scores[i - 1]) + (i == scores.Length ? 1 : scores[i])) / 2;
                double measure = new ConfusionMatrix(counts).Measure(tuneFor);
                if (measure > best || (measure == best && Math.Abs(between - 0.5) < Math.Abs(threshold - 0.5)))
                    (best, threshold) = (measure, between);
            }
            if (i < scores.Length)
            {
                counts[sorted[i], 1]--;
                counts[sorted[i], 0]++;
            }
        }
        return new([threshold, 1 - threshold]);
    }

    static DecisionRule TuneExponent(double[,] probabilities, ReadOnlySpan<int> labels, string tuneFor)
    {
        double[] shares = new double[probabilities.GetLength(1)];
        foreach (int label in labels)
            shares[label] += 1.0 / labels.Length;
        (double best, DecisionRule rule) = (double.NegativeInfinity, MostProbable(shares.Length));
        for (int step = 0; step <= Steps; step++)
        {
            // A class that is absent weighs as much as the rarest one that isn't.
            double rarest = shares.Where(share => share > 0).Min();
            DecisionRule candidate = new([.. shares.Select(share => Math.Pow(rarest / Math.Max(rarest, share), (double)step / Steps))]);
            double measure = ConfusionMatrix.Of(labels, candidate.Decide(probabilities), shares.Length).Measure(tuneFor);
            if (measure > best)
                (best, rule) = (measure, candidate);
        }
        return rule;
    }
}

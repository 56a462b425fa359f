namespace LeoCvae.Evaluation;

/// <summary>How near probabilities are to the frequencies that they claim.</summary>
static class Calibration
{
    const int Bins = 10;

    /// <summary>Squared error summed over classes, mean over rows; for two classes twice scikit-learn's brier_score_loss.</summary>
    public static double Brier(ReadOnlySpan<int> labels, double[,] probabilities)
    {
        double sum = 0;
        for (int i = 0; i < labels.Length; i++)
            for (int c = 0; c < probabilities.GetLength(1); c++)
            {
                double error = probabilities[i, c] - (labels[i] == c ? 1 : 0);
                sum += error * error;
            }
        return sum / labels.Length;
    }

    /// <summary>
    /// Mean -ln p of the true class, probabilities clipped to the precision of a double and scaled to sum 1, like scikit-learn.
    /// </summary>
    public static double LogLoss(ReadOnlySpan<int> labels, double[,] probabilities)
    {
        const double Epsilon = 1.0 / (1L << 52);
        double loss = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            double sum = 0;
            for (int c = 0; c < probabilities.GetLength(1); c++)
                sum += Math.Clamp(probabilities[i, c], Epsilon, 1 - Epsilon);
            loss -= Math.Log(Math.Clamp(probabilities[i, labels[i]], Epsilon, 1 - Epsilon) / sum);
        }
        return loss / labels.Length;
    }

    /// <summary>
    /// Sum over bins of the top class's probability, [0, .1) to [.9, 1], of share of rows x |share decided rightly - mean probability| (Guo
    /// et al. 2017).
    /// </summary>
    public static double ExpectedError(ReadOnlySpan<int> labels, double[,] probabilities, ReadOnlySpan<int> mostProbable)
    {
        Span<double> gap = stackalloc double[Bins];
        gap.Clear();
        for (int i = 0; i < labels.Length; i++)
        {
            double confidence = probabilities[i, mostProbable[i]];
            gap[Math.Min(Bins - 1, (int)(confidence * Bins))] += (mostProbable[i] == labels[i] ? 1 : 0) - confidence;
        }
        double sum = 0;
        foreach (double difference in gap)
            sum += Math.Abs(difference);
        return sum / labels.Length;
    }
}

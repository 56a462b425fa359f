namespace LeoCvae.Evaluation;

/// <summary>
/// Weights and intercept of a linear logit for each class, or of class 1 against class 0 where there are two. Immutable and thread-safe.
/// </summary>
sealed class LogisticModel(double[] parameters, int classes)
{
    /// <summary>Logits of a number of classes.</summary>
    public static int Outputs(int classes) => classes == 2 ? 1 : classes;

    /// <summary>Class probabilities, n x C.</summary>
    public double[,] Probabilities(Matrix x)
    {
        int outputs = Outputs(classes);
        double[] logits = new double[checked(x.Rows * outputs)], row = new double[classes];
        new LogisticRows(x).Multiply(parameters, logits);
        double[,] probabilities = new double[x.Rows, classes];
        for (int i = 0; i < x.Rows; i++)
        {
            // The logit of class 0 of two.
            row[0] = 0;
            logits.AsSpan(i * outputs, outputs).CopyTo(row.AsSpan(classes - outputs));
            Softmax(row);
            for (int c = 0; c < classes; c++)
                probabilities[i, c] = row[c];
        }
        return probabilities;
    }

    /// <summary>
    /// Makes probabilities of logits, one for each class or a single one of two; returns the log of the sum of all e^logit.
    /// </summary>
    public static double Softmax(Span<double> logits)
    {
        if (logits.Length == 1)
        {
            double small = Math.Exp(-Math.Abs(logits[0])), log = Math.Max(logits[0], 0) + Math.Log(1 + small);
            logits[0] = (logits[0] > 0 ? 1 : small) / (1 + small);
            return log;
        }
        (double max, double sum) = (double.NegativeInfinity, 0);
        foreach (double logit in logits)
            max = Math.Max(max, logit);
        foreach (ref double logit in logits)
            sum += logit = Math.Exp(logit - max);
        foreach (ref double share in logits)
            share /= sum;
        return max + Math.Log(sum);
    }
}

namespace LeoCvae.Evaluation;

/// <summary>
/// Takes the shift of class frequencies that resampling or class weights brought in out of the probabilities: p'(c) proportional to w_c
/// p(c), with a factor for each class (Elkan 2001; Saerens et al. 2002). Immutable and thread-safe.
/// </summary>
sealed class PriorCorrection
{
    // Share of the prior that Fit mixes into the probabilities: a classifier may give a class to no row at all, and no factor makes up for
    // that. On eleven tables a tenth and a hundredth of it, and none, gave mean Brier scores within 0.0001 of it.
    const double Floor = 0.01;
    const int MaxSteps = 1000;

    PriorCorrection(double[] factors) => Factors = factors;

    /// <summary>w, a factor for each class; they sum to 1.</summary>
    public IReadOnlyList<double> Factors { get; }

    /// <summary>
    /// By what the classifier saw: w_c = (n_c / N) / (m_c / M), with n_c rows of the class before, and m_c, by weight, in what it was
    /// fitted with. Exact for a classifier that is calibrated on what it saw; one that was fitted on synthetic rows seldom is: see
    /// <see cref="Fit"/>.
    /// </summary>
    /// <param name="before">C frequencies before resampling, in any unit.</param>
    /// <param name="seen">C frequencies that the classifier was fitted with, in any unit; a class of 0 has the factor 0.</param>
    /// <exception cref="ArgumentException">Lengths disagree, or a frequency is negative or not finite.</exception>
    public static PriorCorrection ByFrequencies(ReadOnlySpan<double> before, ReadOnlySpan<double> seen)
    {
        double[] factors = Shares(before, before.Length, nameof(before));
        double[] shares = Shares(seen, before.Length, nameof(seen));
        for (int c = 0; c < factors.Length; c++)
            factors[c] = shares[c] == 0 ? 0 : factors[c] / shares[c];
        return new(Shares(factors, factors.Length, "factors"));
    }

    /// <summary>
    /// By what the classifier says of rows that it wasn't fitted on: the factors with which the mean corrected probability of each class
    /// over these rows is its share before resampling (nearly: a hundredth of the prior is mixed in first, which bounds the factors).
    /// No label is looked at. Found by scaling columns and rows in turn (Sinkhorn and Knopp 1967), which has one solution.
    /// </summary>
    /// <param name="heldOut">n x C probabilities of rows that weren't resampled, such as those of an inner cross-validation, best corrected
    /// by frequencies already: then these factors come on top.</param>
    /// <param name="before">C frequencies before resampling, in any unit; a class of 0 has the factor 0.</param>
    /// <exception cref="ArgumentException">Lengths disagree, there is no row, or a number is negative or not finite.</exception>
    public static PriorCorrection Fit(double[,] heldOut, ReadOnlySpan<double> before)
    {
        ArgumentNullException.ThrowIfNull(heldOut);
        (int rows, int classes) = (heldOut.GetLength(0), heldOut.GetLength(1));
        double[] prior = Shares(before, classes, nameof(before));
        if (rows == 0)
            throw Fault.Argument(nameof(heldOut), $"got no row, expected at least one");
        foreach (double probability in heldOut)
            if (!(probability >= 0 && double.IsFinite(probability)))
                throw Fault.Argument(nameof(heldOut), $"got {probability}, expected 0 or more");
        double[] factors = [.. prior.Select(share => share > 0 ? 1.0 : 0)], means = new double[classes];
        double change = double.PositiveInfinity;
        for (int step = 0; step < MaxSteps && change > 1e-9; step++)
        {
            Array.Clear(means);
            for (int i = 0; i < rows; i++)
            {
                double sum = 0;
                for (int c = 0; c < classes; c++)
                    sum += factors[c] * (heldOut[i, c] + Floor * prior[c]);
                for (int c = 0; c < classes; c++)
                    means[c] += factors[c] * (heldOut[i, c] + Floor * prior[c]) / (sum * rows);
            }
            change = 0;
            for (int c = 0; c < classes; c++)
                if (prior[c] > 0)
                {
                    change = Math.Max(change, Math.Abs(means[c] / prior[c] - 1));
                    factors[c] *= prior[c] / means[c];
                }
        }
        return new(Shares(factors, classes, "factors"));
    }

    /// <summary>Corrected probabilities, n x C; a row that would lose all of them is left as it is.</summary>
    /// <param name="probabilities">n x C.</param>
    /// <exception cref="ArgumentException">The number of classes is another one.</exception>
    public double[,] Apply(double[,] probabilities)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        (int rows, int classes) = (probabilities.GetLength(0), probabilities.GetLength(1));
        if (classes != Factors.Count)
            throw Fault.Argument(nameof(probabilities), $"got probabilities of {classes} classes, expected {Factors.Count}");
        double[,] corrected = (double[,])probabilities.Clone();
        for (int i = 0; i < rows; i++)
        {
            double sum = 0;
            for (int c = 0; c < classes; c++)
                sum += probabilities[i, c] * Factors[c];
            for (int c = 0; c < classes && sum > 0; c++)
                corrected[i, c] = probabilities[i, c] * Factors[c] / sum;
        }
        return corrected;
    }

    static double[] Shares(ReadOnlySpan<double> frequencies, int classes, string name)
    {
        if (frequencies.Length != classes)
            throw Fault.Argument(name, $"got {frequencies.Length} frequencies, expected one for each of {classes} classes");
        double[] shares = frequencies.ToArray();
        if (Array.Find(shares, share => !(share >= 0 && double.IsFinite(share))) is double wrong and not 0)
            throw Fault.Argument(name, $"got {wrong}, expected 0 or more");
        double sum = shares.Sum();
        return sum > 0 ? [.. shares.Select(share => share / sum)] : throw Fault.Argument(name, $"got frequencies of 0 only");
    }
}

using System.Globalization;

namespace LeoCvae.Evaluation;

/// <summary>
/// Takes the shift of class frequencies that resampling or class weights brought in out of the probabilities (Saerens et al. 2002, Elkan 2001):
/// p'(c) proportional to p(c) (n_c / N) / (m_c / M), with n_c rows of the class before, and m_c, by weight, in what the classifier saw.
/// </summary>
public static class PriorCorrection
{
    /// <summary>Corrected probabilities, n x C; a row without any is left as it is.</summary>
    /// <param name="probabilities">n x C.</param>
    /// <param name="before">C frequencies before resampling, in any unit.</param>
    /// <param name="seen">C frequencies that the classifier was fitted with, in any unit; a class of 0 has probability 0.</param>
    /// <exception cref="ArgumentException">Lengths disagree, or a frequency is negative or not finite.</exception>
    public static double[,] Apply(double[,] probabilities, ReadOnlySpan<double> before, ReadOnlySpan<double> seen)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        (int rows, int classes) = (probabilities.GetLength(0), probabilities.GetLength(1));
        double[] factors = Shares(before, classes, nameof(before));
        double[] shares = Shares(seen, classes, nameof(seen));
        for (int c = 0; c < classes; c++)
            factors[c] = shares[c] == 0 ? 0 : factors[c] / shares[c];
        double[,] corrected = (double[,])probabilities.Clone();
        for (int i = 0; i < rows; i++)
        {
            double sum = 0;
            for (int c = 0; c < classes; c++)
                sum += probabilities[i, c] * factors[c];
            for (int c = 0; c < classes && sum > 0; c++)
                corrected[i, c] = probabilities[i, c] * factors[c] / sum;
        }
        return corrected;
    }

    static double[] Shares(ReadOnlySpan<double> frequencies, int classes, string name)
    {
        if (frequencies.Length != classes)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name}: got {frequencies.Length} frequencies, expected one for each of {classes} classes"));
        double[] shares = frequencies.ToArray();
        if (Array.Find(shares, share => !(share >= 0 && double.IsFinite(share))) is double wrong and not 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name}: got {wrong}, expected 0 or more"));
        double sum = shares.Sum();
        return sum > 0 ? [.. shares.Select(share => share / sum)] : throw new ArgumentException($"{name}: got frequencies of 0 only");
    }
}

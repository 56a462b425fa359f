namespace LeoCvae.Evaluation;

/// <summary>Tails of the normal distribution and Student's t, to about 1e-13.</summary>
static class Distributions
{
    // Lanczos' approximation with g = 7.
    static readonly double[] Lanczos =
    [
        0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
        12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
    ];

    /// <summary>P(Z > z) of a standard normal, z from 0.</summary>
    public static double NormalTail(double z)
    {
        double x = z / Math.Sqrt(2), square = x * x;
        if (x < 2)
        {
            // erf's series, all terms positive.
            (double sum, double term) = (1, 1);
            for (int n = 1; term > 1e-18 * sum; n++)
                sum += term *= 2 * square / (2 * n + 1);
            return 0.5 - x * Math.Exp(-square) / Math.Sqrt(Math.PI) * sum;
        }
        // erfc's continued fraction, from the far end.
        double fraction = x;
        for (int n = 100; n > 0; n--)
            fraction = x + n / 2.0 / fraction;
        return Math.Exp(-square) / Math.Sqrt(Math.PI) / fraction / 2;
    }

    /// <summary>P(T &lt;= x) of Student's t.</summary>
    public static double StudentCdf(double x, double degrees)
    {
        double tail = IncompleteBeta(degrees / (degrees + x * x), degrees / 2, 0.5) / 2;
        return x > 0 ? 1 - tail : tail;
    }

    /// <summary>The x with P(T &lt;= x) = p, p within 0.5 and 1.</summary>
    public static double StudentQuantile(double p, double degrees)
    {
        (double low, double high) = (0, 1);
        while (StudentCdf(high, degrees) < p)
            high *= 2;
        for (int i = 0; i < 200 && low < high; i++)
        {
            double middle = (low + high) / 2;
            if (middle == low || middle == high)
                break;
            (low, high) = StudentCdf(middle, degrees) < p ? (middle, high) : (low, middle);
        }
        return high;
    }

    // Regularised, by Lentz's continued fraction where it converges fast.
    static double IncompleteBeta(double x, double a, double b)
    {
        if (x is <= 0 or >= 1)
            return x <= 0 ? 0 : 1;
        if (x > (a + 1) / (a + b + 2))
            return 1 - IncompleteBeta(1 - x, b, a);
        const double Tiny = 1e-300;
        double c = 1, d = 1 - (a + b) * x / (a + 1);
        d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
        double fraction = d;
        for (int m = 1; m < 10_000; m++)
        {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)), step = 1;
            foreach (double factor in (ReadOnlySpan<double>)[even, odd])
            {
                d = 1 + factor * d;
                c = 1 + factor / c;
                d = 1 / (Math.Abs(d) < Tiny ? Tiny : d);
                c = Math.Abs(c) < Tiny ? Tiny : c;
                step = c * d;
                fraction *= step;
            }
            if (Math.Abs(step - 1) < 1e-16)
                break;
        }
        return Math.Exp(a * Math.Log(x) + b * Math.Log(1 - x) + LogGamma(a + b) - LogGamma(a) - LogGamma(b)) * fraction / a;
    }

    static double LogGamma(double x)
    {
        if (x < 0.5)
            return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        double sum = Lanczos[0], t = x + 6.5;
        for (int i = 1; i < Lanczos.Length; i++)
            sum += Lanczos[i] / (x - 1 + i);
        return 0.5 * Math.Log(2 * Math.PI) + (x - 0.5) * Math.Log(t) - t + Math.Log(sum);
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace LeoCvae.Training;

/// <summary>
/// A correlation matrix as r factors and what is left on its diagonal, C = F^T F + diag(D), by principal axes: ten times the leading
/// eigenvectors of C - diag(D), found by subspace iteration, and D anew from them.
/// </summary>
static class PrincipalFactors
{
    /// <summary>Factors where the table has as many columns.</summary>
    public const int Most = 8;

    // Of wide tables a product costs more, and the leading factors stand out.
    const int Steps = 10, FirstIterations = 20, MoreIterations = 8, MoreIterationsWide = 1;
    const double LeastUniqueness = 0.01;

    /// <returns>r x d loadings, and the square roots of D; the squares of a column sum up to 1.</returns>
    public static (double[][] Loadings, double[] Uniqueness) Of(ResidualCorrelation correlation, CounterRandom random, ulong row)
    {
        (int d, int lanes) = (correlation.Width, Gemm.Lanes);
        int r = Math.Min(Most, d);
        // By rows, where they are enough, an iteration costs a fraction.
        bool byRows = correlation.IsWide && correlation.Rows > lanes;
        float[] v = new float[(byRows ? correlation.Rows : d) * lanes];
        random.FillNormal(row, v);
        if (byRows)
            v = Orthonormal(correlation.Axes(v, FirstIterations), d);
        double[] unique = new double[d];
        Array.Fill(unique, 0.5);
        double[][] loadings = [];
        int more = d > RowNoiseFit.WideColumns ? MoreIterationsWide : MoreIterations;
        for (int step = 0; step < Steps; step++)
        {
            for (int iteration = step == 0 && !byRows ? FirstIterations : more; iteration > 1; iteration--)
                v = Orthonormal(Shifted(correlation.Multiply(v, unique), v), d);
            float[] product = correlation.Multiply(v, unique);
            loadings = Leading(v, product, d, r);
            for (int j = 0; j < d; j++)
                unique[j] = Math.Clamp(1 - loadings.Sum(factor => factor[j] * factor[j]), LeastUniqueness, 1);
            v = Orthonormal(Shifted(product, v), d);
        }
        for (int j = 0; j < d; j++)
        {
            double norm = Math.Sqrt(loadings.Sum(factor => factor[j] * factor[j]) + unique[j]);
            foreach (double[] factor in loadings)
                factor[j] /= norm;
            unique[j] = Math.Sqrt(unique[j]) / norm;
        }
        return (loadings, unique);
    }

    // So that no negative eigenvalue leads.
    static float[] Shifted(float[] product, float[] v)
    {
        float[] shifted = new float[v.Length];
        for (int i = 0; i < v.Length; i++)
            shifted[i] = product[i] + v[i];
        return shifted;
    }

    /// <summary>V L^-T with V^T V = L L^T (Cholesky), in double; a column that depends on the ones before becomes zeros.</summary>
    /// <param name="v">d x 16.</param>
    /// <param name="d">Rows.</param>
    public static float[] Orthonormal(float[] v, int d)
    {
        const double Dependent = 1e-10;
        int lanes = Gemm.Lanes;
        double[] gram = Gram(v, v, d), factor = new double[lanes * lanes], inverse = new double[lanes * lanes];
        for (int a = 0; a < lanes; a++)
        {
            double square = gram[a * lanes + a], left = square;
            for (int b = 0; b < a; b++)
            {
                double sum = gram[a * lanes + b];
                for (int k = 0; k < b; k++)
                    sum -= factor[a * lanes + k] * factor[b * lanes + k];
                double pivot = factor[b * lanes + b], value = pivot > 0 ? sum / pivot : 0;
                factor[a * lanes + b] = value;
                left -= value * value;
            }
            if (left <= Dependent * square)
                continue;
            // Column a of L^-T.
            double root = factor[a * lanes + a] = Math.Sqrt(left);
            for (int k = 0; k <= a; k++)
            {
                double sum = k == a ? 1 : 0;
                for (int b = k; b < a; b++)
                    sum -= factor[a * lanes + b] * inverse[k * lanes + b];
                inverse[k * lanes + a] = sum / root;
            }
        }
        return Array.ConvertAll(Turned(v, inverse, d), value => (float)value);
    }

    // The leading eigenvectors within the space that V spans, times the roots of their eigenvalues: r x d.
    static double[][] Leading(float[] v, float[] product, int d, int r)
    {
        int lanes = Gemm.Lanes;
        double[] gram = Gram(v, product, d);
        double[,] small = new double[lanes, lanes];
        for (int a = 0; a < lanes; a++)
            for (int b = 0; b < lanes; b++)
                small[a, b] = (gram[a * lanes + b] + gram[b * lanes + a]) / 2;
        (double[] values, double[,] vectors) = Jacobi(small);
        int[] leading = [.. Enumerable.Range(0, lanes).OrderByDescending(a => values[a]).Take(r)];
        double[] turn = new double[lanes * lanes];
        for (int factor = 0; factor < r; factor++)
            for (int b = 0; b < lanes; b++)
                turn[b * lanes + factor] = vectors[b, leading[factor]] * Math.Sqrt(Math.Max(values[leading[factor]], 0));
        double[] turned = Turned(v, turn, d);
        return [.. Enumerable.Range(0, r).Select(factor =>
        {
            double[] loading = new double[d];
            double sum = 0;
            for (int j = 0; j < d; j++)
                sum += loading[j] = turned[j * lanes + factor];
            // A factor's sign is free.
            return sum < 0 ? [.. loading.Select(value => -value)] : loading;
        })];
    }

    // A^T B for d x 16 floats, in double.
    static double[] Gram(float[] a, float[] b, int d)
    {
        int lanes = Gemm.Lanes;
        double[] sum = new double[lanes * lanes];
        Span<double> row = stackalloc double[lanes];
        for (int j = 0; j < d; j++)
        {
            for (int l = 0; l < lanes; l++)
                row[l] = b[j * lanes + l];
            for (int l = 0; l < lanes; l++)
                AddTimes(row, a[j * lanes + l], sum.AsSpan(l * lanes, lanes));
        }
        return sum;
    }

    // V M for d x 16 floats and 16 x 16 numbers.
    static double[] Turned(float[] v, double[] m, int d)
    {
        int lanes = Gemm.Lanes;
        double[] turned = new double[d * lanes];
        for (int j = 0; j < d; j++)
            for (int l = 0; l < lanes; l++)
                AddTimes(m.AsSpan(l * lanes, lanes), v[j * lanes + l], turned.AsSpan(j * lanes, lanes));
        return turned;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddTimes(ReadOnlySpan<double> values, double factor, Span<double> sums)
    {
        for (int l = 0; l <= values.Length - Vector<double>.Count; l += Vector<double>.Count)
            (new Vector<double>(sums[l..]) + new Vector<double>(values[l..]) * factor).CopyTo(sums[l..]);
    }

    // Eigenvalues, and eigenvectors as columns, of a small symmetric matrix, by rotations.
    static (double[] Values, double[,] Vectors) Jacobi(double[,] matrix)
    {
        const int Sweeps = 30;
        const double Small = 1e-24;
        int n = matrix.GetLength(0);
        double[,] a = (double[,])matrix.Clone(), vectors = new double[n, n];
        for (int i = 0; i < n; i++)
            vectors[i, i] = 1;
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            double off = 0, on = 0;
            for (int p = 0; p < n; p++)
                for (int q = 0; q < n; q++)
                    _ = p == q ? on += a[p, q] * a[p, q] : off += a[p, q] * a[p, q];
            if (off <= Small * on)
                break;
            for (int p = 0; p < n; p++)
                for (int q = p + 1; q < n; q++)
                    Rotate(a, vectors, p, q, n);
        }
        return ([.. Enumerable.Range(0, n).Select(i => a[i, i])], vectors);
    }

    static void Rotate(double[,] a, double[,] vectors, int p, int q, int n)
    {
        if (a[p, q] == 0)
            return;
        double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]), t = Math.CopySign(1, theta) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        double cos = 1 / Math.Sqrt(t * t + 1), sin = t * cos;
        for (int k = 0; k < n; k++)
            (a[k, p], a[k, q]) = (cos * a[k, p] - sin * a[k, q], sin * a[k, p] + cos * a[k, q]);
        for (int k = 0; k < n; k++)
            (a[p, k], a[q, k]) = (cos * a[p, k] - sin * a[q, k], sin * a[p, k] + cos * a[q, k]);
        for (int k = 0; k < n; k++)
            (vectors[k, p], vectors[k, q]) = (cos * vectors[k, p] - sin * vectors[k, q], sin * vectors[k, p] + cos * vectors[k, q]);
    }
}

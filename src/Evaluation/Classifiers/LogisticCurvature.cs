using System.Numerics.Tensors;

namespace LeoCvae.Evaluation;

/// <summary>
/// The second derivative of a logistic loss, from the rows that have most part in it, as a Cholesky decomposition: with it L-BFGS needs a
/// few dozen steps where it needs hundreds without. Immutable.
/// </summary>
sealed class LogisticCurvature
{
    // Of all curvature: the surest rows have the rest.
    const double Share = 0.9999, Rounding = 1e-14;
    // Of more rows each stands for some; more parameters take too long to decompose.
    const int MostRows = 20000, MostParameters = 2000;

    // A lower triangle.
    readonly double[][] _triangle;

    /// <summary>Finds it where the probabilities are those of the rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="probabilities">Of the classes that have a logit, n x their number.</param>
    /// <param name="weights">Of the rows.</param>
    /// <param name="penalty">The second derivative of the penalty, of whatever weight.</param>
    public LogisticCurvature(LogisticRows rows, double[] probabilities, float[] weights, double penalty)
    {
        int outputs = probabilities.Length / rows.Count;
        (int[] chosen, double factor) = Choose(probabilities, weights, outputs);
        double[][] triangle = [.. Enumerable.Range(0, outputs * rows.Stride).Select(i => new double[i + 1])];
        double[] products = new double[rows.Stride * rows.Stride], factors = new double[chosen.Length];
        for (int c = 0; c < outputs; c++)
            for (int e = 0; e <= c; e++)
            {
                for (int i = 0; i < chosen.Length; i++)
                {
                    double own = probabilities[chosen[i] * outputs + c], other = probabilities[chosen[i] * outputs + e];
                    factors[i] = factor * weights[chosen[i]] * (c == e ? own * (1 - own) : -own * other);
                }
                Array.Clear(products);
                rows.AddProducts(chosen, factors, products);
                for (int j = 0; j < rows.Stride; j++)
                    for (int k = 0; k < (c == e ? j + 1 : rows.Stride); k++)
                        triangle[c * rows.Stride + j][e * rows.Stride + k] =
                            products[Math.Max(j, k) * rows.Stride + Math.Min(j, k)];
            }
        for (int i = 0; i < triangle.Length; i++)
            triangle[i][i] += penalty;
        Decompose(triangle);
        _triangle = triangle;
    }

    /// <summary>About how many multiplications it takes; infinite where it is too large.</summary>
    public static double Work(LogisticRows rows, int outputs)
    {
        double parameters = (double)outputs * rows.Stride;
        return parameters > MostParameters ? double.PositiveInfinity
            : Math.Min(rows.Count, MostRows) * (outputs + 1) * parameters * rows.Stride / 4 + parameters * parameters * parameters / 6;
    }

    /// <summary>Divides a vector by it.</summary>
    public void Divide(Span<double> vector)
    {
        for (int i = 0; i < _triangle.Length; i++)
            vector[i] = (vector[i] - DoubleVectors.Dot(_triangle[i].AsSpan(0, i), vector[..i])) / _triangle[i][i];
        for (int i = _triangle.Length - 1; i >= 0; i--)
        {
            vector[i] /= _triangle[i][i];
            TensorPrimitives.MultiplyAdd(_triangle[i].AsSpan(0, i), -vector[i], vector[..i], vector[..i]);
        }
    }

    // The rows that add most, and how many each stands for.
    static (int[] Rows, double Factor) Choose(double[] probabilities, float[] weights, int outputs)
    {
        double[] parts = new double[weights.Length];
        for (int i = 0; i < parts.Length; i++)
            foreach (double probability in probabilities.AsSpan(i * outputs, outputs))
                parts[i] -= weights[i] * probability * (1 - probability);
        int[] order = [.. Enumerable.Range(0, parts.Length)];
        Array.Sort(parts, order);
        double wanted = Share * parts.Sum(), sum = 0;
        int count = 0;
        while (count < order.Length && sum >= wanted)
            sum += parts[count++];
        int every = (count + MostRows - 1) / MostRows;
        return ([.. order.Take(count).Where((_, place) => place % every == 0)], every);
    }

    static void Decompose(double[][] triangle)
    {
        for (int i = 0; i < triangle.Length; i++)
        {
            for (int j = 0; j < i; j++)
                triangle[i][j] = (triangle[i][j] - DoubleVectors.Dot(triangle[i].AsSpan(0, j), triangle[j].AsSpan(0, j))) / triangle[j][j];
            // What is less is rounding.
            triangle[i][i] = Math.Sqrt(Math.Max(Rounding * triangle[i][i],
                triangle[i][i] - DoubleVectors.Dot(triangle[i].AsSpan(0, i), triangle[i].AsSpan(0, i))));
        }
    }
}

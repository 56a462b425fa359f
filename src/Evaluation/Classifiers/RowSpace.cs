using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LeoCvae.Evaluation;

/// <summary>
/// Rows of many columns in as many coordinates as they span. Products of rows, and so all that a classifier learns from these alone, stay
/// what they are but for rounding. By the pivoted Cholesky decomposition of the products, with the orthonormal basis left implicit.
/// Immutable.
/// </summary>
sealed class RowSpace
{
    // Of squared lengths: what is shorter is rounding of the floats that rows consist of.
    const double Least = 1e-12;

    readonly Matrix _x;
    readonly List<int> _pivots = [];
    // Coordinates of the pivots, a lower triangle.
    readonly List<double[]> _triangle = [];

    public RowSpace(Matrix x)
    {
        _x = x;
        int most = Math.Min(x.Rows, x.Columns);
        double[] rest = new double[x.Rows];
        double[][] coordinates = new double[x.Rows][];
        for (int i = 0; i < x.Rows; i++)
            (coordinates[i], rest[i]) = (new double[most], Product(x[i], x[i]));
        double least = Least * rest.Max();
        for (int k = 0; k < most; k++)
        {
            int pivot = Array.IndexOf(rest, rest.Max());
            if (rest[pivot] <= least)
                break;
            double[] of = coordinates[pivot];
            of[k] = Math.Sqrt(rest[pivot]);
            rest[pivot] = 0;
            for (int i = 0; i < x.Rows; i++)
                if (rest[i] > 0)
                {
                    double[] at = coordinates[i];
                    at[k] = Coordinate(x[i], at, x[pivot], of, k);
                    rest[i] = Math.Max(0, rest[i] - at[k] * at[k]);
                }
            _pivots.Add(pivot);
            _triangle.Add(of);
        }
        Fitted = new(x.Rows, Math.Max(1, _pivots.Count));
        for (int i = 0; i < x.Rows; i++)
            Write(coordinates[i], Fitted.Row(i));
    }

    /// <summary>The rows that span it, in its coordinates.</summary>
    public Matrix Fitted { get; }

    /// <summary>The part of other rows that lies in it.</summary>
    public Matrix Of(Matrix x)
    {
        Matrix projected = new(x.Rows, Fitted.Columns);
        double[] at = new double[Fitted.Columns];
        for (int i = 0; i < x.Rows; i++)
        {
            for (int k = 0; k < _pivots.Count; k++)
                at[k] = Coordinate(x[i], at, _x[_pivots[k]], _triangle[k], k);
            Write(at, projected.Row(i));
        }
        return projected;
    }

    // The k-th coordinate of a row whose earlier ones are known.
    static double Coordinate(ReadOnlySpan<float> row, double[] at, ReadOnlySpan<float> pivot, double[] of, int k)
    {
        double product = Product(row, pivot);
        for (int j = 0; j < k; j++)
            product -= at[j] * of[j];
        return product / of[k];
    }

    static void Write(double[] from, Span<float> to)
    {
        for (int k = 0; k < to.Length; k++)
            to[k] = (float)from[k];
    }

    // In the same order on every processor.
    static double Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector256<double> low = default, high = default;
        ReadOnlySpan<Vector256<float>> wholeA = MemoryMarshal.Cast<float, Vector256<float>>(a),
            wholeB = MemoryMarshal.Cast<float, Vector256<float>>(b);
        for (int i = 0; i < wholeA.Length; i++)
        {
            (Vector256<double> lowA, Vector256<double> highA) = Vector256.Widen(wholeA[i]);
            (Vector256<double> lowB, Vector256<double> highB) = Vector256.Widen(wholeB[i]);
            low += lowA * lowB;
            high += highA * highB;
        }
        double sum = Vector256.Sum(low + high);
        for (int i = wholeA.Length * Vector256<float>.Count; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }
}

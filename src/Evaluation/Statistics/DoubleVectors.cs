using System.Runtime.Intrinsics;

namespace LeoCvae.Evaluation;

/// <summary>Sums over vectors of doubles, in one fixed order on every processor: the same bits everywhere.</summary>
static class DoubleVectors
{
    const int Lanes = 4;

    /// <summary>The product of two vectors of the same length.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Vector256<double> low = default, high = default;
        int i = 0;
        for (; i <= a.Length - 2 * Lanes; i += 2 * Lanes)
        {
            low = Vector256.FusedMultiplyAdd(Vector256.Create(a[i..]), Vector256.Create(b[i..]), low);
            high = Vector256.FusedMultiplyAdd(Vector256.Create(a[(i + Lanes)..]), Vector256.Create(b[(i + Lanes)..]), high);
        }
        double sum = Sum(low + high);
        for (; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    /// <summary>The length of a vector.</summary>
    public static double Norm(ReadOnlySpan<double> vector) => Math.Sqrt(Dot(vector, vector));

    /// <summary>The Euclidean distance of two vectors of the same length.</summary>
    public static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Vector256<double> low = default, high = default;
        int i = 0;
        for (; i <= a.Length - 2 * Lanes; i += 2 * Lanes)
        {
            Vector256<double> first = Vector256.Create(a[i..]) - Vector256.Create(b[i..]),
                second = Vector256.Create(a[(i + Lanes)..]) - Vector256.Create(b[(i + Lanes)..]);
            low = Vector256.FusedMultiplyAdd(first, first, low);
            high = Vector256.FusedMultiplyAdd(second, second, high);
        }
        double sum = Sum(low + high);
        for (; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return Math.Sqrt(sum);
    }

    static double Sum(Vector256<double> lanes) => lanes[0] + lanes[2] + (lanes[1] + lanes[3]);
}

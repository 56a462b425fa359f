using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LeoCvae;

/// <summary>The distance that is reported: squared Euclidean, in double, summed in one fixed order on every processor.</summary>
static class Distance
{
    const int Lanes = 8;

    public static double Squared(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector256<double> low = default, high = default;
        int i = 0;
        for (; i <= a.Length - Lanes; i += Lanes)
        {
            (Vector256<double> aLow, Vector256<double> aHigh) = Vector256.Widen(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(a),
                (nuint)i));
            (Vector256<double> bLow, Vector256<double> bHigh) = Vector256.Widen(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(b),
                (nuint)i));
            Vector256<double> differenceLow = aLow - bLow, differenceHigh = aHigh - bHigh;
            // Product and sum are rounded apart: a fused one would give other bits where there is none.
            low += differenceLow * differenceLow;
            high += differenceHigh * differenceHigh;
        }
        Vector256<double> sums = low + high;
        double sum = sums[0] + sums[2] + (sums[1] + sums[3]);
        for (; i < a.Length; i++)
        {
            double difference = (double)a[i] - b[i];
            sum += difference * difference;
        }
        return sum;
    }
}

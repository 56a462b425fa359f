namespace LeoCvae.Training;

/// <summary>Matrix products of arrays, row by row, on the kernels of <see cref="Gemm"/>: the same bits whatever the register
/// width.</summary>
static unsafe class Products
{
    /// <summary>A B, or A^T B, of float arrays.</summary>
    /// <param name="a">m x k, or k x m where it is transposed, with <paramref name="aStride"/> floats from a row to the next.</param>
    /// <param name="aFirst">First row of A that counts.</param>
    /// <param name="aStride">Floats from a row of A to the next.</param>
    /// <param name="isTransposed">Whether A is transposed.</param>
    /// <param name="m">Rows of the product.</param>
    /// <param name="k">Rows of B.</param>
    /// <param name="b">k x n.</param>
    /// <param name="n">Columns of B and of the product, a multiple of <see cref="Gemm.Lanes"/>.</param>
    /// <returns>m x n.</returns>
    public static float[] Multiply(float[] a, int aFirst, int aStride, bool isTransposed, int m, int k, ReadOnlySpan<float> b, int n)
    {
        float[] c = new float[(long)m * n], scratch = new float[Gemm.ScratchSize];
        fixed (float* from = a, by = b, to = c, lent = scratch)
            Simd.Run<Product, int>(new(from + (long)aFirst * aStride, aStride, isTransposed, m, k, by, n, to, lent));
        return c;
    }

    readonly struct Product(float* a, int aStride, bool isTransposed, int m, int k, float* b, int n, float* c, float* scratch)
        : ISimdWork<int>
    {
        public int On<T>() where T : struct, ISimd<T>
        {
            Gemm.Multiply<T>(m, n, k, a, isTransposed ? 1 : aStride, isTransposed ? aStride : 1, b, n, c, n, null, 0, scratch);
            return m;
        }
    }
}

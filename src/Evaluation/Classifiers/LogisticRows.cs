using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace LeoCvae.Evaluation;

/// <summary>
/// Rows with a 1 behind them, for the intercept, in products with vectors of doubles. Each sum is rounded in the same order on every
/// processor. Not thread-safe.
/// </summary>
sealed unsafe class LogisticRows(Matrix x)
{
    const int Lanes = 4, Together = 4;

    readonly double[] _block = new double[Together * Padded(x.Columns)];

    /// <summary>Doubles of a vector: a weight for each column, the intercept, and zeros.</summary>
    public int Stride { get; } = Padded(x.Columns);

    public int Count => x.Rows;

    static int Padded(int columns) => checked(columns + 1 + Lanes - 1) / Lanes * Lanes;

    /// <summary>Products of each row with each vector, n x their number.</summary>
    public void Multiply(ReadOnlySpan<double> vectors, Span<double> products)
    {
        int outputs = vectors.Length / Stride;
        fixed (double* block = _block, from = vectors)
            for (int first = 0; first < x.Rows; first += Together)
            {
                int count = FillNext(first);
                for (int c = 0; c < outputs; c++)
                {
                    Vector256<double> sums = Sums(block, from + c * (nint)Stride);
                    for (int i = 0; i < count; i++)
                        products[(first + i) * outputs + c] = sums[i];
                }
            }
    }

    /// <summary>Adds each row as often as its factor says, of which it has one for each vector.</summary>
    public void Add(ReadOnlySpan<double> factors, Span<double> vectors)
    {
        int outputs = vectors.Length / Stride;
        fixed (double* block = _block, to = vectors)
            for (int first = 0; first < x.Rows; first += Together)
            {
                int count = FillNext(first);
                for (int c = 0; c < outputs; c++)
                {
                    Vector256<double> own = default;
                    for (int i = 0; i < count; i++)
                        own = own.WithElement(i, factors[(first + i) * outputs + c]);
                    Add(block, own, to + c * (nint)Stride, Stride);
                }
            }
    }

    /// <summary>Adds the products of all pairs of a row's numbers, as often as its factor says, to a matrix's lower triangle.</summary>
    public void AddProducts(ReadOnlySpan<int> rows, ReadOnlySpan<double> factors, Span<double> matrix)
    {
        fixed (double* block = _block, to = matrix)
            for (int first = 0; first < rows.Length; first += Together)
            {
                int count = Math.Min(Together, rows.Length - first);
                Vector256<double> own = default;
                for (int i = 0; i < count; i++)
                {
                    Fill(rows[first + i], i);
                    own = own.WithElement(i, factors[first + i]);
                }
                for (int j = 0; j < Stride; j++)
                    Add(block, own * Vector256.Create(block[j], block[Stride + j], block[2 * Stride + j], block[3 * Stride + j]),
                        to + j * (nint)Stride, (j / Lanes + 1) * Lanes);
            }
    }

    // The next rows as doubles, and how many there are.
    int FillNext(int first)
    {
        int count = Math.Min(Together, x.Rows - first);
        for (int i = 0; i < count; i++)
            Fill(first + i, i);
        return count;
    }

    void Fill(int row, int place)
    {
        Span<double> to = _block.AsSpan(place * Stride, Stride);
        TensorPrimitives.ConvertChecked(x[row], to);
        to[x.Columns] = 1;
    }

    Vector256<double> Sums(double* block, double* vector)
    {
        double* second = block + Stride, third = second + Stride, fourth = third + Stride;
        Vector256<double> a = default, b = default, c = default, d = default;
        for (int j = 0; j < Stride; j += Lanes)
        {
            Vector256<double> value = Vector256.Load(vector + j);
            a = Vector256.FusedMultiplyAdd(Vector256.Load(block + j), value, a);
            b = Vector256.FusedMultiplyAdd(Vector256.Load(second + j), value, b);
            c = Vector256.FusedMultiplyAdd(Vector256.Load(third + j), value, c);
            d = Vector256.FusedMultiplyAdd(Vector256.Load(fourth + j), value, d);
        }
        return Vector256.Create(Vector256.Sum(a), Vector256.Sum(b), Vector256.Sum(c), Vector256.Sum(d));
    }

    void Add(double* block, Vector256<double> factors, double* vector, int length)
    {
        double* second = block + Stride, third = second + Stride, fourth = third + Stride;
        Vector256<double> a = Vector256.Create(factors[0]), b = Vector256.Create(factors[1]), c = Vector256.Create(factors[2]),
            d = Vector256.Create(factors[3]);
        for (int j = 0; j < length; j += Lanes)
        {
            Vector256<double> sum = Vector256.FusedMultiplyAdd(Vector256.Load(block + j), a, Vector256.Load(vector + j));
            sum = Vector256.FusedMultiplyAdd(Vector256.Load(second + j), b, sum);
            sum = Vector256.FusedMultiplyAdd(Vector256.Load(third + j), c, sum);
            Vector256.Store(Vector256.FusedMultiplyAdd(Vector256.Load(fourth + j), d, sum), vector + j);
        }
    }
}

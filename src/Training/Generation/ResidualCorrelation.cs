namespace LeoCvae.Training;

/// <summary>
/// The correlation matrix of a class's residuals, drawn towards that of all classes (n own + 20 pooled) / (n + 20), the pooled one shrunk
/// as by Ledoit and Wolf (2004), with ones on its diagonal. Of wide tables it is never formed: only its products are. Immutable.
/// </summary>
sealed class ResidualCorrelation
{
    public const double PooledRows = 20;

    const double Ridge = 1e-6;

    readonly Residuals _residuals;
    readonly PooledCorrelation _pooled;
    readonly (int First, int Rows, double Weight, double[] Unit)[] _terms;

    // All but the diagonal, d x stride; null for a table of more columns than rows.
    readonly float[]? _matrix;

    // Of the terms' sum; null where the matrix is there, which has none.
    readonly double[]? _diagonal;

    public ResidualCorrelation(Residuals residuals, PooledCorrelation pooled, int c)
    {
        (_residuals, _pooled) = (residuals, pooled);
        int n = residuals.Count(c), d = residuals.Width;
        double own = n / (n + PooledRows), all = PooledRows / (n + PooledRows);
        double[] unit = new double[d];
        for (int j = 0; j < d; j++)
        {
            double square = 0;
            for (int s = residuals.Starts[c]; s < residuals.Starts[c + 1]; s++)
                square += Square(residuals.Standardized[(long)s * residuals.Stride + j]);
            unit[j] = 1 / Math.Sqrt(square / n + Ridge);
        }
        _terms = [(residuals.Starts[c], n, own / n, unit), (0, residuals.Starts[^1], all * pooled.Weight, pooled.Unit)];
        if (pooled.Gram is { } gram)
            _matrix = Matrix(gram);
        else
            _diagonal = Diagonal();
    }

    public int Width => _residuals.Width;

    /// <summary>Whether there are more columns than rows: then it is never formed.</summary>
    public bool IsWide => _matrix is null;

    /// <summary>Of all classes.</summary>
    public int Rows => _residuals.Starts[^1];

    /// <summary>(C - diag(uniqueness)) V for d x 16 floats.</summary>
    public float[] Multiply(float[] v, double[] uniqueness)
    {
        (int d, int n, int stride) = (Width, Gemm.Lanes, _residuals.Stride);
        float[] product = _matrix is not null ? Products.Multiply(_matrix, 0, stride, false, d, d, v, n) : new float[d * n];
        if (_matrix is null)
            foreach ((int first, int rows, double weight, double[] unit) in _terms)
            {
                float[] scaled = Scaled(v, unit, 1);
                float[] onRows = Products.Multiply(_residuals.Standardized, first, stride, false, rows, d, scaled, n);
                float[] back = Scaled(Products.Multiply(_residuals.Standardized, first, stride, true, d, rows, onRows, n), unit, weight);
                for (int i = 0; i < product.Length; i++)
                    product[i] += back[i];
            }
        for (int j = 0; j < d; j++)
        {
            float own = (float)(1 - uniqueness[j] - (_diagonal?[j] ?? 0));
            for (int l = 0; l < n; l++)
                product[j * n + l] += own * v[j * n + l];
        }
        return product;
    }

    /// <summary>
    /// About the leading axes of a correlation that isn't formed, from rows, of which there are fewer than columns: units are near to their
    /// mean, and with that W^T R W has the eigenvectors W^T R^1/2 u, u those of R^1/2 W W^T R^1/2. Columns of u are found by subspace
    /// iteration from a start that is given, rows x 16.
    /// </summary>
    /// <returns>d x 16.</returns>
    public float[] Axes(float[] start, int iterations)
    {
        (int n, int all, float[] gram) = (Gemm.Lanes, _residuals.Starts[^1], _pooled.RowGram!);
        double[] root = new double[all];
        foreach ((int first, int rows, double weight, double[] unit) in _terms)
            for (int s = first; s < first + rows; s++)
                root[s] += weight * unit.Average(value => value * value);
        for (int s = 0; s < all; s++)
            root[s] = Math.Sqrt(root[s]);
        float[] u = start;
        for (int iteration = 0; iteration < iterations; iteration++)
            u = PrincipalFactors.Orthonormal(Scaled(Products.Multiply(gram, 0, Gemm.Padded(all), false, all, all, Scaled(u, root, 1), n),
                root, 1), all);
        return Products.Multiply(_residuals.Standardized, 0, _residuals.Stride, true, Width, all, Scaled(u, root, 1), n);
    }

    double[] Diagonal()
    {
        double[] diagonal = new double[Width];
        foreach ((int first, int rows, double weight, double[] units) in _terms)
            for (int s = first; s < first + rows; s++)
                for (int j = 0; j < diagonal.Length; j++)
                    diagonal[j] += weight * Square(units[j] * _residuals.Standardized[(long)s * _residuals.Stride + j]);
        return diagonal;
    }

    float[] Matrix(float[] pooledGram)
    {
        (int d, int stride) = (Width, _residuals.Stride);
        float[] ownGram = PooledCorrelation.GramOf(_residuals, _terms[0].First, _terms[0].Rows), sum = new float[ownGram.Length];
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++)
                if (i != j)
                    sum[i * stride + j] = (float)(_terms[0].Weight * _terms[0].Unit[i] * _terms[0].Unit[j] * ownGram[i * stride + j]
                        + _terms[1].Weight * _terms[1].Unit[i] * _terms[1].Unit[j] * pooledGram[i * stride + j]);
        return sum;
    }

    static float[] Scaled(float[] v, double[] unit, double weight)
    {
        float[] scaled = new float[v.Length];
        for (int j = 0; j < unit.Length; j++)
            for (int l = j * Gemm.Lanes; l < (j + 1) * Gemm.Lanes; l++)
                scaled[l] = (float)(v[l] * unit[j] * weight);
        return scaled;
    }

    static double Square(double value) => value * value;
}

/// <summary>
/// The correlation within all classes: (1 - shrinkage) W^T W / N, plus as much on the diagonal, and then ones on it.
/// </summary>
sealed class PooledCorrelation
{
    public PooledCorrelation(Residuals residuals)
    {
        (int d, int stride, int all) = (residuals.Width, residuals.Stride, residuals.Starts[^1]);
        int[] classes = [.. Enumerable.Range(0, residuals.Starts.Length - 1).Where(residuals.HasVariance)];
        int n = classes.Sum(residuals.Count);
        double[] squares = new double[d];
        double fourth = 0;
        for (int s = 0; s < all; s++)
        {
            double norm = 0;
            for (int j = 0; j < d; j++)
            {
                double square = (double)residuals.Standardized[(long)s * stride + j] * residuals.Standardized[(long)s * stride + j];
                squares[j] += square;
                norm += square;
            }
            fourth += norm * norm;
        }
        // Of the smaller of W^T W and W W^T, whose squares sum up to the same.
        bool isWide = d > all;
        float[] gram = isWide ? GramOfRows(residuals) : GramOf(residuals, 0, all);
        double sum = 0;
        foreach (float value in gram)
            sum += (double)value * value;
        double shrinkage = 1, size = 0;
        if (n > 0)
        {
            size = squares.Sum() / n / d;
            double norm = sum / ((double)n * n), spread = norm / d - size * size, noise = (fourth / n - norm) / ((double)n * d);
            shrinkage = spread > 0 ? Math.Clamp(noise / spread, 0, 1) : 1;
        }
        Weight = n > 0 ? (1 - shrinkage) / n : 0;
        Unit = [.. squares.Select(square => 1 / Math.Sqrt(Weight * square + shrinkage * size + 1e-9))];
        (Gram, RowGram) = (isWide ? null : gram, isWide ? gram : null);
    }

    /// <summary>Factor of W^T W.</summary>
    public double Weight { get; }

    /// <summary>What makes the diagonal 1.</summary>
    public double[] Unit { get; }

    /// <summary>W^T W, d x stride; null where there are more columns than rows.</summary>
    public float[]? Gram { get; }

    /// <summary>W W^T, rows x padded rows; null where there aren't more columns than rows.</summary>
    public float[]? RowGram { get; }

    /// <summary>W^T W over some rows.</summary>
    public static float[] GramOf(Residuals residuals, int first, int rows) =>
        Products.Multiply(residuals.Standardized, first, residuals.Stride, true, residuals.Width, rows,
            residuals.Standardized.AsSpan((int)((long)first * residuals.Stride)), residuals.Stride);

    static float[] GramOfRows(Residuals residuals)
    {
        (int n, int stride) = (residuals.Starts[^1], residuals.Stride);
        int padded = Gemm.Padded(n);
        float[] transposed = new float[(long)stride * padded];
        for (int s = 0; s < n; s++)
            for (int j = 0; j < residuals.Width; j++)
                transposed[(long)j * padded + s] = residuals.Standardized[(long)s * stride + j];
        return Products.Multiply(residuals.Standardized, 0, stride, false, n, residuals.Width, transposed, padded);
    }
}

namespace LeoCvae;

/// <summary>Row noise as generator.onnx stores it: by class, independent of the number of training rows.</summary>
/// <param name="Factors">r, how many factors columns share.</param>
/// <param name="Width">d.</param>
/// <param name="Offset">C x d.</param>
/// <param name="Loadings">C r x d, how much of each factor comes into each column.</param>
/// <param name="Diagonal">C x d, how much of its own noise comes into each column.</param>
/// <param name="Knots">C x d x K values, in the columns' units from their means.</param>
sealed record NoiseTensors(int Factors, int Width, float[] Offset, float[] Loadings, float[] Diagonal, float[] Knots)
{
    public const string OffsetName = "noise_offset", LoadingsName = "noise_loadings", DiagonalName = "noise_diagonal",
        KnotsName = "noise_knots";

    /// <summary>Inputs of the graph: float[N, r] standard normals, and float[N, d] of mean 0 and variance 1.</summary>
    public const string FactorNoise = "factor_noise", ColumnNoise = "column_noise";

    public int Classes => Offset.Length / Width;

    /// <summary>K, the knots of a column: an odd number, so that one stands in the middle.</summary>
    public int KnotCount => Knots.Length / Offset.Length;
}

/// <summary>
/// What rows are made from beside their seeds: standard normals N x L and N x r, N x d numbers of mean 0 and variance 1, and uniform
/// numbers that choose levels. Noise of factors and columns is empty where the model has no row noise, choices where all columns are
/// numbers that are there.
/// </summary>
readonly ref struct NoiseInputs(ReadOnlySpan<float> latent, ReadOnlySpan<float> factors, ReadOnlySpan<float> columns,
    ReadOnlySpan<float> choices = default)
{
    public ReadOnlySpan<float> Latent { get; } = latent;

    public ReadOnlySpan<float> Factors { get; } = factors;

    public ReadOnlySpan<float> Columns { get; } = columns;

    public ReadOnlySpan<float> Choices { get; } = choices;
}

namespace LeoCvae;

/// <summary>Row noise as generator.onnx stores it: by class, independent of the number of training rows.</summary>
/// <param name="Factors">r, how many factors columns share.</param>
/// <param name="Width">d.</param>
/// <param name="Offset">C x d.</param>
/// <param name="Loadings">C r x d, how much of each factor comes into each column.</param>
/// <param name="Diagonal">C x d, how much of its own noise comes into each column.</param>
/// <param name="Intercepts">C K x d: what a column is in the cell, in its unit from its mean, less the slope's part.</param>
/// <param name="Slopes">C K x d: how much it rises with v.</param>
sealed record NoiseTensors(int Factors, int Width, float[] Offset, float[] Loadings, float[] Diagonal, float[] Intercepts, float[] Slopes)
{
    public const string OffsetName = "noise_offset", LoadingsName = "noise_loadings", DiagonalName = "noise_diagonal",
        InterceptsName = "noise_intercepts", SlopesName = "noise_slopes";

    /// <summary>Inputs of the graph: float[N, r] standard normals, and float[N, d] of mean 0 and variance 1.</summary>
    public const string FactorNoise = "factor_noise", ColumnNoise = "column_noise";

    public int Classes => Offset.Length / Width;

    /// <summary>K, the cells of a column. The last one has no width: it is for what is beyond all numbers, v = 1.</summary>
    public int Cells => Intercepts.Length / Offset.Length;
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

namespace LeoCvae.Training;

/// <summary>
/// Where the weights lie in one block of floats: each layer as inputs x outputs, outputs padded to the kernels' lanes, then a row of
/// weights for each class where the layer sees the class (a one-hot input picks a row), then the bias. mu and log-variance are one
/// layer, each half padded. Padding is zero and stays zero.
/// </summary>
sealed unsafe class FusedLayout
{
    /// <summary>One layer: its sizes, and where its parts start.</summary>
    public readonly record struct Layer(int Inputs, int Outputs, int Classes, long Weight, long ClassRows, long Bias)
    {
        /// <summary>Outputs in memory, with padding.</summary>
        public int Stride => Gemm.Padded(Outputs);
    }

    const int Whole = 64;

    public FusedLayout(CvaeShape shape)
    {
        Shape = shape;
        PaddedLatent = Gemm.Padded(shape.Latent);
        (int inner, long end) = (shape.Hidden / 2, 0);
        Layer Next(int inputs, int outputs, int classes)
        {
            // Inputs are padded too: the transposed product reads whole lanes of rows.
            long weight = end, classRows = weight + (long)Gemm.Padded(inputs) * Gemm.Padded(outputs),
                bias = classRows + (long)classes * Gemm.Padded(outputs);
            end = (bias + Gemm.Padded(outputs) + Whole - 1) / Whole * Whole;
            return new(inputs, outputs, classes, weight, classRows, bias);
        }
        Encoder1 = Next(shape.Features, shape.Hidden, shape.Classes);
        Encoder2 = Next(shape.Hidden, inner, 0);
        Heads = Next(inner, 2 * PaddedLatent, 0);
        Decoder1 = Next(shape.Latent, inner, shape.Classes);
        Decoder2 = Next(inner, shape.Hidden, 0);
        Decoder3 = Next(shape.Hidden, shape.Features, 0);
        Length = end;
    }

    public CvaeShape Shape { get; }

    public Layer Encoder1 { get; }

    public Layer Encoder2 { get; }

    public Layer Heads { get; }

    public Layer Decoder1 { get; }

    public Layer Decoder2 { get; }

    public Layer Decoder3 { get; }

    /// <summary>L with padding: log-variance starts there in the outputs of <see cref="Heads"/>.</summary>
    public int PaddedLatent { get; }

    /// <summary>All floats, a multiple of 64.</summary>
    public long Length { get; }

    /// <summary>Writes weights into a block that holds zeros as padding.</summary>
    public void Write(CvaeWeights weights, float* block)
    {
        foreach ((string name, Layer layer, int column) in Parts)
        {
            CvaeWeights.Layer from = weights[name];
            for (int output = 0; output < from.Outputs; output++)
            {
                float* to = block + layer.Weight + column + output;
                ReadOnlySpan<float> row = from.Weight.AsSpan(output * from.Inputs, from.Inputs);
                for (int input = 0; input < row.Length; input++)
                    to[Row(layer, input) * layer.Stride] = row[input];
                block[layer.Bias + column + output] = from.Bias[output];
            }
        }
    }

    /// <summary>Copies a block's weights into arrays that are there.</summary>
    public void Read(float* block, CvaeWeights to)
    {
        foreach ((string name, Layer layer, int column) in Parts)
        {
            CvaeWeights.Layer into = to[name];
            for (int output = 0; output < into.Outputs; output++)
            {
                float* from = block + layer.Weight + column + output;
                Span<float> row = into.Weight.AsSpan(output * into.Inputs, into.Inputs);
                for (int input = 0; input < row.Length; input++)
                    row[input] = from[Row(layer, input) * layer.Stride];
            }
            new ReadOnlySpan<float>(block + layer.Bias + column, into.Outputs).CopyTo(into.Bias);
        }
    }

    /// <summary>A copy of a block's weights.</summary>
    public CvaeWeights Read(float* block)
    {
        CvaeWeights copy = CvaeWeights.Zeros(Shape);
        Read(block, copy);
        return copy;
    }

    (string Name, Layer Layer, int Column)[] Parts =>
    [
        ("encoder1", Encoder1, 0), ("encoder2", Encoder2, 0), ("mu", Heads, 0), ("logvar", Heads, PaddedLatent),
        ("decoder1", Decoder1, 0), ("decoder2", Decoder2, 0), ("decoder3", Decoder3, 0),
    ];

    // Classes are the last inputs; their rows come after the padding.
    static nint Row(Layer layer, int input) => input < layer.Inputs ? input : input - layer.Inputs + Gemm.Padded(layer.Inputs);
}

namespace LeoCvae.Evaluation;

/// <summary>
/// The paper's network: d -> 32 with batch normalization, ReLU and dropout, -> one logit for two classes, C for more. Says where the
/// parameters lie in one block of floats, inputs x outputs with outputs padded to the kernels' lanes; padding is zero and stays zero.
/// </summary>
sealed record MlpShape(int Features, int Classes)
{
    /// <summary>Hidden units; one word of 32 random bits is one row's dropout mask.</summary>
    public const int Hidden = 32;

    const int Whole = 64;

    /// <summary>Columns of the table whose rows the features are turned from: the first layer starts as if it were on these.</summary>
    public int Columns { get; init; } = Features;

    /// <summary>How many times as fast the first layer learns.</summary>
    public double FirstRate { get; init; } = 1;

    public int Outputs => Classes == 2 ? 1 : Classes;

    /// <summary>Floats from a row of logits to the next.</summary>
    public int OutputStride => Gemm.Padded(Outputs);

    public int FeatureStride => Gemm.Padded(Features);

    public long HiddenBias => (long)FeatureStride * Hidden;

    /// <summary>Batch normalization's factor, gamma.</summary>
    public long Gain => HiddenBias + Hidden;

    /// <summary>Batch normalization's summand, beta.</summary>
    public long Shift => Gain + Hidden;

    public long OutputWeight => Shift + Hidden;

    public long OutputBias => OutputWeight + (long)Hidden * OutputStride;

    /// <summary>All floats, a multiple of 64.</summary>
    public long Length => (OutputBias + OutputStride + Whole - 1) / Whole * Whole;

    /// <summary>PyTorch's default: linear layers uniform in +-1/sqrt(inputs), gain 1, shift 0.</summary>
    public float[] Initial(ulong seed)
    {
        float[] block = new float[Length];
        CounterRandom random = new(seed, RandomStream.Init);
        Fill(0, Features, Columns, Hidden, Hidden, 0);
        Fill(HiddenBias, 1, Columns, Hidden, Hidden, 1);
        block.AsSpan((int)Gain, Hidden).Fill(1);
        Fill(OutputWeight, Hidden, Hidden, Outputs, OutputStride, 2);
        Fill(OutputBias, 1, Hidden, Outputs, OutputStride, 3);
        return block;

        void Fill(long at, int rows, int inputs, int outputs, int stride, ulong tensor)
        {
            float bound = 1 / MathF.Sqrt(inputs);
            float[] uniform = new float[rows * outputs];
            random.FillUniform(tensor, uniform);
            for (int i = 0; i < uniform.Length; i++)
                block[at + (long)(i / outputs) * stride + i % outputs] = (2 * uniform[i] - 1) * bound;
        }
    }
}

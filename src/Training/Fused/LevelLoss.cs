namespace LeoCvae.Training;

/// <summary>
/// The loss of rows with categories or missing values: squared errors of the numbers that are there, and the cross-entropy of each block
/// of levels, times <see cref="Weight"/>. Immutable and thread-safe.
/// </summary>
sealed unsafe class LevelLoss(FeatureLayout layout)
{
    /// <summary>
    /// What a nat of cross-entropy weighs beside a squared error: with 2 both are -2 log-likelihood, of a level and of a number with
    /// variance 1.
    /// </summary>
    public const float Weight = 2;

    readonly int _numbers = layout.Numbers.Length;
    readonly LevelBlock[] _blocks = [.. layout.Blocks];

    /// <summary>Turns a row's outputs into the gradients of its loss, times scale / 2; returns the loss.</summary>
    public float Differ<T>(float* output, float* x, float scale) where T : struct, ISimd<T>
    {
        float sum = 0;
        foreach (LevelBlock block in _blocks)
            // No difference, no gradient.
            if (block.Number >= 0 && x[block.First + block.Missing] > 0)
                output[block.Number] = x[block.Number];
        for (int j = 0; j < _numbers; j++)
        {
            float difference = output[j] - x[j];
            sum += difference * difference;
            output[j] = difference * scale;
        }
        double entropy = 0;
        foreach (LevelBlock block in _blocks)
            entropy -= Center(output + block.First, x + block.First, block.Count);
        VectorMath.ExpAll<T>(output + _numbers, layout.Features - _numbers);
        foreach (LevelBlock block in _blocks)
            entropy += Math.Log(Normalize(output + block.First, x + block.First, block.Count, Weight / 2 * scale));
        return sum + Weight * (float)entropy;
    }

    // Logits from their largest; returns the one of the level that there is.
    static float Center(float* logits, float* x, int count)
    {
        float most = logits[0], own = 0;
        for (int l = 1; l < count; l++)
            most = Math.Max(most, logits[l]);
        for (int l = 0; l < count; l++)
        {
            logits[l] -= most;
            own += x[l] > 0 ? logits[l] : 0;
        }
        return own;
    }

    // Exponentials to probabilities less the level that there is, times scale; returns the sum of the exponentials.
    static float Normalize(float* exponentials, float* x, int count, float scale)
    {
        float sum = 0;
        for (int l = 0; l < count; l++)
            sum += exponentials[l];
        for (int l = 0; l < count; l++)
            exponentials[l] = (exponentials[l] / sum - (x[l] > 0 ? 1 : 0)) * scale;
        return sum;
    }
}

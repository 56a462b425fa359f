using System.Runtime.CompilerServices;

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
    /// <param name="output">The decoder's outputs.</param>
    /// <param name="x">The row's numbers.</param>
    /// <param name="levels">The feature of each block that the row has, see <see cref="LevelRows"/>.</param>
    /// <param name="scale">Twice what the loss is multiplied by.</param>
    public float Differ<T>(float* output, float* x, ReadOnlySpan<int> levels, float scale) where T : struct, ISimd<T>
    {
        float sum = 0;
        for (int b = 0; b < levels.Length; b++)
            // No difference, no gradient.
            if (_blocks[b] is { Number: >= 0 and int number } block && levels[b] == block.First + block.Missing)
                output[number] = x[number];
        for (int j = 0; j < _numbers; j++)
        {
            float difference = output[j] - x[j];
            sum += difference * difference;
            output[j] = difference * scale;
        }
        double entropy = 0;
        for (int b = 0; b < levels.Length; b++)
        {
            Center<T>(output + _blocks[b].First, _blocks[b].Count);
            entropy -= levels[b] < 0 ? 0 : output[levels[b]];
        }
        VectorMath.ExpAll<T>(output + _numbers, layout.Features - _numbers);
        for (int b = 0; b < levels.Length; b++)
            entropy += Math.Log(Normalize<T>(output + _blocks[b].First, _blocks[b].Count, levels[b] - _blocks[b].First,
                Weight / 2 * scale));
        return sum + Weight * (float)entropy;
    }

    // Logits from their largest.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Center<T>(float* logits, int count) where T : struct, ISimd<T>
    {
        int whole = count - count % T.Count, l = 0;
        float most = logits[0];
        if (whole > 0)
        {
            T largest = T.Load(logits);
            for (l = T.Count; l < whole; l += T.Count)
                largest = T.Max(largest, T.Load(logits + l));
            float* lanes = stackalloc float[T.Count];
            T.Store(largest, lanes);
            for (int lane = 0; lane < T.Count; lane++)
                most = lanes[lane] > most ? lanes[lane] : most;
        }
        for (; l < count; l++)
            most = logits[l] > most ? logits[l] : most;
        T from = T.Create(most);
        for (l = 0; l < whole; l += T.Count)
            T.Store(T.Subtract(T.Load(logits + l), from), logits + l);
        for (; l < count; l++)
            logits[l] -= most;
    }

    // Exponentials to probabilities, less 1 for the level that there is, times scale; returns the sum of the exponentials.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Normalize<T>(float* exponentials, int count, int level, float scale) where T : struct, ISimd<T>
    {
        float sum = 0;
        for (int l = 0; l < count; l++)
            sum += exponentials[l];
        float own = level < 0 ? 0 : (exponentials[level] / sum - 1) * scale;
        int whole = count - count % T.Count;
        T all = T.Create(sum), factor = T.Create(scale);
        for (int l = 0; l < whole; l += T.Count)
            T.Store(T.Multiply(T.Divide(T.Load(exponentials + l), all), factor), exponentials + l);
        for (int l = whole; l < count; l++)
            exponentials[l] = exponentials[l] / sum * scale;
        if (level >= 0)
            exponentials[level] = own;
        return sum;
    }
}

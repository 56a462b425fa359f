namespace LeoCvae.Evaluation;

/// <summary>A trained network: two dense layers, weights inputs x outputs. Immutable and thread-safe.</summary>
sealed class MlpModel(MlpShape shape, float[] weight, float[] bias, float[] output, float[] outputBias)
{
    const int Chunk = 64;

    /// <summary>Class probabilities, n x C.</summary>
    public double[,] Probabilities(Matrix x) =>
        Simd.Run<Prediction, double[,]>(new(this, x));

    readonly struct Prediction(MlpModel model, Matrix x) : ISimdWork<double[,]>
    {
        public double[,] On<T>() where T : struct, ISimd<T> => model.Probabilities<T>(x);
    }

    /// <summary>Probabilities of one logit (of class 1 of two) or of a logit for each class.</summary>
    public static void Softmax(ReadOnlySpan<float> logits, Span<double> probabilities)
    {
        if (logits.Length == 1)
        {
            // Of the smaller one, so that neither is rounded to 0 too early.
            double small = Math.Exp(-Math.Abs((double)logits[0])), rest = 1 / (1 + small);
            (probabilities[0], probabilities[1]) = logits[0] > 0 ? (small * rest, rest) : (rest, small * rest);
            return;
        }
        (double max, double sum) = (double.NegativeInfinity, 0);
        foreach (float logit in logits)
            max = Math.Max(max, logit);
        for (int j = 0; j < logits.Length; j++)
            sum += probabilities[j] = Math.Exp(logits[j] - max);
        for (int j = 0; j < logits.Length; j++)
            probabilities[j] /= sum;
    }

    unsafe double[,] Probabilities<T>(Matrix x) where T : struct, ISimd<T>
    {
        double[,] probabilities = new double[x.Rows, shape.Classes];
        Span<double> row = new double[shape.Classes];
        using DenseLayer first = new(weight, bias, MlpShape.Hidden), second = new(output, outputBias, shape.Outputs);
        using FloatMemory hidden = new((long)Chunk * first.Stride), logits = new((long)Chunk * second.Stride);
        fixed (float* values = x.Values)
            for (int at = 0; at < x.Rows; at += Chunk)
            {
                int count = Math.Min(Chunk, x.Rows - at);
                first.Apply<T>(values + (long)at * x.Columns, x.Columns, count, hidden.Start, false);
                VectorMath.LeakyReLU<T>(hidden.Start, null, (long)count * first.Stride, 0);
                second.Apply<T>(hidden.Start, first.Stride, count, logits.Start, false);
                for (int i = 0; i < count; i++)
                {
                    Softmax(new(logits.Start + i * (long)second.Stride, shape.Outputs), row);
                    for (int c = 0; c < row.Length; c++)
                        probabilities[at + i, c] = row[c];
                }
            }
        return probabilities;
    }
}

using System.Runtime.CompilerServices;
using LeoCvae.Training;

namespace LeoCvae.Evaluation;

/// <summary>A network that learns, for this processor's registers; the result doesn't depend on them.</summary>
interface IMlpNetwork : IDisposable
{
    /// <summary>
    /// The mean weighted cross-entropy of a batch of up to 32 rows, at least two, and its gradient, in the layout of
    /// <see cref="MlpShape"/>.
    /// </summary>
    /// <param name="rows">Row numbers.</param>
    /// <param name="masks">One word a row: hidden unit u is kept where bit u is set.</param>
    double Gradient(ReadOnlySpan<int> rows, ReadOnlySpan<uint> masks);

    /// <summary>A step of Adam along the clipped gradient of a batch; returns the loss before it.</summary>
    double Step(ReadOnlySpan<int> rows, ReadOnlySpan<uint> masks, double learningRate);

    Span<float> Parameters { get; }

    Span<float> Gradients { get; }

    /// <summary>The network for prediction: running mean and variance folded into the first layer, no dropout.</summary>
    MlpModel Snapshot();
}

/// <summary>
/// Forward, loss, backward, clipping and Adam on the kernels of Runtime. Nothing is allocated in a step. Not thread-safe.
/// </summary>
sealed unsafe class MlpNetwork<T> : IMlpNetwork where T : struct, ISimd<T>
{
    public const int BatchSize = 32;

    const int Hidden = MlpShape.Hidden;
    const float Momentum = 0.1f, VarianceFloor = 1e-5f, KeepScale = 2;
    const double WeightDecay = 1e-3, GradientClip = 0.5;

    readonly MlpShape _shape;
    readonly Matrix _x;
    readonly int[] _labels;
    readonly float[] _weights;
    readonly FloatMemory _parameters, _gradients, _means, _squares, _buffers;
    readonly float* _batch, _normal, _hidden, _mask, _gradient, _logits, _scratch, _mean, _variance, _inverse;
    int _step;

    public MlpNetwork(Matrix x, int[] labels, float[] weights, MlpShape shape, float[] initial)
    {
        (_x, _labels, _weights, _shape) = (x, labels, weights, shape);
        (_parameters, _gradients, _means, _squares) = (new(shape.Length), new(shape.Length), new(shape.Length), new(shape.Length));
        _buffers = new(BatchSize * (shape.FeatureStride + 4 * Hidden + shape.OutputStride) + Gemm.ScratchSize + 3 * Hidden);
        _batch = _buffers.Start;
        _normal = _batch + BatchSize * shape.FeatureStride;
        _hidden = _normal + BatchSize * Hidden;
        _mask = _hidden + BatchSize * Hidden;
        _gradient = _mask + BatchSize * Hidden;
        _logits = _gradient + BatchSize * Hidden;
        _scratch = _logits + BatchSize * shape.OutputStride;
        _mean = _scratch + Gemm.ScratchSize;
        _variance = _mean + Hidden;
        _inverse = _variance + Hidden;
        new Span<float>(_variance, Hidden).Fill(1);
        initial.CopyTo(Parameters);
    }

    public Span<float> Parameters => new(_parameters.Start, (int)_shape.Length);

    public Span<float> Gradients => new(_gradients.Start, (int)_shape.Length);

    public double Step(ReadOnlySpan<int> rows, ReadOnlySpan<uint> masks, double learningRate)
    {
        double loss = Gradient(rows, masks), squares = 0;
        for (long at = 0; at < _shape.Length; at += VectorMath.Block)
            squares += VectorMath.SumOfSquares<T>(_gradients.Start + at, (int)Math.Min(VectorMath.Block, _shape.Length - at));
        _step++;
        Update(0, _shape.HiddenBias, learningRate * _shape.FirstRate);
        Update(_shape.HiddenBias, _shape.Length, learningRate);
        return loss;

        void Update(long first, long end, double rate) =>
            FusedKernels.Adam<T>(_parameters.Start, _gradients.Start, _means.Start, _squares.Start, first, end,
                AdamStep.At(_step, squares, GradientClip, WeightDecay, rate));
    }

    public double Gradient(ReadOnlySpan<int> rows, ReadOnlySpan<uint> masks)
    {
        (int count, int width, int stride) = (rows.Length, _shape.FeatureStride, _shape.OutputStride);
        float* weights = _parameters.Start, gradients = _gradients.Start;
        for (int i = 0; i < count; i++)
        {
            _x[rows[i]].CopyTo(new Span<float>(_batch + i * width, _shape.Features));
            for (int u = 0; u < Hidden; u++)
                _mask[i * Hidden + u] = (masks[i] >> u & 1) * KeepScale;
        }
        Gemm.Multiply<T>(count, Hidden, _shape.Features, _batch, width, 1, weights, Hidden, _normal, Hidden, weights + _shape.HiddenBias,
            0, _scratch);
        NormalizeAndActivate(count);
        Gemm.Multiply<T>(count, stride, Hidden, _hidden, Hidden, 1, weights + _shape.OutputWeight, stride, _logits, stride,
            weights + _shape.OutputBias, 0, _scratch);
        double loss = LossAndLogitGradient(rows);
        Gemm.Multiply<T>(Hidden, stride, count, _hidden, 1, Hidden, _logits, stride, gradients + _shape.OutputWeight, stride, null, 0,
            _scratch);
        VectorMath.ColumnSums<T>(_logits, stride, count, stride, gradients + _shape.OutputBias);
        Gemm.MultiplyTransposed<T>(count, Hidden, _shape.Outputs, _logits, stride, 1, weights + _shape.OutputWeight, stride, _gradient,
            Hidden, null, 0, _scratch);
        NormalizeBackward(count);
        Gemm.Multiply<T>(_shape.Features, Hidden, count, _batch, 1, width, _gradient, Hidden, gradients, Hidden, null, 0, _scratch);
        VectorMath.ColumnSums<T>(_gradient, Hidden, count, Hidden, gradients + _shape.HiddenBias);
        return loss;
    }

    public MlpModel Snapshot()
    {
        float[] weight = new float[_shape.Features * Hidden], bias = new float[Hidden], output = new float[Hidden * _shape.Outputs],
            outputBias = new float[_shape.Outputs];
        float* parameters = _parameters.Start;
        for (int u = 0; u < Hidden; u++)
        {
            float scale = parameters[_shape.Gain + u] / MathF.Sqrt(_variance[u] + VarianceFloor);
            for (int j = 0; j < _shape.Features; j++)
                weight[j * Hidden + u] = parameters[j * Hidden + u] * scale;
            bias[u] = (parameters[_shape.HiddenBias + u] - _mean[u]) * scale + parameters[_shape.Shift + u];
            new Span<float>(parameters + _shape.OutputWeight + u * (long)_shape.OutputStride, _shape.Outputs)
                .CopyTo(output.AsSpan(u * _shape.Outputs));
        }
        new Span<float>(parameters + _shape.OutputBias, _shape.Outputs).CopyTo(outputBias);
        return new(_shape, weight, bias, output, outputBias);
    }

    public void Dispose()
    {
        foreach (FloatMemory memory in (FloatMemory[])[_parameters, _gradients, _means, _squares, _buffers])
            memory.Dispose();
    }

    // Each unit over the batch: its mean and variance, what is left, times gain plus shift, ReLU and dropout. The mask becomes the ReLU's
    // too.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void NormalizeAndActivate(int count)
    {
        T share = T.Create(1f / count), momentum = T.Create(Momentum), kept = T.Create(1 - Momentum),
            unbiased = T.Create(Momentum / (count - 1)), zero = default;
        for (int u = 0; u < Hidden; u += T.Count)
        {
            T sum = zero, squares = zero;
            for (int i = u; i < count * Hidden; i += Hidden)
                sum = T.Add(sum, T.Load(_normal + i));
            T mean = T.Multiply(sum, share);
            for (int i = u; i < count * Hidden; i += Hidden)
            {
                T difference = T.Subtract(T.Load(_normal + i), mean);
                squares = T.MultiplyAdd(difference, difference, squares);
            }
            T inverse = T.Divide(T.Create(1), T.Sqrt(T.MultiplyAdd(squares, share, T.Create(VarianceFloor))));
            T gain = T.Load(_parameters.Start + _shape.Gain + u), shift = T.Load(_parameters.Start + _shape.Shift + u);
            for (int i = u; i < count * Hidden; i += Hidden)
            {
                T normal = T.Multiply(T.Subtract(T.Load(_normal + i), mean), inverse), active = T.MultiplyAdd(normal, gain, shift);
                T mask = T.IfPositive(active, T.Load(_mask + i), zero);
                T.Store(normal, _normal + i);
                T.Store(mask, _mask + i);
                T.Store(T.Multiply(active, mask), _hidden + i);
            }
            T.Store(inverse, _inverse + u);
            T.Store(T.MultiplyAdd(T.Load(_mean + u), kept, T.Multiply(mean, momentum)), _mean + u);
            T.Store(T.MultiplyAdd(T.Load(_variance + u), kept, T.Multiply(squares, unbiased)), _variance + u);
        }
    }

    // gradient, of the hidden units, becomes that of the first layer's outputs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void NormalizeBackward(int count)
    {
        T share = T.Create(-1f / count);
        for (int u = 0; u < Hidden; u += T.Count)
        {
            T shift = default, gain = default;
            for (int i = u; i < count * Hidden; i += Hidden)
            {
                T gradient = T.Multiply(T.Load(_gradient + i), T.Load(_mask + i));
                shift = T.Add(shift, gradient);
                gain = T.MultiplyAdd(gradient, T.Load(_normal + i), gain);
                T.Store(gradient, _gradient + i);
            }
            T.Store(shift, _gradients.Start + _shape.Shift + u);
            T.Store(gain, _gradients.Start + _shape.Gain + u);
            T scale = T.Multiply(T.Load(_parameters.Start + _shape.Gain + u), T.Load(_inverse + u));
            (shift, gain) = (T.Multiply(shift, share), T.Multiply(gain, share));
            for (int i = u; i < count * Hidden; i += Hidden)
                T.Store(T.Multiply(scale, T.MultiplyAdd(T.Load(_normal + i), gain, T.Add(T.Load(_gradient + i), shift))), _gradient + i);
        }
    }

    // Logits become the gradient of the mean loss.
    double LossAndLogitGradient(ReadOnlySpan<int> rows)
    {
        double loss = 0;
        Span<double> probabilities = stackalloc double[Math.Min(_shape.Classes, 256)];
        if (_shape.Classes > probabilities.Length)
            probabilities = new double[_shape.Classes];
        for (int i = 0; i < rows.Length; i++)
        {
            Span<float> logits = new(_logits + i * _shape.OutputStride, _shape.Outputs);
            MlpModel.Softmax(logits, probabilities);
            int label = _labels[rows[i]];
            double weight = _weights[rows[i]] / (double)rows.Length;
            loss -= weight * Math.Log(Math.Max(probabilities[label], 1e-300));
            // One logit is that of class 1; more are those of classes 0, 1, ...
            int first = _shape.Classes - _shape.Outputs;
            for (int j = 0; j < logits.Length; j++)
                logits[j] = (float)(weight * (probabilities[first + j] - (label == first + j ? 1 : 0)));
        }
        return loss;
    }
}

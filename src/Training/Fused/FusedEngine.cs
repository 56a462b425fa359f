namespace LeoCvae.Training;

/// <summary>Makes the managed engine for this processor.</summary>
static class FusedEngine
{
    // Below it, waking threads costs more than they save: about a quarter of a millisecond of one core.
    const double WorthThreads = 5e7;

    /// <summary>The engine for the widest registers there are; the result doesn't depend on them, nor on the threads.</summary>
    public static ICvaeEngine Create(TrainingOptions options, TrainingData data, CvaeWeights initial)
    {
        int threads = Threads(options, data, initial.Shape);
        return Simd.Run<Creation, ICvaeEngine>(new(options, data, initial, threads));
    }

    readonly struct Creation(TrainingOptions options, TrainingData data, CvaeWeights initial, int threads) : ISimdWork<ICvaeEngine>
    {
        public ICvaeEngine On<T>() where T : struct, ISimd<T> => new FusedEngine<T>(options, data, initial, threads);
    }

    /// <summary>Threads of an engine: never more than asked for, and one where a step is too short to share.</summary>
    internal static int Threads(TrainingOptions options, TrainingData data, CvaeShape shape)
    {
        // A multiply-add forward, two backward, for each weight and row.
        double operations = 6.0 * Math.Min(options.BatchSize,
            data.X.Rows) * shape.Layers.Sum(layer => (double)layer.Inputs * layer.Outputs);
        return operations < WorthThreads ? 1 : options.MaxDegreeOfParallelism < 0 ? Environment.ProcessorCount
            : Math.Min(options.MaxDegreeOfParallelism, Environment.ProcessorCount);
    }
}

/// <summary>
/// The method on flat memory: forward, loss, backward, clipping and Adam by the kernels of Runtime, on threads that share out rows,
/// then weights. What the torch engine defines, this computes; sums have one order, so that register width, threads and the
/// rows of a chunk change no bit. It reads the rows given, and doesn't copy them. A step allocates nothing. Not thread-safe.
/// </summary>
sealed unsafe class FusedEngine<T> : ICvaeEngine where T : struct, ISimd<T>
{
    const int SmallestChunk = 64, RowUnit = 8;

    readonly TrainingOptions _options;
    readonly TrainingData _data;
    readonly int[] _labels;
    readonly float[] _rowWeights;
    readonly CvaeShape _shape;
    readonly FusedLayout _layout;
    // Null where all features are numbers that are there.
    readonly LevelLoss? _levelLoss;
    readonly LevelRows? _levelRows;
    // The first features, which are numbers.
    readonly int _numbers;
    readonly FusedBatch _batch;
    readonly FloatMemory _weights, _gradients, _means, _squares, _blockSums, _scratch;
    readonly WorkerTeam _team;
    // Made once: a delegate made for each step would be garbage.
    readonly Action<int> _encode, _decode, _decodeAndBackward, _weightGradients, _sumSquares, _adam;
    float _kldScale;
    AdamStep _adamStep;
    int _step;

    public FusedEngine(TrainingOptions options, TrainingData data, CvaeWeights initial, int threads)
    {
        (_options, _data, _shape, _layout) = (options, data, initial.Shape, new(initial.Shape));
        _numbers = data.Layout?.Numbers.Length ?? _shape.Features;
        if (data.Layout is { Blocks.Count: > 0 } layout)
            (_levelLoss, _levelRows) = (new(layout), new(data.X, layout));
        // The small arrays are copied; the matrix is not.
        (_labels, _rowWeights) = ([.. data.Labels], [.. data.RowWeights]);
        _batch = new(_layout, _numbers, Math.Max(SmallestChunk, Math.Min(options.BatchSize, data.X.Rows)));
        (_weights, _gradients, _means, _squares) = (new(_layout.Length), new(_layout.Length), new(_layout.Length), new(_layout.Length));
        _blockSums = new(Blocks);
        _scratch = new((long)threads * Gemm.ScratchSize);
        _team = new(threads);
        (_encode, _decode, _decodeAndBackward, _weightGradients, _sumSquares, _adam) = (EncodePart, DecodePart, DecodeAndBackwardPart,
            WeightGradientsPart, SumSquaresPart, AdamPart);
        _layout.Write(initial, _weights.Start);
    }

    long Blocks => (_layout.Length + VectorMath.Block - 1) / VectorMath.Block;

    public Losses Step(StepInput step)
    {
        Losses losses = ForwardAndBackward(step);
        _team.Run(_sumSquares);
        double squares = 0;
        for (long block = 0; block < Blocks; block++)
            squares += _blockSums.Start[block];
        _step++;
        _adamStep = AdamStep.At(_step, squares, _options.GradientClip, _options.WeightDecay, _options.LearningRate);
        _team.Run(_adam);
        return losses;
    }

    /// <summary>The loss of a step and its unclipped gradients, in the shape of the weights; nothing is updated.</summary>
    public (Losses Losses, CvaeWeights Gradients) Gradients(StepInput step)
    {
        Losses losses = ForwardAndBackward(step);
        return (losses, _layout.Read(_gradients.Start));
    }

    public Losses Evaluate(ReadOnlySpan<int> rows, float[] noise)
    {
        (double reconstruction, double kld) = (0, 0);
        for (int first = 0; first < rows.Length; first += _batch.Capacity)
        {
            int count = Math.Min(_batch.Capacity, rows.Length - first);
            _batch.Load(rows.Slice(first, count), noise.AsSpan(first * _shape.Latent, count * _shape.Latent), masks: null);
            _team.Run(_encode);
            _team.Run(_decode);
            for (int i = 0; i < count; i++)
            {
                reconstruction += _batch.RowLosses[i];
                kld += _batch.RowKlds[i];
            }
        }
        return Total(reconstruction / rows.Length, kld / rows.Length);
    }

    public (Matrix Mu, Matrix LogVariance) Encode()
    {
        int rows = _data.X.Rows;
        Matrix mu = new(rows, _shape.Latent), logVariance = new(rows, _shape.Latent);
        Span<int> chunk = new int[Math.Min(_batch.Capacity, rows)];
        for (int first = 0; first < rows; first += chunk.Length)
        {
            chunk = chunk[..Math.Min(chunk.Length, rows - first)];
            for (int i = 0; i < chunk.Length; i++)
                chunk[i] = first + i;
            _batch.Load(chunk, noise: [], masks: null);
            _team.Run(_encode);
            for (int i = 0; i < chunk.Length; i++)
            {
                float* heads = _batch.Heads + i * (nint)_layout.Heads.Stride;
                new ReadOnlySpan<float>(heads, _shape.Latent).CopyTo(mu.Row(first + i));
                new ReadOnlySpan<float>(heads + _layout.PaddedLatent, _shape.Latent).CopyTo(logVariance.Row(first + i));
            }
        }
        return (mu, logVariance);
    }

    public CvaeWeights GetWeights() => _layout.Read(_weights.Start);

    public void CopyWeights(CvaeWeights to) => _layout.Read(_weights.Start, to);

    public void SetWeights(CvaeWeights weights) => _layout.Write(weights, _weights.Start);

    public EngineState GetState() => new(_step, GetWeights(), _layout.Read(_means.Start), _layout.Read(_squares.Start));

    public void SetState(EngineState state)
    {
        _step = state.Step;
        SetWeights(state.Weights);
        _layout.Write(state.Means, _means.Start);
        _layout.Write(state.Squares, _squares.Start);
    }

    public void Dispose()
    {
        _team.Dispose();
        _batch.Dispose();
        foreach (FloatMemory memory in (FloatMemory[])[_weights, _gradients, _means, _squares, _blockSums, _scratch])
            memory.Dispose();
    }

    Losses ForwardAndBackward(StepInput step)
    {
        _batch.Load(step.Rows, step.Noise, step.Masks);
        _team.Run(_encode);
        (double reconstruction, double kld, int count) = (0, 0, step.Rows.Length);
        for (int i = 0; i < count; i++)
            kld += _batch.RowKlds[i];
        kld /= count;
        // Under its floor the term has no gradient.
        _kldScale = kld >= _options.KldFloor ? (float)(_options.KldWeight / count) : 0;
        _team.Run(_decodeAndBackward);
        for (int i = 0; i < count; i++)
            reconstruction += _batch.RowLosses[i];
        _team.Run(_weightGradients);
        return Total(reconstruction / count, kld);
    }

    Losses Total(double reconstruction, double kld) =>
        new(reconstruction + _options.KldWeight * Math.Max(kld, _options.KldFloor), reconstruction, kld);

    // Rows of the batch: x to mu, log-variance, z and the KL terms.
    void EncodePart(int part)
    {
        (int first, int end) = Range(_batch.Count, RowUnit, part);
        FusedLayout.Layer layer = _layout.Encoder1;
        for (int i = first; i < end; i++)
        {
            _data.X[_batch.Rows[i]][.._numbers].CopyTo(new Span<float>(_batch.X + i * (nint)_batch.NumberStride, _numbers));
            StartWithClass(layer, i, _batch.Hidden(0));
        }
        Forward(layer with { Inputs = _numbers }, _batch.X, _batch.NumberStride, _batch.Hidden(0), first, end, part);
        if (_levelRows is not null)
            for (int i = first; i < end; i++)
                _levelRows.AddWeights<T>(_batch.Rows[i], _weights.Start + layer.Weight, _batch.Hidden(0) + i * (nint)layer.Stride,
                    layer.Stride);
        Activate(0, first, end);
        Forward(_layout.Encoder2, _batch.Hidden(0), layer.Stride, _batch.Hidden(1), first, end, part);
        Activate(1, first, end);
        Forward(_layout.Heads, _batch.Hidden(1), _layout.Encoder2.Stride, _batch.Heads, first, end, part);
        int width = _layout.PaddedLatent;
        for (nint i = first; i < end; i++)
        {
            float* heads = _batch.Heads + i * _layout.Heads.Stride;
            _batch.RowKlds[i] = FusedKernels.Draw<T>(heads, heads + width, _batch.Noise + i * width, _batch.Deviations + i * width,
                _batch.Z + i * width, width);
        }
    }

    // Rows of the batch: z to the outputs and their losses; outputs become the gradients of the loss.
    void DecodePart(int part)
    {
        (int first, int end) = Range(_batch.Count, RowUnit, part);
        for (int i = first; i < end; i++)
            StartWithClass(_layout.Decoder1, i, _batch.Hidden(2));
        Forward(_layout.Decoder1, _batch.Z, _layout.PaddedLatent, _batch.Hidden(2), first, end, part);
        Activate(2, first, end);
        Forward(_layout.Decoder2, _batch.Hidden(2), _layout.Decoder1.Stride, _batch.Hidden(3), first, end, part);
        Activate(3, first, end);
        Forward(_layout.Decoder3, _batch.Hidden(3), _layout.Decoder2.Stride, _batch.Output, first, end, part);
        int width = _layout.Decoder3.Stride;
        for (nint i = first; i < end; i++)
        {
            int row = _batch.Rows[(int)i];
            float weight = _rowWeights[row], scale = 2 * weight / _batch.Count;
            float* output = _batch.Output + i * width, x = _batch.X + i * _batch.NumberStride;
            _batch.RowLosses[i] = weight * (_levelLoss is null ? FusedKernels.Differ<T>(output, x, width, scale)
                : _levelLoss.Differ<T>(output, x, _levelRows![row], scale));
        }
    }

    void DecodeAndBackwardPart(int part)
    {
        DecodePart(part);
        (int first, int end) = Range(_batch.Count, RowUnit, part);
        Backward(_layout.Decoder3, _batch.Output, _batch.Gradient(3), first, end, part);
        ActivateBackward(3, first, end);
        Backward(_layout.Decoder2, _batch.Gradient(3), _batch.Gradient(2), first, end, part);
        ActivateBackward(2, first, end);
        Backward(_layout.Decoder1, _batch.Gradient(2), _batch.ZGradient, first, end, part);
        int width = _layout.PaddedLatent;
        for (nint i = first; i < end; i++)
        {
            float* gradient = _batch.HeadsGradient + i * _layout.Heads.Stride;
            FusedKernels.DrawBackward<T>(_batch.ZGradient + i * width, _batch.Heads + i * _layout.Heads.Stride, _batch.Noise + i * width,
                _batch.Deviations + i * width, gradient, gradient + width, width, _kldScale);
        }
        Backward(_layout.Heads, _batch.HeadsGradient, _batch.Gradient(1), first, end, part);
        ActivateBackward(1, first, end);
        Backward(_layout.Encoder2, _batch.Gradient(1), _batch.Gradient(0), first, end, part);
        ActivateBackward(0, first, end);
    }

    // Rows of each layer's weights.
    void WeightGradientsPart(int part)
    {
        WeightGradient(_layout.Encoder1 with { Inputs = _numbers }, _batch.X, _batch.NumberStride, _batch.Gradient(0), part);
        LevelGradient(_layout.Encoder1, _batch.Gradient(0), part);
        WeightGradient(_layout.Encoder2, _batch.Hidden(0), _layout.Encoder1.Stride, _batch.Gradient(1), part);
        WeightGradient(_layout.Heads, _batch.Hidden(1), _layout.Encoder2.Stride, _batch.HeadsGradient, part);
        WeightGradient(_layout.Decoder1, _batch.Z, _layout.PaddedLatent, _batch.Gradient(2), part);
        WeightGradient(_layout.Decoder2, _batch.Hidden(2), _layout.Decoder1.Stride, _batch.Gradient(3), part);
        WeightGradient(_layout.Decoder3, _batch.Hidden(3), _layout.Decoder2.Stride, _batch.Output, part);
    }

    void SumSquaresPart(int part)
    {
        for (long block = Blocks * part / _team.Size, end = Blocks * (part + 1) / _team.Size; block < end; block++)
            _blockSums.Start[block] = VectorMath.SumOfSquares<T>(_gradients.Start + block * VectorMath.Block,
                (int)Math.Min(VectorMath.Block, _layout.Length - block * VectorMath.Block));
    }

    void AdamPart(int part)
    {
        long first = Blocks * part / _team.Size * VectorMath.Block,
            end = Math.Min(_layout.Length, Blocks * (part + 1) / _team.Size * VectorMath.Block);
        FusedKernels.Adam<T>(_weights.Start, _gradients.Start, _means.Start, _squares.Start, first, end, _adamStep);
    }

    void StartWithClass(FusedLayout.Layer layer, nint row, float* output) =>
        FusedKernels.Add<T>(_weights.Start + layer.Bias,
            _weights.Start + layer.ClassRows + _labels[_batch.Rows[(int)row]] * (nint)layer.Stride, output + row * layer.Stride,
            layer.Stride);

    void Forward(FusedLayout.Layer layer, float* input, nint inputStride, float* output, int first, int end, int part)
    {
        nint stride = layer.Stride;
        output += first * stride;
        bool isStarted = layer.Classes > 0;
        Gemm.Multiply<T>(end - first, layer.Stride, layer.Inputs, input + first * inputStride, inputStride, 1,
            _weights.Start + layer.Weight, stride, output, stride,
            isStarted ? output : _weights.Start + layer.Bias, isStarted ? stride : 0, Scratch(part));
    }

    void Backward(FusedLayout.Layer layer, float* gradient, float* inputGradient, int first, int end, int part)
    {
        nint stride = layer.Stride, inputStride = Gemm.Padded(layer.Inputs);
        Gemm.MultiplyTransposed<T>(end - first, (int)inputStride, layer.Outputs, gradient + first * stride, stride, 1,
            _weights.Start + layer.Weight, stride, inputGradient + first * inputStride, inputStride,
            null, 0, Scratch(part));
    }

    void WeightGradient(FusedLayout.Layer layer, float* input, nint inputStride, float* gradient, int part)
    {
        nint stride = layer.Stride;
        (int first, int end) = Range(layer.Inputs, RowUnit, part);
        Gemm.Multiply<T>(end - first, layer.Stride, _batch.Count, input + first, 1, inputStride, gradient, stride,
            _gradients.Start + layer.Weight + first * stride, stride, null, 0, Scratch(part));
        (first, end) = Range(layer.Stride, Gemm.Lanes, part);
        int width = end - first;
        VectorMath.ColumnSums<T>(gradient + first, stride, _batch.Count, width, _gradients.Start + layer.Bias + first);
        if (layer.Classes == 0)
            return;
        float* classRows = _gradients.Start + layer.ClassRows + first;
        for (int c = 0; c < layer.Classes; c++)
            new Span<float>(classRows + c * stride, width).Clear();
        for (nint i = 0; i < _batch.Count; i++)
        {
            float* row = classRows + _labels[_batch.Rows[(int)i]] * stride;
            FusedKernels.Add<T>(row, gradient + i * stride + first, row, width);
        }
    }

    // Each thread has columns of its own.
    void LevelGradient(FusedLayout.Layer layer, float* gradient, int part)
    {
        if (_levelRows is null)
            return;
        nint stride = layer.Stride;
        (int first, int end) = Range(layer.Stride, Gemm.Lanes, part);
        float* gradients = _gradients.Start + layer.Weight + first;
        for (int feature = _numbers; feature < layer.Inputs; feature++)
            new Span<float>(gradients + feature * stride, end - first).Clear();
        for (nint i = 0; i < _batch.Count; i++)
            _levelRows.AddGradient<T>(_batch.Rows[(int)i], gradient + i * stride + first, gradients, stride, end - first);
    }

    void Activate(int layer, int first, int end)
    {
        nint stride = _batch.HiddenStride(layer);
        VectorMath.LeakyReLU<T>(_batch.Hidden(layer) + first * stride, _batch.IsMasked ? _batch.Mask(layer) + first * stride : null,
            (end - first) * stride, CvaeShape.LeakySlope);
    }

    void ActivateBackward(int layer, int first, int end)
    {
        nint stride = _batch.HiddenStride(layer), at = first * stride;
        FusedKernels.LeakyReLUBackward<T>(_batch.Gradient(layer) + at, _batch.Hidden(layer) + at, _batch.Mask(layer) + at,
            (end - first) * stride, CvaeShape.LeakySlope);
    }

    float* Scratch(int part) => _scratch.Start + part * (nint)Gemm.ScratchSize;

    (int First, int End) Range(int total, int unit, int part)
    {
        int units = (total + unit - 1) / unit;
        return ((int)((long)units * part / _team.Size) * unit, Math.Min(total, (int)((long)units * (part + 1) / _team.Size) * unit));
    }
}

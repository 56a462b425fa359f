using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LeoCvae.Training;

/// <summary>
/// The method written out in TorchSharp with autograd: the readable definition, and the oracle for other engines.
/// <para>
/// TorchSharp turns a number into a Scalar with a finalizer and hands on its handle alone, so that a garbage collection that
/// another thread starts during the call frees it under libtorch: the call fails, or reads another number. Tensors are safe,
/// their dispose scope holds them. So no number is converted here on the way: each is a Scalar that outlives its calls, sums of
/// tensors name their factor, and a result is read from its memory, not by item().
/// </para>
/// </summary>
sealed class TorchEngine : ICvaeEngine
{
    readonly TrainingOptions _options;
    readonly TrainingData _data;
    readonly CvaeShape _shape;
    readonly Device _device;
    readonly Tensor _x, _onehot, _rowWeights;
    readonly Dictionary<string, (Parameter Weight, Parameter Bias)> _layers;
    readonly Adam _adam;
    readonly Scalar _one, _two, _half, _minusHalf, _slope, _kldWeight, _kldFloor, _minusLevelWeight;

    public TorchEngine(TrainingOptions options, TrainingData data, CvaeWeights initial)
    {
        RequireDevice(options.Device);
        // Networks this small get slower with more threads, and one thread gives the same bits everywhere.
        set_num_threads(1);
        (_options, _data, _shape, _device) = (options, data, initial.Shape, device(options.Device));
        (_one, _two, _half, _minusHalf, _slope) = (1, 2, 0.5f, -0.5f, CvaeShape.LeakySlope);
        (_kldWeight, _kldFloor, _minusLevelWeight) = (options.KldWeight, options.KldFloor, -LevelLoss.Weight);
        using DisposeScope scope = NewDisposeScope();
        _x = OnDevice(data.X.Values, data.X.Rows, data.X.Columns).DetachFromDisposeScope();
        _onehot = nn.functional.one_hot(tensor(Long(data.Labels)), _shape.Classes).to(ScalarType.Float32).to(_device)
            .DetachFromDisposeScope();
        _rowWeights = OnDevice(data.RowWeights, data.RowWeights.Length).DetachFromDisposeScope();
        _layers = _shape.Layers.ToDictionary(layer => layer.Name, layer =>
        {
            CvaeWeights.Layer start = initial[layer.Name];
            return (Leaf(OnDevice(start.Weight, start.Outputs, start.Inputs)), Leaf(OnDevice(start.Bias, start.Outputs)));
        });
        _adam = new(Parameters, options.LearningRate, options.WeightDecay);
    }

    /// <summary>Loads libtorch, and fails where it has no such device.</summary>
    /// <exception cref="DllNotFoundException">There is no libtorch.</exception>
    /// <exception cref="ArgumentException">It finds no CUDA device.</exception>
    public static void RequireDevice(string device)
    {
        LibTorch.EnsureLoaded();
        if (device == "cuda" && !cuda.is_available())
            throw Fault.Argument(nameof(TrainingOptions.Device),
                $"got 'cuda', but libtorch finds no CUDA device; add libtorch-cuda-12.8-linux-x64 or -win-x64, not libtorch-cpu");
    }

    IEnumerable<Parameter> Parameters => _shape.Layers.SelectMany(layer => new[] { _layers[layer.Name].Weight, _layers[layer.Name].Bias });

    public Losses Step(StepInput step)
    {
        using DisposeScope scope = NewDisposeScope();
        _adam.ZeroGradients();
        Losses losses = Backward(step);
        nn.utils.clip_grad_norm_(Parameters, _options.GradientClip);
        _adam.Step();
        return losses;
    }

    /// <summary>The loss of a step and its unclipped gradients, in the shape of the weights; nothing is updated.</summary>
    public (Losses Losses, CvaeWeights Gradients) Gradients(StepInput step)
    {
        using DisposeScope scope = NewDisposeScope();
        _adam.ZeroGradients();
        Losses losses = Backward(step);
        return (losses, Copy(parameter => parameter.grad!));
    }

    public Losses Evaluate(ReadOnlySpan<int> rows, float[] noise)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        return Read(Loss(rows, noise, masks: null));
    }

    public (Matrix Mu, Matrix LogVariance) Encode()
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        (Tensor mu, Tensor logvar) = Encode(_x, _onehot, masks: null);
        Matrix ToMatrix(Tensor values) => new((int)values.shape[0], _shape.Latent, Floats(values));
        return (ToMatrix(mu), ToMatrix(logvar));
    }

    public CvaeWeights GetWeights()
    {
        using DisposeScope scope = NewDisposeScope();
        return Copy(parameter => parameter);
    }

    public void CopyWeights(CvaeWeights to)
    {
        CvaeWeights now = GetWeights();
        foreach ((CvaeWeights.Layer from, CvaeWeights.Layer into) in now.Layers.Zip(to.Layers))
        {
            from.Weight.CopyTo(into.Weight, 0);
            from.Bias.CopyTo(into.Bias, 0);
        }
    }

    public void SetWeights(CvaeWeights weights) => Set(weights, parameter => parameter);

    public EngineState GetState()
    {
        using DisposeScope scope = NewDisposeScope();
        return new(_adam.Steps, Copy(parameter => parameter), Copy(parameter => _adam.State(parameter).Mean),
            Copy(parameter => _adam.State(parameter).Square));
    }

    public void SetState(EngineState state)
    {
        _adam.Steps = state.Step;
        SetWeights(state.Weights);
        Set(state.Means, parameter => _adam.State(parameter).Mean);
        Set(state.Squares, parameter => _adam.State(parameter).Square);
    }

    public void Dispose()
    {
        _adam.Dispose();
        foreach (Parameter parameter in Parameters)
            parameter.Dispose();
        _x.Dispose();
        _onehot.Dispose();
        _rowWeights.Dispose();
        foreach (Scalar scalar in (Scalar[])[_one, _two, _half, _minusHalf, _slope, _kldWeight, _kldFloor, _minusLevelWeight])
            scalar.Dispose();
    }

    /// <summary>
    /// recon = mean_i w_i ||x_i - decoder(z_i, y_i)||^2, kl = mean_i -1/2 sum_l (1 + log s^2 - mu^2 - s^2),
    /// loss = recon + beta max(kl, kappa), with z = mu + s * noise.
    /// </summary>
    (Tensor Total, Tensor Reconstruction, Tensor Kld) Loss(ReadOnlySpan<int> rows, float[] noise, float[][]? masks)
    {
        int count = rows.Length;
        Tensor index = tensor(Long(rows)).to(_device);
        Tensor x = _x.index_select(0, index), onehot = _onehot.index_select(0, index), weights = _rowWeights.index_select(0, index);
        Tensor[]? mask = masks?.Zip(_shape.HiddenWidths, (values, width) => OnDevice(values, count, width)).ToArray();

        (Tensor mu, Tensor logvar) = Encode(x, onehot, mask);
        Tensor z = mu.add(logvar.mul(_half).exp() * OnDevice(noise, count, _shape.Latent), _one);
        Tensor reconstructed = Decode(z, onehot, mask);

        Tensor reconstruction = (weights * RowLosses(reconstructed, x)).mean();
        Tensor kld = (logvar.add(_one, _one) - mu.pow(_two) - logvar.exp()).sum(1).mul(_minusHalf).mean();
        return (reconstruction.add(kld.clamp(min: _kldFloor).mul(_kldWeight), _one), reconstruction, kld);
    }

    /// <summary>Squared errors of the numbers that are there, and <see cref="LevelLoss.Weight"/> times the cross-entropy of each
    /// block.</summary>
    Tensor RowLosses(Tensor output, Tensor x)
    {
        if (_data.Layout is not { Blocks.Count: > 0 } layout)
            return (output - x).pow(_two).sum(1);
        Tensor error = (output - x).pow(_two), sum = zeros_like(error.select(1, 0));
        Tensor Level(LevelBlock block, int level) => x.select(1, block.First + level).sign();
        for (int j = 0; j < layout.Numbers.Length; j++)
        {
            Tensor own = error.select(1, j);
            LevelBlock? block = layout.Blocks.FirstOrDefault(block => block.Number == j);
            sum = sum.add(block is null ? own : own * Level(block, 0), _one);
        }
        foreach (LevelBlock block in layout.Blocks)
        {
            Tensor logits = output.narrow(1, block.First, block.Count), levels = x.narrow(1, block.First, block.Count).sign();
            sum = sum.add((nn.functional.log_softmax(logits, 1) * levels).sum(1), _minusLevelWeight);
        }
        return sum;
    }

    (Tensor Mu, Tensor LogVariance) Encode(Tensor x, Tensor onehot, Tensor[]? masks)
    {
        Tensor hidden = Activate(Linear("encoder1", cat([x, onehot], 1)), masks?[0]);
        hidden = Activate(Linear("encoder2", hidden), masks?[1]);
        return (Linear("mu", hidden), Linear("logvar", hidden));
    }

    Tensor Decode(Tensor z, Tensor onehot, Tensor[]? masks)
    {
        Tensor hidden = Activate(Linear("decoder1", cat([z, onehot], 1)), masks?[2]);
        hidden = Activate(Linear("decoder2", hidden), masks?[3]);
        return Linear("decoder3", hidden);
    }

    Tensor Linear(string layer, Tensor input) => nn.functional.linear(input, _layers[layer].Weight, _layers[layer].Bias);

    Tensor Activate(Tensor values, Tensor? mask)
    {
        Tensor active = values.leaky_relu(_slope);
        return mask is null ? active : active * mask;
    }

    Losses Backward(StepInput step)
    {
        (Tensor Total, Tensor, Tensor) loss = Loss(step.Rows, step.Noise, step.Masks);
        loss.Total.backward();
        return Read(loss);
    }

    static Losses Read((Tensor Total, Tensor Reconstruction, Tensor Kld) loss) =>
        new(Floats(loss.Total)[0], Floats(loss.Reconstruction)[0], Floats(loss.Kld)[0]);

    void Set(CvaeWeights values, Func<Parameter, Tensor> of)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = no_grad();
        foreach ((string name, int outputs, int inputs) in _shape.Layers)
        {
            of(_layers[name].Weight).copy_(OnDevice(values[name].Weight, outputs, inputs));
            of(_layers[name].Bias).copy_(OnDevice(values[name].Bias, outputs));
        }
    }

    CvaeWeights Copy(Func<Parameter, Tensor> of) => new(_shape, _shape.Layers.Select(layer =>
        new CvaeWeights.Layer(layer.Outputs, layer.Inputs, Floats(of(_layers[layer.Name].Weight)), Floats(of(_layers[layer.Name].Bias)))));

    // tensor(array) copies where from_array could alias an array that changes later.
    Tensor OnDevice(float[] values, params long[] shape) => tensor(values).reshape(shape).to(_device);

    static Parameter Leaf(Tensor values) => (Parameter)new Parameter(values.clone()).DetachFromDisposeScope();

    static float[] Floats(Tensor values)
    {
        float[] copy = new float[values.numel()];
        values.detach().cpu().contiguous().data<float>().CopyTo(copy);
        return copy;
    }

    static long[] Long(ReadOnlySpan<int> values)
    {
        long[] longs = new long[values.Length];
        for (int i = 0; i < values.Length; i++)
            longs[i] = values[i];
        return longs;
    }
}

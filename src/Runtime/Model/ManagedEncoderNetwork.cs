using System.Buffers;
using System.Numerics.Tensors;

namespace LeoCvae;

/// <summary>
/// encoder.onnx on this library's own kernels, without any native library. Thread-safe.
/// </summary>
sealed unsafe class ManagedEncoderNetwork : IEncoderNetwork
{
    readonly NumberCodec _codec;
    readonly LevelEncoding? _levels;
    // Weights of levels: a row of zeros, then one for each.
    readonly float[] _levelWeights = [];
    readonly int _width;
    readonly DenseLayer _condition, _second, _mu;
    // Null where there are no numbers.
    readonly DenseLayer? _first;

    public ManagedEncoderNetwork(byte[] onnx, IReadOnlyList<ColumnSpec> columns, int classes, int latent)
    {
        OnnxFile file = new(ModelFormat.Encoder, onnx);
        (_width, int numbers) = (columns.Count, columns.Count(FeatureLayout.IsNumber));
        double[] mean = numbers == 0 ? [] : file.Initializer<double>(NumberCodec.MeanTensor);
        ManagedNetwork.RequireFit(file, (mean.Length, numbers));
        _codec = new(columns, mean);
        if (FeatureLayout.ColumnsOfBlocks(columns).Any())
            _levels = new(columns, file.Initializer<long>(LevelEncoding.RowsTensor));
        ManagedNetwork.RequireOperators(file,
            [.. _codec.InNodes.Select(node => node.Operator), "Gemm",
                .. _levels?.Nodes.Select(node => node.Operator).Append("Add") ?? [],
                .. numbers == 0 ? [] : (string[])["Gemm"], "LeakyRelu", "Gemm", "LeakyRelu", "Gemm", "Gemm"]);
        float[] bias = file.Initializer<float>("encoder1_bias");
        _condition = ManagedNetwork.Layer(file, "encoder1_condition", bias, bias.Length);
        _first = numbers == 0 ? null : ManagedNetwork.Layer(file, "encoder1_weight", [], bias.Length);
        _second = ManagedNetwork.Layer(file, "encoder2");
        _mu = ManagedNetwork.Layer(file, "mu");
        ManagedNetwork.RequireFit(file, (_condition.Inputs, classes), (_first?.Inputs ?? 0, numbers),
            (_second.Inputs, _condition.Outputs), (_mu.Inputs, _second.Outputs), (_mu.Outputs, latent));
        if (_levels is null)
            return;
        long[] rows = file.Initializer<long>(LevelEncoding.RowsTensor);
        _levelWeights = file.Initializer<float>(LevelEncoding.WeightTensor);
        int levels = _levelWeights.Length / _condition.Outputs;
        ManagedNetwork.RequireFit(file, (rows.Length, _levels.RowCount), (_levelWeights.Length % _condition.Outputs, 0),
            (rows.Count(row => row < 0 || row >= levels), 0));
        ManagedNetwork.RequireConstants(file, _levels.Constants);
    }

    public void Encode(ReadOnlySpan<double> rows, ReadOnlySpan<float> conditions, Span<float> means) =>
        Simd.Run<Encoding, int>(new(this, rows, conditions, means));

    readonly ref struct Encoding(
        ManagedEncoderNetwork network, ReadOnlySpan<double> rows, ReadOnlySpan<float> conditions, Span<float> means) : ISimdWork<int>
    {
        readonly ReadOnlySpan<double> _rows = rows;
        readonly ReadOnlySpan<float> _conditions = conditions;
        readonly Span<float> _means = means;

        public int On<T>() where T : struct, ISimd<T>
        {
            network.Encode<T>(_rows, _conditions, _means);
            return _rows.Length;
        }
    }

    internal void Encode<T>(ReadOnlySpan<double> rows, ReadOnlySpan<float> conditions, Span<float> means) where T : struct, ISimd<T>
    {
        int width = _codec.Width, hidden = _condition.Stride, classes = _condition.Inputs, latent = _mu.Outputs,
            floats = width + hidden + _second.Stride + _mu.Stride;
        int all = rows.Length / _width, most = Math.Min(all, ManagedNetwork.ChunkRows(floats));
        float* x = ManagedNetwork.Scratch((long)most * floats), h1 = x + most * width,
            h2 = h1 + most * hidden, mu = h2 + most * _second.Stride;
        fixed (float* condition = conditions)
            for (int first = 0; first < all; first += most)
            {
                int count = Math.Min(most, all - first);
                for (int i = 0; i < count; i++)
                    _codec.Center(rows.Slice((first + i) * _width, _width), new(x + i * width, width));
                _condition.Apply<T>(condition + (long)first * classes, classes, count, h1, ontoY: false);
                for (int i = 0; _levels is not null && i < count; i++)
                    AddLevels(rows.Slice((first + i) * _width, _width), new(h1 + i * hidden, _condition.Outputs));
                _first?.Apply<T>(x, width, count, h1, ontoY: true);
                VectorMath.LeakyReLU<T>(h1, null, (long)count * hidden, ManagedNetwork.LeakySlope);
                _second.Apply<T>(h1, hidden, count, h2, ontoY: false);
                VectorMath.LeakyReLU<T>(h2, null, (long)count * _second.Stride, ManagedNetwork.LeakySlope);
                _mu.Apply<T>(h2, _second.Stride, count, mu, ontoY: false);
                for (int i = 0; i < count; i++)
                    new ReadOnlySpan<float>(mu + i * _mu.Stride, latent).CopyTo(means.Slice((first + i) * latent, latent));
            }
    }

    void AddLevels(ReadOnlySpan<double> row, Span<float> hidden)
    {
        // In the graph's order: the levels' weights first, then onto what the condition gives.
        float[] sum = ArrayPool<float>.Shared.Rent(hidden.Length);
        long[] picked = ArrayPool<long>.Shared.Rent(_levels!.Blocks);
        Array.Clear(sum);
        _levels.AddWeights(row, _levelWeights, picked.AsSpan(0, _levels.Blocks), sum.AsSpan(0, hidden.Length));
        TensorPrimitives.Add(hidden, sum.AsSpan(0, hidden.Length), hidden);
        ArrayPool<long>.Shared.Return(picked);
        ArrayPool<float>.Shared.Return(sum);
    }

    public void Dispose()
    {
        foreach (DenseLayer? layer in (DenseLayer?[])[_condition, _first, _second, _mu])
            layer?.Dispose();
    }
}

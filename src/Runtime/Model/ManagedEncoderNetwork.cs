namespace LeoCvae;

/// <summary>
/// encoder.onnx on this library's own kernels, without any native library. Thread-safe; allocates nothing once a thread has called it.
/// </summary>
sealed unsafe class ManagedEncoderNetwork : IEncoderNetwork
{
    readonly NumberCodec _codec;
    readonly DenseLayer _condition, _first, _second, _mu;

    public ManagedEncoderNetwork(byte[] onnx, IReadOnlyList<ColumnSpec> columns, int classes, int latent)
    {
        OnnxFile file = new(ModelFormat.Encoder, onnx);
        int width = columns.Count;
        ManagedNetwork.RequireOperators(file,
            [.. NumberCodec.InNodes.Select(node => node.Operator), "Gemm", "Gemm", "LeakyRelu", "Gemm", "LeakyRelu", "Gemm", "Gemm"]);
        double[] mean = file.Initializer<double>(NumberCodec.MeanTensor);
        float[] bias = file.Initializer<float>("encoder1_bias");
        _condition = ManagedNetwork.Layer(file, "encoder1_condition", bias, bias.Length);
        _first = ManagedNetwork.Layer(file, "encoder1_weight", [], bias.Length);
        _second = ManagedNetwork.Layer(file, "encoder2");
        _mu = ManagedNetwork.Layer(file, "mu");
        ManagedNetwork.RequireFit(file, (mean.Length, width), (_condition.Inputs, classes), (_first.Inputs, width),
            (_second.Inputs, _first.Outputs), (_mu.Inputs, _second.Outputs), (_mu.Outputs, latent));
        _codec = new(columns, mean);
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
        int width = _codec.Width, classes = _condition.Inputs, latent = _mu.Outputs, floats = width + _first.Stride + _second.Stride
            + _mu.Stride;
        int all = rows.Length / width, most = Math.Min(all, ManagedNetwork.ChunkRows(floats));
        float* gemm = ManagedNetwork.Scratch(Gemm.ScratchSize + (long)most * floats), x = gemm + Gemm.ScratchSize, h1 = x + most * width,
            h2 = h1 + most * _first.Stride, mu = h2 + most * _second.Stride;
        fixed (float* condition = conditions)
            for (int first = 0; first < all; first += most)
            {
                int count = Math.Min(most, all - first);
                for (int i = 0; i < count; i++)
                    _codec.Center(rows.Slice((first + i) * width, width), new(x + i * width, width));
                _condition.Apply<T>(condition + (long)first * classes, classes, count, h1, ontoY: false, gemm);
                _first.Apply<T>(x, width, count, h1, ontoY: true, gemm);
                VectorMath.LeakyReLU<T>(h1, null, (long)count * _first.Stride, ManagedNetwork.LeakySlope);
                _second.Apply<T>(h1, _first.Stride, count, h2, ontoY: false, gemm);
                VectorMath.LeakyReLU<T>(h2, null, (long)count * _second.Stride, ManagedNetwork.LeakySlope);
                _mu.Apply<T>(h2, _second.Stride, count, mu, ontoY: false, gemm);
                for (int i = 0; i < count; i++)
                    new ReadOnlySpan<float>(mu + i * _mu.Stride, latent).CopyTo(means.Slice((first + i) * latent, latent));
            }
    }

    public void Dispose()
    {
        foreach (DenseLayer layer in (DenseLayer[])[_condition, _first, _second, _mu])
            layer.Dispose();
    }
}

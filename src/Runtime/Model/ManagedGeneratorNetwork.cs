namespace LeoCvae;

/// <summary>
/// generator.onnx on this library's own kernels, without any native library. Thread-safe; allocates nothing once a thread has called it.
/// </summary>
sealed unsafe class ManagedGeneratorNetwork : IGeneratorNetwork
{
    readonly int _latent;
    readonly float[] _seedMu, _seedSigma, _classTerms;
    readonly long[] _seedClass;
    readonly DenseLayer _first, _second, _last;
    readonly NumberCodec _codec;

    public ManagedGeneratorNetwork(byte[] onnx, IReadOnlyList<ColumnSpec> columns, int latent)
    {
        OnnxFile file = new(ModelFormat.Generator, onnx);
        double[] mean = file.Initializer<double>(NumberCodec.MeanTensor);
        ManagedNetwork.RequireFit(file, (mean.Length, columns.Count));
        _codec = new(columns, mean);
        ManagedNetwork.RequireOperators(file,
            ["Gather", "Gather", "Gather", "Mul", "Add", "Gather", "Gemm", "LeakyRelu", "Gemm", "LeakyRelu", "Gemm",
            .. _codec.OutNodes.Select(node => node.Operator)]);
        ManagedNetwork.RequireConstants(file, _codec.OutConstants);
        _latent = latent;
        _seedMu = file.Initializer<float>(ModelFormat.SeedMu);
        _seedSigma = file.Initializer<float>(ModelFormat.SeedSigma);
        _seedClass = file.Initializer<long>(ModelFormat.SeedClass);
        _classTerms = file.Initializer<float>("class_embedding");
        _second = ManagedNetwork.Layer(file, "decoder2");
        _first = ManagedNetwork.Layer(file, "decoder1_weight", [], _second.Inputs);
        _last = ManagedNetwork.Layer(file, "decoder3");
        int classes = _classTerms.Length / _first.Outputs;
        ManagedNetwork.RequireFit(file, (_first.Inputs, latent), (_last.Inputs, _second.Outputs), (_last.Outputs, columns.Count),
            (_seedMu.Length, _seedClass.Length * latent), (_seedSigma.Length, _seedMu.Length), (_classTerms.Length % _first.Outputs, 0),
                (_seedClass.Count(c => c < 0 || c >= classes), 0));
    }

    public int Alignment => 1;

    public void Decode(ReadOnlySpan<long> seeds, ReadOnlySpan<float> noise, Span<double> rows) =>
        Simd.Run<Decoding, int>(new(this, seeds, noise, rows));

    readonly ref struct Decoding(
        ManagedGeneratorNetwork network, ReadOnlySpan<long> seeds, ReadOnlySpan<float> noise, Span<double> rows) : ISimdWork<int>
    {
        readonly ReadOnlySpan<long> _seeds = seeds;
        readonly ReadOnlySpan<float> _noise = noise;
        readonly Span<double> _rows = rows;

        public int On<T>() where T : struct, ISimd<T>
        {
            network.Decode<T>(_seeds, _noise, _rows);
            return _seeds.Length;
        }
    }

    internal void Decode<T>(ReadOnlySpan<long> seeds, ReadOnlySpan<float> noise, Span<double> rows) where T : struct, ISimd<T>
    {
        int width = _codec.Width, floats = _latent + _first.Stride + _second.Stride + _last.Stride,
            most = Math.Min(seeds.Length, ManagedNetwork.ChunkRows(floats));
        float* gemm = ManagedNetwork.Scratch(Gemm.ScratchSize + (long)most * floats), z = gemm + Gemm.ScratchSize, h1 = z + most * _latent,
            h2 = h1 + most * _first.Stride, x = h2 + most * _second.Stride;
        for (int first = 0; first < seeds.Length; first += most)
        {
            int count = Math.Min(most, seeds.Length - first);
            for (int i = 0; i < count; i++)
            {
                int seed = (int)seeds[first + i];
                Draw(seed, noise.Slice((first + i) * _latent, _latent), new(z + i * _latent, _latent));
                _classTerms.AsSpan((int)_seedClass[seed] * _first.Outputs, _first.Outputs)
                    .CopyTo(new(h1 + i * _first.Stride, _first.Outputs));
            }
            _first.Apply<T>(z, _latent, count, h1, ontoY: true, gemm);
            VectorMath.LeakyReLU<T>(h1, null, (long)count * _first.Stride, ManagedNetwork.LeakySlope);
            _second.Apply<T>(h1, _first.Stride, count, h2, ontoY: false, gemm);
            VectorMath.LeakyReLU<T>(h2, null, (long)count * _second.Stride, ManagedNetwork.LeakySlope);
            _last.Apply<T>(h2, _second.Stride, count, x, ontoY: false, gemm);
            for (int i = 0; i < count; i++)
                _codec.ToValidRow(new(x + i * _last.Stride, width), rows.Slice((first + i) * width, width));
        }
    }

    public void Dispose()
    {
        foreach (DenseLayer layer in (DenseLayer[])[_first, _second, _last])
            layer.Dispose();
    }

    void Draw(int seed, ReadOnlySpan<float> noise, Span<float> z)
    {
        ReadOnlySpan<float> mu = _seedMu.AsSpan(seed * _latent, _latent), sigma = _seedSigma.AsSpan(seed * _latent, _latent);
        for (int l = 0; l < z.Length; l++)
            z[l] = mu[l] + sigma[l] * noise[l];
    }
}

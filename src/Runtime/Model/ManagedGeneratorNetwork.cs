using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace LeoCvae;

/// <summary>
/// generator.onnx on this library's own kernels, without any native library. Thread-safe; allocates nothing once a thread has called it.
/// </summary>
sealed unsafe class ManagedGeneratorNetwork : IGeneratorNetwork
{
    readonly int _latent;
    readonly float[] _seedMu, _seedSigma;
    readonly int[] _seedClass;
    readonly ManagedDecoder _decoder;
    readonly RowNoise? _noise;
    readonly NumberCodec _codec;
    readonly LevelDecoding? _levels;
    readonly RowCoherence _coherence;
    readonly ClassCheck? _check;
    readonly int _width;

    /// <param name="onnx">The file.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="latent">L.</param>
    /// <param name="constraints">What holds in every row.</param>
    public ManagedGeneratorNetwork(byte[] onnx, IReadOnlyList<ColumnSpec> columns, int latent,
        IReadOnlyList<RowConstraint>? constraints = null)
    {
        OnnxFile file = new(ModelFormat.Generator, onnx);
        int numbers = columns.Count(FeatureLayout.IsNumber);
        double[] mean = numbers == 0 ? [] : file.Initializer<double>(NumberCodec.MeanTensor);
        ManagedNetwork.RequireFit(file, (mean.Length, numbers));
        (_codec, _width) = (new(columns, mean), columns.Count);
        _decoder = new(file, numbers, latent);
        _levels = LevelFile.Read(file, columns, _decoder.Classes);
        _coherence = new(columns, constraints ?? []);
        (IReadOnlyList<GraphConstant> Constants, IReadOnlyList<GraphNode> Nodes) coherent = _coherence.IsEmpty ? ([], [])
            : _coherence.Graph("", "", isDrawn: true);
        ManagedNetwork.RequireConstants(file, coherent.Constants);
        if (file.HasInitializer(ClassCheck.LeastTensor))
            _check = new(file, columns, _codec, _decoder.Classes);
        bool isNoisy = file.HasInitializer(NoiseTensors.OffsetName);
        ManagedNetwork.RequireOperators(file,
            ["Gather", "Gather", "Gather", "Mul", "Add", .. ManagedDecoder.Operators,
                .. isNoisy ? RowNoise.Nodes("").Select(Operator) : numbers == 0 ? [] : ["Gemm", .. NumberCodec.RawNodes.Select(Operator)],
                .. _codec.OutNodes.Select(Operator),
                .. _levels?.Nodes("", isDrawn: true).Select(Operator) ?? [], .. coherent.Nodes.Select(Operator),
                .. _check?.Operators ?? []]);
        ManagedNetwork.RequireConstants(file, _codec.OutConstants);
        _latent = latent;
        (_seedMu, _seedSigma) = (file.Initializer<float>(ModelFormat.SeedMu), file.Initializer<float>(ModelFormat.SeedSigma));
        long[] seedClass = file.Initializer<long>(ModelFormat.SeedClass);
        ManagedNetwork.RequireFit(file, (_levels?.Levels ?? 0, _decoder.Levels), (_seedMu.Length, seedClass.Length * latent),
            (_seedSigma.Length, _seedMu.Length), (seedClass.Count(c => c < 0 || c >= _decoder.Classes), 0));
        _seedClass = [.. seedClass.Select(c => (int)c)];
        if (isNoisy)
            _noise = new(Noise(file, _decoder.Classes, numbers));
    }

    public int Alignment => 1;

    public int Factors => _noise?.Factors ?? 0;

    public int Columns => _noise is null ? 0 : _codec.Width;

    public int Choices => _levels?.Choices ?? 0;

    public bool IsChecked => _check is not null;

    public void Decode(ReadOnlySpan<long> seeds, NoiseInputs noise, Span<double> rows, Span<float> margins = default) =>
        Simd.Run<Decoding, int>(new(this, seeds, noise, rows, margins));

    readonly ref struct Decoding(ManagedGeneratorNetwork network, ReadOnlySpan<long> seeds, NoiseInputs noise, Span<double> rows,
        Span<float> margins) : ISimdWork<int>
    {
        readonly ReadOnlySpan<long> _seeds = seeds;
        readonly NoiseInputs _noise = noise;
        readonly Span<double> _rows = rows;
        readonly Span<float> _margins = margins;

        public int On<T>() where T : struct, ISimd<T>
        {
            network.Decode<T>(_seeds, _noise, _rows);
            if (_margins.Length > 0)
                network.Check<T>(_seeds, _rows, _margins);
            return _seeds.Length;
        }
    }

    internal void Decode<T>(ReadOnlySpan<long> seeds, NoiseInputs noise, Span<double> rows) where T : struct, ISimd<T>
    {
        int width = _codec.Width, stride = _decoder.Stride, floats = _decoder.Floats,
            most = Math.Min(seeds.Length, ManagedNetwork.ChunkRows(floats));
        float* memory = ManagedNetwork.Scratch((long)most * floats);
        Span<int> classes = stackalloc int[most];
        // Of numbers beside other columns.
        double[] numbers = _levels is null ? [] : ArrayPool<double>.Shared.Rent(width);
        for (int first = 0; first < seeds.Length; first += most)
        {
            int count = Math.Min(most, seeds.Length - first);
            for (int i = 0; i < count; i++)
            {
                int seed = (int)seeds[first + i];
                classes[i] = _seedClass[seed];
                Draw(seed, noise.Latent.Slice((first + i) * _latent, _latent), new(memory + i * _latent, _latent));
            }
            _decoder.Decode<T>(memory, classes[..count]);
            float* x = _decoder.Rows(memory, count), logits = _decoder.Logits(memory, count);
            _noise?.Add<T>(x, classes[..count], noise.Factors.Slice(first * Factors, count * Factors),
                noise.Columns.Slice(first * width, count * width));
            for (int i = 0; i < count; i++, x += stride)
            {
                Span<double> row = rows.Slice((first + i) * _width, _width);
                if (_levels is null)
                {
                    _codec.ToValidRow(new(x, width), row);
                    if (!_coherence.IsEmpty)
                        _coherence.Apply(row, []);
                    continue;
                }
                _codec.ToValidRow(new(x, width), numbers.AsSpan(0, width));
                ReadOnlySpan<float> choices = noise.Choices.Slice((first + i) * Choices, Choices);
                _levels.Fill<T>(numbers.AsSpan(0, width), logits + (long)i * _decoder.LevelStride, classes[i], choices, row);
                _coherence.Apply(row, choices);
            }
        }
        if (!_coherence.IsEmpty)
            TensorPrimitives.Add(rows, 0.0, rows);
        if (_levels is not null)
            ArrayPool<double>.Shared.Return(numbers);
    }

    internal void Check<T>(ReadOnlySpan<long> seeds, ReadOnlySpan<double> rows, Span<float> margins) where T : struct, ISimd<T>
    {
        int[] classes = ArrayPool<int>.Shared.Rent(seeds.Length);
        for (int i = 0; i < seeds.Length; i++)
            classes[i] = _seedClass[(int)seeds[i]];
        _check!.Apply<T>(rows, classes.AsSpan(0, seeds.Length), margins);
        ArrayPool<int>.Shared.Return(classes);
    }

    public void Dispose()
    {
        _decoder.Dispose();
        _noise?.Dispose();
        _check?.Dispose();
    }

    void Draw(int seed, ReadOnlySpan<float> noise, Span<float> z)
    {
        ReadOnlySpan<float> mu = _seedMu.AsSpan(seed * _latent, _latent), sigma = _seedSigma.AsSpan(seed * _latent, _latent);
        int l = 0;
        for (; l <= z.Length - Vector<float>.Count; l += Vector<float>.Count)
            (new Vector<float>(mu[l..]) + new Vector<float>(sigma[l..]) * new Vector<float>(noise[l..])).CopyTo(z[l..]);
        for (; l < z.Length; l++)
            z[l] = mu[l] + sigma[l] * noise[l];
    }

    static string Operator(GraphNode node) => node.Operator;

    static NoiseTensors Noise(OnnxFile file, int classes, int width)
    {
        float[] Tensor(string name) => file.Initializer<float>(name);
        float[] offset = Tensor(NoiseTensors.OffsetName), loadings = Tensor(NoiseTensors.LoadingsName),
            intercepts = Tensor(NoiseTensors.InterceptsName), slopes = Tensor(NoiseTensors.SlopesName);
        int rows = classes * width;
        ManagedNetwork.RequireFit(file, (offset.Length, rows), (loadings.Length % rows, 0), (intercepts.Length % rows, 0),
            (slopes.Length, intercepts.Length), (intercepts.Length / rows % 2, 1), (intercepts.Length / rows < 3 ? 1 : 0, 0),
            (loadings.Length < rows ? 1 : 0, 0));
        NoiseTensors tensors = new(loadings.Length / rows, width, offset, loadings, Tensor(NoiseTensors.DiagonalName), intercepts, slopes);
        ManagedNetwork.RequireFit(file, (tensors.Diagonal.Length, rows));
        ManagedNetwork.RequireConstants(file, RowNoise.Constants(tensors, Tensor("decoder3_weight")));
        return tensors;
    }
}

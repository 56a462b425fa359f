namespace LeoCvae;

/// <summary>
/// The decoder's three layers, which generator.onnx and decoder.onnx both hold, on this library's own kernels: latent vectors and classes
/// to numbers in the columns' units from their means, neither noisy nor rounded, or to what row noise starts from; and to the logits of
/// levels. Thread-safe.
/// </summary>
sealed unsafe class ManagedDecoder : IDisposable
{
    /// <summary>Operators of the graph from the latent vector to the last activations.</summary>
    public static readonly string[] Operators = ["Gather", "Gemm", "LeakyRelu", "Gemm", "LeakyRelu"];

    readonly float[] _classTerms;
    readonly DenseLayer _first, _second;
    // Null where there are no numbers, or no levels.
    readonly DenseLayer? _last, _levels;
    readonly float[] _levelBias = [];

    /// <param name="file">generator.onnx or decoder.onnx.</param>
    /// <param name="width">How many numbers a row has.</param>
    /// <param name="latent">L.</param>
    public ManagedDecoder(OnnxFile file, int width, int latent)
    {
        _classTerms = file.Initializer<float>("class_embedding");
        _second = ManagedNetwork.Layer(file, "decoder2");
        _first = ManagedNetwork.Layer(file, "decoder1_weight", [], _second.Inputs);
        // Row noise has its own offsets in place of the last bias.
        _last = width == 0 ? null : file.HasInitializer("decoder3_bias") ? ManagedNetwork.Layer(file, "decoder3")
            : ManagedNetwork.Layer(file, "decoder3_weight", [], width);
        (Width, Latent, Classes) = (width, latent, _classTerms.Length / _first.Outputs);
        ManagedNetwork.RequireFit(file, (_first.Inputs, latent), (_last?.Inputs ?? _second.Outputs, _second.Outputs),
            (_last?.Outputs ?? 0, width), (_classTerms.Length % _first.Outputs, 0));
        if (!file.HasInitializer(LevelTensors.WeightName))
            return;
        _levelBias = file.Initializer<float>(LevelTensors.BiasName);
        ManagedNetwork.RequireFit(file, (_levelBias.Length % Classes, 0), (_levelBias.Length == 0 ? 1 : 0, 0));
        _levels = ManagedNetwork.Layer(file, LevelTensors.WeightName, [], _levelBias.Length / Classes);
        ManagedNetwork.RequireFit(file, (_levels.Inputs, _second.Outputs));
    }

    /// <summary>Numbers of a row.</summary>
    public int Width { get; }

    /// <summary>Levels, which have a logit each.</summary>
    public int Levels => _levels?.Outputs ?? 0;

    public int Latent { get; }

    public int Classes { get; }

    /// <summary>Floats from a decoded row's numbers to the next one's.</summary>
    public int Stride => _last?.Stride ?? 0;

    /// <summary>Floats from a row's logits to the next one's.</summary>
    public int LevelStride => _levels?.Stride ?? 0;

    /// <summary>Floats that a row needs: latent vector, two hidden layers, and at last numbers and logits.</summary>
    public int Floats => Latent + _first.Stride + _second.Stride + Stride + LevelStride;

    /// <summary>Where the numbers of so many rows stand in their memory.</summary>
    public float* Rows(float* memory, int rows) => memory + (long)rows * (Floats - Stride - LevelStride);

    /// <summary>Where the logits of so many rows stand in their memory.</summary>
    public float* Logits(float* memory, int rows) => memory + (long)rows * (Floats - LevelStride);

    /// <summary>Decodes the latent vectors that stand at the start of the memory.</summary>
    /// <param name="memory">rows x <see cref="Floats"/>.</param>
    /// <param name="classes">The class of each row.</param>
    public void Decode<T>(float* memory, ReadOnlySpan<int> classes) where T : struct, ISimd<T>
    {
        int rows = classes.Length;
        float* h1 = memory + rows * Latent, h2 = h1 + rows * _first.Stride, x = h2 + rows * _second.Stride;
        for (int i = 0; i < rows; i++)
            _classTerms.AsSpan(classes[i] * _first.Outputs, _first.Outputs).CopyTo(new(h1 + i * _first.Stride, _first.Outputs));
        _first.Apply<T>(memory, Latent, rows, h1, ontoY: true);
        VectorMath.LeakyReLU<T>(h1, null, (long)rows * _first.Stride, ManagedNetwork.LeakySlope);
        _second.Apply<T>(h1, _first.Stride, rows, h2, ontoY: false);
        VectorMath.LeakyReLU<T>(h2, null, (long)rows * _second.Stride, ManagedNetwork.LeakySlope);
        _last?.Apply<T>(h2, _second.Stride, rows, x, ontoY: false);
        if (_levels is null)
            return;
        float* logits = Logits(memory, rows);
        for (int i = 0; i < rows; i++)
            _levelBias.AsSpan(classes[i] * Levels, Levels).CopyTo(new(logits + i * LevelStride, Levels));
        _levels.Apply<T>(h2, _second.Stride, rows, logits, ontoY: true);
    }

    /// <summary>
    /// Decodes latent vectors of one class: n x L to n x d numbers, in the columns' units from their means, and to the logits of levels.
    /// </summary>
    public (float[] Numbers, float[] Logits) Decode(ReadOnlySpan<float> latents, int classIndex)
    {
        long count = latents.Length / Latent;
        (float[] numbers, float[] logits) = (new float[count * Width], new float[count * Levels]);
        Simd.Run<Decoding, int>(new(this, latents, classIndex, numbers, logits));
        return (numbers, logits);
    }

    readonly ref struct Decoding(ManagedDecoder decoder, ReadOnlySpan<float> latents, int classIndex, float[] numbers, float[] logits)
        : ISimdWork<int>
    {
        readonly ReadOnlySpan<float> _latents = latents;

        public int On<T>() where T : struct, ISimd<T>
        {
            decoder.Decode<T>(_latents, classIndex, numbers, logits);
            return numbers.Length;
        }
    }

    void Decode<T>(ReadOnlySpan<float> latents, int classIndex, Span<float> numbers, Span<float> logits) where T : struct, ISimd<T>
    {
        int all = latents.Length / Latent, most = Math.Min(all, ManagedNetwork.ChunkRows(Floats));
        int[] classes = new int[most];
        Array.Fill(classes, classIndex);
        float* memory = ManagedNetwork.Scratch((long)most * Floats);
        for (int first = 0; first < all; first += most)
        {
            int count = Math.Min(most, all - first);
            latents.Slice(first * Latent, count * Latent).CopyTo(new(memory, count * Latent));
            Decode<T>(memory, classes.AsSpan(0, count));
            float* row = Rows(memory, count), ofLevels = Logits(memory, count);
            for (int i = first; i < first + count; i++, row += Stride, ofLevels += LevelStride)
            {
                new ReadOnlySpan<float>(row, Width).CopyTo(numbers.Slice(i * Width, Width));
                new ReadOnlySpan<float>(ofLevels, Levels).CopyTo(logits.Slice(i * Levels, Levels));
            }
        }
    }

    public void Dispose()
    {
        foreach (DenseLayer? layer in (DenseLayer?[])[_first, _second, _last, _levels])
            layer?.Dispose();
    }
}

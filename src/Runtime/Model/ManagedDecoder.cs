namespace LeoCvae;

/// <summary>
/// The decoder's three layers, which generator.onnx and decoder.onnx both hold, on this library's own kernels: latent vectors and classes
/// to rows in the columns' units from their means, neither noisy nor rounded; or to what row noise starts from. Thread-safe.
/// </summary>
sealed unsafe class ManagedDecoder : IDisposable
{
    /// <summary>Operators of the graph from the latent vector to the last activations.</summary>
    public static readonly string[] Operators = ["Gather", "Gemm", "LeakyRelu", "Gemm", "LeakyRelu"];

    readonly float[] _classTerms;
    readonly DenseLayer _first, _second, _last;

    public ManagedDecoder(OnnxFile file, int width, int latent)
    {
        _classTerms = file.Initializer<float>("class_embedding");
        _second = ManagedNetwork.Layer(file, "decoder2");
        _first = ManagedNetwork.Layer(file, "decoder1_weight", [], _second.Inputs);
        // Row noise has its own offsets in place of the last bias.
        _last = file.HasInitializer("decoder3_bias") ? ManagedNetwork.Layer(file, "decoder3")
            : ManagedNetwork.Layer(file, "decoder3_weight", [], width);
        (Width, Latent, Classes) = (width, latent, _classTerms.Length / _first.Outputs);
        ManagedNetwork.RequireFit(file, (_first.Inputs, latent), (_last.Inputs, _second.Outputs), (_last.Outputs, width),
            (_classTerms.Length % _first.Outputs, 0));
    }

    public int Width { get; }

    public int Latent { get; }

    public int Classes { get; }

    /// <summary>Floats from a decoded row to the next.</summary>
    public int Stride => _last.Stride;

    /// <summary>Floats that a row needs: latent vector, two hidden layers, and at last the decoded row.</summary>
    public int Floats => Latent + _first.Stride + _second.Stride + _last.Stride;

    /// <summary>Where the decoded rows of so many stand in their memory.</summary>
    public float* Rows(float* memory, int rows) => memory + (long)rows * (Floats - Stride);

    /// <summary>Decodes the latent vectors that stand at the start of the memory.</summary>
    /// <param name="memory">rows x <see cref="Floats"/>.</param>
    /// <param name="classes">The class of each row.</param>
    /// <param name="scratch"><see cref="Gemm.ScratchSize"/> floats.</param>
    public void Decode<T>(float* memory, ReadOnlySpan<int> classes, float* scratch) where T : struct, ISimd<T>
    {
        int rows = classes.Length;
        float* h1 = memory + rows * Latent, h2 = h1 + rows * _first.Stride, x = h2 + rows * _second.Stride;
        for (int i = 0; i < rows; i++)
            _classTerms.AsSpan(classes[i] * _first.Outputs, _first.Outputs).CopyTo(new(h1 + i * _first.Stride, _first.Outputs));
        _first.Apply<T>(memory, Latent, rows, h1, ontoY: true, scratch);
        VectorMath.LeakyReLU<T>(h1, null, (long)rows * _first.Stride, ManagedNetwork.LeakySlope);
        _second.Apply<T>(h1, _first.Stride, rows, h2, ontoY: false, scratch);
        VectorMath.LeakyReLU<T>(h2, null, (long)rows * _second.Stride, ManagedNetwork.LeakySlope);
        _last.Apply<T>(h2, _second.Stride, rows, x, ontoY: false, scratch);
    }

    /// <summary>Decodes latent vectors of one class: n x L to n x d, in the columns' units from their means.</summary>
    public float[] Decode(ReadOnlySpan<float> latents, int classIndex)
    {
        float[] rows = new float[(long)latents.Length / Latent * Width];
        Simd.Run<Decoding, int>(new(this, latents, classIndex, rows));
        return rows;
    }

    readonly ref struct Decoding(ManagedDecoder decoder, ReadOnlySpan<float> latents, int classIndex, float[] rows) : ISimdWork<int>
    {
        readonly ReadOnlySpan<float> _latents = latents;

        public int On<T>() where T : struct, ISimd<T>
        {
            decoder.Decode<T>(_latents, classIndex, rows);
            return rows.Length;
        }
    }

    void Decode<T>(ReadOnlySpan<float> latents, int classIndex, Span<float> decoded) where T : struct, ISimd<T>
    {
        int all = latents.Length / Latent, most = Math.Min(all, ManagedNetwork.ChunkRows(Floats));
        int[] classes = new int[most];
        Array.Fill(classes, classIndex);
        float* scratch = ManagedNetwork.Scratch(Gemm.ScratchSize + (long)most * Floats), memory = scratch + Gemm.ScratchSize;
        for (int first = 0; first < all; first += most)
        {
            int count = Math.Min(most, all - first);
            latents.Slice(first * Latent, count * Latent).CopyTo(new(memory, count * Latent));
            Decode<T>(memory, classes.AsSpan(0, count), scratch);
            float* rows = Rows(memory, count);
            for (int i = 0; i < count; i++)
                new ReadOnlySpan<float>(rows + (long)i * Stride, Width).CopyTo(decoded.Slice((first + i) * Width, Width));
        }
    }

    public void Dispose()
    {
        foreach (DenseLayer layer in (DenseLayer[])[_first, _second, _last])
            layer.Dispose();
    }
}

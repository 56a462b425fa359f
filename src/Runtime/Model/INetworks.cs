namespace LeoCvae;

/// <summary>The network of generator.onnx. Thread-safe.</summary>
interface IGeneratorNetwork : IDisposable
{
    /// <summary>Seed numbers and noise (N x L) to rows in original units (N x d). A row doesn't depend on the rows around it.</summary>
    void Decode(ReadOnlySpan<long> seeds, ReadOnlySpan<float> noise, Span<double> rows);
}

/// <summary>The network of encoder.onnx. Thread-safe.</summary>
interface IEncoderNetwork : IDisposable
{
    /// <summary>Rows in original units (N x d) and conditions (N x C) to latent means (N x L). A row doesn't depend on the rows around it.</summary>
    void Encode(ReadOnlySpan<double> rows, ReadOnlySpan<float> conditions, Span<float> means);
}

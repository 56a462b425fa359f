namespace LeoCvae;

/// <summary>The network of encoder.onnx. Thread-safe.</summary>
interface IEncoderNetwork : IDisposable
{
    /// <summary>
    /// Rows in original units (N x d) and conditions (N x C) to latent means (N x L). A row doesn't depend on the rows around it.
    /// </summary>
    void Encode(ReadOnlySpan<double> rows, ReadOnlySpan<float> conditions, Span<float> means);
}

using Microsoft.ML.OnnxRuntime.Tensors;

namespace LeoCvae;

/// <summary>encoder.onnx in ONNX Runtime. Thread-safe.</summary>
sealed class OnnxEncoderNetwork(byte[] onnx, int width, int classes, int latent, RuntimeOptions options) : IEncoderNetwork
{
    readonly OnnxNetwork _network = new(ModelFormat.Encoder, onnx, options,
        [(ModelFormat.Rows, TensorElementType.Double, width), (ModelFormat.Condition, TensorElementType.Float, classes)],
        [(ModelFormat.Mu, TensorElementType.Float, latent)], OnnxNetwork.BatchRows(width));

    public void Encode(ReadOnlySpan<double> rows, ReadOnlySpan<float> conditions, Span<float> means)
    {
        OnnxBatch batch = _network.Rent(rows.Length / width);
        try
        {
            rows.CopyTo(batch.Tensor<double>(0));
            conditions.CopyTo(batch.Tensor<float>(1));
            batch.Run(rows.Length / width);
            batch.Tensor<float>(2)[..means.Length].CopyTo(means);
        }
        finally
        {
            _network.Return(batch);
        }
    }

    public void Dispose() => _network.Dispose();
}

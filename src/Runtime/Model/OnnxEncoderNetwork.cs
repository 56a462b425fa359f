using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LeoCvae;

/// <summary>encoder.onnx in ONNX Runtime. Thread-safe.</summary>
sealed class OnnxEncoderNetwork(byte[] onnx, int width, int classes, int latent, RuntimeOptions options) : IEncoderNetwork
{
    readonly OnnxNetwork _network = new(ModelFormat.Encoder, onnx, options,
        [(ModelFormat.Rows, TensorElementType.Double, width), (ModelFormat.Condition, TensorElementType.Float, classes)],
        [(ModelFormat.Mu, TensorElementType.Float, latent)]);

    public void Encode(ReadOnlySpan<double> rows, ReadOnlySpan<float> conditions, Span<float> means)
    {
        int padded = OnnxNetwork.Padded(rows.Length / width);
        double[] rowInput = new double[padded * width];
        float[] conditionInput = new float[padded * classes], output = new float[padded * latent];
        rows.CopyTo(rowInput);
        conditions.CopyTo(conditionInput);
        using OrtValue rowTensor = OnnxNetwork.Tensor(rowInput, padded, width),
            conditionTensor = OnnxNetwork.Tensor(conditionInput, padded, classes), muTensor = OnnxNetwork.Tensor(output, padded, latent);
        _network.Run([rowTensor, conditionTensor], [muTensor]);
        output.AsSpan(0, means.Length).CopyTo(means);
    }

    public void Dispose() => _network.Dispose();
}

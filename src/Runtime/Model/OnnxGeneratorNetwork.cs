using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LeoCvae;

/// <summary>generator.onnx in ONNX Runtime. Thread-safe.</summary>
sealed class OnnxGeneratorNetwork(byte[] onnx, int width, int latent, RuntimeOptions options) : IGeneratorNetwork
{
    readonly OnnxNetwork _network = new(ModelFormat.Generator, onnx, options,
        [(ModelFormat.Seed, TensorElementType.Int64, 0), (ModelFormat.Noise, TensorElementType.Float, latent)],
        [(ModelFormat.Rows, TensorElementType.Double, width)]);

    public int Alignment { get; } = OnnxNetwork.BatchRows(width);

    public void Decode(ReadOnlySpan<long> seeds, ReadOnlySpan<float> noise, Span<double> rows)
    {
        int padded = OnnxNetwork.Padded(seeds.Length);
        long[] seedInput = new long[padded];
        float[] noiseInput = new float[padded * latent];
        double[] output = new double[padded * width];
        seeds.CopyTo(seedInput);
        noise.CopyTo(noiseInput);
        using OrtValue seedTensor = OnnxNetwork.Tensor(seedInput, padded, 0), noiseTensor = OnnxNetwork.Tensor(noiseInput, padded, latent),
            rowTensor = OnnxNetwork.Tensor(output, padded, width);
        _network.Run([seedTensor, noiseTensor], [rowTensor]);
        output.AsSpan(0, rows.Length).CopyTo(rows);
    }

    public void Dispose() => _network.Dispose();
}

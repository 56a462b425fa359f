using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LeoCvae;

/// <summary>generator.onnx in ONNX Runtime. Thread-safe.</summary>
/// <param name="onnx">The file.</param>
/// <param name="width">d.</param>
/// <param name="latent">L.</param>
/// <param name="factors">r; 0 for a model without row noise.</param>
/// <param name="options">Threads and execution provider.</param>
sealed class OnnxGeneratorNetwork(byte[] onnx, int width, int latent, int factors, RuntimeOptions options) : IGeneratorNetwork
{
    readonly OnnxNetwork _network = new(ModelFormat.Generator, onnx, options,
        [(ModelFormat.Seed, TensorElementType.Int64, 0), (ModelFormat.Noise, TensorElementType.Float, latent), .. factors == 0 ? []
            : ((string, TensorElementType, int)[])[(NoiseTensors.FactorNoise, TensorElementType.Float, factors),
                (NoiseTensors.ColumnNoise, TensorElementType.Float, width)]],
        [(ModelFormat.Rows, TensorElementType.Double, width)]);

    public int Alignment { get; } = OnnxNetwork.BatchRows(width);

    public int Factors => factors;

    public void Decode(ReadOnlySpan<long> seeds, NoiseInputs noise, Span<double> rows)
    {
        int padded = OnnxNetwork.Padded(seeds.Length);
        long[] seedInput = new long[padded];
        seeds.CopyTo(seedInput);
        double[] output = new double[padded * width];
        List<OrtValue> inputs = [OnnxNetwork.Tensor(seedInput, padded, 0), Tensor(noise.Latent, latent)];
        try
        {
            if (factors > 0)
            {
                inputs.Add(Tensor(noise.Factors, factors));
                inputs.Add(Tensor(noise.Columns, width));
            }
            using OrtValue rowTensor = OnnxNetwork.Tensor(output, padded, width);
            _network.Run([.. inputs], [rowTensor]);
        }
        catch (OnnxRuntimeException e)
        {
            // A place among the knots that is no number is no index.
            throw new InvalidDataException($"the model's network overflows, or can't be run: {e.Message}", e);
        }
        finally
        {
            inputs.ForEach(input => input.Dispose());
        }
        output.AsSpan(0, rows.Length).CopyTo(rows);

        OrtValue Tensor(ReadOnlySpan<float> values, int columns)
        {
            float[] input = new float[padded * columns];
            values.CopyTo(input);
            return OnnxNetwork.Tensor(input, padded, columns);
        }
    }

    public void Dispose() => _network.Dispose();
}

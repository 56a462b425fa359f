using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LeoCvae;

/// <summary>generator.onnx in ONNX Runtime. Thread-safe.</summary>
/// <param name="onnx">The file.</param>
/// <param name="width">d.</param>
/// <param name="latent">L.</param>
/// <param name="sampling">What its inputs are.</param>
/// <param name="numbers">Columns of numbers.</param>
/// <param name="options">Threads and execution provider.</param>
sealed class OnnxGeneratorNetwork(byte[] onnx, int width, int latent, ManifestSampling sampling, int numbers, RuntimeOptions options)
    : IGeneratorNetwork
{
    readonly OnnxNetwork _network = new(ModelFormat.Generator, onnx, options,
        [(ModelFormat.Seed, TensorElementType.Int64, 0), (ModelFormat.Noise, TensorElementType.Float, latent),
            .. sampling.NoiseFactors == 0 ? [] : ((string, TensorElementType, int)[])[
                (NoiseTensors.FactorNoise, TensorElementType.Float, sampling.NoiseFactors),
                (NoiseTensors.ColumnNoise, TensorElementType.Float, numbers)],
            .. sampling.Choices == 0 ? [] : ((string, TensorElementType, int)[])[
                (LevelTensors.Choice, TensorElementType.Float, sampling.Choices)]],
        [(ModelFormat.Rows, TensorElementType.Double, width)]);

    public int Alignment { get; } = OnnxNetwork.BatchRows(width);

    public int Factors => sampling.NoiseFactors;

    public int Columns => Factors == 0 ? 0 : numbers;

    public int Choices => sampling.Choices;

    public void Decode(ReadOnlySpan<long> seeds, NoiseInputs noise, Span<double> rows)
    {
        int padded = OnnxNetwork.Padded(seeds.Length);
        long[] seedInput = new long[padded];
        seeds.CopyTo(seedInput);
        double[] output = new double[padded * width];
        List<OrtValue> inputs = [OnnxNetwork.Tensor(seedInput, padded, 0), Tensor(noise.Latent, latent)];
        try
        {
            if (Factors > 0)
            {
                inputs.Add(Tensor(noise.Factors, Factors));
                inputs.Add(Tensor(noise.Columns, numbers));
            }
            if (Choices > 0)
                inputs.Add(Tensor(noise.Choices, Choices));
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

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
sealed unsafe class OnnxGeneratorNetwork(byte[] onnx, int width, int latent, ManifestSampling sampling, int numbers, RuntimeOptions options)
    : IGeneratorNetwork
{
    readonly OnnxNetwork _network = new(ModelFormat.Generator, onnx, options,
        [(ModelFormat.Seed, TensorElementType.Int64, 0), (ModelFormat.Noise, TensorElementType.Float, latent),
            .. sampling.NoiseFactors == 0 ? [] : ((string, TensorElementType, int)[])[
                (NoiseTensors.FactorNoise, TensorElementType.Float, sampling.NoiseFactors),
                (NoiseTensors.ColumnNoise, TensorElementType.Float, numbers)],
            .. sampling.Choices == 0 ? [] : ((string, TensorElementType, int)[])[
                (LevelTensors.Choice, TensorElementType.Float, sampling.Choices)]],
        [(ModelFormat.Rows, TensorElementType.Double, width),
            .. sampling.Attempts == 0 ? [] : ((string, TensorElementType, int)[])[(ClassCheck.Margin, TensorElementType.Float, 0)]]);

    public int Alignment { get; } = OnnxNetwork.BatchRows(width);

    public int Factors => sampling.NoiseFactors;

    public int Columns => Factors == 0 ? 0 : numbers;

    public int Choices => sampling.Choices;

    public bool IsChecked => sampling.Attempts > 0;

    public void Decode(ReadOnlySpan<long> seeds, NoiseInputs noise, Span<double> rows, Span<float> margins = default)
    {
        int count = seeds.Length, padded = OnnxNetwork.Padded(count);
        if (padded == count)
        {
            Run(seeds, noise, rows, margins);
            return;
        }
        // Fewer rows than a whole block, so the copies are small.
        double[] output = new double[padded * width];
        float[] passed = new float[padded];
        Run(Longer(seeds), new(Longer(noise.Latent), Longer(noise.Factors), Longer(noise.Columns), Longer(noise.Choices)), output, passed);
        output.AsSpan(0, rows.Length).CopyTo(rows);
        passed.AsSpan(0, margins.Length).CopyTo(margins);

        T[] Longer<T>(ReadOnlySpan<T> values) => [.. values, .. new T[values.Length / count * (padded - count)]];
    }

    // On the caller's own memory.
    void Run(ReadOnlySpan<long> seeds, NoiseInputs noise, Span<double> rows, Span<float> margins)
    {
        // The output is there, asked for or not.
        if (IsChecked && margins.IsEmpty)
            margins = new float[seeds.Length];
        int count = seeds.Length;
        fixed (long* seed = seeds)
        fixed (float* latents = noise.Latent, ofFactors = noise.Factors, ofColumns = noise.Columns, choices = noise.Choices)
        fixed (double* output = rows)
        fixed (float* passed = margins)
        {
            List<OrtValue> inputs = [OnnxNetwork.Tensor(seed, count, 0), OnnxNetwork.Tensor(latents, count, latent)];
            try
            {
                if (Factors > 0)
                {
                    inputs.Add(OnnxNetwork.Tensor(ofFactors, count, Factors));
                    inputs.Add(OnnxNetwork.Tensor(ofColumns, count, numbers));
                }
                if (Choices > 0)
                    inputs.Add(OnnxNetwork.Tensor(choices, count, Choices));
                using OrtValue rowTensor = OnnxNetwork.Tensor(output, count, width);
                using OrtValue? marginTensor = IsChecked ? OnnxNetwork.Tensor(passed, count, 0) : null;
                _network.Run([.. inputs], marginTensor is null ? [rowTensor] : [rowTensor, marginTensor]);
            }
            catch (OnnxRuntimeException e)
            {
                // A cell that is no number is no index.
                throw new InvalidDataException($"the model's network overflows, or can't be run: {e.Message}", e);
            }
            finally
            {
                inputs.ForEach(input => input.Dispose());
            }
        }
    }

    public void Dispose() => _network.Dispose();
}

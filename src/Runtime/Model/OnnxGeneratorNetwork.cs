using System.Numerics.Tensors;
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
        [(ModelFormat.Rows, TensorElementType.Double, width),
            .. sampling.Attempts == 0 ? [] : ((string, TensorElementType, int)[])[(ClassCheck.Margin, TensorElementType.Float, 0)]],
        OnnxNetwork.BatchRows(width));

    public int Alignment => _network.Alignment;

    public int Factors => sampling.NoiseFactors;

    public int Columns => Factors == 0 ? 0 : numbers;

    public int Choices => sampling.Choices;

    public bool IsChecked => sampling.Attempts > 0;

    public void Decode(ReadOnlySpan<long> seeds, NoiseInputs noise, Span<double> rows, Span<float> margins = default)
    {
        OnnxBatch batch = _network.Rent(seeds.Length);
        try
        {
            int next = 0;
            seeds.CopyTo(batch.Tensor<long>(next++));
            noise.Latent.CopyTo(batch.Tensor<float>(next++));
            if (Factors > 0)
            {
                noise.Factors.CopyTo(batch.Tensor<float>(next++));
                noise.Columns.CopyTo(batch.Tensor<float>(next++));
            }
            if (Choices > 0)
                noise.Choices.CopyTo(batch.Tensor<float>(next++));
            batch.Run(seeds.Length);
            TensorPrimitives.Add(batch.Tensor<double>(next++)[..rows.Length], 0.0, rows);
            if (!margins.IsEmpty)
                batch.Tensor<float>(next)[..margins.Length].CopyTo(margins);
        }
        catch (OnnxRuntimeException e)
        {
            // A cell that is no number is no index.
            throw new InvalidDataException($"the model's network overflows, or can't be run: {e.Message}", e);
        }
        finally
        {
            _network.Return(batch);
        }
    }

    public void Dispose() => _network.Dispose();
}

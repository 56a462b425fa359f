using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LeoCvae.Training.Tests.Export;

/// <summary>An ONNX file in ONNX Runtime itself, without the library's own wrapper.</summary>
sealed class Onnx : IDisposable
{
    readonly InferenceSession _session;

    public Onnx(byte[] model)
    {
        using SessionOptions options = new() { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        _session = new(model, options);
    }

    /// <summary>Rows of some width; width 0 makes a vector.</summary>
    public static NamedOnnxValue Input<T>(string name, T[] values, int width = 0) =>
        NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(values, width == 0 ? [values.Length] : [values.Length / width, width]));

    public T[] Run<T>(string output, params NamedOnnxValue[] inputs)
    {
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = _session.Run(inputs, [output]);
        return [.. results[0].AsTensor<T>()];
    }

    public void Dispose() => _session.Dispose();
}

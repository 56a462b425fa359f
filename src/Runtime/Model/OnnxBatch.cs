using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LeoCvae;

/// <summary>
/// Memory of a network's inputs and outputs, bound to it once for each number of rows, so that a run allocates nothing. For one thread at a
/// time.
/// </summary>
/// <param name="session">The network.</param>
/// <param name="run">How it runs.</param>
/// <param name="inputs">Its inputs; width 0 makes a vector.</param>
/// <param name="outputs">Its outputs.</param>
/// <param name="mostRows">The most rows of a run, whole blocks.</param>
/// <param name="block">Rows of a block.</param>
/// <param name="isBound">Whether inputs are read where they lie; a device copies them when they are bound, not when they are run.</param>
sealed class OnnxBatch(InferenceSession session, RunOptions run, (string Name, TensorElementType Type, int Width)[] inputs,
    (string Name, TensorElementType Type, int Width)[] outputs, int mostRows, int block, bool isBound) : IDisposable
{
    // Rows behind those that are asked for keep what an earlier run had there, which is valid.
    readonly byte[][] _memory = [.. inputs.Concat(outputs).Select(tensor =>
        GC.AllocateArray<byte>(checked(mostRows * RowBytes(tensor.Type, tensor.Width)), pinned: true))];
    readonly string[] _inputNames = [.. inputs.Select(tensor => tensor.Name)], _outputNames = [.. outputs.Select(tensor => tensor.Name)];
    readonly OrtValue[]?[] _values = new OrtValue[mostRows / block][];
    readonly OrtIoBinding?[] _bindings = new OrtIoBinding[mostRows / block];

    /// <summary>The most rows of a run.</summary>
    public int MostRows => mostRows;

    /// <summary>The cells of an input or an output, all inputs first.</summary>
    public Span<T> Tensor<T>(int number) where T : unmanaged => MemoryMarshal.Cast<byte, T>(_memory[number].AsSpan());

    /// <summary>Runs the network on the first rows, and on as many behind them as make a whole block.</summary>
    public void Run(int rows)
    {
        int size = (rows - 1) / block;
        OrtValue[] values = _values[size] ??= Values((size + 1) * block);
        if (isBound)
            session.RunWithBinding(run, _bindings[size] ??= Bind(values));
        else
            session.Run(run, _inputNames, values[..inputs.Length], _outputNames, values[inputs.Length..]);
    }

    public void Dispose()
    {
        foreach (OrtIoBinding? binding in _bindings)
            binding?.Dispose();
        foreach (OrtValue value in _values.SelectMany(values => values ?? []))
            value.Dispose();
    }

    OrtValue[] Values(int rows) => [.. inputs.Concat(outputs).Select((tensor, i) => OrtValue.CreateTensorValueWithData(
        OrtMemoryInfo.DefaultInstance, tensor.Type, tensor.Width == 0 ? [rows] : [rows, tensor.Width],
        Marshal.UnsafeAddrOfPinnedArrayElement(_memory[i], 0), (long)rows * RowBytes(tensor.Type, tensor.Width)))];

    OrtIoBinding Bind(OrtValue[] values)
    {
        OrtIoBinding binding = session.CreateIoBinding();
        for (int i = 0; i < values.Length; i++)
            if (i < inputs.Length)
                binding.BindInput(inputs[i].Name, values[i]);
            else
                binding.BindOutput(outputs[i - inputs.Length].Name, values[i]);
        return binding;
    }

    static int RowBytes(TensorElementType type, int width) =>
        Math.Max(1, width) * (type == TensorElementType.Float ? sizeof(float) : sizeof(double));
}

using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace LeoCvae;

/// <summary>One network in ONNX Runtime, with its inputs and outputs checked once. Thread-safe.</summary>
sealed class OnnxNetwork : IDisposable
{
    // Batches are padded to whole blocks. On the CPU an element of a product is one chain of multiply-adds wherever its row stands, but
    // a single row may have a kernel of its own; a device may choose another for every size.
    const int CpuBlock = 2, DeviceBlock = 16, FewestRows = 16, MostRows = 256, MostValues = 1 << 18;

    readonly InferenceSession _session;
    readonly RunOptions _run;
    readonly Func<int, OnnxBatch> _create;
    readonly int _block, _mostRows;
    readonly ConcurrentBag<OnnxBatch> _idle = [];

    /// <param name="name">File, for messages.</param>
    /// <param name="bytes">The ONNX model.</param>
    /// <param name="options">Threads and execution provider.</param>
    /// <param name="inputs">Expected inputs, in order.</param>
    /// <param name="outputs">Expected outputs, in order.</param>
    /// <param name="mostRows">Rows of a batch, seldom exceeded.</param>
    public OnnxNetwork(string name, byte[] bytes, RuntimeOptions options, (string Name, TensorElementType Type, int Width)[] inputs,
        (string Name, TensorElementType Type, int Width)[] outputs, int mostRows)
    {
        _session = Create(name, bytes, options);
        // Not before: where the native library is missing, this fails without saying so.
        _run = new();
        try
        {
            Check(name, "input", inputs, _session.InputMetadata);
            Check(name, "output", outputs, _session.OutputMetadata);
        }
        catch
        {
            Dispose();
            throw;
        }
        bool isOnCpu = options.Device != RuntimeOptions.Cuda && options.ConfigureSession is null;
        _block = isOnCpu ? CpuBlock : DeviceBlock;
        _mostRows = Padded(mostRows);
        Alignment = isOnCpu ? 1 : _mostRows;
        _create = rows => new(_session, _run, inputs, outputs, rows, _block, isBound: isOnCpu);
    }

    /// <summary>At which multiples a batch must begin so that a row comes out the same, whatever else is in it.</summary>
    public int Alignment { get; }

    /// <summary>Rows of a full batch for tables of this width.</summary>
    public static int BatchRows(int width) => Math.Clamp(MostValues / width / FewestRows * FewestRows, FewestRows, MostRows);

    /// <summary>Room for so many rows, until it is given back.</summary>
    public OnnxBatch Rent(int rows) => rows > _mostRows ? _create(Padded(rows)) : _idle.TryTake(out OnnxBatch? batch) ? batch
        : _create(_mostRows);

    /// <summary>Gives a batch back.</summary>
    public void Return(OnnxBatch batch)
    {
        if (batch.MostRows == _mostRows)
            _idle.Add(batch);
        else
            batch.Dispose();
    }

    // Rows to evaluate where only some of a batch are needed.
    int Padded(int rows) => (rows + _block - 1) / _block * _block;

    public void Dispose()
    {
        while (_idle.TryTake(out OnnxBatch? batch))
            batch.Dispose();
        _session.Dispose();
        _run.Dispose();
    }

    static InferenceSession Create(string name, byte[] bytes, RuntimeOptions options)
    {
        using SessionOptions session = Session(options);
        try
        {
            return new(bytes, session);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"{name}: ONNX Runtime can't load it: {e.Message}", e);
        }
    }

    /// <summary>How sessions run.</summary>
    /// <exception cref="DllNotFoundException">ONNX Runtime's native library, or CUDA where it is asked for, is missing.</exception>
    public static SessionOptions Session(RuntimeOptions options)
    {
        try
        {
            OnnxTelemetry.Disable();
            SessionOptions session = new()
            {
                // Networks this small get slower with more threads; large requests are split into batches instead.
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                // Errors arrive as exceptions; ONNX Runtime would also print them.
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            try
            {
                if (options.Device == RuntimeOptions.Cuda)
                    OnnxCuda.Append(session);
                options.ConfigureSession?.Invoke(session);
                return session;
            }
            catch
            {
                session.Dispose();
                throw;
            }
        }
        catch (TypeInitializationException e) when (e.InnerException is DllNotFoundException)
        {
            throw new DllNotFoundException("ONNX Runtime's native library is missing: add the package Microsoft.ML.OnnxRuntime (CPU) or " +
                "Microsoft.ML.OnnxRuntime.Gpu to the application", e);
        }
    }

    static void Check(string name, string kind, (string Name, TensorElementType Type, int Width)[] expected,
        IReadOnlyDictionary<string, NodeMetadata> actual)
    {
        foreach ((string tensor, TensorElementType type, int width) in expected)
        {
            int[] shape = width == 0 ? [-1] : [-1, width];
            if (!actual.TryGetValue(tensor, out NodeMetadata? node) || node.ElementDataType != type || !node.Dimensions.AsSpan()
                .SequenceEqual(shape))
                throw new InvalidDataException($"{name}: {kind} '{tensor}' is missing or isn't {type} " +
                    $"[{string.Join(", ", shape.Select(size => size < 0 ? "N" : $"{size}"))}]");
        }
    }
}

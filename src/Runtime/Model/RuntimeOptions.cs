using Microsoft.ML.OnnxRuntime;

namespace LeoCvae;

/// <summary>What runs a model's networks.</summary>
public enum Evaluator
{
    /// <summary>
    /// This library's own kernels, without any native library: a single row takes a fraction of ONNX Runtime's time, large batches about as
    /// long.
    /// Values are the same, bit for bit, on every processor with fused multiply-add, and differ from ONNX Runtime's by float rounding.
    /// </summary>
    Managed = 0,

    /// <summary>ONNX Runtime: the application brings its native library. The way to a GPU, and to graphs of other releases.</summary>
    OnnxRuntime = 1,
}

/// <summary>
/// How a model is evaluated. Results don't depend on it, apart from the rounding of another evaluator or execution provider.
/// </summary>
public sealed record RuntimeOptions
{
    /// <summary>
    /// What runs the networks; default the managed evaluator, or ONNX Runtime where <see cref="ConfigureSession"/> or a device of "cuda" is
    /// given.
    /// </summary>
    public Evaluator Evaluator { get => ConfigureSession is null && Device != Cuda ? field : Evaluator.OnnxRuntime; init; }

    /// <summary>
    /// Where the networks run: "cpu" (default); "cuda", by ONNX Runtime, for which the application brings Microsoft.ML.OnnxRuntime.Gpu;
    /// or "auto": CUDA where it can be had, otherwise the CPU, and <see cref="LeoModel.DeviceFallback"/> says why.
    /// </summary>
    public string Device { get; init; } = Cpu;

    /// <summary>Threads for large requests; default -1, all cores. Each network call itself stays on one thread.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>Changes the ONNX Runtime session, to add an execution provider for example; default null.</summary>
    public Action<SessionOptions>? ConfigureSession { get; init; }

    internal const string Cpu = "cpu", Cuda = "cuda", Auto = "auto";

    internal void Validate()
    {
        Fault.Unless(Device is Cpu or Cuda or Auto, nameof(Device), Device, "cpu, cuda or auto");
        Fault.Unless(Enum.IsDefined(Evaluator), nameof(Evaluator), (int)Evaluator, "Managed or OnnxRuntime");
        Fault.Unless(Evaluator == Evaluator.Managed || OnnxRuntimeSupport.IsEnabled, nameof(Evaluator), Evaluator,
            "Managed: the application was built without ONNX Runtime (LeoCvaeOnnxRuntimeSupport=false)");
        Fault.Unless(MaxDegreeOfParallelism is -1 or >= 1, nameof(MaxDegreeOfParallelism), MaxDegreeOfParallelism,
            "-1 (all cores) or 1 or more");
    }

    /// <summary>Fails early where the evaluator or its device isn't there.</summary>
    /// <exception cref="DllNotFoundException">The message says what is missing.</exception>
    internal void RequireEvaluator()
    {
        Validate();
        if (OnnxRuntimeSupport.IsEnabled && Evaluator == Evaluator.OnnxRuntime)
            OnnxNetwork.Session(this).Dispose();
    }
}

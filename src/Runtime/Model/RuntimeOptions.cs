using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace LeoCvae;

/// <summary>What runs a model's networks.</summary>
public enum Evaluator
{
    /// <summary>ONNX Runtime: the application brings its native library.</summary>
    OnnxRuntime = 0,

    /// <summary>
    /// This library's own kernels, without any native library: a single row takes a fraction of ONNX Runtime's time, large batches about as long.
    /// Values differ from ONNX Runtime's by float rounding, and are the same, bit for bit, on every processor with fused multiply-add.
    /// </summary>
    Managed = 1,
}

/// <summary>How a model is evaluated. Results don't depend on it, apart from the rounding of another evaluator or execution provider.</summary>
public sealed record RuntimeOptions
{
    /// <summary>What runs the networks; default ONNX Runtime.</summary>
    public Evaluator Evaluator { get; init; }

    /// <summary>Threads for large requests; default -1, all cores. Each network call itself stays on one thread.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>Changes the ONNX Runtime session, to add an execution provider for example; default null.</summary>
    public Action<SessionOptions>? ConfigureSession { get; init; }

    internal void Validate()
    {
        if (!Enum.IsDefined(Evaluator))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{nameof(Evaluator)}: got {(int)Evaluator}, expected OnnxRuntime or Managed"));
        if (Evaluator == Evaluator.Managed && ConfigureSession is not null)
            throw new ArgumentException($"{nameof(ConfigureSession)} is for {nameof(Evaluator)}.{nameof(Evaluator.OnnxRuntime)}; the managed evaluator has no session");
        if (MaxDegreeOfParallelism is 0 or < -1)
            throw new ArgumentOutOfRangeException(nameof(MaxDegreeOfParallelism), string.Create(CultureInfo.InvariantCulture, $"got {MaxDegreeOfParallelism} threads, expected -1 or at least 1"));
    }
}

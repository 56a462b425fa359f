using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace LeoCvae;

/// <summary>How a model is evaluated. Results don't depend on it, apart from another execution provider's rounding.</summary>
public sealed record RuntimeOptions
{
    /// <summary>Threads for large requests; default -1, all cores. Each network call itself stays on one thread.</summary>
    public int MaxDegreeOfParallelism { get; init; } = -1;

    /// <summary>Changes the ONNX Runtime session, to add an execution provider for example; default null.</summary>
    public Action<SessionOptions>? ConfigureSession { get; init; }

    internal void Validate()
    {
        if (MaxDegreeOfParallelism is 0 or < -1)
            throw new ArgumentOutOfRangeException(nameof(MaxDegreeOfParallelism), string.Create(CultureInfo.InvariantCulture, $"got {MaxDegreeOfParallelism} threads, expected -1 or at least 1"));
    }
}

using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace LeoCvae;

/// <summary>ONNX Runtime on CUDA. Where it can't be had, one sentence says what is missing, and ONNX Runtime prints nothing.</summary>
static class OnnxCuda
{
    const string Provider = "CUDAExecutionProvider", Library = "libonnxruntime_providers_cuda.so",
        NotFound = ": cannot open shared object file: No such file or directory";

    /// <summary>Makes a session run on the first CUDA device.</summary>
    /// <exception cref="DllNotFoundException">ONNX Runtime, or this system, has no CUDA.</exception>
    public static void Append(SessionOptions session)
    {
        OrtEnv environment = OrtEnv.Instance();
        if (!environment.GetAvailableProviders().Contains(Provider))
            throw new DllNotFoundException("no CUDA: the application has ONNX Runtime's package for the CPU, Microsoft.ML.OnnxRuntime; " +
                "it needs Microsoft.ML.OnnxRuntime.Gpu");
        OrtLoggingLevel level = environment.EnvLogLevel;
        try
        {
            // The error would be printed, too.
            environment.EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
            session.AppendExecutionProvider_CUDA();
        }
        catch (OnnxRuntimeException e)
        {
            throw new DllNotFoundException(MissingLibrary() is string missing
                ? $"no CUDA: {missing}, which ONNX Runtime's CUDA provider needs, isn't on this system"
                : $"no CUDA: {e.Message}", e);
        }
        finally
        {
            environment.EnvLogLevel = level;
        }
    }

    // ONNX Runtime only prints its name. That it couldn't be loaded a moment ago makes this attempt harmless.
    static string? MissingLibrary()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            NativeLibrary.Load(Library, typeof(InferenceSession).Assembly, null);
            return null;
        }
        catch (DllNotFoundException e)
        {
            // A line for each place that was tried.
            return e.Message.Split('\n').Where(line => line.Contains(NotFound, StringComparison.Ordinal))
                .Select(line => line[..line.IndexOf(NotFound, StringComparison.Ordinal)].Trim())
                .FirstOrDefault(name => !name.Contains("onnxruntime", StringComparison.Ordinal));
        }
    }
}

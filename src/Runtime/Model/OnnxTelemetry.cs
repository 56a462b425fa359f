using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace LeoCvae;

/// <summary>
/// Switches off what ONNX Runtime reports to its makers. Official builds from 1.29 on keep an identifier in the user's cache
/// and send the names and hashes of models over the network, unless ORT_DISABLE_TELEMETRY is set before their first use.
/// Whoever sets that variable, to 0 for example, decides for themselves.
/// </summary>
static class OnnxTelemetry
{
    static readonly bool ChosenByUser = Environment.GetEnvironmentVariable("ORT_DISABLE_TELEMETRY") is not null;

    static OnnxTelemetry()
    {
        // .NET changes only its own copy of the environment; the native library reads the process's.
        if (!ChosenByUser && !OperatingSystem.IsWindows())
            _ = setenv("ORT_DISABLE_TELEMETRY\0"u8.ToArray(), "1\0"u8.ToArray(), overwrite: 0);
    }

    /// <summary>Call it before each use of ONNX Runtime.</summary>
    public static void Disable()
    {
        if (!ChosenByUser)
            OrtEnv.Instance().DisableTelemetryEvents();
    }

    [DllImport("libc")]
    static extern int setenv(byte[] name, byte[] value, int overwrite);
}

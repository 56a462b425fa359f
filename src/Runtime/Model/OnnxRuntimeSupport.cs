using System.Diagnostics.CodeAnalysis;

namespace LeoCvae;

/// <summary>
/// Whether ONNX Runtime can be asked for: yes, unless the application's project says LeoCvaeOnnxRuntimeSupport=false. Trimming then removes
/// what only ONNX Runtime needs.
/// </summary>
static class OnnxRuntimeSupport
{
    const string Switch = "LeoCvae.OnnxRuntimeSupport";

    [FeatureSwitchDefinition(Switch)]
    public static bool IsEnabled => !AppContext.TryGetSwitch(Switch, out bool isEnabled) || isEnabled;
}

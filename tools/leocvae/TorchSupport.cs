using System.Diagnostics.CodeAnalysis;
using LeoCvae.Training;

namespace LeoCvae.Cli;

/// <summary>Whether the torch engine is in this tool: not where Native AOT compiled it, since trimming removes all of it then.</summary>
static class TorchSupport
{
    const string Switch = "LeoCvae.TorchSupport";

    [FeatureSwitchDefinition(Switch)]
    static bool IsEnabled => !AppContext.TryGetSwitch(Switch, out bool isEnabled) || isEnabled;

    /// <summary>Brings the engine to the library.</summary>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    public static void Register()
    {
        if (!IsEnabled)
            throw new DllNotFoundException("--engine torch and --device cuda: TorchSharp is not in a tool that Native AOT compiled; one " +
                "that is run from a clone of its repository has it, and --engine fused on the CPU needs none");
        TorchTraining.Register();
    }
}

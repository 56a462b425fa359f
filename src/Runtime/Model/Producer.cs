using System.Reflection;

namespace LeoCvae;

/// <summary>Who makes models, checkpoints, reports and parts: this library.</summary>
static class Producer
{
    /// <summary>Without what names the build; all packages have the same.</summary>
    public static string Version { get; } =
        typeof(Producer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Name and version, as models and checkpoints carry them.</summary>
    public static string Name => $"leocvae {Version}";
}

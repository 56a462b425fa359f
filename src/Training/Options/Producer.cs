using System.Reflection;

namespace LeoCvae.Training;

/// <summary>Who makes models and checkpoints: this library.</summary>
static class Producer
{
    public static string Version { get; } =
        typeof(Producer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>Name and version, as models and checkpoints carry them.</summary>
    public static string Name => $"leocvae {Version}";
}

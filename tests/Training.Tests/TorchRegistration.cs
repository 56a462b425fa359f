using System.Runtime.CompilerServices;

namespace LeoCvae.Training.Tests;

static class TorchRegistration
{
    // Tests of either engine take it from the options, as an application does.
    [ModuleInitializer]
    internal static void Register() => TorchTraining.Register();
}

using System.Runtime.CompilerServices;

namespace LeoCvae.Training;

/// <summary>
/// Brings the torch engine to <see cref="LeoTrainer"/>: the readable definition of the method, and the way to CUDA. Thread-safe.
/// </summary>
public static class TorchTraining
{
    /// <summary>
    /// Makes <see cref="TrainingEngine.Torch"/> usable in this process; call it once, before the first fit with it. Loads nothing yet.
    /// </summary>
    /// <example><code>
    /// TorchTraining.Register();
    /// using TrainingResult result = LeoTrainer.Fit(table, TrainingOptions.Default with { Engine = TrainingEngine.Torch });
    /// </code></example>
    public static void Register() =>
        CvaeEngines.RegisterTorch(new(RequireDevice, (options, data, initial) => new TorchEngine(options, data, initial)));

    static void RequireDevice(string device)
    {
        try
        {
            Require(device);
        }
        catch (FileNotFoundException e)
        {
            throw new DllNotFoundException($"the torch engine needs TorchSharp, which is not beside the application: add the package " +
                $"LeoCvae.Training.Torch; {LibTorch.Missing}", e);
        }
    }

    // A method of its own: to compile one that names its types loads TorchSharp.
    [MethodImpl(MethodImplOptions.NoInlining)]
    static void Require(string device) => TorchEngine.RequireDevice(device);
}

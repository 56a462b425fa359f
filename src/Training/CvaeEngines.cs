namespace LeoCvae.Training;

/// <summary>The engine that LeoCvae.Training.Torch brings.</summary>
/// <param name="RequireDevice">Fails where libtorch, or the device (cpu or cuda), is missing.</param>
/// <param name="Create">Makes an engine.</param>
sealed record TorchEntry(Action<string> RequireDevice, Func<TrainingOptions, TrainingData, CvaeWeights, ICvaeEngine> Create);

/// <summary>The engines there are: the fused one, and torch where it was registered. Thread-safe.</summary>
static class CvaeEngines
{
    static volatile TorchEntry? _torch;

    public static void RegisterTorch(TorchEntry torch) => _torch = torch;

    /// <summary>Fails early where the engine that the options ask for can't run.</summary>
    /// <exception cref="ArgumentException">The torch engine isn't registered, or has no such device.</exception>
    /// <exception cref="DllNotFoundException">There is no libtorch.</exception>
    public static void Require(TrainingOptions options)
    {
        if (options.UsesTorch)
            Torch.RequireDevice(options.Device);
    }

    /// <summary>The engine that the options ask for.</summary>
    public static ICvaeEngine Create(TrainingOptions options, TrainingData data, CvaeWeights initial) =>
        options.UsesTorch ? Torch.Create(options, data, initial) : FusedEngine.Create(options, data, initial);

    static TorchEntry Torch => _torch ?? throw Fault.Argument(nameof(TrainingOptions.Engine),
        $"got Torch, which this application lacks: add LeoCvae.Training.Torch and call TorchTraining.Register(), or use Fused");
}

namespace LeoCvae.Training.Tests.Network;

/// <summary>What holds for one engine holds for the other.</summary>
static class Engines
{
    public static TrainingEngine[] Both { get; } = [TrainingEngine.Torch, TrainingEngine.Fused];
}

namespace LeoCvae.Training.Tests;

/// <summary>Progress that calls at once, on the reporting thread; System.Progress would post it elsewhere.</summary>
sealed class Listener(Action<TrainingProgress> report) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => report(value);
}

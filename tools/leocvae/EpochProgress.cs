using System.Globalization;
using LeoCvae.Training;

namespace LeoCvae.Cli;

/// <summary>
/// Epochs for a progress bar. Reports on the training thread; Progress&lt;T&gt; would queue and could print after the end.
/// </summary>
sealed class EpochProgress(Action<double, string?> report) : IProgress<TrainingProgress>
{
    const int EpochsALine = 50;

    double _best;

    public void Report(TrainingProgress value)
    {
        if (value.IsBest)
            _best = value.ValidationLoss;
        string? line = value.Epoch % EpochsALine == 0
            ? string.Create(CultureInfo.InvariantCulture,
                $"epoch {value.Epoch}, training loss {value.TrainLoss:G6}, validation loss {value.ValidationLoss:G6}, best {_best:G6}")
            : null;
        report((double)value.Epoch / value.MaxEpochs, line);
    }
}

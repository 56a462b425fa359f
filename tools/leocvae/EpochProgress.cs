using System.Globalization;
using LeoCvae.Training;

namespace LeoCvae.Cli;

/// <summary>
/// Epochs for a progress bar. Reports on the training thread; Progress&lt;T&gt; would queue and could print after the end.
/// </summary>
sealed class EpochProgress(Action<double, string?> report, TimeProvider clock) : IProgress<TrainingProgress>
{
    const int EpochsALine = 50;
    static readonly TimeSpan Between = TimeSpan.FromSeconds(10);

    double _best;
    // The first epoch that is reported was the end of one: time counts from there.
    (long Time, int Epoch)? _start;
    long _line = clock.GetTimestamp();

    public void Report(TrainingProgress value)
    {
        if (value.IsBest)
            _best = value.ValidationLoss;
        _start ??= (clock.GetTimestamp(), value.Epoch);
        // Slow epochs have lines by the clock.
        bool isDue = value.Epoch % EpochsALine == 0 || clock.GetElapsedTime(_line) >= Between;
        if (isDue)
            _line = clock.GetTimestamp();
        string? line = isDue
            ? string.Create(CultureInfo.InvariantCulture,
                $"epoch {value.Epoch}, training loss {value.TrainLoss:G6}, validation loss {value.ValidationLoss:G6}, best {_best:G6}")
                + Left(value)
            : null;
        report((double)value.Epoch / value.MaxEpochs, line);
    }

    // Of all epochs: training may stop before.
    string Left(TrainingProgress value)
    {
        (long time, int epoch) = _start!.Value;
        return epoch == value.Epoch ? ""
            : WorkProgress.Left(clock.GetElapsedTime(time).TotalSeconds / (value.Epoch - epoch) * (value.MaxEpochs - value.Epoch),
                "at most");
    }
}

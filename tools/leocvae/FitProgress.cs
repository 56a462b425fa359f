using System.Globalization;
using LeoCvae.Evaluation;

namespace LeoCvae.Cli;

/// <summary>Reports on the fits' own threads; lines at every tenth of the way, with the time that the rest may take.</summary>
/// <param name="report">Takes the share done and a line.</param>
/// <param name="clock">What time is told by.</param>
/// <param name="alike">Fits after which time is told: methods differ a hundredfold, so each must have had its turn.</param>
sealed class FitProgress(Action<double, string?> report, TimeProvider clock, int alike = 1) : IProgress<EvaluationProgress>
{
    readonly Lock _lock = new();
    readonly long _start = clock.GetTimestamp();

    public void Report(EvaluationProgress value)
    {
        lock (_lock)
            report((double)value.Done / value.Total, 10 * value.Done / value.Total > 10 * (value.Done - 1) / value.Total ? Line(value)
                : null);
    }

    string Line(EvaluationProgress value)
    {
        // The first fits say little of a few seconds.
        const double Least = 10;
        double left = clock.GetElapsedTime(_start).TotalSeconds * (value.Total - value.Done) / value.Done;
        return string.Create(CultureInfo.InvariantCulture,
            $"{value.Done} of {value.Total} fits{(value.Done < alike ? "" : WorkProgress.Left(left, least: Least))}");
    }
}

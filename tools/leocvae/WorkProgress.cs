using System.Globalization;

namespace LeoCvae.Cli;

/// <summary>Long work with a known end, or none: all of it goes to a bar, a line with the time left is printed now and then.</summary>
/// <param name="report">Receives the share that is done, and a line or null.</param>
/// <param name="clock">Says how long it took so far.</param>
sealed class WorkProgress(Action<double, string?> report, TimeProvider clock)
{
    const double Short = 5, Between = 10, BetweenUnknown = 30, Lines = 10;

    readonly Lock _lock = new();
    readonly long _start = clock.GetTimestamp();
    double _next = Short;

    /// <summary>Says how far it is.</summary>
    /// <param name="rows">Rows that are done.</param>
    /// <param name="share">The share that is done; null where it isn't known.</param>
    public void Report(long rows, double? share)
    {
        lock (_lock)
        {
            double seconds = clock.GetElapsedTime(_start).TotalSeconds;
            string? line = null;
            if (seconds >= _next)
            {
                _next = seconds + (share is > 0 ? Math.Max(Between, seconds / share.Value / Lines) : BetweenUnknown);
                line = share is > 0
                    ? string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} %{Left(seconds * (1 - share.Value) / share.Value)}")
                    : string.Create(CultureInfo.InvariantCulture, $"{rows} rows");
            }
            report(share ?? 0, line);
        }
    }

    /// <summary>The time that is left, in words; nothing where it is short.</summary>
    public static string Left(double seconds, string about = "about", double least = Short) => seconds < least ? ""
        : seconds < 120 ? string.Create(CultureInfo.InvariantCulture, $", {about} {seconds:0} s left")
        : string.Create(CultureInfo.InvariantCulture, $", {about} {seconds / 60:0} min left");
}

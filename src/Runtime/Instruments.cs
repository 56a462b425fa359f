using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace LeoCvae;

/// <summary>
/// What an application can see of its models with its own listeners (OpenTelemetry, dotnet-counters): the activity source and the meter
/// "LeoCvae". Nothing leaves the process by itself, and without listeners a call costs some nanoseconds.
/// </summary>
static class Instruments
{
    const string Name = "LeoCvae";

    static readonly ActivitySource Source = new(Name);
    static readonly Meter Meter = new(Name);
    static readonly Counter<long> Generated = Rows("generated"), Scored = Rows("scored"), Embedded = Rows("embedded");
    static readonly Histogram<double> Seconds =
        Meter.CreateHistogram<double>("leocvae.call.duration", "s", "Time of a call, by leocvae.operation");

    public static Call Generate() => new("generate", Generated);

    public static Call Score() => new("score", Scored);

    public static Call Embed() => new("embed", Embedded);

    static Counter<long> Rows(string what) => Meter.CreateCounter<long>($"leocvae.rows.{what}", "{row}", $"Rows that were {what}");

    /// <summary>A call; its rows count when it comes to its right end.</summary>
    public readonly struct Call(string operation, Counter<long> rows) : IDisposable
    {
        readonly Activity? _activity = Source.HasListeners() ? Source.StartActivity($"leocvae {operation}") : null;
        readonly long _start = Seconds.Enabled ? Stopwatch.GetTimestamp() : 0;

        public void Done(long count)
        {
            rows.Add(count);
            _activity?.SetTag("leocvae.rows", count);
        }

        public void Dispose()
        {
            if (_start != 0)
                Seconds.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds,
                    new KeyValuePair<string, object?>("leocvae.operation", operation));
            _activity?.Dispose();
        }
    }
}

using System.Diagnostics;

namespace LeoCvae.Bench;

/// <summary>What a piece of work took: wall time, processor time of all threads, and memory beyond what the process held before.</summary>
sealed record Measurement(double Seconds, double CpuSeconds, double ExtraMegabytes)
{
    public static Measurement Of(Action work)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using Process process = Process.GetCurrentProcess();
        long before = process.WorkingSet64;
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        work();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        process.Refresh();
        return new(seconds, cpu.TotalSeconds, Math.Max(0, process.PeakWorkingSet64 - before) / 1e6);
    }

    /// <summary>Two pieces of work, one after the other.</summary>
    public static Measurement operator +(Measurement a, Measurement b) =>
        new(a.Seconds + b.Seconds, a.CpuSeconds + b.CpuSeconds, Math.Max(a.ExtraMegabytes, b.ExtraMegabytes));
}

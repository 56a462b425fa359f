using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LeoCvae.Training;

namespace LeoCvae.Bench;

/// <summary>
/// Time of an epoch: TrainingBench DATA HIDDEN LATENT BATCH EPOCHS THREADS. A fifth of the rows is for validation, no early stopping; the
/// first epochs warm up.
/// </summary>
static class TrainingBench
{
    public static int Run(string[] args)
    {
        int[] numbers = [.. args[1..].Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        (int hidden, int latent, int batch, int epochs, int threads) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
        Matrix rows = DataFile.Read(args[0]);
        int[] labels = [.. Enumerable.Range(0, rows.Rows).Select(row => row % 4 == 0 ? 1 : 0)];
        float[] weights = [.. labels.Select(label => label == 1 ? 2f : 0.67f)];
        int warmUp = Math.Max(1, epochs / 5);
        TrainingOptions options = TrainingOptions.Paper with
        {
            HiddenSize = hidden,
            LatentSize = latent,
            BatchSize = batch,
            MaxEpochs = warmUp + epochs,
            Patience = int.MaxValue,
            MaxDegreeOfParallelism = threads,
        };
        CvaeShape shape = new(rows.Columns, 2, hidden, latent);
        using ICvaeEngine engine = CvaeEngines.Create(options, new(rows, labels, weights), CvaeWeights.Initial(shape, 1));
        Clock clock = new(warmUp);
        new TrainLoop(options, shape, StratifiedSplit.Create(labels, 2, 0.2, 1)).Run(engine, clock, CancellationToken.None);
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            seconds = clock.Seconds / epochs,
            peak_mb = Process.GetCurrentProcess().PeakWorkingSet64 / 1e6,
            allocated_bytes_per_epoch = clock.Allocated / epochs,
            dotnet = Environment.Version.ToString(),
        }));
        return 0;
    }

    /// <summary>From the end of the warm-up to the last epoch.</summary>
    sealed class Clock(int warmUp) : IProgress<TrainingProgress>
    {
        long _start, _allocated;

        public double Seconds { get; private set; }

        public long Allocated { get; private set; }

        public void Report(TrainingProgress value)
        {
            if (value.Epoch == warmUp)
                (_start, _allocated) = (Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes());
            (Seconds, Allocated) = (Stopwatch.GetElapsedTime(_start).TotalSeconds, GC.GetTotalAllocatedBytes() - _allocated);
        }
    }
}

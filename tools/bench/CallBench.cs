using System.Diagnostics;
using System.Globalization;
using LeoCvae.Training;

namespace LeoCvae.Bench;

/// <summary>
/// Calls on spans of cells as an application makes them, one row at a time and many: time and bytes of a call, rows a second of processor
/// time. One thread; the evaluators take turns.
/// </summary>
static class CallBench
{
    const int Rounds = 9, BulkRows = 4096;

    public static int Run()
    {
        Console.WriteLine($".NET {Environment.Version}, ONNX Runtime " +
            $"{typeof(Microsoft.ML.OnnxRuntime.InferenceSession).Assembly.GetName().Version}; one thread, {Rounds} interleaved rounds");
        Console.WriteLine();
        Console.WriteLine("| call | evaluator | p50 us | p99 us | bytes a call |");
        Console.WriteLine("|---|---|---|---|---|");
        const int Width = 64;
        foreach (int rows in (ReadOnlySpan<int>)[1000, 20_000])
        {
            Table table = Sample(rows, Width);
            using TrainingResult fitted = LeoTrainer.Fit(table, TrainingOptions.Default with { MaxEpochs = 1, WithReference = true });
            using LeoModel managed = Load(fitted.Model, Evaluator.Managed), onnx = Load(fitted.Model, Evaluator.OnnxRuntime);
            double[] row = new double[Width], shares = new double[2];
            float[] latent = new float[managed.Manifest.LatentSize];
            if (rows == 1000)
            {
                Calls("generate the first row", (model, _) => model.Generate(0, 0, 1, row));
                Calls("generate row after row", (model, i) => model.Generate(0, i, 1, row));
                Calls("embed a row by its class", (model, i) => model.Embed(table.Row(i % rows), 0, latent));
            }
            Calls($"score a row among {rows} training rows", (model, i) => model.Score(table.Row(i % rows), shares));

            void Calls(string name, Action<LeoModel, int> call)
            {
                // A score doesn't depend on the evaluator.
                (LeoModel Model, string Name)[] models = name.StartsWith("score", StringComparison.Ordinal) ? [(managed, "either")]
                    : [(managed, "managed"), (onnx, "ONNX Runtime")];
                List<double>[] times = [.. models.Select(_ => new List<double>())];
                long[] bytes = new long[models.Length];
                for (int round = -2; round < Rounds; round++)
                    for (int m = 0; m < models.Length; m++)
                    {
                        List<double> some = new(4000);
                        long before = GC.GetAllocatedBytesForCurrentThread();
                        for (int i = 0; i < 4000; i++)
                        {
                            long start = Stopwatch.GetTimestamp();
                            call(models[m].Model, i);
                            some.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                        }
                        bytes[m] = GC.GetAllocatedBytesForCurrentThread() - before;
                        if (round >= 0)
                            times[m].AddRange(some);
                    }
                for (int m = 0; m < models.Length; m++)
                {
                    double[] sorted = [.. times[m].Order()];
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {models[m].Name} | " +
                        $"{sorted[sorted.Length / 2]:0.00} | {sorted[sorted.Length * 99 / 100]:0.00} | {bytes[m] / 4000.0:0.##} |"));
                }
            }
        }
        Console.WriteLine();
        Console.WriteLine($"| d, h, L | evaluator | rows a second of processor time, {BulkRows} rows a call | least to most |");
        Console.WriteLine("|---|---|---|---|");
        foreach ((int width, int hidden, int latent) in (ReadOnlySpan<(int, int, int)>)[(64, 64, 16), (2000, 512, 16)])
            foreach (double noise in (ReadOnlySpan<double>)[TrainingOptions.Default.NoiseScale, 0])
            {
                using TrainingResult fitted = LeoTrainer.Fit(Sample(200, width),
                    TrainingOptions.Default with { MaxEpochs = 1, HiddenSize = hidden, LatentSize = latent, NoiseScale = noise });
                using LeoModel managed = Load(fitted.Model, Evaluator.Managed), onnx = Load(fitted.Model, Evaluator.OnnxRuntime);
                double[] output = new double[BulkRows * width];
                List<double>[] speeds = [[], []];
                for (int round = -1; round < Rounds; round++)
                    for (int m = 0; m < 2; m++)
                    {
                        double speed = RowsASecond(m == 0 ? managed : onnx, output);
                        if (round >= 0)
                            speeds[m].Add(speed);
                    }
                for (int m = 0; m < 2; m++)
                {
                    double[] sorted = [.. speeds[m].Order()];
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"| {width}, {hidden}, {latent}{(noise == 0 ? ", without row noise" : "")} | " +
                        $"{(m == 0 ? "managed" : "ONNX Runtime")} | {sorted[sorted.Length / 2]:N0} | {sorted[0]:N0} to {sorted[^1]:N0} |"));
                }
            }
        return 0;
    }

    static LeoModel Load(LeoModel model, Evaluator evaluator) =>
        model.EvaluatedBy(new() { Evaluator = evaluator, MaxDegreeOfParallelism = 1 });

    // Calls for about a fifth of a second.
    static double RowsASecond(LeoModel model, double[] output)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        double seconds;
        int calls = 0;
        do
        {
            model.Generate(0, 0, BulkRows, output);
            calls++;
            seconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        }
        while (seconds < 0.2);
        return (double)calls * BulkRows / seconds;
    }

    static Table Sample(int rows, int width)
    {
        double[,] values = new double[rows, width];
        float[] normals = new float[width];
        for (int i = 0; i < rows; i++)
        {
            new CounterRandom(1, RandomStream.Latent).FillNormal((ulong)i, normals);
            for (int j = 0; j < width; j++)
                values[i, j] = normals[j] + (j % 7 == 0 && i % 3 == 0 ? 1 : 0);
        }
        return Table.FromArrays(values, [.. Enumerable.Range(0, rows).Select(i => i % 3 == 0 ? "rare" : "frequent")]);
    }
}

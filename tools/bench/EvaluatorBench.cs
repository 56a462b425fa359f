using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using LeoCvae.Training;

namespace LeoCvae.Bench;

/// <summary>
/// Rows a second and time of one row: the managed evaluator beside ONNX Runtime, one thread, interleaved rounds, medians.
/// </summary>
static class EvaluatorBench
{
    const int Rounds = 9;

    public static int Run()
    {
        Console.WriteLine($".NET {Environment.Version}, ONNX Runtime " +
            $"{typeof(Microsoft.ML.OnnxRuntime.InferenceSession).Assembly.GetName().Version}, {RuntimeInformation.ProcessArchitecture}; " +
            $"generator.onnx, one thread, median of {Rounds} interleaved rounds");
        Console.WriteLine();
        Console.WriteLine("| d, h, L | rows a call | managed us a call | ONNX Runtime us a call | ONNX Runtime / managed |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach ((int width, int hidden, int latent) in (ReadOnlySpan<(int, int, int)>)[(64, 64, 16), (2000, 512, 16)])
        {
            (byte[] onnx, IReadOnlyList<ColumnSpec> columns) = Generator(width, hidden, latent);
            using ManagedGeneratorNetwork managed = new(onnx, columns, latent);
            using OnnxGeneratorNetwork runtime = new(onnx, width, latent, new());
            foreach (int rows in (ReadOnlySpan<int>)[1, 32, 1024])
            {
                Call own = new(managed, rows, width, latent), other = new(runtime, rows, width, latent);
                List<double> ownTimes = [], otherTimes = [];
                for (int round = -2; round < Rounds; round++)
                {
                    double a = own.Microseconds(), b = other.Microseconds();
                    if (round < 0)
                        continue;
                    ownTimes.Add(a);
                    otherTimes.Add(b);
                }
                (double median, double otherMedian) = (Median(ownTimes), Median(otherTimes));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {width}, {hidden}, {latent} | {rows} | {median:0.00} | {otherMedian:0.00} | {otherMedian / median:0.00} |"));
            }
        }
        return 0;
    }

    static (byte[] Onnx, IReadOnlyList<ColumnSpec> Columns) Generator(int width, int hidden, int latent)
    {
        TableBuilder builder = new([.. Enumerable.Range(0, width).Select(j => $"x{j}")], "label", width);
        double[] row = new double[width];
        int[] decimals = [.. Enumerable.Repeat(int.MaxValue, width)];
        float[] normals = new float[width];
        for (int i = 0; i < 200; i++)
        {
            new CounterRandom(1, RandomStream.Latent).FillNormal((ulong)i, normals);
            for (int j = 0; j < width; j++)
                row[j] = normals[j];
            builder.AddRow(row, decimals, i % 3 == 0 ? "a" : "b");
        }
        using TrainingResult result = LeoTrainer.Fit(builder.Build(),
            TrainingOptions.Default with { MaxEpochs = 1, HiddenSize = hidden, LatentSize = latent });
        string folder = Directory.CreateTempSubdirectory("leocvae-bench-").FullName;
        try
        {
            result.Model.Save(Path.Combine(folder, "model"));
            return (File.ReadAllBytes(Path.Combine(folder, "model", "generator.onnx")), result.Model.Schema.Columns);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>A call that is repeated for about a tenth of a second.</summary>
    sealed class Call(IGeneratorNetwork network, int rows, int width, int latent)
    {
        readonly long[] _seeds = [.. Enumerable.Range(0, rows).Select(i => (long)i % 200)];
        readonly float[] _noise = new float[rows * latent];
        readonly double[] _output = new double[rows * width];

        /// <summary>Median time of a call.</summary>
        public double Microseconds()
        {
            List<double> times = [];
            for (long begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin).TotalSeconds < 0.1 || times.Count < 3;)
            {
                long start = Stopwatch.GetTimestamp();
                network.Decode(_seeds, _noise, _output);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }
            return Median(times);
        }
    }
}

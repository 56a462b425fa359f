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
            $"microseconds a call of so many rows, random numbers included, one thread, median of {Rounds} interleaved rounds");
        Console.WriteLine();
        Console.WriteLine("| d, h, L | rows a call | managed | without row noise | ratio | ONNX Runtime | " +
            "without row noise | ratio | ONNX / managed |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach ((int width, int hidden, int latent) in (ReadOnlySpan<(int, int, int)>)[(64, 64, 16), (2000, 512, 16)])
        {
            Dictionary<string, byte[]> noisy = Model(width, hidden, latent, 0.7), plain = Model(width, hidden, latent, 0);
            using LeoModel managed = Load(noisy, Evaluator.Managed), managedPlain = Load(plain, Evaluator.Managed),
                onnx = Load(noisy, Evaluator.OnnxRuntime), onnxPlain = Load(plain, Evaluator.OnnxRuntime);
            LeoModel[] models = [managed, managedPlain, onnx, onnxPlain];
            foreach (int rows in (ReadOnlySpan<int>)[1, 32, 1024])
            {
                List<double>[] times = [.. models.Select(_ => new List<double>())];
                for (int round = -2; round < Rounds; round++)
                    foreach ((LeoModel model, List<double> list) in models.Zip(times))
                    {
                        double microseconds = Microseconds(model, rows);
                        if (round >= 0)
                            list.Add(microseconds);
                    }
                double[] median = [.. times.Select(Median)];
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {width}, {hidden}, {latent} | {rows} | {median[0]:0.00} | " +
                    $"{median[1]:0.00} | {median[0] / median[1]:0.00} | {median[2]:0.00} | {median[3]:0.00} | " +
                    $"{median[2] / median[3]:0.00} | " +
                    $"{median[2] / median[0]:0.00} |"));
            }
        }
        return 0;
    }

    static LeoModel Load(Dictionary<string, byte[]> files, Evaluator evaluator) =>
        LeoModel.FromFiles(files, new() { Evaluator = evaluator, MaxDegreeOfParallelism = 1 });

    // Median of calls that are repeated for about a tenth of a second.
    static double Microseconds(LeoModel model, int rows)
    {
        double[] output = new double[rows * model.Schema.Columns.Count];
        List<double> times = [];
        for (long begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin).TotalSeconds < 0.1 || times.Count < 3;)
        {
            long start = Stopwatch.GetTimestamp();
            model.Generate(0, 0, rows, output);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }
        return Median(times);
    }

    static Dictionary<string, byte[]> Model(int width, int hidden, int latent, double noiseScale)
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
            TrainingOptions.Default with { MaxEpochs = 1, HiddenSize = hidden, LatentSize = latent, NoiseScale = noiseScale });
        string folder = Directory.CreateTempSubdirectory("leocvae-bench-").FullName;
        try
        {
            result.Model.Save(Path.Combine(folder, "model"));
            return new() { ["generator.onnx"] = File.ReadAllBytes(Path.Combine(folder, "model", "generator.onnx")) };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

using System.Diagnostics;
using System.Globalization;
using LeoCvae.Training;

namespace LeoCvae.Bench;

/// <summary>What row noise adds to a fit: the same fit with and without it, interleaved rounds, medians.</summary>
static class NoiseBench
{
    const int Rounds = 3;

    public static int Run()
    {
        Console.WriteLine($".NET {Environment.Version}; CPU seconds of fits with the default options and with NoiseScale 0, " +
            $"median of {Rounds} rounds");
        Console.WriteLine();
        Console.WriteLine("| rows, columns, classes | epochs | without s | with s | noise s | share of the fit |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach ((int rows, int width, int classes, int epochs) in (ReadOnlySpan<(int, int, int, int)>)
            [(600, 30, 2, 500), (2000, 64, 6, 500), (20000, 64, 2, 20), (170, 2900, 2, 20), (1000, 5000, 4, 1)])
        {
            Table table = Sample(rows, width, classes);
            TrainingOptions options = TrainingOptions.Default with { MaxEpochs = epochs };
            List<double> without = [], with = [];
            for (int round = 0; round < Rounds; round++)
            {
                without.Add(Seconds(table, options with { NoiseScale = 0 }));
                with.Add(Seconds(table, options));
            }
            (double plain, double noisy) = (Median(without), Median(with));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {rows}, {width}, {classes} | {epochs} | {plain:0.000} | {noisy:0.000} | " +
                $"{noisy - plain:0.000} | {(noisy - plain) / plain:P1} |"));
        }
        return 0;
    }

    static double Seconds(Table table, TrainingOptions options)
    {
        TimeSpan start = Process.GetCurrentProcess().TotalProcessorTime;
        using TrainingResult result = LeoTrainer.Fit(table, options);
        return (Process.GetCurrentProcess().TotalProcessorTime - start).TotalSeconds;
    }

    // Columns in groups that go together, means that differ by class.
    static Table Sample(int rows, int width, int classes)
    {
        double[,] values = new double[rows, width];
        float[] normals = new float[width + 1 + width / 10];
        for (int i = 0; i < rows; i++)
        {
            new CounterRandom(1, RandomStream.Latent).FillNormal((ulong)i, normals);
            for (int j = 0; j < width; j++)
                values[i, j] = normals[j] + normals[width + j / 10] + (j % 7 == 0 ? i % classes : 0);
        }
        return Table.FromArrays(values, [.. Enumerable.Range(0, rows).Select(i => $"{i % classes}")]);
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

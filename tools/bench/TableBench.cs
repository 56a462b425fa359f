using System.Globalization;

namespace LeoCvae.Bench;

/// <summary>
/// Tables in and out: megabytes of text, or of decoded numbers, a second of processor time, beside Sep, Sylvan, DuckDB and Parquet.Net;
/// interleaved rounds, medians.
/// </summary>
static class TableBench
{
    const int Rounds = 5;

    public static int Run(string taskName, string contestant)
    {
        string folder = Directory.CreateTempSubdirectory("leocvae-bench-").FullName;
        try
        {
            Console.WriteLine(string.Join(", ", (string[])[$".NET {Environment.Version}", .. ((Type[])[typeof(nietras.SeparatedValues.Sep),
                typeof(Sylvan.Data.Csv.CsvDataReader), typeof(DuckDB.NET.Data.DuckDBConnection), typeof(Parquet.ParquetReader)])
                .Select(type => $"{type.Assembly.GetName().Name} {type.Assembly.GetName().Version}")]) +
                $"; CPU seconds of all threads, median of {Rounds} interleaved rounds");
            Console.WriteLine();
            Console.WriteLine("| task | of | CPU s | a second | least to most |");
            Console.WriteLine("|---|---|---|---|---|");
            foreach (TableTask task in TableTasks.All(folder))
                if (task.Name.StartsWith(taskName, StringComparison.Ordinal))
                    Measure(task with
                    {
                        Contestants = [.. task.Contestants.Where(one => one.Name.StartsWith(contestant, StringComparison.Ordinal))],
                    });
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static void Measure(TableTask task)
    {
        List<double>[] times = [.. task.Contestants.Select(_ => new List<double>())];
        double size = task.Prepare();
        // The first round warms up.
        for (int round = -1; round < Rounds; round++)
            foreach (((string _, Action run), List<double> list) in task.Contestants.Zip(times))
            {
                GC.Collect();
                TimeSpan start = Environment.CpuUsage.TotalTime;
                run();
                if (round >= 0)
                    list.Add((Environment.CpuUsage.TotalTime - start).TotalSeconds);
            }
        foreach (((string name, Action _), List<double> list) in task.Contestants.Zip(times))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {task.Name} ({size / 1e6:0} {task.Unit}) | {name} | " +
                $"{Median(list):0.000} | {size / 1e6 / Median(list):0} {task.Unit} | {size / 1e6 / list.Max():0} to " +
                $"{size / 1e6 / list.Min():0} |"));
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

/// <summary>A task and who does it.</summary>
/// <param name="Name">What is done.</param>
/// <param name="Unit">What is counted, in millions.</param>
/// <param name="Prepare">Makes the data, and says how many units there are.</param>
/// <param name="Contestants">By name.</param>
sealed record TableTask(string Name, string Unit, Func<double> Prepare, (string Name, Action Run)[] Contestants);

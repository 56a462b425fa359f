using System.Diagnostics;
using System.Text.Json;
using LeoCvae;
using LeoCvae.Bench;

// One search of one data file; prints a line of JSON for each effort. run.py calls it.
const string Usage = "usage: LeoCvae.Bench exact|graph|lists|hnsw|hnsw-query DATA IDS [--threads 1] [--effort 40,48] " +
    "[--queries FILE]\n       LeoCvae.Bench calls|evaluator|noise|tables [TASK [CONTESTANT]]";
if (args is ["train", .. { Length: 6 } rest])
    return TrainingBench.Run(rest);
if (args is ["evaluator"])
    return EvaluatorBench.Run();
if (args is ["calls"])
    return CallBench.Run();
if (args is ["tables", .. { Length: <= 2 } only])
    return TableBench.Run(only.ElementAtOrDefault(0) ?? "", only.ElementAtOrDefault(1) ?? "");
if (args is ["noise"])
    return NoiseBench.Run();
if (args.Length < 3 || args.Length % 2 == 0)
{
    Console.Error.WriteLine(Usage);
    return 2;
}
string search = args[0], idsPath = args[2];
int threads = int.Parse(Option("--threads") ?? "1");
int[] efforts = [.. (Option("--effort") ?? "48").Split(',').Select(int.Parse)];
Matrix rows = DataFile.Read(args[1]);

// A small sample, so that all code has been compiled: neither measured nor printed.
const int SampleRows = 2000;
Matrix sample = new(Math.Min(SampleRows, rows.Rows), rows.Columns, rows.Values[..(Math.Min(SampleRows, rows.Rows) * rows.Columns)]);
Run(sample, (_, _, _, _) => { });
Run(rows, (took, ids, effort, median) =>
{
    DataFile.WriteIds(efforts.Length > 1 ? $"{idsPath}.{effort}" : idsPath, ids);
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        search,
        threads,
        effort,
        seconds = took.Seconds,
        cpu_seconds = took.CpuSeconds,
        p50_us = median,
        extra_mb = took.ExtraMegabytes,
        peak_mb = Process.GetCurrentProcess().PeakWorkingSet64 / 1e6,
        dotnet = Environment.Version.ToString(),
    }));
});
return 0;

string? Option(string name)
{
    int at = Array.IndexOf(args, name, 3);
    return at < 0 ? null : args[at + 1];
}

void Run(Matrix rows, Action<Measurement, int[], int, double?> report)
{
    if (search is "exact" or "graph" or "lists")
    {
        (Measurement took, int[] ids) = Searches.AllRows(rows, Enum.Parse<NeighborSearch>(search, ignoreCase: true), threads);
        report(took, ids, 0, null);
        return;
    }
    bool isQuery = search == "hnsw-query";
    if (!isQuery && search != "hnsw")
        throw new ArgumentException(Usage);
    (Measurement built, HnswIndex index) = Searches.Build(rows, isQuery ? Environment.ProcessorCount : threads);
    using (index)
        foreach (int effort in efforts)
        {
            if (isQuery)
            {
                (Measurement took, int[] ids, double median) = Searches.NewRows(index, DataFile.Read(Option("--queries")!), effort);
                report(took, ids, effort, median);
            }
            else
            {
                (Measurement took, int[] ids) = Searches.OwnRows(index, effort, threads);
                report(built + took, ids, effort, null);
            }
        }
}

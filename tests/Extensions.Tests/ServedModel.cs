using LeoCvae.Training;

namespace LeoCvae.Extensions.Tests;

/// <summary>Two small models on disk, one of which keeps its training rows.</summary>
static class ServedModel
{
    static readonly Lazy<(string Folder, Table Table)> Made = new(Make);

    public static Table Table => Made.Value.Table;

    public static string Plain => Path.Combine(Made.Value.Folder, "plain");

    public static string Keeping => Path.Combine(Made.Value.Folder, "keeping");

    static (string, Table) Make()
    {
        string folder = Directory.CreateTempSubdirectory("leocvae-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        double[,] values = new double[60, 3];
        for (int i = 0; i < 60; i++)
            (values[i, 0], values[i, 1], values[i, 2]) = (i % 7 + (i % 3 == 0 ? 4 : 0), i % 5, i % 11 - (i % 3 == 0 ? 3 : 0));
        Table table = Table.FromArrays(values, [.. Enumerable.Range(0, 60).Select(i => i % 3 == 0 ? "ill" : "well")]);
        foreach (bool keeps in (bool[])[false, true])
        {
            using TrainingResult result = LeoTrainer.Fit(table, TrainingOptions.Default with { MaxEpochs = 5, WithReference = keeps });
            result.Model.Save(Path.Combine(folder, keeps ? "keeping" : "plain"));
        }
        return (folder, table);
    }
}

using System.Text.Json;

namespace LeoCvae.Runtime.Tests;

/// <summary>Files of the checkout that the tests run in.</summary>
static class Repo
{
    static readonly Lazy<string> Root = new(() =>
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "LeoCvae.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new FileNotFoundException("no LeoCvae.sln above the tests");
    });

    public static string File(params string[] path) => Path.Combine([Root.Value, .. path]);

    public static JsonDocument Oracle(string name) =>
        JsonDocument.Parse(System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Oracles", name)));
}

static class JsonExtensions
{
    public static int[] Ints(this JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetInt32())];

    public static double[] Doubles(this JsonElement array) => [.. array.EnumerateArray().Select(item => item.GetDouble())];
}

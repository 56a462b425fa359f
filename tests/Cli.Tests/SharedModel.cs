namespace LeoCvae.Cli.Tests;

/// <summary>A model that is fitted once, with two epochs, for all tests that only need one; they don't change it.</summary>
[TestClass]
public static class SharedModel
{
    static readonly Lazy<string> Fitted = new(Fit);

    /// <summary>Its folder.</summary>
    public static string Folder => Fitted.Value;

    /// <summary>The command that made it, but for the place.</summary>
    public const string Options = "--epochs 2 --hidden 16 --latent 4";

    const int Latent = 4;

    /// <summary>The names that embed adds.</summary>
    public static string LatentHeader { get; } = string.Join(',', Enumerable.Range(1, Latent).Select(l => $"z{l}"));

    [AssemblyCleanup]
    public static void Delete()
    {
        if (Fitted.IsValueCreated)
            Directory.Delete(Path.GetDirectoryName(Fitted.Value)!, recursive: true);
    }

    static string Fit()
    {
        string folder = Path.Combine(Path.GetTempPath(), $"leocvae-cli-{Guid.NewGuid():N}");
        Directory.CreateDirectory(folder + "/run.tmp");
        Directory.CreateDirectory(folder + "/run");
        File.WriteAllText(folder + "/run/table.csv", Samples.Table);
        Outcome outcome = Cli.Run(folder + "/run", $"train table.csv --model ../model {Options}".Split(' '));
        Assert.AreEqual(0, outcome.ExitCode, outcome.Error);
        return folder + "/model";
    }
}

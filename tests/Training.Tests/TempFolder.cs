namespace LeoCvae.Training.Tests;

/// <summary>A folder that is gone after the test.</summary>
sealed class TempFolder : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("leocvae-test-");

    public string this[string name] => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}

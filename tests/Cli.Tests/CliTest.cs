using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.MethodLevel)]

namespace LeoCvae.Cli.Tests;

/// <summary>A test in a fresh folder that is deleted afterwards; command lines are given as one text, split at blanks.</summary>
public abstract class CliTest
{
    string _here = "";
    string[] _environment = [];

    /// <summary>The folder of leocvae.dll, where it isn't the built one.</summary>
    protected string? Tool { get; set; }

    [TestInitialize]
    public void EnterFolder()
    {
        _here = Path.Combine(Path.GetTempPath(), $"leocvae-cli-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_here);
        Directory.CreateDirectory(_here + ".tmp");
    }

    [TestCleanup]
    public void LeaveFolder()
    {
        Directory.Delete(_here, recursive: true);
        Directory.Delete(_here + ".tmp", recursive: true);
    }

    /// <summary>Sets environment variables for the runs of this test, NAME=VALUE at blanks.</summary>
    protected void SetEnvironment(string variables) => _environment = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    protected string At(string name = "") => Path.Combine(_here, name);

    protected void Write(string name, string text) => File.WriteAllText(At(name), text, new UTF8Encoding(false));

    /// <summary>A file's text, its byte order mark included.</summary>
    protected string Read(string name) => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(At(name)));

    /// <summary>Puts a copy of the model that all tests share, or of another, into the folder.</summary>
    protected void CopyModel(string name, string? from = null)
    {
        Directory.CreateDirectory(At(name));
        foreach (string file in Directory.EnumerateFiles(from ?? SharedModel.Folder))
            File.Copy(file, Path.Combine(At(name), Path.GetFileName(file)));
    }

    protected Outcome Run(string line, string input = "") => Run(line.Split(' '), input);

    protected Outcome Run(string[] arguments, string input = "")
    {
        Outcome outcome = Cli.Run(_here, arguments, input, Tool, _environment);
        NoTemporaryFiles();
        return outcome;
    }

    /// <summary>A run that does what it should.</summary>
    protected Outcome Done(string line, string input = "") => Done(line.Split(' '), input);

    protected Outcome Done(string[] arguments, string input = "")
    {
        Outcome outcome = Run(arguments, input);
        Assert.AreEqual(0, outcome.ExitCode, $"leocvae {string.Join(' ', arguments)}: {outcome.Error}");
        return outcome;
    }

    /// <summary>A run whose JSON object is all of its standard output.</summary>
    protected JsonElement Json(string line, string input = "") => Json(line.Split(' '), input);

    protected JsonElement Json(string[] arguments, string input = "")
    {
        string output = Done([.. arguments, "--json"], input).Output;
        Assert.AreEqual(1, output.Count(character => character == '\n'), output);
        using JsonDocument document = JsonDocument.Parse(output);
        Assert.AreEqual(JsonValueKind.Object, document.RootElement.ValueKind);
        return document.RootElement.Clone();
    }

    /// <summary>A run that ends with exit code 1 and one line that says all of this, and changes no file.</summary>
    protected void Fault(string line, params string[] said) => Refuse(1, line.Split(' '), "", said);

    /// <summary>The same for wrong syntax, exit code 2.</summary>
    protected void Misuse(string line, params string[] said) => Refuse(2, line.Length == 0 ? [] : line.Split(' '), "", [.. said, "--help"]);

    protected void Refuse(int exitCode, string[] arguments, string input, params string[] said) =>
        AssertRefused(exitCode, arguments, (folder, line) => Cli.Run(folder, line, input, Tool), said);

    /// <summary>The same for a run of any kind, given the folder and the command line.</summary>
    protected void AssertRefused(int exitCode, string[] arguments, Func<string, string[], Outcome> run, params string[] said)
    {
        string before = Snapshot();
        Outcome outcome = run(_here, arguments);
        string what = $"leocvae {string.Join(' ', arguments)}: {outcome.Error}";
        Assert.AreEqual(exitCode, outcome.ExitCode, what);
        string[] lines = [.. outcome.ErrorLines.Where(text => !text.StartsWith("warning: ", StringComparison.Ordinal))];
        Assert.HasCount(1, lines, what);
        Assert.StartsWith("leocvae: ", lines[0], what);
        Assert.IsLessThan(2000, lines[0].Length, what);
        Assert.IsFalse(lines[0].EnumerateRunes()
            .Any(rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format), what);
        foreach (string trace in (string[])["   at ", "Exception", "please report", "(Parameter"])
            Assert.DoesNotContain(trace, lines[0], what);
        foreach (string part in said)
            Assert.Contains(part, lines[0], what);
        Assert.AreEqual(before, Snapshot(), what);
        NoTemporaryFiles();
    }

    /// <summary>Names and hashes of all that is in the folder, and where links lead.</summary>
    protected string Snapshot(string name = "") =>
        string.Join('\n', Directory.EnumerateFileSystemEntries(At(name), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(path => Path.GetRelativePath(At(name), path) + (new FileInfo(path).LinkTarget is string target ? $" -> {target}"
            : File.Exists(path) ? " " + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))) : "/")));

    /// <summary>
    /// Nothing is left in the folder for temporary files, which also stands in for the user's cache: no probe, no telemetry of a library.
    /// </summary>
    protected void NoTemporaryFiles() => Assert.AreEqual("", string.Join(' ', Directory.EnumerateFileSystemEntries(_here + ".tmp")));
}

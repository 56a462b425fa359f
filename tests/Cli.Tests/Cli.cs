using System.Diagnostics;
using System.Reflection;
using System.Text;

namespace LeoCvae.Cli.Tests;

/// <summary>What a run of the command line left behind; texts are UTF-8.</summary>
public sealed record Outcome(int ExitCode, string Output, string Error)
{
    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>
/// Runs the built <c>leocvae.dll</c> as its users do, as a process of its own; or another build of it: the executable that
/// LEOCVAE_TEST_TOOL names.
/// </summary>
public static class Cli
{
    static readonly string? Executable = Environment.GetEnvironmentVariable("LEOCVAE_TEST_TOOL");
    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The tool's output folder, of the configuration that the tests were built in.</summary>
    public static string Folder { get; } = Path.Combine(Root, "tools", "leocvae", "bin",
        typeof(Cli).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration,
        Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)));

    /// <summary>Runs to the end.</summary>
    /// <param name="folder">Where; a folder of the same name with <c>.tmp</c> is for temporary files.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="tool">The folder of leocvae.dll, where it isn't the built one.</param>
    /// <param name="environment">More environment variables, NAME=VALUE each.</param>
    public static Outcome Run(string folder, IEnumerable<string> arguments, string input = "", string? tool = null,
        params IEnumerable<string> environment)
    {
        using Process process = Start(folder, arguments, tool, environment);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading its input.
        }
        return new(Wait(process), output.Result, error.Result);
    }

    /// <summary>Starts a run; whoever asks for it waits for it.</summary>
    public static Process Start(string folder, IEnumerable<string> arguments, string? tool = null, params IEnumerable<string> environment)
    {
        string[] program = tool is null && Executable is not null ? [Executable] : ["dotnet", Path.Combine(tool ?? Folder, "leocvae.dll")];
        // A test run that a shell put into the background ignores SIGINT, and its children would inherit that.
        if (OperatingSystem.IsLinux())
            program = ["env", "--default-signal=INT", .. program];
        ProcessStartInfo start = new(program[0])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
        };
        foreach (string argument in program[1..].Concat(arguments))
            start.ArgumentList.Add(argument);
        // Numbers must not follow the user's language, and files beside the asked for ones are to be seen.
        start.Environment["LC_ALL"] = "de_DE.UTF-8";
        start.Environment["TMPDIR"] = folder + ".tmp";
        start.Environment["XDG_CACHE_HOME"] = folder + ".tmp";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (string[] variable in environment.Select(text => text.Split('=', 2)))
            start.Environment[variable[0]] = variable[1];
        return Process.Start(start)!;
    }

    /// <summary>Waits for the end and returns the exit code; a run that hangs is ended and fails the test.</summary>
    public static int Wait(Process process)
    {
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"leocvae didn't end in {Patience}");
        }
        return process.ExitCode;
    }

    static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "LeoCvae.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException($"no LeoCvae.sln above {AppContext.BaseDirectory}");
    }
}

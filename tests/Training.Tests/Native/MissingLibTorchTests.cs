using System.Diagnostics;

namespace LeoCvae.Training.Tests.Native;

/// <summary>
/// The commonest mistake: TorchSharp's package is there, with its own wrapper, but libtorch's is not. A copy of these tests
/// without libtorch runs one that needs it.
/// </summary>
[TestClass]
public class MissingLibTorchTests
{
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow(true, "the torch engine needs libtorch, which is not beside the application: add the package libtorch-cpu-linux-x64")]
    [DataRow(false, "libtorch lies beside the application, but can't be loaded")]
    public void The_message_says_what_to_do(bool missing, string expected)
    {
        using TempFolder temp = new();
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory))
            File.Copy(file, temp[Path.GetFileName(file)]);
        string native = Path.Combine("runtimes", "linux-x64", "native");
        Directory.CreateDirectory(temp[native]);
        File.Copy(Path.Combine(AppContext.BaseDirectory, native, "libLibTorchSharp.so"), temp[Path.Combine(native, "libLibTorchSharp.so")]);
        foreach (string library in missing ? [] : new[] { "libtorch.so", "libtorch_cpu.so" })
            File.WriteAllText(temp[Path.Combine(native, library)], "not a library");

        string host = Path.GetFileName(Environment.ProcessPath!), assembly = temp["LeoCvae.Training.Tests.dll"];
        ProcessStartInfo start = host.StartsWith("dotnet", StringComparison.Ordinal) ? new(Environment.ProcessPath!, ["exec", assembly])
            : new(temp[host]);
        foreach (string argument in new[] { "--filter", $"Name={nameof(LibTorchTests.Loading_from_many_threads_at_once_is_safe)}" })
            start.ArgumentList.Add(argument);
        start.RedirectStandardOutput = true;
        using Process child = Process.Start(start)!;
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();

        Assert.AreNotEqual(0, child.ExitCode);
        Assert.Contains(expected, output);
    }
}

using System.Text.RegularExpressions;

namespace LeoCvae.Cli.Tests;

/// <summary>The README's commands, run in its order in one folder, as a reader would.</summary>
[TestClass]
public sealed partial class ReadmeCommandTests : CliTest
{
    const string Demo = "dotnet run -c Release --project tools/leocvae -- ", Tests = "dotnet test -c Release";

    [GeneratedRegex("^```sh\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    static partial Regex ShellBlock { get; }

    static string[] Lines => [.. ShellBlock.Matches(File.ReadAllText(Path.Combine(Cli.Root, "README.md")).ReplaceLineEndings("\n"))
        .SelectMany(match => match.Groups[1].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries))];

    [TestMethod]
    public void All_commands_of_the_README_work()
    {
        foreach (string line in Lines)
            if (line.StartsWith(Demo, StringComparison.Ordinal))
                Done(line[Demo.Length..]);
            else if (line.StartsWith("leocvae ", StringComparison.Ordinal))
                Done(line["leocvae ".Length..]);
            else
                Assert.AreEqual(Tests, line, "the README has a command that no test runs");
        Assert.AreEqual(715, File.ReadAllLines(At("balanced.csv")).Length);
        Assert.AreEqual(101, File.ReadAllLines(At("synthetic.csv")).Length);
    }

    [TestMethod]
    public void Three_commands_are_enough_to_try_and_to_test_it_and_CI_calls_the_last()
    {
        Assert.AreSequenceEqual([Demo + "demo", Demo + "demo --mixed", Tests],
            Lines.Where(line => line.StartsWith("dotnet ", StringComparison.Ordinal)));
        Assert.Contains(Tests, File.ReadAllText(Path.Combine(Cli.Root, ".ci", "run")));
    }
}

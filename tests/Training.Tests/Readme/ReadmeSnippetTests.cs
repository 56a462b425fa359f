using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace LeoCvae.Training.Tests.Readme;

/// <summary>
/// Every C# block of the README and of the pages on neighbors and tables is compiled and run as a program of its own, in a folder as the
/// demo leaves it.
/// </summary>
[TestClass]
[DoNotParallelize]
public sealed partial class ReadmeSnippetTests
{
    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    static partial Regex CSharpBlock { get; }

    // With what they print: the README's speak of the demo's table, 357 rows of each class, and of an evaluation on it.
    public static IEnumerable<string[]> Snippets => [.. Blocks("README.md").Zip(["714 rows after resampling",
        "prior-corrected Brier score"], (code, printed) => new[] { code, printed }),
        .. Blocks("docs/neighbors.md").Select(code => new[] { code, " of 4500 neighbors found" }),
        .. Blocks("docs/tables.md").Select(code => new[] { code, "Köln: NaN, filled in: 47" })];

    static IEnumerable<string> Blocks(string file) =>
        CSharpBlock.Matches(File.ReadAllText(Path.Combine(Root, file)).ReplaceLineEndings("\n")).Select(match => match.Groups[1].Value);

    static string Root
    {
        get
        {
            DirectoryInfo folder = new(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "LeoCvae.sln")))
                folder = folder.Parent!;
            return folder.FullName;
        }
    }

    [TestMethod]
    public void All_pages_have_a_snippet() =>
        Assert.IsTrue(Blocks("README.md").Count() == 2 && Blocks("docs/neighbors.md").Any() && Blocks("docs/tables.md").Any());

    [TestMethod]
    [DynamicData(nameof(Snippets))]
    public void A_snippet_compiles_and_runs(string code, string printed)
    {
        MethodInfo program = Compile(code);
        string before = Environment.CurrentDirectory;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("leocvae-readme-");
        using StringWriter output = new();
        TextWriter console = Console.Out;
        try
        {
            folder.CreateSubdirectory("leocvae-demo");
            File.Copy(Path.Combine(Root, "tools/leocvae/Demo/breast-cancer.csv"),
                Path.Combine(folder.FullName, "leocvae-demo/breast-cancer.csv"));
            Environment.CurrentDirectory = folder.FullName;
            Console.SetOut(output);
            program.Invoke(null, program.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = before;
            folder.Delete(recursive: true);
        }
        StringAssert.Contains(output.ToString(), printed, StringComparison.Ordinal);
    }

    static MethodInfo Compile(string code)
    {
        const string ImplicitUsings =
            "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;";
        string[] assemblies = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        CSharpCompilation compilation = CSharpCompilation.Create("ReadmeSnippet",
            [CSharpSyntaxTree.ParseText(ImplicitUsings), CSharpSyntaxTree.ParseText(code)],
            assemblies.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable,
                generalDiagnosticOption: ReportDiagnostic.Error));
        using MemoryStream assembly = new();
        var result = compilation.Emit(assembly);
        Assert.IsTrue(result.Success, string.Join('\n', result.Diagnostics));
        return Assembly.Load(assembly.ToArray()).EntryPoint!;
    }
}

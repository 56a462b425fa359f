using System.Reflection;
using System.Xml.Linq;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class ArchitectureTests
{
    [TestMethod]
    public void The_runtime_references_onnx_runtime_tensors_and_the_framework_only()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] others = [.. typeof(LeoModel).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!)
            .Where(name => !File.Exists(Path.Combine(framework, name + ".dll")))];
        Assert.Contains("Microsoft.ML.OnnxRuntime", others);
        Assert.IsEmpty(others.Except(["Microsoft.ML.OnnxRuntime", "System.Numerics.Tensors"]));
        Assert.AreSequenceEqual(["Microsoft.ML.OnnxRuntime.Managed", "System.Numerics.Tensors"], References("Runtime", "PackageReference"));
        Assert.IsEmpty(References("Runtime", "ProjectReference"));
    }

    [TestMethod]
    public void The_tables_reference_the_runtime_and_not_the_training()
    {
        Assert.AreSequenceEqual(["../Runtime/LeoCvae.Runtime.csproj"], References("Tables", "ProjectReference"));
        IEnumerable<string> names = typeof(TableFile).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);
        Assert.IsFalse(names.Any(name => name.Contains("Torch", StringComparison.OrdinalIgnoreCase)
            || name.Contains("Training", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void No_torch_is_loaded_by_generating_and_embedding()
    {
        foreach (Evaluator evaluator in Enum.GetValues<Evaluator>())
        {
            using LeoModel model = LeoModel.Load(TestModel.Folder, new() { Evaluator = evaluator });
            model.Oversample(TestModel.Training);
            model.Embed(TestModel.Training);
        }
        IEnumerable<string> loaded = AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name!);
        Assert.Contains("Microsoft.ML.OnnxRuntime", loaded);
        Assert.IsEmpty(loaded.Where(IsTorch));
        if (!OperatingSystem.IsLinux())
            return;
        string[] mapped = [.. File.ReadLines("/proc/self/maps").Select(line => Path.GetFileName(line)).Distinct()];
        Assert.IsTrue(mapped.Any(name => name.StartsWith("libonnxruntime", StringComparison.Ordinal)));
        Assert.IsEmpty(mapped.Where(IsTorch));
    }

    [TestMethod]
    public void The_libraries_have_no_console_no_processes_and_no_network()
    {
        foreach (Assembly assembly in (Assembly[])[typeof(LeoModel).Assembly, typeof(TableFile).Assembly])
            Assert.IsFalse(assembly.GetReferencedAssemblies().Any(reference => reference.Name
                is "System.Console" or "System.Diagnostics.Process" or "System.Net.Http" or "System.Net.Sockets"), assembly.FullName);
    }

    [TestMethod]
    public void No_room_of_the_runtime_uses_one_above_it()
    {
        string[] rooms = ["Files", "Numerics", "Random", "Data", "Encoding", "Constraints", "Neighbors", "Entropy", "Sampling",
            "Generation", "Model", ""];
        foreach ((string from, string to) in SourceFolders.Arrows("Runtime"))
        {
            // Inside of Neighbors, its door is above what lies behind it.
            (string own, string other) = (from.Split('/')[0], to.Split('/')[0]);
            Assert.Contains(own, rooms, $"'{own}' is a folder without a place in the order of rooms");
            Assert.IsLessThanOrEqualTo(Array.IndexOf(rooms, own), Array.IndexOf(rooms, other), $"src/Runtime/{from} uses src/Runtime/{to}");
        }
    }

    [TestMethod]
    [DataRow("Runtime")]
    [DataRow("Training")]
    [DataRow("Evaluation")]
    public void Folders_of_a_project_form_no_circle(string project)
    {
        (string From, string To)[] arrows = [.. SourceFolders.Arrows(project)];
        Assert.IsNotEmpty(arrows);
        // A folder that uses none of those left is taken away; what can't be is a circle.
        HashSet<string> left = [.. arrows.SelectMany(arrow => (string[])[arrow.From, arrow.To])];
        while (left.FirstOrDefault(folder => !arrows.Any(arrow => arrow.From == folder && left.Contains(arrow.To))) is string free)
            left.Remove(free);
        IEnumerable<string> circle = arrows.Where(arrow => left.Contains(arrow.From) && left.Contains(arrow.To))
            .Select(arrow => $"'{arrow.From}' uses '{arrow.To}'");
        Assert.IsEmpty(left, $"src/{project}: {string.Join("; ", circle)}");
    }

    [TestMethod]
    public void Lines_are_at_most_140_characters_long()
    {
        IEnumerable<string> tooLong = Sources("src", "tools", "tests").SelectMany(file => File.ReadLines(file)
            .Select((line, at) => (line, Place: $"{Path.GetRelativePath(Repo.File(), file)}:{at + 1}"))
            // An address can't be split.
            .Where(line => line.line.Length > 140 && !line.line.Contains("https://", StringComparison.Ordinal)).Select(line => line.Place));
        Assert.IsEmpty(tooLong, string.Join(", ", tooLong));
    }

    [TestMethod]
    public void What_a_caller_got_wrong_is_said_by_one_helper_that_names_the_parameter()
    {
        IEnumerable<string> others = Sources("src").Where(file => Path.GetFileName(file) != "Fault.cs"
            && File.ReadAllText(file).Contains("new ArgumentException(", StringComparison.Ordinal));
        Assert.IsEmpty(others, string.Join(", ", others));
    }

    static IEnumerable<string> Sources(params string[] folders) => folders.SelectMany(folder =>
        Directory.EnumerateFiles(Repo.File(folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));

    static bool IsTorch(string name) => name.Contains("torch", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("libc10", StringComparison.Ordinal);

    static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Repo.File("src", project, $"LeoCvae.{project}.csproj")).Descendants(kind)
            .Select(reference => reference.Attribute("Include")!.Value).Order(StringComparer.Ordinal);
}

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
        string[] others = [.. typeof(LeoModel).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!).Where(name => !File.Exists(Path.Combine(framework, name + ".dll")))];
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
        Assert.IsFalse(names.Any(name => name.Contains("Torch", StringComparison.OrdinalIgnoreCase) || name.Contains("Training", StringComparison.Ordinal)));
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
            Assert.IsFalse(assembly.GetReferencedAssemblies().Any(reference => reference.Name is "System.Console" or "System.Diagnostics.Process" or "System.Net.Http" or "System.Net.Sockets"), assembly.FullName);
    }

    static bool IsTorch(string name) => name.Contains("torch", StringComparison.OrdinalIgnoreCase) || name.StartsWith("libc10", StringComparison.Ordinal);

    static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(Repo.File("src", project, $"LeoCvae.{project}.csproj")).Descendants(kind).Select(reference => reference.Attribute("Include")!.Value).Order(StringComparer.Ordinal);
}

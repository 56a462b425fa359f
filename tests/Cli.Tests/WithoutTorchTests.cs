using System.Runtime.InteropServices;

namespace LeoCvae.Cli.Tests;

/// <summary>A copy of the tool from which the training engine's files are left out: whatever works there loads none of them.</summary>
[TestClass]
public class WithoutTorchTests : CliTest
{
    [TestInitialize]
    public void CopyTool()
    {
        Tool = At("tool");
        string native = Path.Combine("runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        Directory.CreateDirectory(Path.Combine(Tool, native));
        foreach (string file in Directory.EnumerateFiles(Cli.Folder)
            .Concat(Directory.EnumerateFiles(Path.Combine(Cli.Folder, native), "*onnxruntime*")))
            if (Path.GetFileName(file) != "TorchSharp.dll")
                File.Copy(file, Path.Combine(Tool, Path.GetRelativePath(Cli.Folder, file)));
        Write("table.csv", Samples.Table);
        CopyModel("model");
    }

    [TestMethod]
    public void A_model_is_used_without_any_file_of_TorchSharp()
    {
        Assert.IsEmpty(Directory.EnumerateFiles(Tool!, "*orch*", SearchOption.AllDirectories)
            .Where(file => !Path.GetFileName(file).StartsWith("LeoCvae.Training.Torch.", StringComparison.Ordinal)));
        Done("generate model --count 5 --out rows.csv");
        Done("oversample table.csv --model model --out balanced.csv");
        Done("score table.csv --out scores.csv");
        Done("embed model table.csv --out embedding.csv");
        Done("inspect model");
    }

    [TestMethod]
    public void The_fused_engine_trains_without_it_and_the_torch_engine_says_what_to_add()
    {
        Done($"train table.csv --model new {SharedModel.Options}");
        Done($"oversample table.csv --out new.csv {SharedModel.Options}");
        Fault("train table.csv --model torch --engine torch", "the torch engine needs TorchSharp", "libtorch-cpu-linux-x64",
            "from a clone of its repository", "--engine fused");
    }

    [TestMethod]
    [DataRow("TorchSharp.dll")]
    [DataRow("TorchSharp.dll", "libLibTorchSharp.so", DisplayName = "as packed")]
    public void The_torch_engine_without_libtorch_says_which_package_to_add_and_fetches_nothing_by_itself(params string[] files)
    {
        // Left to itself, TorchSharp copies libtorch from a NuGet cache into the tool's folder.
        foreach (string file in Directory.EnumerateFiles(Cli.Folder, "*", SearchOption.AllDirectories)
            .Where(file => files.Contains(Path.GetFileName(file))))
            File.Copy(file, Path.Combine(Tool!, Path.GetRelativePath(Cli.Folder, file)));
        Fault("train table.csv --model new --engine torch", "libtorch-cpu-linux-x64", "the fused engine");
        Fault("oversample table.csv --out new.csv --save-model new --engine torch", "libtorch-cpu-linux-x64");
    }
}

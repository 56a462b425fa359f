namespace LeoCvae.Runtime.Tests.Model;

/// <summary>The tests have ONNX Runtime's package for the CPU.</summary>
[TestClass]
public class DeviceTests
{
    [TestMethod]
    public void CUDA_without_its_package_is_refused_by_a_sentence_that_names_the_package()
    {
        DllNotFoundException e = Assert.ThrowsExactly<DllNotFoundException>(
            () => LeoModel.Load(TestModel.Folder, new() { Device = "cuda" }));
        Assert.StartsWith("no CUDA: ", e.Message);
        Assert.Contains("Microsoft.ML.OnnxRuntime.Gpu", e.Message);
        Assert.ThrowsExactly<DllNotFoundException>(new RuntimeOptions { Device = "cuda" }.RequireEvaluator);
        new RuntimeOptions { Evaluator = Evaluator.OnnxRuntime }.RequireEvaluator();
    }

    [TestMethod]
    [DataRow(Evaluator.Managed)]
    [DataRow(Evaluator.OnnxRuntime)]
    public void Where_it_is_left_open_the_CPU_gives_the_evaluators_rows_and_says_why(Evaluator evaluator)
    {
        using LeoModel model = LeoModel.Load(TestModel.Folder, new() { Device = "auto", Evaluator = evaluator }),
            onCpu = LeoModel.Load(TestModel.Folder, new() { Evaluator = evaluator });
        Assert.Contains("Microsoft.ML.OnnxRuntime.Gpu", model.DeviceFallback!);
        Assert.IsNull(onCpu.DeviceFallback);
        TestModel.AreSame(onCpu.Generate(TestModel.Counts(20, 20)), model.Generate(TestModel.Counts(20, 20)));
        Assert.AreSequenceEqual(onCpu.Embed(TestModel.Training)[3].ToArray(), model.Embed(TestModel.Training)[3].ToArray());
    }

    [TestMethod]
    public void A_damaged_model_is_no_matter_of_the_device()
    {
        Dictionary<string, byte[]> files = TestModel.Files();
        files["generator.onnx"] = files["generator.onnx"][..1000];
        Assert.ThrowsExactly<InvalidDataException>(() => LeoModel.FromFiles(files, new() { Device = "auto" }));
    }

    [TestMethod]
    public void Another_device_is_refused()
    {
        ArgumentException e = Assert.ThrowsExactly<ArgumentException>(() => LeoModel.Load(TestModel.Folder, new() { Device = "gpu" }));
        Assert.Contains("got gpu, expected cpu, cuda or auto", e.Message);
        Assert.AreEqual("Device", e.ParamName);
    }

    [TestMethod]
    public void A_device_of_CUDA_means_ONNX_Runtime() =>
        Assert.AreEqual(Evaluator.OnnxRuntime, new RuntimeOptions { Device = "cuda" }.Evaluator);

    [TestMethod]
    public void A_model_is_evaluated_otherwise_without_being_read_again()
    {
        using LeoModel model = TestModel.Load(), onnx = model.EvaluatedBy(new() { Evaluator = Evaluator.OnnxRuntime });
        using LeoModel expected = LeoModel.Load(TestModel.Folder, new() { Evaluator = Evaluator.OnnxRuntime });
        TestModel.AreSame(expected.Generate(TestModel.Counts(20, 20)), onnx.Generate(TestModel.Counts(20, 20)));
    }
}

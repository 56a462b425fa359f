namespace LeoCvae.Cli.Tests;

[TestClass]
public class EvaluatorTests : CliTest
{
    [TestInitialize]
    public void PutModel()
    {
        Write("table.csv", Samples.Table);
        CopyModel("model");
    }

    [TestMethod]
    public void ONNX_Runtime_makes_as_many_rows_in_every_verb_and_the_managed_evaluator_is_the_default()
    {
        foreach (string verb in (string[])["generate model --count 50", "embed model table.csv", "oversample table.csv --model model"])
        {
            Done($"{verb} --out plain.csv --overwrite");
            Done($"{verb} --out managed.csv --overwrite --evaluator managed --device cpu");
            Done($"{verb} --out onnx.csv --overwrite --evaluator onnx");
            Assert.AreEqual(Read("plain.csv"), Read("managed.csv"), verb);
            Assert.HasCount(Read("plain.csv").Split('\n').Length, Read("onnx.csv").Split('\n'), verb);
        }
    }

    [TestMethod]
    public void A_fit_may_be_followed_by_ONNX_Runtime()
    {
        Done($"oversample table.csv --out fitted.csv --evaluator onnx --save-model new {SharedModel.Options}");
        Done("oversample table.csv --out loaded.csv --evaluator onnx --model new");
        Assert.AreEqual(Read("loaded.csv"), Read("fitted.csv"));
    }

    [TestMethod]
    public void CUDA_without_CUDA_is_one_line_that_says_what_is_missing_or_where_it_is_left_open_the_CPU()
    {
        foreach (string verb in (string[])["generate model --count 5", "embed model table.csv", "oversample table.csv --model model"])
        {
            Fault($"{verb} --out new.csv --device cuda", "no CUDA: ", "Microsoft.ML.OnnxRuntime.Gpu");
            Outcome outcome = Done($"{verb} --out rows.csv --overwrite --device auto");
            Assert.Contains("running on the CPU: no CUDA: ", outcome.Output);
            Assert.DoesNotContain("onnxruntime", outcome.Error);
        }
    }

    [TestMethod]
    public void Without_ONNX_Runtimes_library_one_line_says_so_and_the_managed_evaluator_works()
    {
        Tool = At("tool");
        Directory.CreateDirectory(Tool);
        foreach (string file in Directory.EnumerateFiles(Cli.Folder))
            File.Copy(file, Path.Combine(Tool, Path.GetFileName(file)));
        foreach (string verb in (string[])["generate model --count 5", "embed model table.csv", "oversample table.csv --model model",
            "oversample table.csv"])
            Fault($"{verb} --out rows.csv --evaluator onnx", "ONNX Runtime's native library is missing", "Microsoft.ML.OnnxRuntime");
        Fault("generate model --count 5 --out rows.csv --device cuda", "ONNX Runtime's native library is missing");
        Done("generate model --count 5 --out rows.csv --device auto");
    }

    [TestMethod]
    [DataRow("--evaluator torch", "--evaluator: got 'torch', expected managed or onnx")]
    [DataRow("--device gpu", "--device: got 'gpu', expected cpu, cuda or auto")]
    public void A_name_that_there_is_not_is_refused(string options, string said) =>
        Fault($"generate model --count 5 --out rows.csv {options}", said);

    [TestMethod]
    public void The_managed_evaluator_has_no_CUDA() =>
        Misuse("generate model --count 5 --out rows.csv --evaluator managed --device cuda", "--evaluator managed runs on the CPU");
}

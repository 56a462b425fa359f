using System.Text;

namespace LeoCvae.Cli.Tests;

/// <summary>Models at fault.</summary>
[TestClass]
public class BadModelTests : CliTest
{
    [TestInitialize]
    public void WriteInputs()
    {
        Write("table.csv", Samples.Table);
        CopyModel("model");
    }

    [TestMethod]
    public void A_model_that_is_not_there_is_named()
    {
        Directory.Delete(At("model"), recursive: true);
        Refused("'model'", "no such folder or file");
        Fault("oversample table.csv --model model --out out.csv", "'model'", "no such folder or file");
        Fault("embed model table.csv --out out.csv", "'model'", "no such folder or file");
        Fault("score table.csv --model model --out out.csv", "'model'", "no such folder or file");
    }

    [TestMethod]
    [DataRow("generator.onnx")]
    [DataRow("decoder.onnx")]
    [DataRow("encoder.onnx")]
    [DataRow("model.json")]
    public void A_missing_file_is_named(string file)
    {
        File.Delete(At($"model/{file}"));
        Refused("'model'", $"{file} is missing");
    }

    [TestMethod]
    [DataRow("generator.onnx")]
    [DataRow("decoder.onnx")]
    [DataRow("encoder.onnx")]
    [DataRow("model.json")]
    public void A_changed_byte_is_found(string file)
    {
        byte[] bytes = File.ReadAllBytes(At($"model/{file}"));
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(At($"model/{file}"), bytes);
        Refused("'model'", file, "changed or damaged");
    }

    [TestMethod]
    [DataRow(0, "not a LeoCvae model, or truncated")]
    [DataRow(1, "truncated")]
    [DataRow(50, "truncated")]
    [DataRow(1000, "truncated")]
    [DataRow(-1, "truncated")]
    public void A_truncated_generator_is_found(int length, string said)
    {
        byte[] bytes = File.ReadAllBytes(At("model/generator.onnx"));
        File.WriteAllBytes(At("model/generator.onnx"), bytes[..(length < 0 ? bytes.Length + length : length)]);
        Refused("'model'", "generator.onnx", said);
    }

    [TestMethod]
    public void A_model_of_another_format_version_is_refused_with_both_versions()
    {
        // The entry's value is the text "2": key, then field 2 of one byte.
        byte[] bytes = File.ReadAllBytes(At("model/generator.onnx")), key = [.. Encoding.UTF8.GetBytes("leocvae.format_version"), 0x12, 1];
        int at = bytes.AsSpan().IndexOf(key) + key.Length;
        Assert.AreEqual((byte)'3', bytes[at]);
        bytes[at] = (byte)'9';
        File.WriteAllBytes(At("model/generator.onnx"), bytes);
        Refused("'model'", "generator.onnx", "format version 9, this release reads version 3");
    }

    [TestMethod]
    public void Another_networks_file_in_its_place_is_found()
    {
        File.Copy(At("model/encoder.onnx"), At("model/generator.onnx"), overwrite: true);
        Refused("'model'", "generator.onnx", "role 'encoder'");
    }

    [TestMethod]
    public void The_parts_of_two_models_do_not_mix()
    {
        Done("train table.csv --model other --epochs 1 --hidden 16 --latent 4 --seed 7");
        File.Copy(At("other/encoder.onnx"), At("model/encoder.onnx"), overwrite: true);
        Refused("'model'", "encoder.onnx", "changed or damaged");
    }

    [TestMethod]
    [DataRow("not an onnx file")]
    [DataRow("<html><body>404 Not Found</body></html>")]
    public void Something_else_is_no_model(string text)
    {
        Write("model/generator.onnx", text);
        Refused("'model'", "generator.onnx");
        Write("table.txt", text);
        Fault("inspect table.txt", "model 'table.txt'", "not an ONNX file");
    }

    void Refused(params string[] said)
    {
        Fault("generate model --count 3 --out out.csv", said);
        Fault("inspect model", said);
    }
}

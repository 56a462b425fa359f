using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace LeoCvae.Runtime.Tests;

/// <summary>Folders that hold something else than files, and numbers that are none.</summary>
[TestClass]
public class UnreadableModelTests
{
    [TestMethod]
    [OSCondition(OperatingSystems.Linux), UnsupportedOSPlatform("windows")]
    [DataRow("generator.onnx")]
    [DataRow("encoder.onnx")]
    [DataRow("model.json")]
    [DataRow("MODEL_CARD.md")]
    public void Pipes_devices_folders_and_endless_files_are_refused_at_once(string name)
    {
        using TempFolder folder = new();
        TestModel.Write(TestModel.Files(), folder.Path);
        void Refused(params string[] parts)
        {
            Expect.Throws<InvalidDataException>(() => LeoModel.Load(folder.Path), [folder.Path, name, .. parts]);
            if (name == "generator.onnx")
                Expect.Throws<InvalidDataException>(() => LeoModel.Load(folder[name]), [folder[name], .. parts]);
            File.Delete(folder[name]);
        }
        File.Delete(folder[name]);
        using (Process make = Process.Start("mkfifo", folder[name]))
            make.WaitForExit();
        Refused("is a pipe, a socket or a device");
        File.CreateSymbolicLink(folder[name], "/dev/zero");
        Refused("is a pipe, a socket or a device");
        using (FileStream large = new(folder[name], FileMode.CreateNew))
            large.SetLength(1L << 40);
        Refused("got 1099511627776 bytes, expected at most");
        Directory.CreateDirectory(folder[name]);
        Expect.Throws<InvalidDataException>(() => LeoModel.Load(folder.Path), folder.Path, name, "is a folder, expected a file");
    }

    [TestMethod]
    [DataRow("generator.onnx")]
    [DataRow("decoder.onnx")]
    [DataRow("encoder.onnx")]
    public void Numbers_that_are_none_are_refused_by_file_and_tensor(string name)
    {
        byte[] graph = new OnnxFile(name, TestModel.Files()[name]).Graph.ToArray();
        OnnxFile file = new(name, TestModel.Files()[name]);
        string[] floats = name switch
        {
            "generator.onnx" => ["seed_mu", "seed_sigma", "class_embedding", "decoder1_weight", "decoder3_bias"],
            "decoder.onnx" => ["decoder2_weight", "decoder3_bias"],
            _ => ["encoder1_weight", "encoder2_bias", "mu_weight"],
        };
        foreach (Evaluator evaluator in Enum.GetValues<Evaluator>())
        {
            foreach (string tensor in floats)
                foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
                    Refused(evaluator, tensor, MemoryMarshal.AsBytes<float>(file.Initializer<float>(tensor)), BitConverter.GetBytes(value));
            Refused(evaluator, "column_mean", MemoryMarshal.AsBytes<double>(file.Initializer<double>("column_mean")), BitConverter.GetBytes(double.NaN));
        }

        void Refused(Evaluator evaluator, string tensor, ReadOnlySpan<byte> values, byte[] value)
        {
            byte[] changed = [.. graph];
            int at = graph.AsSpan().IndexOf(values);
            Assert.IsGreaterThan(0, at);
            value.CopyTo(changed, at);
            Dictionary<string, byte[]> files = TestModel.Files();
            files[name] = OnnxForge.Change(files[name], _ => { }, _ => changed);
            if (name != "generator.onnx")
                files["generator.onnx"] = OnnxForge.Change(files["generator.onnx"], metadata => metadata["leocvae.files_sha256"] = $"{{\"{name}\":\"{ModelPackage.Hash(files[name])}\"}}");
            Expect.Throws<InvalidDataException>(() => LeoModel.FromFiles(files, new() { Evaluator = evaluator }), name, $"'{tensor}'", "NaN or an infinite number");
        }
    }

    [TestMethod]
    [DataRow("options", "null", "'options'")]
    [DataRow("options", "[1]", "'options'")]
    [DataRow("options", "7", "'options'")]
    [DataRow("options", "\"x\"", "'options'")]
    [DataRow("options", "{\"a\":\"\\ud800\"}", "options")]
    [DataRow("options", "{\"a\":[{\"b\":\"\\udc00x\"}]}", "options")]
    [DataRow("options", "{\"\\ud800\":1}", "options")]
    [DataRow("options", "{\"a\":1,\"a\":2}", "options")]
    [DataRow("classes", "[\"a\\ud800\",\"b\"]", "classes")]
    [DataRow("more", "\"\\ud800\"", "more")]
    [DataRow("latent_size", "1e999", "latent_size")]
    [DataRow("latent_size", "true", "latent_size")]
    public void A_property_that_cannot_be_is_named(string property, string json, string said) => Refused("leocvae." + property, _ => json, said);

    [TestMethod]
    [DataRow("\"warnings\":", "\"warnings\":[1],\"w\":", "warnings")]
    [DataRow("\"warnings\":", "\"warnings\":[null],\"w\":", "provenance.warnings")]
    [DataRow("\"warnings\":", "\"warnings\":null,\"w\":", "warnings")]
    [DataRow("\"class_counts\":[212,357]", "\"class_counts\":[212,2147483647]", "provenance.class_counts")]
    [DataRow("\"class_counts\":[212,357]", "\"class_counts\":[212,99999999999]", "class_counts")]
    [DataRow("\"class_counts\":[212,357]", "\"class_counts\":[926,-357]", "'provenance.class_counts' of its manifest")]
    [DataRow("\"rows\":569", "\"rows\":569,\"rows\":569", "provenance")]
    [DataRow("\"rows\":569", "\"rows\":\"569\"", "rows")]
    [DataRow("\"mean_entropy_bits\":", "\"mean_entropy_bits\":1e999,\"m\":", "provenance.mean_entropy_bits")]
    [DataRow("\"mean_entropy_bits\":", "\"mean_entropy_bits\":\"NaN\",\"m\":", "mean_entropy_bits")]
    [DataRow("\"best_epoch\":", "\"best_epoch\":0,\"b\":", "provenance.best_epoch")]
    [DataRow("\"epochs\":", "\"epochs\":-1,\"e\":", "provenance.epochs")]
    [DataRow("\"data_sha256\":", "\"data_sha256\":\"x\",\"d\":", "provenance.data_sha256")]
    [DataRow("\"paper\":", "\"p\":", "'provenance.paper' of its manifest: got nothing")]
    [DataRow("\"rows\":569", "\"rows\":null", "'provenance.rows' of its manifest")]
    [DataRow("\"producer\":", "\"producer\":null,\"p\":", "'provenance.producer' of its manifest: got null")]
    [DataRow("\"near_copies_within_half\":", "\"near_copies_within_half\":1e999,\"n\":", "'provenance.near_copies_within_half' of its manifest: got Infinity")]
    [DataRow("\"near_copies_within_tenth\":", "\"near_copies_within_tenth\":-1,\"n\":", "'provenance.near_copies_within_tenth' of its manifest: got -1")]
    [DataRow("\"near_copies_of_few_records\":", "\"near_copies_of_few_records\":[2],\"n\":", "'provenance.near_copies_of_few_records' of its manifest: got [2]")]
    public void A_provenance_that_cannot_be_is_named(string from, string to, string said) =>
        Refused("leocvae.provenance", json => json.Replace(from, to, StringComparison.Ordinal), said);

    [TestMethod]
    [DataRow("[\"0\",\"212\",\"569\"]")]
    [DataRow("[0,-212,569]")]
    [DataRow("[0,212,570]")]
    [DataRow("[0,2147483647,569]")]
    [DataRow("[]")]
    [DataRow("null")]
    public void Class_starts_that_cannot_be_are_named(string starts) =>
        Refused("leocvae.sampling", json => json.Replace("[0,212,569]", starts, StringComparison.Ordinal), "'sampling.class_starts");

    [TestMethod]
    [DataRow("\"target_index\":", "\"target_index\":99,\"t\":", "'schema.target_index' of its manifest: ")]
    [DataRow("\"target\":", "\"target\":\"\",\"t\":", "'schema.target' of its manifest: the label column has no name")]
    [DataRow("\"kind\":\"Numeric\"", "\"kind\":7", "'schema.columns' of its manifest: ")]
    [DataRow("\"minimum\":", "\"minimum\":-1e999,\"m\":", "expected finite numbers")]
    public void A_schema_that_cannot_be_is_named(string from, string to, string said)
    {
        Refused("leocvae.schema", json => json[..json.IndexOf(from, StringComparison.Ordinal)] + to + json[(json.IndexOf(from, StringComparison.Ordinal) + from.Length)..], said);
    }

    static void Refused(string key, Func<string, string> change, string said) => Expect.Throws<InvalidDataException>(() => LeoModel.FromFiles(new Dictionary<string, byte[]>
    {
        ["generator.onnx"] = OnnxForge.Change(TestModel.Files()["generator.onnx"], metadata =>
        {
            string before = metadata.GetValueOrDefault(key, "");
            metadata[key] = change(before);
            Assert.AreNotEqual(before, metadata[key]);
        }),
    }), "generator.onnx", said);
}

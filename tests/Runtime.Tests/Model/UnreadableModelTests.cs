using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.Json;
using System.Text.Json.Nodes;

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
            "generator.onnx" => ["seed_mu", "seed_sigma", "class_embedding", "decoder1_weight", "noise_offset", "noise_intercepts",
                "noise_slopes"],
            "decoder.onnx" => ["decoder2_weight", "decoder3_bias"],
            _ => ["encoder1_weight", "encoder2_bias", "mu_weight"],
        };
        foreach (Evaluator evaluator in Enum.GetValues<Evaluator>())
        {
            foreach (string tensor in floats)
                foreach (float value in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
                    Refused(evaluator, tensor, MemoryMarshal.AsBytes<float>(file.Initializer<float>(tensor)), BitConverter.GetBytes(value));
            Refused(evaluator, "column_mean", MemoryMarshal.AsBytes<double>(file.Initializer<double>("column_mean")),
                BitConverter.GetBytes(double.NaN));
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
                files["generator.onnx"] = OnnxForge.Change(files["generator.onnx"], metadata =>
                    metadata["leocvae.files_sha256"] = $"{{\"{name}\":\"{ModelPackage.Hash(files[name])}\"}}");
            Expect.Throws<InvalidDataException>(() => LeoModel.FromFiles(files, new() { Evaluator = evaluator }), name, $"'{tensor}'",
                "NaN or an infinite number");
        }
    }

    [TestMethod]
    [DataRow("generator.onnx", "decoder2_weight decoder3_weight", Evaluator.Managed)]
    [DataRow("generator.onnx", "decoder2_weight decoder3_weight", Evaluator.OnnxRuntime)]
    [DataRow("encoder.onnx", "mu_weight", Evaluator.Managed)]
    [DataRow("encoder.onnx", "mu_weight", Evaluator.OnnxRuntime)]
    public void Weights_that_are_finite_and_overflow_give_no_row(string name, string tensors, Evaluator evaluator)
    {
        Dictionary<string, byte[]> files = TestModel.Files();
        foreach (string tensor in tensors.Split(' '))
        {
            float[] weights = new OnnxFile(name, files[name]).Initializer<float>(tensor);
            byte[] before = MemoryMarshal.AsBytes<float>(weights).ToArray();
            for (int i = 0; i < weights.Length; i++)
                weights[i] = i * 7919 % 13 < 6 ? float.MaxValue : -float.MaxValue;
            files[name] = OnnxForge.Change(files[name], _ => { }, graph =>
            {
                MemoryMarshal.AsBytes<float>(weights).CopyTo(graph.AsSpan(graph.AsSpan().IndexOf(before)));
                return graph;
            });
        }
        if (name != "generator.onnx")
            files["generator.onnx"] = OnnxForge.Change(files["generator.onnx"],
                metadata => metadata["leocvae.files_sha256"] = $"{{\"{name}\":\"{ModelPackage.Hash(files[name])}\"}}");
        using LeoModel model = LeoModel.FromFiles(files, new() { Evaluator = evaluator });
        if (name == "encoder.onnx")
            Expect.Throws<InvalidDataException>(() => model.Embed(TestModel.Training), "network overflows", "within its training range");
        else
        {
            Expect.Throws<InvalidDataException>(() => model.Generate(TestModel.Counts(50, 50)), "network overflows");
            Expect.Throws<InvalidDataException>(() => model.GenerateBatches(TestModel.Counts(50, 50)).ToArray(), "network overflows");
            Expect.Throws<InvalidDataException>(() => model.Generate(0, 0, 50, new double[50 * 30]), "network overflows");
            Expect.Throws<InvalidDataException>(() => model.Oversample(TestModel.Training), "network overflows");
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
    [DataRow("classes", "[\"a\\u0000\",\"b\"]", "'classes' of its manifest: class 'a\\x00' has a NUL character")]
    [DataRow("more", "\"\\ud800\"", "more")]
    [DataRow("latent_size", "1e999", "latent_size")]
    [DataRow("latent_size", "true", "latent_size")]
    public void A_property_that_cannot_be_is_named(string property, string json, string said) =>
        Refused("leocvae." + property, _ => json, said);

    [TestMethod]
    public void Every_key_of_the_manifest_with_a_value_of_another_kind_is_named_with_what_was_expected()
    {
        JsonObject manifest = JsonNode.Parse(TestModel.Files()["model.json"])!.AsObject();
        string[] others = ["null", "true", "7.5", "-99999999999", "\"x\"", "[]", "{}"], nullable = ["decimals", "values"];
        int refused = 0;
        foreach ((string property, JsonNode? node) in manifest.Where(entry => entry.Key != "format_version"))
            foreach ((string path, JsonNode at) in Nodes(property, node!).ToArray())
                foreach (string other in others)
                {
                    JsonNode? value = JsonNode.Parse(other);
                    if (value?.GetValueKind() == at.GetValueKind() && !(value?.GetValueKind() == JsonValueKind.Number && IsWhole(path)))
                        continue;
                    if (value is null && nullable.Contains(path.Split('.')[^1]))
                        continue;
                    string changed = node == at ? other : Replaced(manifest, path, other)[property]!.ToJsonString();
                    InvalidDataException e = Refused("leocvae." + property, _ => changed, $"'{path}' of its manifest: got ");
                    Assert.Contains(", expected ", e.Message);
                    foreach (string leak in (string[])["System", "LeoCvae.", "Json", "JSON", "LineNumber"])
                        Assert.DoesNotContain(leak, e.Message);
                    refused++;
                }
        Assert.IsGreaterThan(200, refused);

        // One of each list's items stands for all.
        static IEnumerable<(string, JsonNode)> Nodes(string path, JsonNode node) => (node switch
        {
            JsonObject inner when path != "options" => inner.Where(item => item.Value is not null)
                .SelectMany(item => Nodes($"{path}.{item.Key}", item.Value!)),
            JsonArray { Count: > 0 } list => Nodes($"{path}[{list.Count - 1}]", list[^1]!),
            _ => [],
        }).Prepend((path, node));
        static bool IsWhole(string path) => path.Split('.')[^1].Split('[')[0]
            is "target_index" or "decimals" or "latent_size" or "rows" or "class_counts" or "epochs"
                or "best_epoch" or "class_starts" or "residual_neighbors";
        static JsonNode Replaced(JsonNode manifest, string path, string json)
        {
            JsonNode copy = manifest.DeepClone(), at = copy;
            string[] steps = path.Split('.', '[');
            JsonNode Step(string step) => step[^1] == ']' ? at[int.Parse(step[..^1], CultureInfo.InvariantCulture)]! : at[step]!;
            foreach (string step in steps[..^1])
                at = Step(step);
            if (steps[^1][^1] == ']')
                at[int.Parse(steps[^1][..^1], CultureInfo.InvariantCulture)] = JsonNode.Parse(json);
            else
                at[steps[^1]] = JsonNode.Parse(json);
            return copy;
        }
    }

    [TestMethod]
    [DataRow("null", "its list of files, 'files_sha256': got null, expected an object")]
    [DataRow("[\"a\"]", "its list of files, 'files_sha256': got a list, expected an object")]
    [DataRow("{\"encoder.onnx\":7}", "its list of files, 'files_sha256.encoder.onnx': got 7, expected a text")]
    [DataRow("{\"encoder.onnx\":", "its list of files, 'files_sha256': got '{\"encoder.onnx\":', expected JSON")]
    [DataRow("{\"a\":\"0\",\"a\":\"1\"}", "its list of files, 'files_sha256': the name 'a' is given twice")]
    [DataRow("{\"a/b\":\"0\"}", "its list of files: got 'a/b', expected a plain file name")]
    public void A_list_of_files_that_cannot_be_is_named(string json, string said) => Refused("leocvae.files_sha256", _ => json, said);

    [TestMethod]
    [DataRow("{", "'options': got '{', expected JSON")]
    [DataRow("", "'options': got '', expected JSON")]
    [DataRow("{\"a\":{\"b\":1,\"b\":2}}", "'options': the name 'b' is given twice")]
    public void What_is_no_JSON_is_shown(string json, string said) => Refused("leocvae.options", _ => json, said);

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
    [DataRow("\"near_copies_within_half\":", "\"near_copies_within_half\":1e999,\"n\":",
        "'provenance.near_copies_within_half' of its manifest: got Infinity")]
    [DataRow("\"near_copies_within_tenth\":", "\"near_copies_within_tenth\":-1,\"n\":",
        "'provenance.near_copies_within_tenth' of its manifest: got -1")]
    [DataRow("\"near_copies_of_few_records\":", "\"near_copies_of_few_records\":[2],\"n\":",
        "'provenance.near_copies_of_few_records' of its manifest: got [2]")]
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
    [DataRow("\"kind\":\"Numeric\"", "\"kind\":7", "'schema.columns[0].kind' of its manifest: got 7, expected \"Numeric\"")]
    [DataRow("\"name\":\"mean_radius\"", "\"name\":\"\\u0000\"", "'schema.columns' of its manifest: column '\\x00' has a NUL character")]
    [DataRow("\"target\":\"diagnosis\"", "\"target\":\"\\uFEFF\"",
        "'schema.target' of its manifest: the label column '\\ufeff' has a byte order mark")]
    [DataRow("\"minimum\":", "\"minimum\":-1e999,\"m\":", "expected finite numbers")]
    public void A_schema_that_cannot_be_is_named(string from, string to, string said)
    {
        Refused("leocvae.schema", json => json[..json.IndexOf(from, StringComparison.Ordinal)] + to
            + json[(json.IndexOf(from, StringComparison.Ordinal) + from.Length)..], said);
    }

    static InvalidDataException Refused(string key, Func<string, string> change, string said) =>
        Expect.Throws<InvalidDataException>(() => LeoModel.FromFiles(new Dictionary<string, byte[]>
        {
            ["generator.onnx"] = OnnxForge.Change(TestModel.Files()["generator.onnx"], metadata =>
            {
                string before = metadata.GetValueOrDefault(key, "");
                metadata[key] = change(before);
                Assert.AreNotEqual(before, metadata[key]);
            }),
        }), "generator.onnx", said);
}

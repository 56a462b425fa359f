using System.Runtime.InteropServices;

namespace LeoCvae.Runtime.Tests;

/// <summary>Models whose hashes are right, as a buggy or hostile writer could make them: still refused, never another exception.</summary>
[TestClass]
public class ForgedModelTests
{
    [TestMethod]
    public void Writing_the_same_content_anew_gives_the_same_model()
    {
        using LeoModel expected = TestModel.Load(), forged = Forge(_ => { });
        TestModel.AreSame(expected.Generate(TestModel.Counts(9, 9)), forged.Generate(TestModel.Counts(9, 9)));
    }

    [TestMethod]
    [DataRow("0")]
    [DataRow("4")]
    [DataRow("\"3\"")]
    [DataRow("3.0")]
    [DataRow("")]
    public void Another_format_version_is_refused(string version) =>
        Refused(metadata => metadata["leocvae.format_version"] = version, $"got format version {version}, this release reads version 3",
            "a newer release may read it");

    [TestMethod]
    [DataRow("1")]
    [DataRow("2")]
    public void A_folder_of_an_older_format_is_told_by_its_number_and_what_to_do(string version) =>
        Refused(metadata => metadata["leocvae.format_version"] = version, $"got format version {version}, this release reads version 3",
            "fit the model again");

    [TestMethod]
    public void Files_in_each_others_place_are_refused_by_role()
    {
        Dictionary<string, byte[]> files = TestModel.Files();
        foreach (string name in (string[])["decoder.onnx", "encoder.onnx"])
            Expect.Throws<InvalidDataException>(() => LeoModel.FromFiles(new Dictionary<string, byte[]>(files)
            {
                ["generator.onnx"] = files[name]
            }), "generator.onnx", $"got the role '{name[..7]}', expected 'generator'");
        Expect.Throws<InvalidDataException>(() =>
            LeoModel.FromFiles(new Dictionary<string, byte[]>(files) { ["decoder.onnx"] = files["encoder.onnx"] }), "decoder.onnx");
        byte[] renamed = OnnxForge.Change(files["decoder.onnx"], metadata => metadata["leocvae.role"] = "generator");
        Expect.Throws<InvalidDataException>(() => LeoModel.FromFiles(new Dictionary<string, byte[]> { ["generator.onnx"] = renamed }),
            "generator.onnx");
    }

    [TestMethod]
    [DataRow("{\"../x\":\"00\"}", "list of files")]
    [DataRow("{\"/etc/passwd\":\"00\"}", "list of files")]
    [DataRow("{\"sub/x\":\"00\"}", "list of files")]
    [DataRow("{\"..\":\"00\"}", "list of files")]
    [DataRow("{\"\":\"00\"}", "list of files")]
    [DataRow("{\"encoder.onnx\":null}", "list of files")]
    [DataRow("null", "list of files")]
    [DataRow("[]", "list of files")]
    [DataRow("", "list of files")]
    [DataRow("{\"encoder.onnx\":\"00\"}", "SHA-256")]
    [DataRow("{\"decoder.onnx\":\"\"}", "SHA-256")]
    [DataRow("{\"absent.bin\":\"00\"}", "absent.bin is missing")]
    public void A_list_of_files_that_leads_elsewhere_or_to_other_content_is_refused(string json, string message)
    {
        using TempFolder folder = new();
        Dictionary<string, byte[]> files = TestModel.Files();
        files["generator.onnx"] = OnnxForge.Change(files["generator.onnx"], metadata => metadata["leocvae.files_sha256"] = json);
        TestModel.Write(files, folder.Path);
        Expect.Throws<InvalidDataException>(() => LeoModel.Load(folder.Path), message);
    }

    [TestMethod]
    [DataRow("schema", "{}")]
    [DataRow("schema", "null")]
    [DataRow("schema", "{\"target\":\"\",\"target_index\":0,\"columns\":[]}")]
    [DataRow("schema", "{\"target\":\"y\",\"target_index\":0,\"columns\":[null]}")]
    [DataRow("schema", "{\"target\":\"y\",\"target_index\":9,\"columns\":[{\"name\":\"a\",\"minimum\":0,\"maximum\":1}]}")]
    [DataRow("schema", "{\"target\":\"y\",\"target_index\":1,\"columns\":[{\"name\":\"a\",\"minimum\":0,\"maximum\":1,\"decimals\":-1}]}")]
    [DataRow("schema",
        "{\"target\":\"y\",\"target_index\":1,\"columns\":[{\"name\":\"a\",\"minimum\":0,\"maximum\":1,\"kind\":\"Color\"}]}")]
    [DataRow("schema", "{\"target\":\"y\",\"target_index\":1,\"columns\":[{\"name\":\"a\",\"minimum\":0,\"maximum\":1}]}")]
    [DataRow("classes", "[]")]
    [DataRow("classes", "[\"malignant\"]")]
    [DataRow("classes", "[\"a\",\"b\",\"c\"]")]
    [DataRow("classes", "[\"a\",\"a\"]")]
    [DataRow("classes", "[\"a\",null]")]
    [DataRow("latent_size", "0")]
    [DataRow("latent_size", "-1")]
    [DataRow("latent_size", "99999999999")]
    [DataRow("latent_size", "\"x\"")]
    [DataRow("provenance", "null")]
    [DataRow("sampling", "null")]
    [DataRow("sampling", "{\"prior\":\"Seeds\",\"class_starts\":[],\"even_seeds\":true,\"noise_factors\":8}")]
    [DataRow("sampling", "{\"prior\":\"Seeds\",\"class_starts\":[0,0,569],\"even_seeds\":true,\"noise_factors\":8}")]
    [DataRow("sampling", "{\"prior\":\"Seeds\",\"class_starts\":[0,1,2],\"even_seeds\":true,\"noise_factors\":8}")]
    [DataRow("sampling", "{\"prior\":\"Seeds\",\"class_starts\":[0,212,569],\"even_seeds\":1,\"noise_factors\":8}")]
    [DataRow("sampling", "{\"prior\":\"Seeds\",\"class_starts\":[0,212,569],\"even_seeds\":true,\"noise_factors\":-1}")]
    [DataRow("sampling", "{\"prior\":\"Seeds\",\"class_starts\":[0,212,569],\"even_seeds\":true,\"noise_factors\":7}")]
    [DataRow("sampling", "{\"prior\":\"Seeds\",\"class_starts\":[0,212,569],\"even_seeds\":true,\"noise_factors\":8,\"attempts\":3}")]
    [DataRow("sampling",
        "{\"prior\":\"Seeds\",\"class_starts\":[0,212,569],\"even_seeds\":true,\"noise_factors\":8,\"component_rows\":[1]}")]
    [DataRow("options", "")]
    [DataRow("options", "{")]
    [DataRow("more", "")]
    [DataRow("more", "]")]
    public void A_manifest_that_does_not_fit_itself_or_the_graph_is_refused(string property, string json) =>
        Refused(metadata => metadata["leocvae." + property] = json);

    [TestMethod]
    [DataRow("schema")]
    [DataRow("classes")]
    [DataRow("latent_size")]
    [DataRow("provenance")]
    [DataRow("sampling")]
    [DataRow("options")]
    public void A_manifest_without_a_part_is_refused(string property) =>
        Refused(metadata => Assert.IsTrue(metadata.Remove("leocvae." + property)));

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(-1.0)]
    [DataRow(double.PositiveInfinity)]
    [DataRow(double.NaN)]
    public void A_seed_without_a_weight_is_refused(double first) => RefusedWithFirst(ModelFormat.SeedWeight, first);

    [TestMethod]
    [DataRow(-1L)]
    [DataRow(569L)]
    public void A_seed_that_is_no_training_row_is_refused(long first) => RefusedWithFirst(ModelFormat.SeedRow, first);

    [TestMethod]
    [DataRow("[212]")]
    [DataRow("[212,357,1]")]
    [DataRow("[0,0]")]
    [DataRow("[-5,357]")]
    public void Class_counts_that_no_split_can_follow_are_refused(string counts) => Refused(metadata =>
        metadata["leocvae.provenance"] = metadata["leocvae.provenance"].Replace("[212,357]", counts, StringComparison.Ordinal));

    static void RefusedWithFirst<T>(string tensor, T first) where T : unmanaged =>
        Expect.Throws<InvalidDataException>(() => Forge(_ => { }, graph =>
    {
        byte[] values =
            MemoryMarshal.AsBytes(new OnnxFile("generator", TestModel.Files()["generator.onnx"]).Initializer<T>(tensor).AsSpan()).ToArray();
        MemoryMarshal.Write(graph.AsSpan(graph.AsSpan().IndexOf(values)), first);
        return graph;
    }), "generator.onnx");

    [TestMethod]
    public void A_graph_that_is_none_or_has_no_seed_bank_is_refused()
    {
        foreach (byte[] graph in (byte[][])[[], [0x0A, 0x00], [0xFF], "graph"u8.ToArray()])
            Expect.Throws<InvalidDataException>(() => Forge(_ => { }, _ => graph), "generator.onnx");
        // The decoder's graph under the generator's metadata.
        byte[] decoder = new OnnxFile("decoder", TestModel.Files()["decoder.onnx"]).Graph.ToArray();
        Expect.Throws<InvalidDataException>(() => Forge(_ => { }, _ => decoder), "no tensor 'seed_weight'");
    }

    [TestMethod]
    public void An_encoder_with_other_inputs_is_refused_when_it_is_needed()
    {
        Dictionary<string, byte[]> files = TestModel.Files();
        files["encoder.onnx"] = OnnxForge.Change(files["encoder.onnx"], _ => { }, _ =>
            new OnnxFile("decoder", files["decoder.onnx"]).Graph.ToArray());
        files["generator.onnx"] = OnnxForge.Change(files["generator.onnx"], metadata =>
            metadata["leocvae.files_sha256"] = $"{{\"encoder.onnx\":\"{ModelPackage.Hash(files["encoder.onnx"])}\"}}");
        using LeoModel model = LeoModel.FromFiles(files);
        Assert.AreEqual(2, model.Generate(TestModel.Counts(1, 1)).RowCount);
        Expect.Throws<InvalidDataException>(() => model.Embed(TestModel.Training), "encoder.onnx",
            "isn't one that the managed evaluator knows");
        using LeoModel onnx = LeoModel.FromFiles(files, new() { Evaluator = Evaluator.OnnxRuntime });
        Expect.Throws<InvalidDataException>(() => onnx.Embed(TestModel.Training), "encoder.onnx",
            "input 'rows' is missing or isn't Double [N, 30]");
    }

    static void Refused(Action<Dictionary<string, string>> metadata, params string[] parts) =>
        Expect.Throws<InvalidDataException>(() => Forge(metadata), ["generator.onnx", .. parts]);

    static LeoModel Forge(Action<Dictionary<string, string>> metadata, Func<byte[], byte[]>? graph = null) =>
        LeoModel.FromFiles(
            new Dictionary<string, byte[]> { ["generator.onnx"] = OnnxForge.Change(TestModel.Files()["generator.onnx"], metadata, graph) });
}

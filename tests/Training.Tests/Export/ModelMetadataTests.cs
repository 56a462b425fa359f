using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LeoCvae.Training.Tests.Export;

/// <summary>What the files say of themselves: complete, consistent, and hashed as the format promises.</summary>
[TestClass]
public class ModelMetadataTests
{
    const int Graph = 7, Metadata = 14;

    static readonly string[] Properties = ["format_version", "schema", "classes", "latent_size", "options", "provenance", "sampling"],
        Own = ["role", "graph_sha256", "metadata_sha256"];

    static Exported _exported = null!;

    [ClassInitialize]
    public static void Export(TestContext _) => _exported = new(Samples.Gaussian([40, 20, 9], 3, decimals: [null, 0, null]));

    [ClassCleanup]
    public static void Release() => _exported.Dispose();

    [TestMethod]
    [DataRow(ModelFormat.Encoder, "")]
    [DataRow(ModelFormat.Decoder, "")]
    [DataRow(ModelFormat.Generator, "files_sha256")]
    public void Each_file_has_its_keys_and_no_others(string file, string more)
    {
        Dictionary<string, string> metadata = Read(file);
        string[] expected = [.. Properties.Concat(Own).Concat(more.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(key => "leocvae." + key).Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(expected, metadata.Keys.ToArray(), "complete, and in ordinal order");
        Assert.AreEqual(Path.GetFileNameWithoutExtension(file), metadata["leocvae.role"]);
        Assert.AreEqual("3", metadata["leocvae.format_version"]);
    }

    [TestMethod]
    [DataRow(ModelFormat.Encoder)]
    [DataRow(ModelFormat.Decoder)]
    [DataRow(ModelFormat.Generator)]
    public void The_hashes_are_those_of_the_graph_and_of_the_metadata(string file)
    {
        Dictionary<string, string> metadata = Read(file);
        Assert.AreEqual(Sha256(new ProtoTree("Model", _exported[file]).Message(Graph).Raw), metadata["leocvae.graph_sha256"]);
        string others =
            string.Concat(metadata.Where(entry => entry.Key != "leocvae.metadata_sha256").Select(entry => $"{entry.Key}\0{entry.Value}\0"));
        Assert.AreEqual(Sha256(Encoding.UTF8.GetBytes(others)), metadata["leocvae.metadata_sha256"]);
    }

    [TestMethod]
    public void The_generator_names_the_other_files_with_their_hashes()
    {
        Dictionary<string, string> hashes =
            JsonSerializer.Deserialize<Dictionary<string, string>>(Read(ModelFormat.Generator)["leocvae.files_sha256"])!;
        CollectionAssert.AreEquivalent(new[] { ModelFormat.Encoder, ModelFormat.Decoder, ModelFormat.Manifest }, hashes.Keys);
        foreach ((string file, string hash) in hashes)
            Assert.AreEqual(Sha256(_exported[file]), hash, file);
    }

    [TestMethod]
    [DataRow(ModelFormat.Encoder)]
    [DataRow(ModelFormat.Decoder)]
    [DataRow(ModelFormat.Generator)]
    public void The_metadata_are_model_json(string file)
    {
        using JsonDocument manifest = JsonDocument.Parse(_exported[ModelFormat.Manifest]);
        Dictionary<string, string> metadata = Read(file);
        CollectionAssert.AreEquivalent(Properties, manifest.RootElement.EnumerateObject().Select(property => property.Name).ToArray());
        foreach (JsonProperty property in manifest.RootElement.EnumerateObject())
        {
            using JsonDocument value = JsonDocument.Parse(metadata["leocvae." + property.Name]);
            Assert.IsTrue(JsonElement.DeepEquals(property.Value, value.RootElement), property.Name);
        }
    }

    [TestMethod]
    public void The_manifest_tells_what_the_fit_was()
    {
        using LeoModel model = LeoModel.FromFiles(_exported.Files);
        ManifestProvenance made = model.Manifest.Provenance;
        Assert.AreEqual("torch", made.Engine);
        Assert.AreEqual($"leocvae {Producer.Version}", made.Producer);
        Assert.AreEqual(69, made.Rows);
        CollectionAssert.AreEqual(new[] { 40, 20, 9 }, made.ClassCounts.ToArray());
        Assert.AreEqual(_exported.Fitted.Entropy.Bits.ToArray().Average(), made.MeanEntropyBits, 1e-6);
        Assert.AreEqual((3, 2, 7.25), (made.Epochs, made.BestEpoch, made.BestValidationLoss));
        CollectionAssert.AreEqual(new[] { "a warning of 1.5" }, made.Warnings.ToArray());
        Assert.AreEqual(4, model.Manifest.LatentSize);
    }

    [TestMethod]
    public void Every_option_but_threads_checkpoint_constraints_and_a_limit_that_is_not_given_is_written_down()
    {
        using LeoModel model = LeoModel.FromFiles(_exported.Files);
        string[] expected =
        [
            "preset", "entropy_neighbors", "entropy_power", "entropy_scale", "kld_weight", "kld_floor", "latent_size", "hidden_size",
                "dropout", "learning_rate", "weight_decay",
            "gradient_clip", "batch_size", "max_epochs", "patience", "min_delta", "validation_share", "even_seeds", "seed_neighbors",
                "noise_scale",
                "prior", "with_reference", "seed", "engine", "device",
        ];
        CollectionAssert.AreEqual(expected, model.Manifest.Options.EnumerateObject().Select(option => option.Name).ToArray());
        Assert.AreEqual(typeof(TrainingOptions).GetProperties().Count(property => property.CanWrite) - 6, expected.Length,
            "an option was added: write it down here");
        Assert.AreEqual(1e-5, model.Manifest.Options.GetProperty("weight_decay").GetDouble());
        Assert.AreEqual("Bits", model.Manifest.Options.GetProperty("entropy_scale").GetString());
    }

    [TestMethod]
    public void Seeds_are_the_rows_of_each_class_in_order_with_their_weights()
    {
        using LeoModel model = LeoModel.FromFiles(_exported.Files);
        SeedBank seeds = model.Seeds;
        CollectionAssert.AreEqual(new[] { 0, 40, 60, 69 }, seeds.Starts.ToArray());
        for (int c = 0; c < 3; c++)
            CollectionAssert.AreEqual(Enumerable.Range(0, 69).Where(row => _exported.Table.Labels[row] == c).ToArray(),
                seeds.Rows.Skip(seeds.Starts[c]).Take(seeds.Starts[c + 1] - seeds.Starts[c]).ToArray());
        CollectionAssert.AreEqual(seeds.Rows.Select(row => _exported.EntropyWeights[row]).ToArray(), seeds.Weights.ToArray());
    }

    [TestMethod]
    public void The_hash_of_the_data_changes_with_a_value_a_label_or_a_name()
    {
        Table table = _exported.Table;
        double[] values = table.Values.ToArray();
        values[10] = Math.BitIncrement(values[10]);
        int[] labels = table.Labels.ToArray();
        labels[5] = (labels[5] + 1) % 3;
        TableSchema renamed = new(table.Schema.Columns.Select(column => column with { Name = column.Name + "'" }), table.Schema.Target,
            table.Schema.Classes);
        Table[] others =
        [
            new(table.Schema, values, table.Labels.ToArray()), new(table.Schema, table.Values.ToArray(), labels),
            new(renamed, table.Values.ToArray(), table.Labels.ToArray()),
            new(new(table.Schema.Columns, "other", table.Schema.Classes), table.Values.ToArray(), table.Labels.ToArray()),
        ];
        HashSet<string> hashes = [DataHash(table), .. others.Select(DataHash)];
        Assert.HasCount(5, hashes);
        Assert.AreEqual(DataHash(table), DataHash(new(table.Schema, table.Values.ToArray(), table.Labels.ToArray())));
    }

    [TestMethod]
    public void Names_with_quotes_line_ends_and_other_scripts_survive()
    {
        string[] columns = ["a \"b\"\\", "größe, cm", "\U0001F9EC\n"];
        Table table = _exported.Table;
        TableSchema schema = new(table.Schema.Columns.Select((column, j) => column with { Name = columns[j] }), "ti|tle`",
            ["<ja>", "né", "\t"]);
        using Exported exported = new(new(schema, table.Values.ToArray(), table.Labels.ToArray()));
        using LeoModel model = LeoModel.FromFiles(exported.Files);
        CollectionAssert.AreEqual(columns, model.Schema.Columns.Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "<ja>", "né", "\t" }, model.Schema.Classes.ToArray());
        Assert.AreEqual("ti|tle`", model.Schema.Target);
    }

    [TestMethod]
    public void Exporting_twice_gives_the_same_bytes()
    {
        Dictionary<string, byte[]> again = ModelExporter.Export(_exported.Fitted, ["a warning of 1.5"], default);
        CollectionAssert.AreEquivalent(_exported.Files.Keys, again.Keys);
        foreach ((string file, byte[] bytes) in again)
            CollectionAssert.AreEqual(_exported[file], bytes, file);
    }

    static string DataHash(Table table)
    {
        Dictionary<string, byte[]> files = ModelExporter.Export(_exported.Fitted with { Table = table }, [], default);
        using JsonDocument manifest = JsonDocument.Parse(files[ModelFormat.Manifest]);
        return manifest.RootElement.GetProperty("provenance").GetProperty("data_sha256").GetString()!;
    }

    static Dictionary<string, string> Read(string file) =>
        new ProtoTree("Model", _exported[file]).Messages(Metadata).ToDictionary(entry => entry.Text(1), entry => entry.Text(2));

    static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class ModelLoadTests
{
    [TestMethod]
    public void A_folder_says_what_it_was_made_from()
    {
        using LeoModel model = LeoModel.Load(TestModel.Folder);
        Assert.IsNull(model.Schema.Mismatch(TestModel.Training.Schema));
        Assert.AreSequenceEqual(TestModel.Training.Schema.Columns, model.Schema.Columns);
        Assert.AreSequenceEqual(TestModel.Training.Schema.Classes, model.Schema.Classes);
        Assert.AreEqual(30, model.Schema.TargetIndex);
        ModelManifest manifest = model.Manifest;
        Assert.AreEqual(ModelManifest.CurrentFormatVersion, manifest.FormatVersion);
        Assert.AreEqual(569, manifest.Provenance.Rows);
        Assert.AreSequenceEqual([212, 357], manifest.Provenance.ClassCounts);
        Assert.AreSequenceEqual([0, 212, 569], manifest.Sampling.ClassStarts);
        Assert.AreSequenceEqual(Enumerable.Range(0, 569), model.Seeds.Rows.Order());
        Assert.AreEqual(LocalEntropy.Score(TestModel.Training).Bits.ToArray().Average(), manifest.Provenance.MeanEntropyBits, 1e-6);
        Assert.AreEqual(File.ReadAllText(Path.Combine(TestModel.Folder, "model.json")), manifest.ToJson());
    }

    [TestMethod]
    public void Seed_weights_are_a_power_of_one_plus_the_entropy()
    {
        using LeoModel model = TestModel.Load();
        double power = model.Manifest.Options.GetProperty("entropy_power").GetDouble();
        EntropyScores scores = LocalEntropy.Score(TestModel.Training, model.Manifest.Options.GetProperty("entropy_neighbors").GetInt32());
        for (int seed = 0; seed < 569; seed++)
            Assert.AreEqual(Math.Pow(1 + scores.Bits[model.Seeds.Rows[seed]], power), model.Seeds.Weights[seed], 1e-12);
    }

    [TestMethod]
    public void The_list_of_files_is_that_of_the_folder_with_sizes_and_hashes()
    {
        using LeoModel model = TestModel.Load();
        Assert.AreSequenceEqual(["MODEL_CARD.md", "decoder.onnx", "encoder.onnx", "generator.onnx", "model.json"],
            model.Files.Select(file => file.Name));
        Dictionary<string, byte[]> files = TestModel.Files();
        foreach ((string name, long bytes, string sha256) in model.Files)
        {
            Assert.AreEqual(files[name].LongLength, bytes);
            Assert.AreEqual(ModelPackage.Hash(files[name]), sha256);
        }
    }

    [TestMethod]
    public void A_file_that_is_no_model_is_refused_by_its_own_name()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["rows.csv"], "a,b\n1,2\n");
        InvalidDataException refusal = Assert.ThrowsExactly<InvalidDataException>(() => LeoModel.Load(folder["rows.csv"]));
        Assert.StartsWith($"model '{folder["rows.csv"]}': not an ONNX file", refusal.Message);
    }

    [TestMethod]
    public void A_generator_alone_generates_the_same_rows_and_refuses_to_embed()
    {
        using LeoModel whole = TestModel.Load(), alone = LeoModel.Load(Path.Combine(TestModel.Folder, "generator.onnx"));
        TestModel.AreSame(whole.Generate(TestModel.Counts(30, 40)), alone.Generate(TestModel.Counts(30, 40)));
        Expect.Throws<InvalidOperationException>(() => alone.Embed(TestModel.Training), "without its encoder.onnx",
            "load the whole folder");
        using TempFolder folder = new();
        File.Copy(Path.Combine(TestModel.Folder, "generator.onnx"), folder["renamed.onnx"]);
        using LeoModel renamed = LeoModel.Load(folder["renamed.onnx"]);
        TestModel.AreSame(whole.Generate(TestModel.Counts(5, 5)), renamed.Generate(TestModel.Counts(5, 5)));
    }

    [TestMethod]
    public void Files_in_memory_are_a_model_too()
    {
        using LeoModel folder = TestModel.Load(), memory = LeoModel.FromFiles(TestModel.Files());
        TestModel.AreSame(folder.Oversample(TestModel.Training), memory.Oversample(TestModel.Training));
        Assert.IsTrue(folder.Embed(TestModel.Training).Values.AsSpan().SequenceEqual(memory.Embed(TestModel.Training).Values));
        Expect.Throws<InvalidDataException>(() => LeoModel.FromFiles(new Dictionary<string, byte[]>()), "in memory",
            "generator.onnx is missing");
    }

    [TestMethod]
    public void Nothing_at_the_path_is_said_so()
    {
        using TempFolder folder = new();
        Expect.Throws<FileNotFoundException>(() => LeoModel.Load(folder["none"]), folder["none"], "no such folder or file");
        Expect.Throws<InvalidDataException>(() => LeoModel.Load(folder.Path), folder.Path, "generator.onnx is missing");
        Assert.ThrowsExactly<ArgumentException>(() => LeoModel.Load(""));
        Assert.ThrowsExactly<ArgumentNullException>(() => LeoModel.Load(null!));
    }

    [TestMethod]
    public void Without_training_rows_scoring_and_embedding_unlabeled_rows_are_refused_with_advice()
    {
        using LeoModel model = TestModel.Load();
        Assert.IsFalse(model.HasReference);
        Expect.Throws<InvalidOperationException>(() => model.Score(TestModel.Training), "none of its 569 training rows", "WithReference",
            "--with-reference");
        Table unlabeled = Table.Unlabeled(new double[1, 30], [.. model.Schema.Columns.Select(column => column.Name)]);
        Expect.Throws<InvalidOperationException>(() => model.Embed(unlabeled), "none of its 569 training rows", "WithReference");
    }

    [TestMethod]
    public void The_session_of_each_network_can_be_configured()
    {
        int sessions = 0;
        using LeoModel model = LeoModel.Load(TestModel.Folder, new() { ConfigureSession = _ => sessions++ });
        Assert.AreEqual(1, sessions);
        model.Embed(TestModel.Training);
        model.Embed(TestModel.Training);
        Assert.AreEqual(2, sessions);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(-2)]
    public void A_number_of_threads_that_makes_no_sense_is_refused_at_once(int threads) =>
        Expect.Throws<ArgumentException>(() => TestModel.Load(threads), "MaxDegreeOfParallelism: got", "-1 (all cores) or 1 or more");

    [TestMethod]
    public void A_disposed_model_says_so()
    {
        LeoModel model = TestModel.Load();
        model.Embed(TestModel.Training);
        model.Dispose();
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Generate(TestModel.Counts(1, 1)));
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Oversample(TestModel.Training));
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Embed(TestModel.Training));
        Assert.AreEqual(569, model.Manifest.Provenance.Rows);
    }
}

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class DamagedModelTests
{
    static readonly string[] Names = ["generator.onnx", "decoder.onnx", "encoder.onnx", "model.json"];

    [TestMethod]
    public void A_missing_file_is_named_and_only_the_card_may_be_missing()
    {
        foreach (string name in Names)
        {
            using TempFolder folder = new();
            Dictionary<string, byte[]> files = TestModel.Files();
            files.Remove(name);
            TestModel.Write(files, folder.Path);
            Expect.Throws<InvalidDataException>(() => LeoModel.Load(folder.Path), folder.Path, $"{name} is missing");
        }
        using TempFolder noCard = new();
        Dictionary<string, byte[]> rest = TestModel.Files();
        rest.Remove("MODEL_CARD.md");
        TestModel.Write(rest, noCard.Path);
        using LeoModel model = LeoModel.Load(noCard.Path);
        Assert.AreEqual(2, model.Generate(TestModel.Counts(1, 1)).RowCount);
    }

    [TestMethod]
    public void A_truncated_file_is_refused_by_its_name_whatever_is_left()
    {
        Dictionary<string, byte[]> files = TestModel.Files();
        foreach (string name in Names)
        {
            byte[] whole = files[name];
            int[] lengths = [0, 1, 2, 10, 50, 100, 200, .. Enumerable.Range(1, 60).Select(i => (int)((long)whole.Length * i / 61)),
                whole.Length - 2, whole.Length - 1];
            foreach (int length in lengths)
            {
                files[name] = whole[..length];
                Expect.Throws<InvalidDataException>(() => LeoModel.FromFiles(files), name);
            }
            files[name] = whole;
        }
    }

    [TestMethod]
    public void A_flipped_bit_is_refused_or_means_nothing()
    {
        Dictionary<string, byte[]> files = TestModel.Files();
        using LeoModel good = LeoModel.FromFiles(files);
        Table expected = good.Generate(TestModel.Counts(20, 20));
        foreach (string name in Names)
        {
            byte[] whole = files[name];
            int loaded = 0;
            foreach (int at in Places(name, whole))
                for (int bit = at % 3; bit < 8; bit += 3)
                {
                    byte[] flipped = [.. whole];
                    flipped[at] ^= (byte)(1 << bit);
                    files[name] = flipped;
                    try
                    {
                        using LeoModel model = LeoModel.FromFiles(files);
                        TestModel.AreSame(expected, model.Generate(TestModel.Counts(20, 20)));
                        loaded++;
                    }
                    catch (InvalidDataException e)
                    {
                        Assert.Contains(name, e.Message);
                    }
                }
            files[name] = whole;
            // Only the generator has bytes that no hash covers: producer, version and description.
            Assert.AreEqual(name == "generator.onnx", loaded > 0, $"{name}: {loaded} loaded");
        }
    }

    [TestMethod]
    public void The_card_may_be_edited()
    {
        Dictionary<string, byte[]> files = TestModel.Files();
        files["MODEL_CARD.md"] = "# Mine"u8.ToArray();
        using LeoModel model = LeoModel.FromFiles(files);
        Assert.AreEqual(6, model.Files.First(file => file.Name == "MODEL_CARD.md").Bytes);
    }

    [TestMethod]
    public void Bytes_that_are_no_model_are_refused()
    {
        Random random = new(1);
        byte[] noise = new byte[5000];
        random.NextBytes(noise);
        foreach (byte[] bytes in (byte[][])[[], [0], noise, new byte[5000], "not a model"u8.ToArray(),
            [.. Enumerable.Repeat((byte)0xFF, 100)]])
            Expect.Throws<InvalidDataException>(() => LeoModel.FromFiles(new Dictionary<string, byte[]> { ["generator.onnx"] = bytes }),
                "generator.onnx");
    }

    // All bytes around the graph and the metadata, where nothing but the format itself watches, and a sample of the rest.
    static IEnumerable<int> Places(string name, byte[] file)
    {
        HashSet<int> places = [.. Enumerable.Range(0, 300).Select(i => (int)((long)file.Length * i / 300))];
        if (name.EndsWith(".onnx", StringComparison.Ordinal))
        {
            ReadOnlyMemory<byte> graph = new OnnxFile(name, file).Graph;
            int start = file.AsSpan().IndexOf(graph.Span), end = start + graph.Length;
            places.UnionWith(Enumerable.Range(0, start + 2));
            places.UnionWith(Enumerable.Range(end - 2, 60));
        }
        return places.Order();
    }
}

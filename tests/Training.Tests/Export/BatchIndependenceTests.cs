namespace LeoCvae.Training.Tests.Export;

/// <summary>A row doesn't know its neighbors in a batch: not one bit of it depends on what else is asked for.</summary>
[TestClass]
public class BatchIndependenceTests
{
    const int Rows = 1000, Padded = 16;

    [TestMethod]
    [DataRow(1, 2, 16, 4)]
    [DataRow(33, 7, 64, 16)]
    [DataRow(200, 3, 34, 5)]
    public void A_row_decoded_alone_is_the_row_of_a_batch_of_a_thousand(int features, int classes, int hidden, int latentSize)
    {
        using Exported exported = new(Samples.Gaussian([.. Enumerable.Repeat(12, classes)], features), hidden, latentSize);
        using Onnx decoder = new(exported[ModelFormat.Decoder]);
        float[] latent = Samples.Normals(Rows * latentSize);
        long[] labels = [.. Enumerable.Range(0, Rows).Select(i => (long)i % classes)];
        double[] batch = Decode(latent, labels);
        foreach (int row in new[] { 0, 1, 5, 15, 16, 17, 499, 998, 999 })
        {
            float[] own = new float[Padded * latentSize];
            long[] ownLabel = new long[Padded];
            latent.AsSpan(row * latentSize, latentSize).CopyTo(own);
            ownLabel[0] = labels[row];
            CollectionAssert.AreEqual(batch[(row * features)..((row + 1) * features)], Decode(own, ownLabel)[..features], $"row {row}");
        }

        double[] Decode(float[] latent, long[] labels) =>
            decoder.Run<double>(ModelFormat.Rows, Onnx.Input(ModelFormat.Latent, latent, latentSize),
                Onnx.Input(ModelFormat.Class, labels));
    }

    [TestMethod]
    public void More_rows_begin_with_the_same_ones()
    {
        using Exported exported = new(Samples.Gaussian([20, 9], 7));
        using LeoModel model = LeoModel.FromFiles(exported.Files);
        Table many = Generate(3000);
        foreach (int count in new[] { 1, 2, 15, 16, 17, 255, 256, 257, 1025 })
            Assert.IsTrue(many.Values[..(count * 7)].SequenceEqual(Generate(count).Values), $"{count} rows");

        Table Generate(int count) => model.Generate(new Dictionary<string, int> { ["a"] = count });
    }

    [TestMethod]
    public void Rows_of_a_class_do_not_depend_on_the_other_class()
    {
        using Exported exported = new(Samples.Gaussian([20, 9], 7));
        using LeoModel model = LeoModel.FromFiles(exported.Files);
        Table alone = model.Generate(new Dictionary<string, int> { ["b"] = 50 }),
            beside = model.Generate(new Dictionary<string, int> { ["a"] = 33, ["b"] = 50 });
        Assert.IsTrue(beside.Values[(33 * 7)..].SequenceEqual(alone.Values));
    }
}

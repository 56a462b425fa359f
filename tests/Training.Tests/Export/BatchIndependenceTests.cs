namespace LeoCvae.Training.Tests.Export;

/// <summary>A row doesn't know its neighbors in a batch: not one bit of it depends on what else is asked for.</summary>
[TestClass]
public class BatchIndependenceTests
{
    // A single row may have a kernel of its own.
    const int Rows = 1000, Padded = 2;

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
    [DataRow(Evaluator.Managed)]
    [DataRow(Evaluator.OnnxRuntime)]
    public void Rows_are_the_same_wherever_they_stand_in_a_call(Evaluator evaluator)
    {
        const int Most = 300;
        RuntimeOptions options = new() { Evaluator = evaluator };
        using TrainingResult mixed = LeoTrainer.Fit(Samples.Mixed(200), TrainingOptions.Default with { MaxEpochs = 2 });
        using Exported numbers = new(Samples.Gaussian([30, 20], 67, decimals:
            [.. Enumerable.Range(0, 67).Select(j => j % 3 == 0 ? 2 : (int?)null)]), hidden: 48, latent: 5);
        using LeoModel ofMixed = mixed.Model.EvaluatedBy(options), ofNumbers = LeoModel.FromFiles(numbers.Files, options);
        foreach (LeoModel model in (LeoModel[])[ofMixed, ofNumbers])
        {
            (int width, int latent) = (model.Schema.Columns.Count, model.Manifest.LatentSize);
            double[] all = new double[Most * width], some = new double[Most * width];
            float[] embedded = new float[Most * latent], own = new float[Most * latent];
            model.Generate(1, 0, Most, all);
            model.Embed(all, 1, embedded);
            foreach (int count in (int[])[1, 2, 3, 7, 12, 16, 33])
                for (int first = 0; first < 50; first++)
                {
                    Span<double> rows = some.AsSpan(0, count * width);
                    Span<float> vectors = own.AsSpan(0, count * latent);
                    model.Generate(1, first, count, rows);
                    model.Embed(rows, 1, vectors);
                    Assert.AreSequenceEqual(all[(first * width)..((first + count) * width)], rows.ToArray(), $"{count} rows from {first}");
                    Assert.AreSequenceEqual(embedded[(first * latent)..((first + count) * latent)], vectors.ToArray(),
                        $"{count} vectors from {first}");
                }
        }
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

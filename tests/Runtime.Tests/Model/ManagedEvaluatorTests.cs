using System.Text;

namespace LeoCvae.Runtime.Tests;

[TestClass]
public class ManagedEvaluatorTests
{
    static readonly RuntimeOptions Onnx = new() { Evaluator = Evaluator.OnnxRuntime };

    [TestMethod]
    public void A_model_generates_and_embeds_as_it_does_in_ONNX_Runtime()
    {
        using LeoModel onnx = LeoModel.Load(TestModel.Folder, Onnx), managed = TestModel.Load();
        Table expected = onnx.Generate(TestModel.Counts(300, 300)), actual = managed.Generate(TestModel.Counts(300, 300));
        Assert.AreSequenceEqual(expected.Labels.ToArray(), actual.Labels.ToArray());
        for (int row = 0; row < expected.RowCount; row++)
        {
            Assert.AreEqual(expected.SourceRow(row), actual.SourceRow(row));
            for (int j = 0; j < 30; j++)
            {
                ColumnSpec column = onnx.Schema.Columns[j];
                // The same to 1e-5 of the range, or rounded to the next value of the column's decimals.
                Assert.AreEqual(expected.Row(row)[j], actual.Row(row)[j],
                    1e-5 * (column.Maximum - column.Minimum) + 1.001 * Math.Pow(10, -column.Decimals!.Value), column.Name);
            }
        }
        Matrix means = onnx.Embed(TestModel.Training), own = managed.Embed(TestModel.Training);
        for (int i = 0; i < means.Values.Length; i++)
            Assert.AreEqual(means.Values[i], own.Values[i], 1e-5 * Math.Max(1, Math.Abs(means.Values[i])));
    }

    [TestMethod]
    public void Registers_batches_and_threads_do_not_change_a_bit()
    {
        ModelManifest manifest;
        using (LeoModel model = TestModel.Load())
            manifest = model.Manifest;
        int latent = manifest.LatentSize, count = 600;
        using ManagedGeneratorNetwork generator = new(TestModel.Files()["generator.onnx"], TestModel.Training.Schema.Columns, latent);
        using ManagedEncoderNetwork encoder = new(TestModel.Files()["encoder.onnx"], TestModel.Training.Schema.Columns, 2, latent);
        int factors = generator.Factors;
        float[] noise = new float[count * latent], factorNoise = new float[count * factors], columnNoise = new float[count * 30],
            conditions = [.. Enumerable.Range(0, 569 * 2).Select(i => i % 2 == 0 ? 0.25f : 0.75f)];
        new CounterRandom(3, RandomStream.Latent).FillNormal(0, noise);
        new CounterRandom(3, RandomStream.FactorNoise).FillNormal(0, factorNoise);
        new CounterRandom(3, RandomStream.ColumnNoise).FillByteSums(0, columnNoise);
        long[] seeds = [.. Enumerable.Range(0, count).Select(i => (long)i * 31 % 569)];
        double[] rows = new double[count * 30], others = new double[count * 30];
        float[] means = new float[569 * latent], otherMeans = new float[569 * latent];
        generator.Decode<Simd512>(seeds, new(noise, factorNoise, columnNoise), rows);
        encoder.Encode<Simd512>(TestModel.Training.Values, conditions, means);

        generator.Decode<Simd256>(seeds, new(noise, factorNoise, columnNoise), others);
        encoder.Encode<Simd256>(TestModel.Training.Values, conditions, otherMeans);
        AssertSame();
        generator.Decode<Simd128>(seeds, new(noise, factorNoise, columnNoise), others);
        encoder.Encode<Simd128>(TestModel.Training.Values, conditions, otherMeans);
        if (Simd.Fuses)
            AssertSame();
        else
            // A processor that doesn't fuse products and sums has these registers alone.
            (rows, means, others, otherMeans) = (others, otherMeans, rows, means);
        for (int first = 0, batch = 1; first < count; first += batch, batch++)
        {
            batch = Math.Min(batch, count - first);
            generator.Decode(seeds.AsSpan(first, batch), new(noise.AsSpan(first * latent, batch * latent),
                factorNoise.AsSpan(first * factors, batch * factors),
                columnNoise.AsSpan(first * 30, batch * 30)), others.AsSpan(first * 30, batch * 30));
        }
        Parallel.For(0, 569, row =>
            encoder.Encode(TestModel.Training.Row(row), conditions.AsSpan(2 * row, 2), otherMeans.AsSpan(row * latent, latent)));
        AssertSame();

        void AssertSame()
        {
            Assert.IsTrue(rows.AsSpan().SequenceEqual(others), "rows differ");
            Assert.IsTrue(means.AsSpan().SequenceEqual(otherMeans), "means differ");
        }
    }

    [TestMethod]
    public void A_call_allocates_nothing()
    {
        using LeoModel model = TestModel.Load();
        int latent = model.Manifest.LatentSize;
        using ManagedGeneratorNetwork generator = new(TestModel.Files()["generator.onnx"], TestModel.Training.Schema.Columns, latent);
        using ManagedEncoderNetwork encoder = new(TestModel.Files()["encoder.onnx"], TestModel.Training.Schema.Columns, 2, latent);
        long[] seeds = new long[5];
        float[] noise = new float[5 * latent], factorNoise = new float[5 * generator.Factors], columnNoise = new float[5 * 30],
            means = new float[5 * latent];
        double[] rows = new double[5 * 30];
        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                generator.Decode(seeds, new(noise, factorNoise, columnNoise), rows);
                encoder.Encode(rows, new float[10], means);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Allocated();
        // The conditions alone: ten floats and an array's header.
        Assert.IsLessThanOrEqualTo(100 * 64L, Allocated());
    }

    [TestMethod]
    public void A_graph_of_other_operators_or_without_a_tensor_is_refused()
    {
        Refused("LeakyRelu", "LeakyRexu", "use ONNX Runtime");
        Refused("decoder2_bias", "decoder2_bixs", "no tensor 'decoder2_bias'");
        Refused("class_embedding", "class_embeddinx", "no tensor 'class_embedding'");
    }

    [TestMethod]
    public void The_managed_evaluator_is_the_default_and_a_session_to_configure_asks_for_ONNX_Runtime()
    {
        Assert.AreEqual(Evaluator.Managed, new RuntimeOptions().Evaluator);
        Assert.AreEqual(Evaluator.OnnxRuntime, new RuntimeOptions { ConfigureSession = _ => { } }.Evaluator);
        Expect.Throws<ArgumentException>(() => LeoModel.Load(TestModel.Folder, new() { Evaluator = (Evaluator)7 }), "got 7",
            "Managed or OnnxRuntime");
    }

    static void Refused(string part, string other, string message)
    {
        byte[] forged = OnnxForge.Change(TestModel.Files()["generator.onnx"], _ => { }, graph =>
            Replace(graph, Encoding.UTF8.GetBytes(part), Encoding.UTF8.GetBytes(other)));
        Expect.Throws<InvalidDataException>(() => LeoModel.FromFiles(new Dictionary<string, byte[]> { ["generator.onnx"] = forged }),
            "generator.onnx", message);
    }

    // Everywhere; both have one length.
    static byte[] Replace(byte[] bytes, byte[] part, byte[] other)
    {
        for (int at = bytes.AsSpan().IndexOf(part); at >= 0; at = bytes.AsSpan().IndexOf(part))
            other.CopyTo(bytes, at);
        return bytes;
    }
}

using Microsoft.Extensions.AI;

namespace LeoCvae.Extensions.Tests;

[TestClass]
public class RowEmbeddingGeneratorTests
{
    public required TestContext TestContext { get; set; }

    CancellationToken Cancellation => TestContext.CancellationToken;

    static ReadOnlyMemory<double>[] Rows => [.. Enumerable.Range(0, 20)
        .Select(i => (ReadOnlyMemory<double>)ServedModel.Table.Row(i).ToArray())];

    [TestMethod]
    [DataRow("ill")]
    [DataRow(null)]
    public async Task Vectors_are_the_latent_means_of_the_model(string? label)
    {
        using LeoModel model = LeoModel.Load(ServedModel.Keeping);
        using RowEmbeddingGenerator generator = new(model, label);
        GeneratedEmbeddings<Embedding<float>> vectors = await generator.GenerateAsync(Rows, cancellationToken: Cancellation);
        Table first = ServedModel.Table.Select([.. Enumerable.Range(0, 20)]);
        double[,] cells = new double[20, 3];
        for (int i = 0; i < 60; i++)
            cells[i / 3, i % 3] = first.Values[i];
        Matrix expected = model.Embed(label is null ? Table.Unlabeled(cells) : Table.FromArrays(cells, [.. Enumerable.Repeat(label, 20)]));
        Assert.HasCount(20, vectors);
        for (int i = 0; i < 20; i++)
            Assert.AreSequenceEqual(expected[i].ToArray(), vectors[i].Vector.ToArray());
        // As Microsoft.Extensions.AI's own extension methods use it, from many threads.
        float[][] parallel = new float[20][];
        await Parallel.ForAsync(0, 20, Cancellation, async (i, stop) =>
            parallel[i] = (await generator.GenerateVectorAsync(Rows[i], cancellationToken: stop)).ToArray());
        for (int i = 0; i < 20; i++)
            Assert.AreSequenceEqual(expected[i].ToArray(), parallel[i]);
    }

    [TestMethod]
    public async Task What_it_is_can_be_asked_and_what_it_cannot_do_is_said()
    {
        using LeoModel plain = LeoModel.Load(ServedModel.Plain);
        using RowEmbeddingGenerator generator = new(plain, "well");
        int latent = plain.Manifest.LatentSize;
        Assert.AreEqual(latent, generator.GetService<EmbeddingGeneratorMetadata>()!.DefaultModelDimensions);
        Assert.AreSame(plain, generator.GetService<LeoModel>());
        Assert.IsNull(generator.GetService(typeof(string)));
        Expect.Throws<ArgumentException>(() => new RowEmbeddingGenerator(plain), "--with-reference");
        Expect.Throws<ArgumentException>(() => new RowEmbeddingGenerator(plain, "wall"), "wall");
        ArgumentException e = await Assert.ThrowsExactlyAsync<ArgumentException>(() =>
            generator.GenerateAsync(Rows, new() { Dimensions = latent + 1 }, Cancellation));
        Assert.Contains($"got {latent + 1} dimensions, expected the model's {latent}", e.Message);
        Assert.HasCount(20, await generator.GenerateAsync(Rows, new() { Dimensions = latent }, Cancellation));
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => generator.GenerateAsync([new double[2]], cancellationToken: Cancellation));
    }
}

using LeoCvae.Training.Tests.Export;

namespace LeoCvae.Training.Tests;

/// <summary>The model card says that a seed decodes to a smoothed likeness of its row, not to the row. So it is with the presets.</summary>
[TestClass]
public class SeedPrivacyTests
{
    // Whole numbers invite it: what is nearly right is rounded to right. The latent space has room for the whole row.
    static readonly Table Table = Samples.Gaussian([60, 30], 3, units: [(0, 2)], decimals: [0, 0, 0]);

    [TestMethod]
    public void Training_rows_do_not_come_back_from_their_seeds_without_noise()
    {
        double[] decoded = DecodeSeeds(TrainingOptions.Paper, out IReadOnlyList<int> rows);
        // A row or two may lie where its class is dense anyway.
        Assert.IsLessThan(Table.RowCount / 20, Returned(decoded, rows));
    }

    [TestMethod]
    public void Without_the_KL_term_they_would()
    {
        // The test above can fail: with no price on telling rows apart, a seed is its row.
        double[] decoded = DecodeSeeds(TrainingOptions.Paper with { KldWeight = 0, LearningRate = 0.02 }, out IReadOnlyList<int> rows);
        Assert.IsGreaterThan(Table.RowCount / 10, Returned(decoded, rows));
    }

    [TestMethod]
    public void A_model_that_gives_rows_back_says_so_in_its_warnings_and_its_card()
    {
        using TempFolder temp = new();
        using TrainingResult result =
            LeoTrainer.Fit(Table, TrainingOptions.Paper with { KldWeight = 0, LearningRate = 0.02, MaxEpochs = 100 });
        result.Model.Save(temp["model"]);
        string warning = result.Warnings.Single(text => text.Contains("come back exactly", StringComparison.Ordinal));
        Assert.AreEqual(warning, result.Model.Manifest.Provenance.Warnings[^1]);
        Assert.Contains(warning, File.ReadAllText(temp[Path.Combine("model", ModelFormat.Card)]));
    }

    static double[] DecodeSeeds(TrainingOptions options, out IReadOnlyList<int> rows)
    {
        using TempFolder temp = new();
        using TrainingResult result = LeoTrainer.Fit(Table, options with { MaxEpochs = 100 });
        result.Model.Save(temp["model"]);
        rows = result.Model.Seeds.Rows;
        using Onnx generator = new(File.ReadAllBytes(temp[Path.Combine("model", ModelFormat.Generator)]));
        long[] seeds = [.. Enumerable.Range(0, rows.Count).Select(seed => (long)seed)];
        return generator.Run<double>(ModelFormat.Rows, Onnx.Input(ModelFormat.Seed, seeds),
            Onnx.Input(ModelFormat.Noise, new float[rows.Count * options.LatentSize], options.LatentSize));
    }

    static int Returned(double[] decoded, IReadOnlyList<int> rows) =>
        Enumerable.Range(0, rows.Count).Count(seed => Table.Row(rows[seed]).SequenceEqual(decoded.AsSpan(seed * 3, 3)));
}

using System.Text.Json;

namespace LeoCvae.Training.Tests;

/// <summary>From a table to H and w, against the oracle of the epoch (tools/parity/epoch.py).</summary>
[TestClass]
public class RowWeightOracleTests
{
    static readonly JsonElement Json = Oracle.Read("epoch.json");

    static Table OracleTable
    {
        get
        {
            Matrix x = Json.Matrix("x", Json.Int("d"));
            int[] y = Json.GetProperty("y").Ints();
            TableBuilder table = new([.. Enumerable.Range(0, x.Columns).Select(j => $"x{j}")], "y", x.Columns);
            for (int row = 0; row < x.Rows; row++)
                table.AddRow([.. x[row].ToArray()], Samples.ClassName(y[row]));
            return table.Build();
        }
    }

    [TestMethod]
    public void Entropy_and_seed_weights_of_a_fit_are_those_of_the_oracle()
    {
        using TrainingResult result = LeoTrainer.Fit(OracleTable, TrainingOptions.Paper with { MaxEpochs = 1 });
        float[] bits = Json.Floats("entropy_bits");
        Assert.HasCount(bits.Length, result.Entropy.Bits.ToArray());
        for (int row = 0; row < bits.Length; row++)
            Assert.AreEqual(bits[row], result.Entropy.Bits[row], 1e-6, $"row {row}");

        // w = n / (C n_y) * (1 + H)^gamma, of which the seeds keep the second part.
        Table table = OracleTable;
        int[] counts = table.ClassCounts();
        float[] expected = Json.Floats("row_weights");
        SeedBank seeds = result.Model.Seeds;
        Assert.HasCount(expected.Length, seeds.Rows);
        foreach ((int row, double weight) in seeds.Rows.Zip(seeds.Weights))
            Assert.AreEqual(expected[row], 100 / (3.0 * counts[table.Labels[row]]) * weight, 1e-5 * expected[row], $"row {row}");
    }

    [TestMethod]
    public void The_reported_loss_is_the_loss_under_the_weights_of_the_oracle()
    {
        // All rows in one batch without dropout or validation: the first epoch's loss can be had from the oracle's w.
        TrainingOptions options = TrainingOptions.Paper with { MaxEpochs = 1, BatchSize = 1000, Dropout = 0, ValidationShare = 0 };
        using TrainingResult result = LeoTrainer.Fit(OracleTable, options);

        CvaeShape shape = Json.Shape();
        int n = Json.Int("n");
        float[] noise = new float[n * shape.Latent];
        for (int row = 0; row < n; row++)
            new CounterRandom(options.Seed, RandomStream.TrainingNoise)
                .FillNormal(CounterRandom.Row(1, row), noise.AsSpan(row * shape.Latent, shape.Latent));
        // The table's classes come in order of appearance; so must the labels.
        TrainingData data = new(Json.Matrix("x", shape.Features), OracleTable.Labels.ToArray(), Json.Floats("row_weights"));
        using TorchEngine engine = new(options, data, CvaeWeights.Initial(shape, options.Seed));
        Losses expected = engine.Evaluate([.. Enumerable.Range(0, n)], noise);

        Assert.AreEqual(expected.Total, result.Losses[0].TrainLoss, 1e-5 * expected.Total);
        Assert.AreEqual(expected.Kld, result.Losses[0].TrainKld, 1e-5);
    }
}

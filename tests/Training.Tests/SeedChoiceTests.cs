namespace LeoCvae.Training.Tests;

[TestClass]
public class SeedChoiceTests
{
    static readonly Table Table = Samples.Gaussian([60, 40], 3);

    [TestMethod]
    public void Even_seeds_come_nearly_as_often_as_their_weights_say()
    {
        foreach (int rows in (int[])[40, 200, 2000])
            foreach ((int count, double expected) in Counts(Samples.Quick, rows))
                Assert.IsLessThan(3, Math.Abs(count - expected), $"{count} of {rows} for {expected}");
    }

    [TestMethod]
    public void Independent_seeds_come_as_often_as_chance_has_it()
    {
        // The squared distance of a multinomial count from its mean is n p (1 - p), a sum over seeds of n (1 - sum p^2).
        (int Count, double Expected)[] counts = Counts(Samples.Quick with { EvenSeeds = false }, 2000);
        double chance = counts.Sum(seed => seed.Expected * (1 - seed.Expected / 2000));
        Assert.IsInRange(chance / 2, chance * 2, counts.Sum(seed => Math.Pow(seed.Count - seed.Expected, 2)));
    }

    [TestMethod]
    public void The_paper_preset_draws_seeds_independently() => Assert.IsFalse(TrainingOptions.Paper.EvenSeeds);

    // How often each seed of class b was chosen, and how often it should be.
    static (int Count, double Expected)[] Counts(TrainingOptions options, int rows)
    {
        using TrainingResult fitted = LeoTrainer.Fit(Table, options);
        SeedBank seeds = fitted.Model.Seeds;
        Table generated = fitted.Model.Generate(new Dictionary<string, int> { ["b"] = rows });
        ILookup<int, int> chosen = Enumerable.Range(0, rows).ToLookup(row => generated.SourceRow(row)!.Value);
        int[] own = [.. Enumerable.Range(seeds.Starts[1], seeds.Starts[2] - seeds.Starts[1])];
        double total = own.Sum(seed => seeds.Weights[seed]);
        return [.. own.Select(seed => (chosen[seeds.Rows[seed]].Count(), rows * seeds.Weights[seed] / total))];
    }
}

namespace LeoCvae.Evaluation.Tests;

/// <summary>
/// The attacks on what the committed model makes of the demo's table, which is all that it was fitted on: there are no held-out rows.
/// </summary>
[TestClass]
public class CommittedModelAttackTests
{
    static readonly string Root = FindRoot();

    static readonly Table Training =
        TableFile.Read(Path.Combine(Root, "tools", "leocvae", "Demo", "breast-cancer.csv"), "diagnosis");

    [TestMethod]
    public void Its_rows_give_none_back()
    {
        using LeoModel model = LeoModel.Load(Path.Combine(Root, "models", "breast-cancer"));
        // As many rows of each class as it was fitted on: a second table.
        AttackScores scores = RowAttacks.Measure(Training.Append(model.Generate(Counts())))!;
        Assert.AreEqual(0, scores.Synthetic.Equal);
        Assert.AreEqual(0, scores.Synthetic.WithinTenth);
        // Real rows come that near to each other, too: see the next test.
        Assert.IsLessThanOrEqualTo(0.03, scores.Synthetic.WithinHalf);
        Assert.AreEqual(0, scores.LinesRebuilt);
    }

    [TestMethod]
    public void The_same_attacks_find_the_rows_behind_smote()
    {
        // The attacks can succeed on this table: with SMOTE most rows of the smaller class have a synthetic row that near.
        AttackScores scores = RowAttacks.Measure(Resamplers.Smote.Resample(new(Training), 1, default))!;
        Assert.IsGreaterThan(0.25, scores.Synthetic.WithinHalf);
    }

    [TestMethod]
    public void Its_seeds_decode_to_rows_farther_off_than_the_nearest_neighbor()
    {
        using LeoModel model = LeoModel.Load(Path.Combine(Root, "models", "breast-cancer"));
        DecodeScores scores = RowAttacks.Decode(DecodedSeeds.Of(model), Training, default);
        // Above 1, the row's nearest other row, which is somebody else's, tells more of it than the model does. 1.2 leaves room for the
        // other rounding of another processor. The class mean, which tells nothing of a row, is farther off yet.
        Assert.IsGreaterThan(1.2, scores.Seeds);
        Assert.IsGreaterThan(scores.Seeds, scores.ClassMean);
    }

    static Dictionary<string, int> Counts() =>
        Training.Schema.Classes.Zip(Training.ClassCounts()).ToDictionary(pair => pair.First, pair => pair.Second);

    static string FindRoot()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "LeoCvae.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}

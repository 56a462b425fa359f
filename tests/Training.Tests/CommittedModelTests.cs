namespace LeoCvae.Training.Tests;

/// <summary>models/breast-cancer is what its command makes.</summary>
[TestClass]
public class CommittedModelTests
{
    [TestMethod]
    public void The_committed_model_is_made_again_bit_for_bit_on_the_kind_of_machine_that_made_it()
    {
        string root = Readme.ReadmeSnippetTests.Root, folder = Path.Combine(root, "models", "breast-cancer");
        using LeoModel committed = LeoModel.Load(folder);
        using TrainingResult again = LeoTrainer.Fit(TableFile.Read(Path.Combine(root, "tools", "leocvae", "Demo", "breast-cancer.csv"), "diagnosis").Table);
        string card = File.ReadAllText(Path.Combine(folder, "MODEL_CARD.md"));
        // Elsewhere libtorch rounds differently; then only the table and the options must be the same.
        if (card.Contains($"Made on {ModelCard.Machine()}.", StringComparison.Ordinal))
            CollectionAssert.AreEqual(committed.Files.ToArray(), again.Model.Files.ToArray());
        Assert.AreEqual(committed.Manifest.Provenance.DataSha256, again.Model.Manifest.Provenance.DataSha256);
        Assert.AreEqual(committed.Manifest.Options.GetRawText(), again.Model.Manifest.Options.GetRawText());
    }
}

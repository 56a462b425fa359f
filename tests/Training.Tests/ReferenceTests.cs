using System.Text;

namespace LeoCvae.Training.Tests;

[TestClass]
public class ReferenceTests
{
    static readonly Table Table = Samples.Gaussian([40, 12], 3, decimals: [2, 2, 2]);
    static readonly TrainingOptions WithReference = Samples.Quick with { WithReference = true };

    [TestMethod]
    public void A_model_that_keeps_its_rows_scores_and_embeds_new_ones()
    {
        using TrainingResult result = LeoTrainer.Fit(Table, WithReference);
        LeoModel model = result.Model;
        Assert.IsTrue(model.HasReference);
        Table unlabeled = Table.Unlabeled(new[,] { { 0.5, 0.1, -1 }, { 2, 2, 2 } });
        EntropyScores scores = model.Score(unlabeled);
        Assert.AreEqual(15, scores.Neighbors);
        Assert.AreEqual(3, model.Score(unlabeled, neighbors: 3).Neighbors);
        Matrix means = model.Embed(unlabeled);
        Assert.AreEqual(2, means.Rows);
        foreach (int row in (int[])[0, 1])
        {
            // A condition in between lies between the classes', since it only enters the first layer; it is neither of them.
            Matrix a = model.Embed(Labeled(unlabeled, row, "a")), b = model.Embed(Labeled(unlabeled, row, "b"));
            Assert.AreEqual(scores.Frequencies(row)[0] is 1, means[row].SequenceEqual(a[0]));
            Assert.AreEqual(scores.Frequencies(row)[1] is 1, means[row].SequenceEqual(b[0]));
        }
    }

    [TestMethod]
    public void A_loaded_model_goes_on_with_its_rows_whatever_becomes_of_the_folder()
    {
        using TempFolder folder = new();
        using TrainingResult result = LeoTrainer.Fit(Table, WithReference);
        result.Model.Save(folder["model"]);
        double[] expected = result.Model.Score(Table).Bits.ToArray();
        using LeoModel served = LeoModel.Load(folder["model"]);
        using (TrainingResult other = LeoTrainer.Fit(Samples.Gaussian([30, 30], 3, seed: 9), WithReference))
            other.Model.Save(folder["model"], overwrite: true);
        Assert.AreSequenceEqual(expected, served.Score(Table).Bits.ToArray());
        System.IO.File.WriteAllText(folder["model/reference.knn"], "cut short");
        Assert.AreSequenceEqual(expected, served.Score(Table).Bits.ToArray());
        Directory.Delete(folder["model"], recursive: true);
        Assert.AreSequenceEqual(expected, served.Score(Table).Bits.ToArray());
        served.Save(folder["again"]);
        using LeoModel again = LeoModel.Load(folder["again"]);
        Assert.AreSequenceEqual(result.Model.Files, again.Files);
        Assert.AreSequenceEqual(expected, again.Score(Table).Bits.ToArray());
    }

    [TestMethod]
    public void The_reference_survives_saving_loading_and_saving_over_itself()
    {
        using TempFolder folder = new();
        using TrainingResult result = LeoTrainer.Fit(Table, WithReference);
        double[] expected = result.Model.Score(Table).Bits.ToArray();
        result.Model.Save(folder["model"]);
        using (LeoModel loaded = LeoModel.Load(folder["model"]))
        {
            Assert.AreSequenceEqual(result.Model.Files, loaded.Files);
            Assert.AreSequenceEqual(expected, loaded.Score(Table).Bits.ToArray());
            loaded.Save(folder["copy"]);
            if (!OperatingSystem.IsWindows())
                loaded.Save(folder["model"], overwrite: true);
        }
        foreach (string name in (string[])["model", "copy"])
        {
            using LeoModel again = LeoModel.Load(folder[name]);
            Assert.AreSequenceEqual(expected, again.Score(Table).Bits.ToArray());
        }
        using LeoModel generator = LeoModel.Load(Path.Combine(folder["model"], "generator.onnx"));
        Expect.Throws<InvalidOperationException>(() => generator.Score(Table), "loaded without its reference.knn", "load the whole folder");
    }

    [TestMethod]
    public void A_changed_or_missing_reference_is_refused()
    {
        using TempFolder folder = new();
        using (TrainingResult result = LeoTrainer.Fit(Table, WithReference))
            result.Model.Save(folder["model"]);
        string file = Path.Combine(folder["model"], "reference.knn");
        byte[] bytes = File.ReadAllBytes(file);
        int index, tail = bytes.AsSpan().IndexOf("LEOREF"u8);
        using (MemoryStream stream = new(bytes))
            index = (int)HnswIndex.Load(stream).Bytes;
        Assert.AreEqual(index, tail);
        // The index's header, that of the labels, and a sample of the rest.
        foreach (int at in Enumerable.Range(0, 192).Concat(Enumerable.Range(tail, 32))
            .Concat(Enumerable.Range(0, 20).Select(i => bytes.Length - 1 - i * bytes.Length / 20)))
        {
            byte[] changed = [.. bytes];
            changed[at] ^= 0xFF;
            File.WriteAllBytes(file, changed);
            Expect.Throws<InvalidDataException>(() => LeoModel.Load(folder["model"]), "reference.knn", "the file was changed or damaged");
        }
        File.Delete(file);
        Expect.Throws<InvalidDataException>(() => LeoModel.Load(folder["model"]), "reference.knn is missing");
    }

    [TestMethod]
    public void The_card_says_that_the_rows_are_inside_and_only_then_they_are()
    {
        using TempFolder folder = new();
        using TrainingResult with = LeoTrainer.Fit(Table, WithReference), without = LeoTrainer.Fit(Table, Samples.Quick);
        with.Model.Save(folder["with"]);
        without.Model.Save(folder["without"]);
        Assert.Contains("`reference.knn` holds every training row",
            File.ReadAllText(Path.Combine(folder["with"], "MODEL_CARD.md"), Encoding.UTF8));
        Assert.DoesNotContain("reference.knn", File.ReadAllText(Path.Combine(folder["without"], "MODEL_CARD.md"), Encoding.UTF8));
        Assert.IsFalse(File.Exists(Path.Combine(folder["without"], "reference.knn")));
        Assert.IsFalse(without.Model.HasReference);
        Assert.IsTrue(with.Model.Generate(new Dictionary<string, int> { ["a"] = 9 }).Values.SequenceEqual(
            without.Model.Generate(new Dictionary<string, int> { ["a"] = 9 }).Values));
    }

    [TestMethod]
    public void A_table_without_labels_can_neither_be_fitted_nor_resampled_nor_scored_alone()
    {
        Table unlabeled = Table.Unlabeled(new double[,] { { 1 }, { 2 } });
        Expect.Throws<ArgumentException>(() => LeoTrainer.Fit(unlabeled), "no labels");
        Expect.Throws<ArgumentException>(() => LeoTrainer.FitResample(unlabeled), "no labels");
        Expect.Throws<ArgumentException>(() => LocalEntropy.Score(unlabeled), "no labels");
        using TrainingResult result = LeoTrainer.Fit(Table, Samples.Quick);
        Expect.Throws<ArgumentException>(() => result.Model.Oversample(Table.Unlabeled(new double[1, 3])),
            "label column: got none, expected 'kind'");
    }

    static Table Labeled(Table rows, int row, string label)
    {
        TableBuilder builder = new([.. rows.Schema.Columns.Select(column => column.Name)], "kind", 3);
        builder.AddRow(rows.Row(row), label);
        return builder.Build();
    }
}

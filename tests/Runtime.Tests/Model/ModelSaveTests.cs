namespace LeoCvae.Runtime.Tests;

[TestClass]
public class ModelSaveTests
{
    [TestMethod]
    public void A_saved_model_is_the_same_bytes_and_the_same_model()
    {
        using TempFolder folder = new();
        using LeoModel model = TestModel.Load();
        model.Save(folder["deep/er/model/"]);
        Assert.AreSequenceEqual(["deep"], folder.Entries);
        foreach ((string name, byte[] bytes) in TestModel.Files())
            Assert.AreSequenceEqual(bytes, File.ReadAllBytes(folder["deep/er/model/" + name]), name);
        using LeoModel again = LeoModel.Load(folder["deep/er/model"]);
        TestModel.AreSame(model.Generate(TestModel.Counts(9, 9)), again.Generate(TestModel.Counts(9, 9)));
    }

    [TestMethod]
    public void A_place_that_is_taken_is_refused_and_left_alone()
    {
        using TempFolder folder = new();
        using LeoModel model = TestModel.Load();
        File.WriteAllText(folder["file"], "mine");
        Directory.CreateDirectory(folder["other"]);
        File.WriteAllText(folder["other/thesis.txt"], "mine");
        Directory.CreateDirectory(folder["empty"]);
        foreach (string place in (string[])["file", "other", "empty"])
            Expect.Throws<IOException>(() => model.Save(folder[place]), "exists already", folder[place]);
        foreach (string place in (string[])["file", "other"])
            Expect.Throws<IOException>(() => model.Save(folder[place], overwrite: true), "not a model folder", "not overwritten");
        Assert.AreSequenceEqual(["empty", "file", "other"], folder.Entries);
        Assert.AreEqual("mine", File.ReadAllText(folder["file"]));
        Assert.AreEqual("mine", File.ReadAllText(folder["other/thesis.txt"]));
    }

    [TestMethod]
    public void A_model_folder_and_an_empty_one_are_replaced_when_allowed()
    {
        using TempFolder folder = new();
        using LeoModel model = TestModel.Load();
        Directory.CreateDirectory(folder["empty"]);
        model.Save(folder["empty"], overwrite: true);
        model.Save(folder["model"]);
        File.WriteAllText(folder["model/MODEL_CARD.md"], "edited");
        File.WriteAllText(folder["model/encoder.onnx"], "damaged");
        Expect.Throws<IOException>(() => model.Save(folder["model"]), "exists already");
        model.Save(folder["model"], overwrite: true);
        foreach (string place in (string[])["empty", "model"])
        {
            using LeoModel again = LeoModel.Load(folder[place]);
            Assert.AreSequenceEqual(model.Files, again.Files);
        }
        Assert.AreSequenceEqual(["empty", "model"], folder.Entries);
    }

    [TestMethod]
    public void A_model_folder_with_somebodys_other_files_is_not_deleted()
    {
        using TempFolder folder = new();
        using LeoModel model = TestModel.Load();
        model.Save(folder["a"]);
        File.WriteAllText(folder["a/thesis.txt"], "mine");
        Expect.Throws<IOException>(() => model.Save(folder["a"], overwrite: true), "'thesis.txt'", "not overwritten");
        model.Save(folder["b"]);
        Directory.CreateDirectory(folder["b/data"]);
        Expect.Throws<IOException>(() => model.Save(folder["b"], overwrite: true), "'data'", "not overwritten");
        Assert.AreEqual("mine", File.ReadAllText(folder["a/thesis.txt"]));
        Assert.AreSequenceEqual(["a", "b"], folder.Entries);
    }

    [TestMethod]
    public void A_generator_alone_is_not_saved_as_a_folder_that_could_not_be_loaded()
    {
        using TempFolder folder = new();
        using LeoModel alone = LeoModel.Load(Path.Combine(TestModel.Folder, "generator.onnx"));
        Expect.Throws<InvalidOperationException>(() => alone.Save(folder["model"]), ".onnx; load the whole folder");
        Assert.IsEmpty(folder.Entries);
    }

    [TestMethod]
    [DataRow("../stray")]
    [DataRow("sub/stray")]
    [DataRow("/tmp/leocvae-stray")]
    [DataRow("")]
    public void Files_in_memory_cannot_lead_out_of_the_folder(string name)
    {
        Dictionary<string, byte[]> files = TestModel.Files();
        files[name] = [1];
        Expect.Throws<InvalidDataException>(() => LeoModel.FromFiles(files), $"'{name}'", "plain file name");
    }

    [TestMethod]
    public void Files_may_be_changed_by_the_caller_after_the_model_was_made()
    {
        Dictionary<string, byte[]> files = TestModel.Files();
        using LeoModel model = LeoModel.FromFiles(files);
        files.Remove("encoder.onnx");
        Assert.AreEqual(569, model.Embed(TestModel.Training).Rows);
        Assert.HasCount(5, model.Files);
    }
}

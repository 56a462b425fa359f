using System.Runtime.Versioning;

namespace LeoCvae.Runtime.Tests;

/// <summary>A model folder in the place of another: whole at any moment, with its permissions, and nothing of anybody else lost.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows), UnsupportedOSPlatform("windows")]
public class ModelReplaceTests
{
    const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite, PrivateFolder = Private | UnixFileMode.UserExecute;
    const string Work = ".m.leocvae-0123abcd.tmp";

    [TestMethod]
    public void A_folder_that_is_replaced_keeps_its_permissions()
    {
        using TempFolder folder = new();
        using LeoModel model = TestModel.Load();
        Directory.CreateDirectory(folder["empty"], PrivateFolder);
        model.Save(folder["empty"], overwrite: true);
        Assert.AreEqual(PrivateFolder, File.GetUnixFileMode(folder["empty"]));
        model.Save(folder["m"]);
        File.SetUnixFileMode(folder["m"], PrivateFolder);
        foreach (string file in Directory.EnumerateFiles(folder["m"]))
            File.SetUnixFileMode(file, Private);
        File.SetUnixFileMode(folder["m/model.json"], Private | UnixFileMode.GroupRead);
        // What wasn't there before is like the rest.
        File.Delete(folder["m/encoder.onnx"]);
        model.Save(folder["m"], overwrite: true);
        Assert.AreEqual(PrivateFolder, File.GetUnixFileMode(folder["m"]));
        foreach (string file in Directory.EnumerateFiles(folder["m"]))
            Assert.AreEqual(file.EndsWith(".json", StringComparison.Ordinal) ? Private | UnixFileMode.GroupRead : Private,
                File.GetUnixFileMode(file), file);
        Assert.AreSequenceEqual(["empty", "m"], folder.Entries);
    }

    [TestMethod]
    [DataRow("real")]
    [DataRow("new")]
    public void A_link_to_a_folder_stays(string target)
    {
        using TempFolder folder = new();
        using LeoModel model = TestModel.Load();
        model.Save(folder["real"]);
        File.WriteAllText(folder["real/encoder.onnx"], "damaged");
        Directory.CreateSymbolicLink(folder["link"], target);
        model.Save(folder["link"], overwrite: true);
        Assert.AreEqual(target, new FileInfo(folder["link"]).LinkTarget);
        using LeoModel again = LeoModel.Load(folder[target]);
        Assert.AreSequenceEqual(model.Files, again.Files);
    }

    [TestMethod]
    public void What_is_no_plain_file_of_a_model_is_not_replaced()
    {
        using TempFolder folder = new();
        using LeoModel model = TestModel.Load();
        void Refused(string place, params string[] parts)
        {
            string[] before = All(folder.Path);
            Expect.Throws<IOException>(() => model.Save(folder[place], overwrite: true), [folder[place], "not overwritten", .. parts]);
            Assert.AreSequenceEqual(before, All(folder.Path));
        }
        model.Save(folder["a"]);
        File.Delete(folder["a/MODEL_CARD.md"]);
        Directory.CreateDirectory(folder["a/MODEL_CARD.md"]);
        File.WriteAllText(folder["a/MODEL_CARD.md/thesis.txt"], "mine");
        Refused("a", "'MODEL_CARD.md'");
        model.Save(folder["b"]);
        File.Move(folder["b/encoder.onnx"], folder["big-disk"]);
        File.CreateSymbolicLink(folder["b/encoder.onnx"], folder["big-disk"]);
        Refused("b", "'encoder.onnx'");
        model.Save(folder["c"]);
        File.WriteAllText(folder["c/.notes"], "mine");
        Refused("c", "'.notes'");
        model.Save(folder["d"]);
        File.WriteAllText(folder["d/model_card.md"], "mine");
        Refused("d", "'model_card.md'");
        // Another project's networks, of the same names.
        Directory.CreateDirectory(folder["gan"]);
        foreach (string name in (string[])["generator.onnx", "decoder.onnx"])
            File.WriteAllText(folder["gan/" + name], "\x08\x08\x12\x07pytorch");
        Refused("gan", "not a model folder");
    }

    [TestMethod]
    public void What_comes_into_the_folder_while_another_is_written_beside_it_is_kept()
    {
        using TempFolder folder = new();
        using LeoModel model = TestModel.Load();
        model.Save(folder["m"]);
        string[] before = All(folder["m"]);
        int looks = 0;
        // The last look is at the old folder after the change.
        Expect.Throws<IOException>(() => AtomicFolder.Write(folder["m"], ModelFormat.Files, place =>
        {
            if (++looks == 1)
                File.WriteAllText(Path.Combine(place, "thesis.txt"), "mine");
            else if (File.Exists(Path.Combine(place, "thesis.txt")))
                throw new IOException("holds 'thesis.txt'");
        }, [("generator.onnx", stream => stream.Write("new"u8))], default), "thesis.txt");
        Assert.AreEqual(2, looks);
        File.Delete(folder["m/thesis.txt"]);
        Assert.AreSequenceEqual(before, All(folder["m"]));
        Assert.AreSequenceEqual(["m"], folder.Entries);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_kill_while_the_old_folder_is_set_aside_loses_nothing(bool load)
    {
        using TempFolder folder = new();
        using LeoModel model = TestModel.Load();
        model.Save(folder[$"{Work}/new"]);
        model.Save(folder[$"{Work}/old"]);
        File.WriteAllText(folder[$"{Work}/old/MODEL_CARD.md"], "old");
        File.WriteAllText(folder[$"{Work}/lock"], "");
        if (load)
        {
            using LeoModel found = LeoModel.Load(folder["m"]);
            Assert.AreEqual(3, found.Files.Single(file => file.Name == "MODEL_CARD.md").Bytes);
        }
        else
            Expect.Throws<IOException>(() => model.Save(folder["m"]), "exists already");
        Assert.AreEqual("old", File.ReadAllText(folder["m/MODEL_CARD.md"]));
        Assert.AreSequenceEqual(["m"], folder.Entries);
    }

    [TestMethod]
    public void A_kill_before_or_after_the_change_leaves_nothing_that_stays()
    {
        using TempFolder folder = new();
        using LeoModel model = TestModel.Load();
        model.Save(folder["m"]);
        model.Save(folder[$"{Work}/new"]);
        model.Save(folder[".m.leocvae-00000000.tmp/old"]);
        Directory.CreateDirectory(folder[".m.leocvae-11111111.tmp/new"]);
        File.WriteAllText(folder[".m.leocvae-11111111.tmp/new/generator.onnx"], "half");
        File.WriteAllText(folder[".m.leocvae-11111111.tmp/lock"], "");
        Directory.CreateDirectory(folder[".m.leocvae-22222222.tmp"]);
        model.Save(folder["m"], overwrite: true);
        Assert.AreSequenceEqual(["m"], folder.Entries);
    }

    [TestMethod]
    public void What_a_killed_writer_left_is_not_deleted_with_something_of_anybody_else_in_it()
    {
        using TempFolder folder = new();
        using LeoModel model = TestModel.Load();
        model.Save(folder[$"{Work}/new"]);
        File.WriteAllText(folder[$"{Work}/new/thesis.txt"], "mine");
        model.Save(folder["m"]);
        Assert.AreEqual("mine", File.ReadAllText(folder[$"{Work}/new/thesis.txt"]));
    }

    [TestMethod]
    public void A_cancelled_write_leaves_the_old_folder()
    {
        using TempFolder folder = new();
        using LeoModel model = TestModel.Load();
        model.Save(folder["m"]);
        string[] before = All(folder.Path);
        Assert.ThrowsExactly<OperationCanceledException>(() =>
            model.Save(folder["m"], overwrite: true, new CancellationToken(canceled: true)));
        Assert.ThrowsExactly<OperationCanceledException>(() =>
            model.Save(folder["n"], cancellation: new CancellationToken(canceled: true)));
        Assert.AreSequenceEqual(before, All(folder.Path));
    }

    [TestMethod]
    public void Readers_find_a_whole_model_while_writers_replace_it()
    {
        using TempFolder folder = new();
        using LeoModel model = TestModel.Load();
        model.Save(folder["m"]);
        using CancellationTokenSource done = new();
        Task[] writers = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 20; i++)
                model.Save(folder["m"], overwrite: true);
        }))];
        // Files are read one after the other: those of two models of the same bytes fit each other.
        while (!Task.WaitAll(writers, 0))
        {
            Assert.IsTrue(Directory.Exists(folder["m"]));
            Assert.IsTrue(File.Exists(folder["m/generator.onnx"]));
        }
        Assert.AreSequenceEqual(["m"], folder.Entries);
    }

    static string[] All(string path) =>
        [.. Directory.EnumerateFileSystemEntries(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(entry => $"{entry} {(File.Exists(entry) ? ModelPackage.Hash(File.ReadAllBytes(entry)) : "")}")];
}

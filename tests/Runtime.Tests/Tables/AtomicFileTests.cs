namespace LeoCvae.Runtime.Tests;

[TestClass]
public class AtomicFileTests
{
    [TestMethod]
    public void A_file_is_written_whole_under_its_name_alone()
    {
        using TempFolder folder = new();
        AtomicFile.Write(folder["f"], overwrite: false, stream =>
        {
            stream.Write("new"u8);
            Assert.IsFalse(File.Exists(folder["f"]));
        });
        Assert.AreEqual("new", File.ReadAllText(folder["f"]));
        Assert.AreSequenceEqual(["f"], folder.Entries);
    }

    [TestMethod]
    public void A_failure_in_the_middle_leaves_nothing()
    {
        using TempFolder folder = new();
        Expect.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["f"], overwrite: false, Fail), "half way");
        Assert.IsEmpty(folder.Entries);
    }

    [TestMethod]
    public void A_failure_in_the_middle_keeps_the_old_file()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["f.csv.gz"], "old");
        Expect.Throws<InvalidOperationException>(() => TableFile.Write(folder["f.csv.gz"], overwrite: true, Fail), "half way");
        Assert.AreEqual("old", File.ReadAllText(folder["f.csv.gz"]));
        Assert.AreSequenceEqual(["f.csv.gz"], folder.Entries);
    }

    [TestMethod]
    public void A_file_that_is_there_is_replaced_only_when_allowed()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["f"], "something longer");
        Expect.Throws<IOException>(() => AtomicFile.Write(folder["f"], overwrite: false, Unexpected), folder["f"], "exists already");
        Assert.AreEqual("something longer", File.ReadAllText(folder["f"]));
        AtomicFile.Write(folder["f"], overwrite: true, stream => stream.Write("new"u8));
        Assert.AreEqual("new", File.ReadAllText(folder["f"]));
        Assert.AreSequenceEqual(["f"], folder.Entries);
    }

    [TestMethod]
    public void A_missing_folder_and_a_folder_in_the_place_are_refused_before_any_work()
    {
        using TempFolder folder = new();
        Expect.Throws<IOException>(() => AtomicFile.Write(folder["none/f"], overwrite: true, Unexpected), "doesn't exist", folder["none"]);
        Expect.Throws<IOException>(() => AtomicFile.Write(folder.Path, overwrite: true, Unexpected), "is a folder");
        Expect.Throws<IOException>(() => AtomicFile.RequireFree(folder["none/f"], overwrite: false), "doesn't exist");
        Assert.IsEmpty(folder.Entries);
    }

    [TestMethod]
    public void Asking_whether_a_place_is_free_leaves_no_trace()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["f"], "old");
        AtomicFile.RequireFree(folder["new"], overwrite: false);
        AtomicFile.RequireFree(folder["f"], overwrite: true);
        AtomicFile.RequireWritableFolder(folder["model/"]);
        Assert.AreSequenceEqual(["f"], folder.Entries);
        Assert.AreEqual("old", File.ReadAllText(folder["f"]));
    }

    static void Fail(Stream stream)
    {
        stream.Write("half"u8);
        stream.Flush();
        throw new InvalidOperationException("half way");
    }

    static void Unexpected(Stream _) => Assert.Fail("must not be called");
}

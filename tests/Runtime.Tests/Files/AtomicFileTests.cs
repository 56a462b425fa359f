using System.Runtime.Versioning;

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

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows), UnsupportedOSPlatform("windows")]
    public void A_file_that_is_replaced_keeps_its_permissions()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["f"], "old");
        foreach (UnixFileMode mode in (UnixFileMode[])[UnixFileMode.UserRead | UnixFileMode.UserWrite, (UnixFileMode)0b110_110_110,
            (UnixFileMode)0b111_101_000])
        {
            File.SetUnixFileMode(folder["f"], mode);
            AtomicFile.Write(folder["f"], overwrite: true, stream =>
            {
                stream.Write("new"u8);
                // What isn't finished yet is the writer's alone.
                Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder[folder.Entries[0]]));
            });
            Assert.AreEqual(mode, File.GetUnixFileMode(folder["f"]));
        }
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows), UnsupportedOSPlatform("windows")]
    public void A_file_that_its_owner_protects_is_not_replaced()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["f"], "old");
        File.SetUnixFileMode(folder["f"], UnixFileMode.UserRead);
        // Nothing is protected from root.
        if (Environment.UserName == "root")
            AtomicFile.Write(folder["f"], overwrite: true, stream => stream.Write("new"u8));
        else
            Expect.Throws<IOException>(() => AtomicFile.Write(folder["f"], overwrite: true, Unexpected), folder["f"], "permission denied");
        Assert.AreEqual(UnixFileMode.UserRead, File.GetUnixFileMode(folder["f"]));
        Assert.AreSequenceEqual(["f"], folder.Entries);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows), UnsupportedOSPlatform("windows")]
    [DataRow("file")]
    [DataRow("sub/file")]
    [DataRow("chain")]
    [DataRow("sub/../file")]
    [DataRow("through/../file")]
    [DataRow("none")]
    public void A_link_stays_and_what_it_leads_to_is_written(string target)
    {
        using TempFolder folder = new();
        Directory.CreateDirectory(folder["sub/deep"]);
        File.WriteAllText(folder["file"], "old");
        File.WriteAllText(folder["sub/file"], "old");
        File.CreateSymbolicLink(folder["chain"], "sub/file");
        // ".." behind a link to a folder is the parent of what it leads to.
        Directory.CreateSymbolicLink(folder["through"], "sub/deep");
        File.CreateSymbolicLink(folder["link"], target);
        AtomicFile.Write(folder["link"], overwrite: true, stream => stream.Write("new"u8));
        Assert.AreEqual(target, new FileInfo(folder["link"]).LinkTarget);
        Assert.AreEqual("new", File.ReadAllText(folder["link"]));
        string written = target switch { "chain" or "through/../file" => "sub/file", "sub/../file" => "file", _ => target };
        Assert.AreEqual("new", File.ReadAllText(folder[written]));
        Assert.IsNull(new FileInfo(folder[written]).LinkTarget);
        foreach (string other in (string[])["file", "sub/file"])
            if (other != written)
                Assert.AreEqual("old", File.ReadAllText(folder[other]));
        Assert.IsEmpty(folder.Entries.Concat(Directory.EnumerateFileSystemEntries(folder["sub"]))
            .Where(name => name.EndsWith(".tmp", StringComparison.Ordinal)));
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows), UnsupportedOSPlatform("windows")]
    public void Links_in_a_circle_and_links_into_nowhere_are_refused()
    {
        using TempFolder folder = new();
        File.CreateSymbolicLink(folder["a"], "b");
        File.CreateSymbolicLink(folder["b"], "a");
        File.CreateSymbolicLink(folder["lost"], "none/f");
        Expect.Throws<IOException>(() => AtomicFile.Write(folder["a"], overwrite: true, Unexpected), folder["a"], "circle");
        Expect.Throws<IOException>(() => AtomicFile.Write(folder["lost"], overwrite: true, Unexpected), folder["lost"], "doesn't exist");
        Assert.AreSequenceEqual(["a", "b", "lost"], folder.Entries);
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_device_is_written_into_and_stays()
    {
        AtomicFile.Write("/dev/null", overwrite: false, stream => stream.Write("new"u8));
        Assert.AreEqual(FileKind.Special, FilePlace.Kind("/dev/null"));
        Expect.Throws<IOException>(() => AtomicFile.Write("/dev/full", overwrite: false, stream => stream.Write("new"u8)),
            "'/dev/full' can't be written", "no space left");
    }

    [TestMethod]
    public void What_a_killed_writer_left_is_deleted_and_nothing_of_anybody_else()
    {
        using TempFolder folder = new();
        string[] ours = [".f.leocvae-0123abcd.tmp", ".f.leocvae-ffffffff.tmp"];
        string[] others =
        [
            ".f.leocvae-0123abcd.tmp2", ".f.leocvae-0123ABCD.tmp", ".f.leocvae-notes.tmp", ".ff.leocvae-0123abcd.tmp",
            "f.leocvae-0123abcd.tmp", "f.new", "f.x1y2z3.abc", "f.tmp",
        ];
        foreach (string name in ours.Concat(others))
            File.WriteAllText(folder[name], "half");
        Directory.CreateDirectory(folder[".f.leocvae-00000000.tmp"]);
        AtomicFile.Write(folder["f"], overwrite: false, stream => stream.Write("new"u8));
        Assert.AreSequenceEqual(others.Append("f").Append(".f.leocvae-00000000.tmp").Order(StringComparer.Ordinal), folder.Entries);
    }

    [TestMethod]
    public void What_another_writer_is_at_is_left_to_it()
    {
        using TempFolder folder = new();
        AtomicFile.Write(folder["f"], overwrite: true, outer =>
        {
            outer.Write("outer"u8);
            AtomicFile.Write(folder["f"], overwrite: true, inner => inner.Write("inner"u8));
            Assert.AreEqual("inner", File.ReadAllText(folder["f"]));
        });
        Assert.AreEqual("outer", File.ReadAllText(folder["f"]));
        Assert.AreSequenceEqual(["f"], folder.Entries);
    }

    [TestMethod]
    public void Many_writers_of_one_file_leave_one_whole_file()
    {
        using TempFolder folder = new();
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            AtomicFile.Write(folder["f"], overwrite: true, stream => stream.Write(new byte[5000 + i])));
        Assert.IsGreaterThanOrEqualTo(5000, new FileInfo(folder["f"]).Length);
        Assert.AreSequenceEqual(["f"], folder.Entries);
    }

    [TestMethod]
    public void A_cancellation_is_heard_in_the_middle_and_leaves_the_old_file()
    {
        using TempFolder folder = new();
        File.WriteAllText(folder["f"], "old");
        using CancellationTokenSource stop = new();
        Assert.ThrowsExactly<OperationCanceledException>(() => AtomicFile.Write(folder["f"], overwrite: true, stream =>
        {
            stop.Cancel();
            for (int i = 0; i < 1000; i++)
                stream.Write(new byte[1000]);
            Assert.Fail("was not heard");
        }, stop.Token));
        Assert.AreEqual("old", File.ReadAllText(folder["f"]));
        Assert.AreSequenceEqual(["f"], folder.Entries);
    }

    [TestMethod]
    public void Names_of_any_length_that_a_file_may_have_are_written()
    {
        using TempFolder folder = new();
        string longest = new('n', 255), accents = string.Concat(Enumerable.Repeat("\u00e9", 120));
        foreach (string name in (string[])[longest, accents, "-", "a b*?[", ".hidden"])
        {
            AtomicFile.Write(folder[name], overwrite: false, stream => stream.Write("new"u8));
            Assert.AreEqual("new", File.ReadAllText(folder[name]));
        }
        Assert.HasCount(5, folder.Entries);
        Expect.Throws<IOException>(() => AtomicFile.Write(folder[longest + "n"], overwrite: false, Unexpected), "255 bytes");
    }

    static void Fail(Stream stream)
    {
        stream.Write("half"u8);
        stream.Flush();
        throw new InvalidOperationException("half way");
    }

    static void Unexpected(Stream _) => Assert.Fail("must not be called");
}

using System.Security.Cryptography;

namespace LeoCvae.Training.Tests.Native;

/// <summary>The one-bit repair that lets TorchSharp load on systems with an older libstdc++.</summary>
[TestClass]
public class LibTorchTests
{
    static string Library => Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Exactly_one_byte_of_the_real_library_changes_and_only_once()
    {
        byte[] original = File.ReadAllBytes(Library), weakened = [.. original];

        Assert.IsTrue(LibTorch.Weaken(weakened));
        int[] changed = [.. Enumerable.Range(0, original.Length).Where(i => original[i] != weakened[i])];
        Assert.HasCount(1, changed);
        Assert.AreEqual(original[changed[0]] | 2, weakened[changed[0]]);

        byte[] again = [.. weakened];
        Assert.IsTrue(LibTorch.Weaken(again));
        Assert.IsTrue(weakened.AsSpan().SequenceEqual(again));
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void The_packages_file_is_never_changed()
    {
        byte[] before = SHA256.HashData(File.ReadAllBytes(Library));
        LibTorch.EnsureLoaded();
        LibTorch.EnsureLoaded();
        byte[] after = File.ReadAllBytes(Library);
        CollectionAssert.AreEqual(before, SHA256.HashData(after));
        // Other tests loaded the library before this one: had they changed the file, nothing would be left to weaken.
        byte[] weakened = [.. after];
        LibTorch.Weaken(weakened);
        Assert.IsFalse(after.AsSpan().SequenceEqual(weakened));
    }

    [TestMethod]
    public void Loading_from_many_threads_at_once_is_safe()
    {
        Parallel.For(0, 8, _ => LibTorch.EnsureLoaded());
        using TorchSharp.torch.Tensor two = TorchSharp.torch.ones(2).sum();
        Assert.AreEqual(2, two.item<float>());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void A_library_cut_off_anywhere_is_left_alone_without_an_exception()
    {
        byte[] library = File.ReadAllBytes(Library);
        int[] lengths = [.. Enumerable.Range(0, 130), .. Enumerable.Range(1, 199).Select(i => (int)(library.Length * (long)i / 200)),
            .. Enumerable.Range(library.Length - 70, 70)];
        foreach (int length in lengths)
            // The section headers are the last thing in the file.
            Assert.IsFalse(LibTorch.Weaken(library.AsSpan(0, length)), $"{length} of {library.Length} bytes");
    }

    [TestMethod]
    public void What_is_no_64_bit_little_endian_ELF_is_left_alone()
    {
        byte[] random = [.. Samples.Normals(1000).SelectMany(BitConverter.GetBytes)], pe = [(byte)'M', (byte)'Z', .. random],
            elf32 = [.. SmallElf.Make()], bigEndian = [.. SmallElf.Make()];
        (elf32[4], bigEndian[5]) = (1, 2);
        foreach (byte[] file in new[] { [], random, pe, elf32, bigEndian })
        {
            byte[] copy = [.. file];
            Assert.IsFalse(LibTorch.Weaken(copy));
            CollectionAssert.AreEqual(file, copy);
        }
    }

    [TestMethod]
    [DataRow("GLIBCXX_3.4.32", true)]
    [DataRow("GLIBCXX_3.4.31", false)]
    [DataRow("GLIBCXX_3.4.320", false)]
    [DataRow("GLIBCXX_3.4.3", false)]
    [DataRow("", false)]
    public void Only_the_one_version_is_weakened(string version, bool found)
    {
        byte[] elf = SmallElf.Make(version), before = [.. elf];
        Assert.AreEqual(found, LibTorch.Weaken(elf));
        before[SmallElf.Flags] |= (byte)(found ? 2 : 0);
        CollectionAssert.AreEqual(before, elf);
    }

    [TestMethod]
    public void Flags_that_are_set_already_stay_set()
    {
        byte[] elf = SmallElf.Make();
        elf[SmallElf.Flags] = 1;
        Assert.IsTrue(LibTorch.Weaken(elf));
        Assert.AreEqual(3, elf[SmallElf.Flags]);
    }

    [TestMethod]
    public void No_damage_to_an_ELF_file_makes_an_exception_or_an_endless_loop()
    {
        byte[] good = SmallElf.Make();
        int found = 0;
        for (int at = 0; at < good.Length; at++)
            foreach (byte value in new byte[] { 0x00, 0x01, 0x7f, 0x80, 0xf0, 0xff })
            {
                byte[] damaged = [.. good];
                damaged[at] = value;
                found += LibTorch.Weaken(damaged) ? 1 : 0;
            }
        Assert.IsGreaterThan(good.Length, found, "most bytes don't matter");
        for (int length = 0; length < good.Length; length++)
            LibTorch.Weaken(good.AsSpan(0, length));

        CounterRandom random = new(1, (RandomStream)1004);
        for (int i = 0; i < 5000; i++)
        {
            byte[] damaged = [.. good];
            for (int draw = 0; draw < 12; draw++)
                damaged[random.Word((ulong)i, 2 * draw) % (uint)good.Length] = (byte)random.Word((ulong)i, 2 * draw + 1);
            LibTorch.Weaken(damaged);
        }
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace LeoCvae.Training;

/// <summary>
/// Loads TorchSharp's native library where the system's libstdc++ is older than the one it was linked with (Debian 12,
/// Ubuntu 22.04). It asks for GLIBCXX_3.4.32 for the sake of one marker symbol that is never called. Where the normal load
/// fails for that reason, a private copy with this one requirement marked weak is loaded instead; TorchSharp's own loader
/// then finds it by its SONAME. The package's file is never changed.
/// </summary>
static class LibTorch
{
    const string TooNew = "GLIBCXX_3.4.32", Wrapper = "libLibTorchSharp.so", Core = "libtorch.so";

    /// <summary>What to say where there is none.</summary>
    public const string Missing = "the torch engine needs libtorch, which is not beside the application: add the package " +
        "libtorch-cpu-linux-x64, " +
        "libtorch-cpu-osx-arm64 or libtorch-cpu-win-x64 in version 2.10.0, or use the fused engine";

    static readonly Lock Gate = new();
    static bool _loaded;

    /// <summary>Makes sure that TorchSharp can be used; call it before its first use.</summary>
    /// <exception cref="DllNotFoundException">There is no libtorch, or it can't be loaded; the message names the package to
    /// add.</exception>
    public static void EnsureLoaded()
    {
        lock (Gate)
        {
            if (_loaded)
                return;
            // Left to itself, TorchSharp would copy half a gigabyte from a NuGet cache into the application's folder, and print about it.
            // It does so too where the system has a libtorch, of whatever version, and TorchSharp's own library isn't beside the
            // application.
            (string library, string wrapped) = OperatingSystem.IsWindows() ? ("torch_cpu.dll", "LibTorchSharp.dll")
                : OperatingSystem.IsMacOS() ? ("libtorch_cpu.dylib", "libLibTorchSharp.dylib") : ("libtorch_cpu.so", Wrapper);
            if (Find(library) is null && (Find(wrapped) is null || !NativeLibrary.TryLoad(library, out _)))
                throw new DllNotFoundException(Missing);
            try
            {
                if (OperatingSystem.IsLinux() && Find(Wrapper) is string wrapper && !NativeLibrary.TryLoad(LoadCore(wrapper), out _))
                    LoadWeakened(wrapper);
                TorchSharp.torch.InitializeDeviceType(TorchSharp.DeviceType.CPU);
            }
            catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or NotSupportedException)
            {
                throw new DllNotFoundException(Find(Core) is null
                    ? Missing
                    : $"libtorch lies beside the application, but can't be loaded: {e.Message}", e);
            }
            _loaded = true;
        }
    }

    // libtorch itself comes first: the wrapper's dependencies are then in memory.
    static string LoadCore(string wrapper)
    {
        if (Find(Core) is string core)
            NativeLibrary.TryLoad(core, out _);
        return wrapper;
    }

    static void LoadWeakened(string wrapper)
    {
        byte[] library = File.ReadAllBytes(wrapper);
        if (!Weaken(library))
            return;
        // A new folder that only this user can enter; once mapped, the file is no longer needed.
        DirectoryInfo folder = Directory.CreateTempSubdirectory("leocvae-");
        try
        {
            string copy = Path.Combine(folder.FullName, Wrapper);
            File.WriteAllBytes(copy, library);
            NativeLibrary.Load(copy);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    static string? Find(string file)
    {
        string search = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        string[] folders = [AppContext.BaseDirectory,
            Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native"),
            .. search.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)];
        return folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
    }

    /// <summary>
    /// Sets VER_FLG_WEAK on the version requirement in a 64-bit little-endian ELF library; false, and nothing changed, where there is none
    /// or the file is damaged.
    /// </summary>
    internal static bool Weaken(Span<byte> elf)
    {
        const byte WeakFlag = 2;
        try
        {
            List<int> flags = FlagsOfRequirement(elf);
            foreach (int at in flags)
                elf[at] |= WeakFlag;
            return flags.Count > 0;
        }
        catch (ArgumentOutOfRangeException)
        {
            // An offset leads out of the file: cut off or damaged.
            return false;
        }
    }

    // Where the flags of the requirement lie (vna_flags).
    static List<int> FlagsOfRequirement(ReadOnlySpan<byte> elf)
    {
        // Offsets of the ELF-64 header, section headers (e_shoff, e_shentsize, e_shnum), Verneed and Vernaux records.
        const uint VersionNeeds = 0x6ffffffe;
        const int HeaderSize = 64, RecordSize = 16;
        List<int> flags = [];
        if (elf.Length < HeaderSize || !elf[..6].SequenceEqual((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
            return flags;
        long sections = BinaryPrimitives.ReadInt64LittleEndian(elf[0x28..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3A..]), count = BinaryPrimitives.ReadUInt16LittleEndian(elf[0x3C..]);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> section = elf.Slice((int)(sections + i * size), HeaderSize);
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) != VersionNeeds)
                continue;
            ReadOnlySpan<byte> stringSection = elf.Slice((int)(sections
                + BinaryPrimitives.ReadInt32LittleEndian(section[0x28..]) * (long)size), HeaderSize);
            int strings = (int)BinaryPrimitives.ReadInt64LittleEndian(stringSection[0x18..]);
            // A record that leads back or to itself would go round for ever.
            for (int at = (int)BinaryPrimitives.ReadInt64LittleEndian(section[0x18..]), next = 1; next > 0; at += next)
            {
                ReadOnlySpan<byte> need = elf.Slice(at, RecordSize);
                int aux = at + BinaryPrimitives.ReadInt32LittleEndian(need[8..]);
                for (int left = BinaryPrimitives.ReadUInt16LittleEndian(need[2..]); left > 0; left--)
                {
                    ReadOnlySpan<byte> requirement = elf.Slice(aux, RecordSize);
                    ReadOnlySpan<byte> name = elf[(strings + BinaryPrimitives.ReadInt32LittleEndian(requirement[8..]))..];
                    if (name[..name.IndexOf((byte)0)].SequenceEqual(Encoding.ASCII.GetBytes(TooNew)))
                        flags.Add(aux + 4);
                    aux += BinaryPrimitives.ReadInt32LittleEndian(requirement[12..]);
                }
                next = BinaryPrimitives.ReadInt32LittleEndian(need[12..]);
            }
        }
        return flags;
    }
}

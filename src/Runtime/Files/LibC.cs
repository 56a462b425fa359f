using System.Runtime.InteropServices;

namespace LeoCvae;

/// <summary>
/// What .NET doesn't offer of the system's C library. Where a call isn't there, the answer is that it can't be done. Thread-safe.
/// </summary>
static unsafe partial class LibC
{
    const int CurrentFolder = -100, RenameExchange = 2;

    /// <summary>
    /// Type bits, owner and group of what a path leads to; all zero where that is nothing. False where there is no such call.
    /// </summary>
    public static bool TryStatus(string path, out (int Type, uint Owner, uint Group) status)
    {
        const uint TypeModeOwnerGroup = 0x1 | 0x2 | 0x8 | 0x10;
        status = default;
        if (!OperatingSystem.IsLinux())
            return false;
        // struct statx, the same on every processor: owner at byte 20, group at 24, mode at 28.
        byte* found = stackalloc byte[256];
        try
        {
            if (statx(CurrentFolder, path, 0, TypeModeOwnerGroup, found) == 0)
                status = (*(ushort*)(found + 28) & 0xF000, *(uint*)(found + 20), *(uint*)(found + 24));
            return true;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Two files or folders change places in one step; false where the system or the file system can't.</summary>
    public static bool Exchange(string first, string second)
    {
        try
        {
            return OperatingSystem.IsLinux() ? renameat2(CurrentFolder, first, CurrentFolder, second, RenameExchange) == 0
                : OperatingSystem.IsMacOS() && renamex_np(first, second, RenameExchange) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Gives a file to another owner and group, as far as that is allowed.</summary>
    public static void ChangeOwner(string path, uint owner, uint group)
    {
        const uint Same = uint.MaxValue;
        if (chown(path, owner, group) != 0)
            _ = chown(path, Same, group);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(int oldFolder, string oldPath, int newFolder, string newPath, uint flags);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renamex_np(string oldPath, string newPath, uint flags);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int chown(string path, uint owner, uint group);
}

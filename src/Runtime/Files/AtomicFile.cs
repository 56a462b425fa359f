using System.Text;

namespace LeoCvae;

/// <summary>
/// Writes a file beside its place and renames it: it appears whole or not at all. As with a shell's &gt;, a file that is replaced keeps its
/// permissions, a symbolic link stays and what it leads to is written, and a pipe or a device is written into. Thread-safe.
/// </summary>
/// <remarks>What a killed process left beside the place (.NAME.leocvae-XXXXXXXX.tmp) is deleted. Hard links of a replaced file keep the old
/// content.</remarks>
public static class AtomicFile
{
    // Another process that tidies up may lock a new file before its writer does.
    const int Tries = 5;

    // Of a name, on nearly all file systems.
    const int MostNameBytes = 255, Shown = 50;

    /// <summary>Writes a file.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="overwrite">Whether a file that is there already is replaced.</param>
    /// <param name="write">Writes the content; if it throws, nothing is left behind.</param>
    /// <param name="cancellation">Stops at the next write to the stream.</param>
    /// <exception cref="IOException">The place is taken, or can't be written.</exception>
    public static void Write(string path, bool overwrite, Action<Stream> write, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        RequireFree(path, overwrite);
        FileKind kind = FilePlace.Kind(path);
        if (kind == FileKind.Special)
        {
            using FileStream device = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            GuardedStream.WriteAll(device, path, write, cancellation);
            return;
        }
        string target = FilePlace.Resolve(path);
        Leftovers.DeleteFiles(target);
        // Nobody else reads what replaces a file before it has that file's permissions.
        using FileStream file = Create(target, kind == FileKind.File ? UnixFileMode.UserRead | UnixFileMode.UserWrite : null);
        try
        {
            GuardedStream.WriteAll(file, path, write, cancellation);
            Rename(file.Name, target, path, overwrite);
        }
        finally
        {
            File.Delete(file.Name);
        }
    }

    /// <summary>Fails early, before long work, where <see cref="Write"/> would fail in the end.</summary>
    /// <exception cref="IOException">The place is taken, or its folder doesn't exist or can't be written.</exception>
    public static void RequireFree(string path, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        switch (FilePlace.Kind(path))
        {
            case FileKind.Special:
                return;
            case FileKind.Folder:
                throw new IOException($"'{path}' is a folder, expected a file's path");
            case FileKind.File when !overwrite:
                throw new IOException($"'{path}' exists already; choose another place or allow overwriting");
            case FileKind.File:
                RequireWritable(path);
                break;
        }
        RequireWritableFolder(path);
    }

    /// <summary>Fails where nothing can be created beside a path, or beside what it leads to.</summary>
    /// <exception cref="IOException">The folder doesn't exist or can't be written.</exception>
    public static void RequireWritableFolder(string path)
    {
        string target = FilePlace.Resolve(path), folder = Path.GetDirectoryName(target) ?? target;
        if (Encoding.UTF8.GetByteCount(Path.GetFileName(target)) > MostNameBytes)
            throw new IOException($"'{path[..Shown]}...' can't be written: its name has more than {MostNameBytes} bytes");
        if (!Directory.Exists(folder))
            throw new IOException($"'{path}' can't be written: folder '{folder}' doesn't exist");
        try
        {
            using FileStream probe = Create(target, null);
            File.Delete(probe.Name);
        }
        catch (UnauthorizedAccessException)
        {
            throw new IOException($"'{path}' can't be written: no permission in folder '{folder}'");
        }
        catch (IOException)
        {
            throw new IOException($"'{path}' can't be written: folder '{folder}' takes no new file");
        }
    }

    // A file that its owner protects from writing is not to be replaced either.
    static void RequireWritable(string path)
    {
        try
        {
            using FileStream _ = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1);
        }
        catch (UnauthorizedAccessException)
        {
            throw new IOException($"'{path}' can't be written: permission denied");
        }
        catch (IOException)
        {
            // Somebody has it open: it can be replaced all the same.
        }
    }

    static FileStream Create(string target, UnixFileMode? mode)
    {
        for (int left = Tries; ; left--)
            try
            {
                return Leftovers.Create(Leftovers.NewName(target), mode);
            }
            catch (IOException) when (left > 1)
            {
            }
    }

    // The file is still open, and so still locked.
    static void Rename(string beside, string target, string path, bool overwrite)
    {
        try
        {
            if (overwrite && File.Exists(target))
                FilePlace.CopyAccess(target, beside);
            File.Move(beside, target, overwrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw GuardedStream.Failure(path, e);
        }
    }
}

namespace LeoCvae;

/// <summary>Writes a file beside its place and renames it: it appears whole or not at all. Thread-safe.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="overwrite">Whether a file that is there already is replaced.</param>
    /// <param name="write">Writes the content; if it throws, nothing is left behind.</param>
    /// <exception cref="IOException">The place is taken, or can't be written.</exception>
    public static void Write(string path, bool overwrite, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        RequireFree(path, overwrite);
        string target = Path.GetFullPath(path), beside = $"{target}.{Path.GetRandomFileName()}";
        try
        {
            using (FileStream stream = new(beside, FileMode.CreateNew))
                write(stream);
            File.Move(beside, target, overwrite);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    /// <summary>Fails early, before long work, where <see cref="Write"/> would fail in the end.</summary>
    /// <exception cref="IOException">The place is taken, or its folder doesn't exist or can't be written.</exception>
    public static void RequireFree(string path, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            throw new IOException($"'{path}' is a folder, expected a file's path");
        if (!overwrite && File.Exists(path))
            throw new IOException($"'{path}' exists already; choose another place or allow overwriting");
        RequireWritableFolder(path);
    }

    /// <summary>Fails where nothing can be created beside a path.</summary>
    /// <exception cref="IOException">The folder doesn't exist or can't be written.</exception>
    public static void RequireWritableFolder(string path)
    {
        string folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))) ?? path;
        if (!Directory.Exists(folder))
            throw new IOException($"'{path}' can't be written: folder '{folder}' doesn't exist");
        string probe = Path.Combine(folder, Path.GetRandomFileName());
        try
        {
            using FileStream _ = new(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
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
}

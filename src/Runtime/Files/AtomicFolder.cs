namespace LeoCvae;

/// <summary>
/// Writes a folder of files beside its place and lets the two change places: it appears whole or not at all, and what it replaces is there
/// until then. A folder that is replaced keeps its permissions and those of its files; a symbolic link to it stays. Thread-safe.
/// </summary>
/// <remarks>
/// All happens in one folder beside the place, .NAME.leocvae-XXXXXXXX.tmp, under a lock that ends with the process: "new" is written in it.
/// Where the system can't exchange two folders in one step, the old one is set aside in it as "old", for <see cref="Recover"/> to put back
/// after a kill.
/// </remarks>
static class AtomicFolder
{
    const string New = "new", Old = "old", Lock = "lock";
    const int Tries = 5;

    /// <summary>Writes a folder.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="known">Names of all files that such a folder may hold: nothing else is ever deleted.</param>
    /// <param name="requireReplaceable">Fails where a folder that is there must not be replaced.</param>
    /// <param name="files">Names and what writes each file.</param>
    /// <param name="cancellation">Stops at the next write.</param>
    /// <exception cref="IOException">The place can't be written.</exception>
    public static void Write(
        string path, IReadOnlyList<string> known, Action<string> requireReplaceable,
        IEnumerable<(string Name, Action<Stream> Write)> files, CancellationToken cancellation)
    {
        string target = FilePlace.Resolve(path);
        Directory.CreateDirectory(Path.GetDirectoryName(target) ?? target);
        Recover(path, known);
        (string work, FileStream held) = CreateWork(target);
        try
        {
            string made = Path.Combine(work, New);
            Directory.CreateDirectory(made);
            foreach ((string name, Action<Stream> write) in files)
            {
                using FileStream file = Leftovers.Create(Path.Combine(made, name), null);
                GuardedStream.WriteAll(file, Path.Combine(path, name), write, cancellation);
            }
            cancellation.ThrowIfCancellationRequested();
            Place(made, target, Path.Combine(work, Old), known, requireReplaceable);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && e.Message.Contains(work, StringComparison.Ordinal))
        {
            throw GuardedStream.Failure(path, e);
        }
        finally
        {
            Delete(work, held, known);
        }
    }

    /// <summary>
    /// Tidies up after writers of a place that were killed: where the place is empty and one of them had set the old folder aside, it is
    /// put back.
    /// </summary>
    public static void Recover(string path, IReadOnlyList<string> known)
    {
        string target = FilePlace.Resolve(path);
        Leftovers.DeleteFiles(target);
        foreach (string work in Leftovers.Of(target))
            try
            {
                if (!Directory.Exists(work))
                    continue;
                FileStream held = Hold(work);
                string old = Path.Combine(work, Old);
                if (Directory.Exists(old) && !Path.Exists(target))
                    Directory.Move(old, target);
                Delete(work, held, known);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Still being written, or another user's.
            }
    }

    static void Place(string made, string target, string aside, IReadOnlyList<string> known, Action<string> requireReplaceable)
    {
        if (!Directory.Exists(target))
        {
            Directory.Move(made, target);
            return;
        }
        requireReplaceable(target);
        CopyAccess(target, made);
        string old = LibC.Exchange(made, target) ? made : SetAside(made, target, aside);
        try
        {
            // Something may have come into the folder since.
            requireReplaceable(old);
        }
        catch
        {
            if (old == made)
                LibC.Exchange(made, target);
            else
            {
                Directory.Move(target, made);
                Directory.Move(old, target);
            }
            throw;
        }
        DeleteFiles(old, known);
    }

    static string SetAside(string made, string target, string aside)
    {
        Directory.Move(target, aside);
        try
        {
            Directory.Move(made, target);
        }
        catch
        {
            Directory.Move(aside, target);
            throw;
        }
        return aside;
    }

    // Files that the old folder doesn't have are like its others.
    static void CopyAccess(string from, string to)
    {
        string? other = Directory.EnumerateFiles(from).Order(StringComparer.Ordinal).FirstOrDefault();
        foreach (string file in Directory.EnumerateFiles(to))
        {
            string before = Path.Combine(from, Path.GetFileName(file));
            if ((File.Exists(before) ? before : other) is string like)
                FilePlace.CopyAccess(like, file);
        }
        FilePlace.CopyAccess(from, to);
    }

    // A process that tidies up may lock or delete a new folder before its writer does.
    static (string Work, FileStream Held) CreateWork(string target)
    {
        for (int left = Tries; ; left--)
        {
            string work = Leftovers.NewName(target);
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(work);
            else
                Directory.CreateDirectory(work, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            try
            {
                return (work, Hold(work));
            }
            catch (IOException) when (left > 1)
            {
            }
        }
    }

    static FileStream Hold(string work)
    {
        FileStream held = new(Path.Combine(work, Lock), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1,
            FileOptions.DeleteOnClose);
        // Between its creation and its lock, another process may have deleted it.
        if (File.Exists(held.Name))
            return held;
        held.Dispose();
        throw new IOException($"'{work}' was deleted by another process");
    }

    // Releases the folder too.
    static void Delete(string work, FileStream held, IReadOnlyList<string> known)
    {
        DeleteFiles(Path.Combine(work, New), known);
        DeleteFiles(Path.Combine(work, Old), known);
        held.Dispose();
        Try(() => Directory.Delete(work));
    }

    // What else is in it is not ours to delete, and then the folder stays.
    static void DeleteFiles(string folder, IReadOnlyList<string> known)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (string name in known)
            if (Path.Combine(folder, name) is string file && File.Exists(file) && !FilePlace.IsLink(file))
                Try(() => File.Delete(file));
        Try(() => Directory.Delete(folder));
    }

    // Once the new folder is in its place, nothing that goes wrong behind it counts.
    static void Try(Action delete)
    {
        try
        {
            delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}

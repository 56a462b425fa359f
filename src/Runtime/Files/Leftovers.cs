using System.Security.Cryptography;
using System.Text;

namespace LeoCvae;

/// <summary>
/// Names for what is written beside its place, .NAME.leocvae-XXXXXXXX.tmp, and what a killed process left under such names. Whoever writes
/// holds a lock, which ends with the process: what can be locked is nobody's any more. Thread-safe.
/// </summary>
static class Leftovers
{
    const string End = ".tmp";
    const int RandomBytes = 4, MostNameBytes = 200;

    /// <summary>A new name beside a place.</summary>
    public static string NewName(string target) =>
        Path.Combine(Folder(target), Prefix(target) + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes)) + End);

    /// <summary>All that lies beside a place under such a name; links are not.</summary>
    public static IEnumerable<string> Of(string target)
    {
        string prefix = Prefix(target);
        bool IsOurs(string name) => name.StartsWith(prefix, StringComparison.Ordinal) && name.EndsWith(End, StringComparison.Ordinal)
            && name.Length == prefix.Length + 2 * RandomBytes + End.Length && name.Substring(prefix.Length, 2 * RandomBytes)
                .All(char.IsAsciiHexDigitLower);
        try
        {
            return [.. Directory.EnumerateFileSystemEntries(Folder(target))
                .Where(entry => IsOurs(Path.GetFileName(entry)) && !FilePlace.IsLink(entry))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that can't be listed.
            return [];
        }
    }

    /// <summary>Creates a file that nobody else takes for a leftover while it is open, also while it is renamed.</summary>
    public static FileStream Create(string path, UnixFileMode? mode)
    {
        FileStreamOptions options = new()
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        FileStream file = new(path, options);
        // Between its creation and its lock, another process may have taken it for a leftover.
        if (File.Exists(path))
            return file;
        file.Dispose();
        throw new IOException($"'{path}' was deleted by another process");
    }

    /// <summary>Deletes the files that killed processes left beside a place.</summary>
    public static void DeleteFiles(string target)
    {
        foreach (string file in Of(target))
        {
            if (FilePlace.Kind(file) != FileKind.File)
                continue;
            try
            {
                using FileStream _ = new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Still being written, or another user's.
            }
        }
    }

    static string Folder(string target) => Path.GetDirectoryName(target) ?? target;

    // A long name leaves no room for ours behind it.
    static string Prefix(string target)
    {
        string name = Path.GetFileName(target);
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        return $".{(bytes.Length <= MostNameBytes ? name : Convert.ToHexStringLower(SHA256.HashData(bytes))[..16])}.leocvae-";
    }
}

namespace LeoCvae;

/// <summary>What a path leads to.</summary>
enum FileKind
{
    Missing,
    File,
    Folder,

    /// <summary>A named pipe, a socket or a device: what is read from it may never come or never end.</summary>
    Special,
}

/// <summary>Questions about places on disk. Thread-safe.</summary>
static class FilePlace
{
    // As many as Linux follows.
    const int MostLinks = 40;

    /// <summary>What a path leads to, through links.</summary>
    public static FileKind Kind(string path)
    {
        const int Regular = 0x8000, Folder = 0x4000;
        if (LibC.TryStatus(path, out (int Type, uint, uint) status))
            return status.Type switch { 0 => FileKind.Missing, Regular => FileKind.File, Folder => FileKind.Folder, _ => FileKind.Special };
        // Where there is no telling, a device is a file. A link that leads nowhere exists, for .NET.
        string place = IsLink(path) ? Resolve(path) : path;
        return Directory.Exists(place) ? FileKind.Folder : File.Exists(place) ? FileKind.File : FileKind.Missing;
    }

    /// <summary>Whether the path itself is a symbolic link, wherever it leads.</summary>
    public static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    /// <summary>The place itself behind all links on the way, as an absolute path; what is not there is taken as written.</summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Resolve(string path)
    {
        if (OperatingSystem.IsWindows())
            return Path.TrimEndingDirectorySeparator(new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName
                ?? Path.GetFullPath(path));
        string place = "/";
        Stack<string> left = new();
        // "a/link/.." is beside what the link leads to, so ".." can't be cut away beforehand.
        void Push(string rest)
        {
            foreach (string part in rest.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse())
                left.Push(part);
        }
        Push(Path.IsPathRooted(path) ? path : $"{Environment.CurrentDirectory}/{path}");
        for (int links = 0; left.TryPop(out string? part);)
        {
            if (part is "." or "..")
            {
                place = part == "." ? place : Path.GetDirectoryName(place) ?? "/";
                continue;
            }
            string next = Path.Combine(place, part);
            if (new FileInfo(next).LinkTarget is not string target)
            {
                place = next;
                continue;
            }
            if (++links > MostLinks)
                throw new IOException($"'{path}': its symbolic links lead in a circle");
            if (Path.IsPathRooted(target))
                place = "/";
            Push(target);
        }
        return place;
    }

    /// <summary>Gives a new file or folder the owner, the group and the permissions of the one that it takes the place of.</summary>
    public static void CopyAccess(string from, string to)
    {
        if (OperatingSystem.IsWindows())
            return;
        if (LibC.TryStatus(from, out (int, uint Owner, uint Group) wanted) && LibC.TryStatus(to, out (int, uint Owner, uint Group) own)
            && (wanted.Owner, wanted.Group) != (own.Owner, own.Group))
            LibC.ChangeOwner(to, wanted.Owner, wanted.Group);
        File.SetUnixFileMode(to, File.GetUnixFileMode(from));
    }
}

using System.Text.RegularExpressions;

namespace LeoCvae.Runtime.Tests;

/// <summary>Which folder of a project names types of which other one, by its sources' text without comments and strings.</summary>
static partial class SourceFolders
{
    /// <summary>Pairs of folders, relative to the project's; the project's own is "".</summary>
    public static IEnumerable<(string From, string To)> Arrows(string project)
    {
        string root = Repo.File("src", project);
        (string Folder, string Code)[] files = [.. Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Folder: Path.GetRelativePath(root, Path.GetDirectoryName(file)!).Replace('\\', '/'), File: file))
            .Where(file => file.Folder.Split('/')[0] is not ("bin" or "obj"))
            .Select(file => (file.Folder == "." ? "" : file.Folder, Ignored().Replace(File.ReadAllText(file.File), "")))];
        ILookup<string, string> homes = files.SelectMany(file =>
            Declaration().Matches(file.Code).Select(match => (Type: match.Groups["name"].Value, file.Folder)))
            .Distinct().ToLookup(type => type.Type, type => type.Folder);
        return files.SelectMany(file => Name().Matches(file.Code).Select(match => match.Value).Distinct().SelectMany(name => homes[name])
            .Select(to => (file.Folder, to)))
            .Where(arrow => arrow.Folder != arrow.to).Distinct();
    }

    [GeneratedRegex("""//[^\n]*|\"\"\"[\s\S]*?\"\"\"|"(?:\\\\.|[^"\\\\\n{])*"|/\*[\s\S]*?\*/""")]
    private static partial Regex Ignored();

    [GeneratedRegex(@"^(?:(?:public|internal|static|sealed|abstract|readonly|unsafe|partial|ref)\s+)*" +
        @"(?:class|struct|interface|enum|record(?:\s+struct|\s+class)?|delegate\s+[\w<>\[\],? ]+)\s+(?<name>[A-Z]\w*)",
        RegexOptions.Multiline)]
    private static partial Regex Declaration();

    // A member of something is no type.
    [GeneratedRegex(@"(?<![.\w])[A-Z]\w*")]
    private static partial Regex Name();
}

using System.CommandLine;

namespace LeoCvae.Cli;

/// <summary>Finds what a mistyped verb or option was meant to be.</summary>
static class Typo
{
    const int LongestName = 40;

    /// <summary>The verb or option of a command that is written most like a word, or null where none is.</summary>
    public static string? Meant(string word, Command command)
    {
        if (word.Length > LongestName)
            return null;
        bool isOption = word.StartsWith('-');
        IEnumerable<string> names = isOption ? command.Options.Select(option => option.Name)
            : command.Subcommands.Select(verb => verb.Name);
        // A third of the letters may be wrong; an option may stop early, as many tools allow.
        return names.Select(name =>
            (Name: name, Edits: isOption && word.Length > 3 && name.StartsWith(word, StringComparison.Ordinal) ? 1
            : Edits(word.ToLowerInvariant(), name)))
            .Where(candidate => 3 * candidate.Edits <= candidate.Name.TrimStart('-').Length).OrderBy(candidate => candidate.Edits)
                .Select(candidate => candidate.Name).FirstOrDefault();
    }

    // Letters to insert, delete or replace, and neighbors to exchange (optimal string alignment).
    static int Edits(string from, string to)
    {
        int[,] edits = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
            for (int j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }
                int replaced = edits[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                edits[i, j] = Math.Min(replaced, 1 + Math.Min(edits[i - 1, j], edits[i, j - 1]));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    edits[i, j] = Math.Min(edits[i, j], edits[i - 2, j - 2] + 1);
            }
        return edits[from.Length, to.Length];
    }
}

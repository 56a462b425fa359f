namespace LeoCvae;

/// <summary>Finds what a mistyped name was meant to be.</summary>
static class NearestName
{
    const int LongestName = 100;

    /// <summary>The name that is written most like a word, of which a third of the letters may be wrong; null where none is.</summary>
    public static string? Of(string word, IEnumerable<string> names) => word.Length > LongestName ? null
        : names.Where(name => name.Length <= LongestName)
        .Select(name => (Name: name, Edits: Edits(word.ToLowerInvariant(), name.ToLowerInvariant())))
        .Where(candidate => 3 * candidate.Edits <= candidate.Name.TrimStart('-').Length)
        .OrderBy(candidate => candidate.Edits).Select(candidate => candidate.Name).FirstOrDefault();

    /// <summary>The same as a question to put behind a message; empty where there is none.</summary>
    public static string Question(string word, IEnumerable<string> names) =>
        Of(word, names) is string meant ? $"; did you mean '{VisibleText.Name(meant)}'?" : "";

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

using System.Globalization;

namespace LeoCvae.Evaluation;

/// <summary>Parts of the report's sentences.</summary>
static class Words
{
    const int LongestName = 40;

    /// <summary>a; a and b; a, b and c; beyond so many the number of the others.</summary>
    public static string List(IReadOnlyList<string> items, int most = int.MaxValue, string others = "others", string and = "and")
    {
        if (items.Count - 1 > most)
            items = [.. items.Take(most), string.Create(CultureInfo.InvariantCulture, $"{items.Count - most} more {others}")];
        return items.Count < 2 ? string.Concat(items) : $"{string.Join(", ", items.SkipLast(1))} {and} {items[^1]}";
    }

    /// <summary>The first letter as a capital.</summary>
    public static string Capital(string text) => text == "" ? "" : char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>
    /// A name that was made up by somebody, short enough for a line: of a long one its beginning and end, since names often differ there.
    /// </summary>
    public static string Cut(string name, int longest = LongestName)
    {
        if (name.Length <= longest)
            return name;
        // Not within a character.
        int[] starts = [.. StringInfo.ParseCombiningCharacters(name), name.Length];
        int head = starts.Last(start => start <= longest * 2 / 3);
        int tail = starts.First(start => name.Length - start < longest - longest * 2 / 3);
        return $"{name[..head]}\u2026{name[tail..]}";
    }

    /// <summary>The same in quotation marks.</summary>
    public static string Quoted(string name) => $"\u2018{Cut(name)}\u2019";

    /// <summary>1 row, 2 rows.</summary>
    public static string Rows(int count) => string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {(count == 1 ? "row" : "rows")}");

    /// <summary>A share in percent.</summary>
    public static string Percent(double share) =>
        double.IsFinite(share) ? (100 * share).ToString("0", CultureInfo.InvariantCulture) + "%" : "\u2013";
}

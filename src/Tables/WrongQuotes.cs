namespace LeoCvae;

/// <summary>Quotes around a text that are none in CSV, where they are part of it.</summary>
static class WrongQuotes
{
    static readonly string[] Pairs = ["''", "``", "`'", "\u2018\u2019", "\u201a\u2018", "\u201c\u201d", "\u201e\u201c", "\u201e\u201d",
        "\u201d\u201d", "\u00ab\u00bb", "\u00bb\u00ab"];

    /// <summary>Whether a text stands in such quotes.</summary>
    public static bool Around(string text) => text.Length >= 2 && Pairs.Any(pair => text[0] == pair[0] && text[^1] == pair[1]);
}

using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace LeoCvae;

/// <summary>
/// Text of others (names, cells, paths) made fit to be shown: it can't steer a terminal, hide or reverse what stands beside it, or fill the
/// screen.
/// </summary>
static class VisibleText
{
    const int LongestLine = 1200, LongestName = 100;

    /// <summary>A line to print: no control or formatting character, its middle left out where it is very long.</summary>
    public static string Line(string text) => Escape(Cut(text, LongestLine));

    /// <summary>The same for a name or a cell of a table.</summary>
    public static string Name(string text) => Escape(Cut(text, LongestName));

    /// <summary>A name as it is, or in quotes where it has blanks or signs that would run into its surroundings.</summary>
    public static string Quoted(string name) => name.Length > 0
        && name.All(character => char.IsLetterOrDigit(character) || character is '_' or '-' or '.' or '+') ? Name(name) : $"'{Name(name)}'";

    /// <summary>
    /// The beginning of a file's bytes: of UTF-8, or else of Latin-1. Blanks that are no plain space are seen, too.
    /// </summary>
    public static string Start(ReadOnlySpan<byte> bytes, int most = 40)
    {
        // Four bytes a character are enough.
        ReadOnlySpan<byte> start = bytes[..Math.Min(bytes.Length, 4 * (most + 1))];
        // A character that is cut off there makes no Latin-1 of the rest.
        while (start.Length < bytes.Length && (bytes[start.Length] & 0xC0) == 0x80 && start.Length > 4 * most)
            start = start[..^1];
        string text = (Utf8.IsValid(start) ? Encoding.UTF8 : Encoding.Latin1).GetString(start);
        Rune[] runes = [.. text.EnumerateRunes().Take(most + 1)];
        return Escape(string.Concat(runes.Take(most)), IsBlank) + (runes.Length > most ? "..." : "");
    }

    /// <summary>Leaves out the middle of a long text, and says how many characters.</summary>
    public static string Cut(string text, int most)
    {
        if (text.Length <= most)
            return text;
        int head = 2 * most / 3, tail = text.Length - most / 3;
        // A character of two UTF-16 units stays whole.
        if (char.IsHighSurrogate(text[head - 1]))
            head--;
        if (char.IsLowSurrogate(text[tail]))
            tail++;
        return string.Create(CultureInfo.InvariantCulture,
            $"{text.AsSpan(0, head)}...({tail - head} characters left out)...{text.AsSpan(tail)}");
    }

    /// <summary>
    /// Writes control characters, formatting characters (bidirectional overrides, say), line separators and halves of surrogate pairs as
    /// \x1b or \u202e.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="also">Other characters to write so.</param>
    public static string Escape(string text, Predicate<Rune>? also = null)
    {
        StringBuilder visible = new(text.Length + 16);
        for (int i = 0; i < text.Length;)
        {
            bool isWhole = Rune.TryGetRuneAt(text, i, out Rune rune);
            int code = isWhole ? rune.Value : text[i], length = isWhole ? rune.Utf16SequenceLength : 1;
            if (isWhole && !IsInvisible(rune) && also?.Invoke(rune) is not true)
                visible.Append(text, i, length);
            else
                visible.Append(code switch
                {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    < 0x100 => $"\\x{code:x2}",
                    < 0x10000 => $"\\u{code:x4}",
                    _ => $"\\U{code:x8}"
                });
            i += length;
        }
        return visible.ToString();
    }

    static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    static bool IsBlank(Rune rune) => rune.Value != ' ' && Rune.GetUnicodeCategory(rune) is UnicodeCategory.SpaceSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}

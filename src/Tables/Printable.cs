using System.Globalization;
using System.Text;

namespace LeoCvae;

/// <summary>Bytes of a file for a message of one line.</summary>
static class Printable
{
    /// <summary>As UTF-8 if they are, else as Latin-1; shortened, and with what can't be seen as &lt;U+200B&gt;.</summary>
    public static string Of(ReadOnlySpan<byte> bytes, int most = 40)
    {
        // Four bytes a character are enough; a character that is cut off there makes no Latin-1 of the rest.
        ReadOnlySpan<byte> start = bytes[..Math.Min(bytes.Length, 4 * (most + 1))];
        string text = System.Text.Unicode.Utf8.IsValid(bytes) || start.Length < bytes.Length && !HasInvalid(start)
            ? Encoding.UTF8.GetString(start)
            : Encoding.Latin1.GetString(start);
        StringBuilder shown = new();
        int count = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (count++ == most)
                return $"{shown}...";
            shown.Append(rune.Value is '\r' or '\n' or '\t' ? " " : IsVisible(rune) ? rune.ToString()
                : string.Create(CultureInfo.InvariantCulture, $"<U+{rune.Value:X4}>"));
        }
        return shown.ToString();
    }

    static bool IsVisible(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned);

    // Up to the last character, which may be cut off.
    static bool HasInvalid(ReadOnlySpan<byte> bytes)
    {
        for (int cut = 0; cut < 4 && cut < bytes.Length; cut++)
            if (System.Text.Unicode.Utf8.IsValid(bytes[..^cut]))
                return false;
        return true;
    }
}

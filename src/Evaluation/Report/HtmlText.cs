using System.Globalization;
using System.Text;

namespace LeoCvae.Evaluation;

/// <summary>Text and numbers for HTML that is XML too.</summary>
static class HtmlText
{
    /// <summary>
    /// Text that can't be taken for markup, in an element or in a quoted attribute. Control characters, which XML does not allow, and marks
    /// that turn the direction of what follows become a question mark.
    /// </summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            escaped.Append(rune.Value switch
            {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                '\'' => "&#39;",
                '\t' or '\n' or '\r' => " ",
                < ' ' or (>= 0x7F and < 0xA0) or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFFFE or 0xFFFF => "?",
                _ => rune.ToString(),
            });
        return escaped.ToString();
    }

    /// <summary>A name from the data, escaped, and cut where it is long.</summary>
    public static string Name(string name) => Escape(Words.Cut(name));

    /// <summary>Three decimals with a minus sign; a dash where there is no number.</summary>
    public static string Number(double value, string format = "0.000") =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '\u2212')
        : double.IsNaN(value) ? "\u2013"
        : value > 0 ? "\u221E" : "\u2212\u221E";

    /// <summary>The same with a plus sign for positive numbers.</summary>
    public static string Signed(double value) => Number(value, "+0.000;-0.000;0.000");

    /// <summary>A coordinate: one decimal.</summary>
    public static string Coordinate(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}

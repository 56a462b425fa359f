using System.Text;
using static System.Globalization.CultureInfo;

namespace LeoCvae.Evaluation;

/// <summary>A table of a column a method. On a phone each row becomes a block with a line a method.</summary>
static class HtmlTable
{
    /// <param name="page">What to append to.</param>
    /// <param name="methods">Names of the methods.</param>
    /// <param name="rows">Each row's title, and its cells as HTML.</param>
    public static void Append(StringBuilder page, IEnumerable<string> methods, IEnumerable<(string Title, IEnumerable<string> Cells)> rows)
    {
        string[] names = [.. methods.Select(HtmlText.Name)];
        page.Append("<div class=\"wide\"><table><thead><tr><th></th>").AppendJoin("", names.Select(name => $"<th>{name}</th>"))
            .Append("</tr></thead><tbody>\n");
        foreach ((string title, IEnumerable<string> cells) in rows)
        {
            page.Append(InvariantCulture, $"<tr><th>{HtmlText.Escape(Words.Capital(title))}</th>");
            page.AppendJoin("", cells.Zip(names, (cell, name) => $"<td data-method=\"{name}\">{cell}</td>")).Append("</tr>\n");
        }
        page.Append("</tbody></table></div>\n");
    }
}

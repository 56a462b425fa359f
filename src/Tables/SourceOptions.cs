namespace LeoCvae;

/// <summary>How a table comes, where its file's name doesn't say it. What is written again is written so, too, but in rows.</summary>
public sealed record SourceOptions
{
    /// <summary>
    /// What separates the fields: an ASCII character that can't be part of a number, a quote or a line end. Null: by the extension, a comma
    /// in .csv and in streams, a tab in .tsv. A .txt file needs one.
    /// </summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether decimals stand behind a comma (1,5).</summary>
    public bool HasDecimalComma { get; init; }

    /// <summary>
    /// Whether features stand in rows and samples in columns, as genes do: the first field of each line is a feature's name, the header
    /// names the samples.
    /// </summary>
    public bool IsTransposed { get; init; }

    /// <summary>Whether the first field of each line names the row, with an empty name in the header (pandas) or none (R).</summary>
    public bool HasRowNames { get; init; }

    /// <summary>
    /// A file with the labels of the rows: those of the label column, found by <see cref="Id"/>. Rows without a label are left out. Null:
    /// the labels are in the table.
    /// </summary>
    public string? Labels { get; init; }

    /// <summary>The column that names the rows, in both files; names of samples or rows without a column of their own get it.</summary>
    public string? Id { get; init; }

    /// <summary>Reads a delimiter as people write it: a character, or comma, semicolon, tab, pipe or space.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static char ParseDelimiter(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        char? delimiter = text switch
        {
            "comma" => ',',
            "semicolon" => ';',
            "tab" or "\\t" => '\t',
            "pipe" => '|',
            "space" => ' ',
            [char character] => character,
            _ => null,
        };
        return delimiter is char given && IsDelimiter(given) ? given
            : throw Fault.Argument(nameof(text), $"got '{VisibleText.Name(text)}', expected one character that separates fields, such " +
                $"as ; or |, or comma, semicolon, tab, pipe or space");
    }

    /// <summary>What a delimiter is called.</summary>
    internal static string NameOf(char delimiter) => delimiter switch { '\t' => "tab", ' ' => "space", _ => delimiter.ToString() };

    internal static bool IsDelimiter(char character) => char.IsAscii(character) && !char.IsAsciiLetterOrDigit(character)
        && (!char.IsControl(character) || character == '\t') && character is not ('"' or '.' or '+' or '-' or '_');
}

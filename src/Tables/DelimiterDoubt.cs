using System.Globalization;

namespace LeoCvae;

/// <summary>
/// Whether a file seems to be separated by another character than the one it is read with: it splits the header and the first rows alike.
/// </summary>
sealed class DelimiterDoubt
{
    const string Usual = ",;\t|", Unusual = " :~^!&#*/\\$%@<>=?`{}[]\u0001\u001c\u001d\u001e\u001f";
    const int MostRows = 10, FewestAlike = 2;

    readonly TableRequest _request;
    readonly string[] _header;
    readonly Counts _first;
    // Those that the rows so far have as often as the header; whether a blank is beside every delimiter.
    readonly HashSet<char> _alike;
    readonly List<Counts> _rows = [];
    bool _isSpaced;

    /// <summary>Looks at the header.</summary>
    /// <exception cref="InvalidDataException">It is one column, and would be several.</exception>
    public DelimiterDoubt(string[] header, ReadOnlySpan<byte> line, TableRequest request)
    {
        (_request, _header, _first) = (request, header, new(line, request.Delimiter));
        _alike = [.. (header.Length == 1 ? Usual + Unusual : Usual).Where(other => other != request.Delimiter && _first.Of(other) > 0)];
        _isSpaced = _first.IsSpaced;
        if (header.Length == 1 && Best(Usual) is char other)
            throw new InvalidDataException($"{request.Name}: got the column '{header[0]}' only, expected at least one feature column and " +
                $"the label column, separated by '{SourceOptions.NameOf(request.Delimiter)}'; they seem to be separated by " +
                $"'{SourceOptions.NameOf(other)}': {(other == '\t' ? "name the file .tsv, or give " : "")}{Option(other)}");
    }

    /// <summary>What to add to a message about fields that don't fit.</summary>
    public string Hint => Usual.Where(other => other != _request.Delimiter && _first.Of(other) >= _header.Length)
        .OrderByDescending(_first.Of).Select(other => $"; '{SourceOptions.NameOf(other)}' splits the header into {_first.Of(other) + 1} " +
            $"columns: is it what separates them? {Option(other)} says so").FirstOrDefault("");

    /// <summary>Looks at a row, the first ones that there are.</summary>
    /// <exception cref="InvalidDataException">They all are split alike: the table would be another one.</exception>
    public void See(ReadOnlySpan<byte> row)
    {
        // Who names a delimiter means it.
        if (_rows.Count == MostRows || _request.Source.Delimiter is not null || (_header.Length > 1 && _alike.Count == 0 && !_isSpaced))
            return;
        Counts counts = new(row, _request.Delimiter);
        _alike.RemoveWhere(other => counts.Of(other) != _first.Of(other));
        _isSpaced &= counts.IsSpaced;
        _rows.Add(counts);
        if (_rows.Count == MostRows)
            Require();
    }

    /// <summary>All rows are seen.</summary>
    /// <exception cref="InvalidDataException">They all are split alike: the table would be another one.</exception>
    public void Conclude()
    {
        if (_rows.Count is > 0 and < MostRows)
            Require();
    }

    void Require()
    {
        string own = SourceOptions.NameOf(_request.Delimiter), name = _request.Name, rows = _rows.Count == 1 ? "the first row"
            : string.Create(CultureInfo.InvariantCulture, $"the first {_rows.Count} rows");
        if (_header.Length > 1 && Best(Usual) is char other)
            throw new InvalidDataException($"{name}: line 1: '{own}' splits the header into {_header.Length} columns and " +
                $"'{SourceOptions.NameOf(other)}' into {_first.Of(other) + 1}, as it does {rows}: " +
                $"{Option(other)} takes the one, {Option(_request.Delimiter)} the other");
        if (_header.Length == 1 && Best(Unusual) is char unusual)
            throw new InvalidDataException($"{name}: line 1: got the column '{VisibleText.Name(_header[0])}' only, separated by '{own}'; " +
                $"'{VisibleText.Name(SourceOptions.NameOf(unusual))}' splits it and {rows} into {_first.Of(unusual) + 1} alike: " +
                (!SourceOptions.IsDelimiter(unusual) ? $"write '{own}' in its place"
                : unusual == ' ' && _first.HasBlankRuns ? "are columns lined up by blanks? Save them as CSV" : Option(unusual)) +
                $", or {Option(_request.Delimiter)} where it is one column");
        if (_header.Length == 1 && Usual.Where(IsInMostRows).FirstOrDefault() is not '\0' and char below)
            throw new InvalidDataException($"{name}: line 1: got the column '{VisibleText.Name(_header[0])}' only, separated by '{own}'; " +
                $"'{SourceOptions.NameOf(below)}' splits most of {rows} alike: is line 1 the header? Leave it out if not, and give " +
                $"{Option(below)}, or {Option(_request.Delimiter)} where it is one column");
        if (_isSpaced)
            throw new InvalidDataException($"{name}: line 1: a blank stands beside every '{own}', as in {rows}, and would be part of " +
                $"names and texts; leave the blanks out, or {Option(_request.Delimiter)} keeps them");
    }

    bool IsInMostRows(char other) => other != _request.Delimiter && _rows.Where(row => row.Of(other) > 0).GroupBy(row => row.Of(other))
        .Any(alike => alike.Count() >= FewestAlike && 2 * alike.Count() > _rows.Count);

    // The one that splits into the most columns.
    char? Best(string among) => _alike.Where(among.Contains).OrderByDescending(_first.Of).Select(other => (char?)other).FirstOrDefault();

    /// <summary>Whether columns are often separated by a character.</summary>
    public static bool IsUsual(char delimiter) => Usual.Contains(delimiter);

    /// <summary>The option that takes a character for what separates columns.</summary>
    public static string Option(char delimiter) => delimiter switch
    {
        '\t' => "--delimiter tab",
        ';' => "--delimiter semicolon",
        '|' => "--delimiter pipe",
        ',' => "--delimiter comma",
        ' ' => "--delimiter space",
        _ => $"--delimiter '{SourceOptions.NameOf(delimiter)}'",
    };

    /// <summary>How often each ASCII character stands in a line, outside of quotes; blanks that follow each other are one.</summary>
    sealed class Counts
    {
        readonly int[] _counts = new int[128];

        public Counts(ReadOnlySpan<byte> line, char delimiter)
        {
            (bool isQuoted, int before, int after) = (false, 0, 0);
            for (int i = 0; i < line.Length; i++)
            {
                byte b = line[i];
                isQuoted ^= b == '"';
                if (isQuoted || b >= _counts.Length)
                    continue;
                bool follows = i > 0 && line[i - 1] == ' ';
                HasBlankRuns |= b == ' ' && follows;
                if (b != ' ' || !follows)
                    _counts[b]++;
                if (b == delimiter)
                    (before, after) = (before + (follows ? 1 : 0), after + (i + 1 < line.Length && line[i + 1] == ' ' ? 1 : 0));
            }
            IsSpaced = delimiter != ' ' && Of(delimiter) is int count and > 0 && (before == count || after == count);
        }

        public bool HasBlankRuns { get; }

        /// <summary>Whether a blank stands behind every delimiter, or before each.</summary>
        public bool IsSpaced { get; }

        public int Of(char character) => _counts[character];
    }
}

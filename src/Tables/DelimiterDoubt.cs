namespace LeoCvae;

/// <summary>Whether a file seems to be separated by another character than the one it is read with.</summary>
sealed class DelimiterDoubt
{
    const string Usual = ",;\t|";

    readonly TableRequest _request;
    readonly string[] _header;
    // The one that splits the header into more columns, and how often it is there.
    readonly char _other;
    readonly int _count;

    /// <summary>Looks at the header.</summary>
    /// <exception cref="InvalidDataException">It is one column, and would be several.</exception>
    public DelimiterDoubt(string[] header, ReadOnlySpan<byte> line, TableRequest request)
    {
        (_request, _header) = (request, header);
        foreach (char other in Usual)
            if (other != request.Delimiter && Count(line, other) is int count && count >= header.Length && count > _count)
                (_other, _count) = (other, count);
        if (header.Length == 1 && _count > 0)
            throw new InvalidDataException($"{request.Name}: got the column '{header[0]}' only, expected at least one feature column and " +
                $"the label column, separated by '{SourceOptions.NameOf(request.Delimiter)}'; they seem to be separated by " +
                $"'{SourceOptions.NameOf(_other)}': {(_other == '\t' ? "name the file .tsv, or give " : "")}{Option(_other)}");
    }

    /// <summary>What to add to a message about fields that don't fit.</summary>
    public string Hint => _count == 0 ? "" : $"; '{SourceOptions.NameOf(_other)}' splits the header into {_count + 1} columns: is it " +
        $"what separates them? {Option(_other)} says so";

    /// <summary>Fails where the first row is split alike: the table would be another one. Who names a delimiter means it.</summary>
    public void RequireNone(ReadOnlySpan<byte> firstRow)
    {
        if (_count > 0 && _request.Source.Delimiter is null && Count(firstRow, _other) == _count)
            throw new InvalidDataException($"{_request.Name}: line 1: '{SourceOptions.NameOf(_request.Delimiter)}' splits the header " +
                $"into {_header.Length} columns and '{SourceOptions.NameOf(_other)}' into {_count + 1}, as it does the first row: " +
                $"{Option(_other)} takes the one, {Option(_request.Delimiter)} the other");
    }

    static string Option(char delimiter) => delimiter switch
    {
        '\t' => "--delimiter tab",
        ';' => "--delimiter semicolon",
        '|' => "--delimiter pipe",
        ',' => "--delimiter comma",
        _ => $"--delimiter '{SourceOptions.NameOf(delimiter)}'",
    };

    // Outside of quotes.
    static int Count(ReadOnlySpan<byte> line, char delimiter)
    {
        (int count, bool isQuoted) = (0, false);
        foreach (byte b in line)
        {
            isQuoted ^= b == '"';
            count += !isQuoted && b == delimiter ? 1 : 0;
        }
        return count;
    }
}

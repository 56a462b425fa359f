using System.Text;

namespace LeoCvae;

/// <summary>
/// Splits UTF-8 bytes into records and fields (RFC 4180): a field that begins with a quote ends with one; lines end in LF, CR or both, and
/// blank ones are skipped. Holds one record at a time.
/// </summary>
sealed class CsvRecords(Stream stream, byte delimiter)
{
    const int MostFields = 1 << 22, LargestField = 1 << 20, LargestRecord = 1 << 28, Shown = 20;

    // The record begins at _start; fields are counted from there, as the buffer moves.
    byte[] _buffer = new byte[1 << 16], _unquoted = [];
    (int Start, int End, bool HasQuotes)[] _fields = new (int, int, bool)[16];
    int _start, _end, _contentLength, _length, _lines;
    bool _isEnd;

    /// <summary>Reads a text: its mark is passed over, and where it is at fault the file and the line are said.</summary>
    /// <param name="content">The text.</param>
    /// <param name="name">Of the file.</param>
    /// <param name="delimiter">Between fields.</param>
    /// <param name="read">Reads the records; the second argument is whether there was a mark.</param>
    /// <exception cref="InvalidDataException">The content is at fault.</exception>
    public static T Read<T>(Stream content, string name, char delimiter, Func<CsvRecords, bool, T> read)
    {
        CsvRecords records = new(content, (byte)delimiter);
        try
        {
            ReadOnlySpan<byte> start = records.Peek();
            bool hasMark = start.StartsWith(Encoding.UTF8.Preamble);
            if (ForeignFormat.Advice(hasMark ? start[3..] : start) is string advice)
                throw new InvalidDataException($"{name}: this is {advice}");
            records.Skip(hasMark ? 3 : 0);
            return read(records, hasMark);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{name}: line {records.Line}: {e.Message}", e);
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(name, StringComparison.Ordinal))
        {
            // Of the decompressor.
            throw new InvalidDataException($"{name}: {e.Message}", e);
        }
    }

    /// <summary>The line where the current record starts, from 1.</summary>
    public int Line { get; private set; } = 1;

    public int FieldCount { get; private set; }

    /// <summary>Whether the lines just before the record are blank.</summary>
    public bool FollowsBlank { get; private set; }

    /// <summary>The bytes of the record.</summary>
    public ReadOnlySpan<byte> Content => _buffer.AsSpan(_start, _contentLength);

    /// <summary>Its line end; none at the end of a file.</summary>
    public ReadOnlySpan<byte> LineEnd => _buffer.AsSpan(_start + _contentLength, _length - _contentLength);

    /// <summary>The first bytes of the stream, before any record is read.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        while (_end < 1 << 12 && Fill())
        {
        }
        return _buffer.AsSpan(0, _end);
    }

    /// <summary>Leaves bytes at the start out.</summary>
    public void Skip(int count) => _start += count;

    /// <summary>The content of a field, without the quotes around it and doubled ones in it; valid until the next call.</summary>
    public ReadOnlySpan<byte> Field(int number)
    {
        (int start, int end, bool hasQuotes) = _fields[number];
        ReadOnlySpan<byte> field = _buffer.AsSpan(_start + start, end - start);
        if (!hasQuotes)
            return field;
        if (_unquoted.Length < field.Length)
            _unquoted = new byte[field.Length];
        int length = 0;
        for (int i = 0; i < field.Length; i++)
        {
            _unquoted[length++] = field[i];
            if (field[i] == '"')
                i++;
        }
        return _unquoted.AsSpan(0, length);
    }

    /// <summary>Goes on to the next record.</summary>
    /// <exception cref="FormatException">A quote isn't where it can be, or a field or the record is too long for a table.</exception>
    public bool Next()
    {
        FollowsBlank = false;
        do
        {
            _start += _length;
            Line += _lines;
            (FieldCount, _contentLength, _length, _lines) = (0, 0, 0, 0);
            if (!Has(0))
                return false;
            int at = 0;
            while (ReadField(ref at))
            {
            }
            FollowsBlank |= _contentLength == 0;
        }
        while (_contentLength == 0);
        if (Content.Contains((byte)'"'))
            StrayQuotes.RequireNone(Content, delimiter);
        return true;
    }

    // Whether another field of the record follows.
    bool ReadField(ref int at)
    {
        int start = at, end;
        bool hasQuotes = false;
        if (Has(at) && _buffer[_start + at] == '"')
        {
            (start, end) = (at + 1, ReadQuoted(at + 1, out hasQuotes));
            at = end + 1;
        }
        else
            at = end = FindEnd(at);
        RequireShort(start, end);
        if (FieldCount == MostFields)
            throw new FormatException($"got more than {MostFields} fields{Begins()}, expected at most that many columns; is this a table?");
        if (FieldCount == _fields.Length)
            Array.Resize(ref _fields, 2 * FieldCount);
        _fields[FieldCount++] = (start, end, hasQuotes);
        if (Has(at) && _buffer[_start + at] == delimiter)
        {
            at++;
            return true;
        }
        _contentLength = _length = at;
        if (Has(at))
            _length += _buffer[_start + at] == '\r' && Has(at + 1) && _buffer[_start + at + 1] == '\n' ? 2 : 1;
        _lines++;
        return false;
    }

    int FindEnd(int from)
    {
        for (int at = from; ;)
        {
            int found = _buffer.AsSpan(_start + at, _end - _start - at).IndexOfAny(delimiter, (byte)'\r', (byte)'\n');
            if (found >= 0)
            {
                RequireNoQuote(from, at + found);
                return at + found;
            }
            at = _end - _start;
            RequireShort(from, at);
            if (!Has(at))
            {
                RequireNoQuote(from, at);
                return at;
            }
        }
    }

    // Blanks before a quote make it a character like any other: what it should keep together would be split.
    void RequireNoQuote(int from, int to)
    {
        ReadOnlySpan<byte> field = _buffer.AsSpan(_start + from, to - from);
        if (field.Length > 1 && field[0] is (byte)' ' or (byte)'\t' && field.TrimStart(" \t"u8) is [(byte)'"', ..])
            throw new FormatException($"field {FieldCount + 1}: a blank stands before a quote, which so doesn't begin a quoted field; " +
                $"remove the blank");
    }

    // Where the closing quote stands.
    int ReadQuoted(int from, out bool hasQuotes)
    {
        hasQuotes = false;
        for (int at = from; ;)
        {
            int found = _buffer.AsSpan(_start + at, _end - _start - at).IndexOf((byte)'"');
            if (found < 0)
            {
                at = _end - _start;
                RequireShort(from, at);
                if (!Has(at))
                    throw new FormatException($"field {FieldCount + 1} begins with a quote that is never closed");
                continue;
            }
            at += found;
            if (!Has(at + 1))
                return CountLines(from, at);
            byte next = _buffer[_start + at + 1];
            _ = Rune.DecodeFromUtf8(_buffer.AsSpan(_start + at + 1, _end - _start - at - 1), out _, out int length);
            if (next == '"')
            {
                hasQuotes = true;
                at += 2;
            }
            else if (next == delimiter || next is (byte)'\r' or (byte)'\n')
                return CountLines(from, at);
            else
                throw new FormatException($"field {FieldCount + 1}: " + (next is (byte)' ' or (byte)'\t' ? "a blank"
                    : $"'{VisibleText.Start(_buffer.AsSpan(_start + at + 1, length))}'") +
                    " stands after the closing quote, expected the end of the field; remove it, or double the quotes within a field");
        }
    }

    int CountLines(int from, int to)
    {
        ReadOnlySpan<byte> field = _buffer.AsSpan(_start + from, to - from);
        _lines += field.Count((byte)'\n') + field.Count((byte)'\r') - field.Count("\r\n"u8);
        return to;
    }

    void RequireShort(int from, int to)
    {
        if (to - from > LargestField)
            throw new FormatException($"field {FieldCount + 1}{Begins(from)} has more than {LargestField} bytes; is this a table?");
        if (to > LargestRecord)
            throw new FormatException($"the record{Begins()} has more than {LargestRecord} bytes; is this a table?");
    }

    string Begins(int from = 0) => $" ('{VisibleText.Start(_buffer.AsSpan(_start + from, _end - _start - from), Shown)}')";

    // Whether the record has a byte there, or one can be read.
    bool Has(int at)
    {
        while (_start + at >= _end)
            if (!Fill())
                return false;
        return true;
    }

    bool Fill()
    {
        if (_isEnd)
            return false;
        if (_end == _buffer.Length && _start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _end);
        int read = stream.Read(_buffer.AsSpan(_end));
        _end += read;
        _isEnd = read == 0;
        return !_isEnd;
    }
}

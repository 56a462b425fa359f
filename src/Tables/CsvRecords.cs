using System.Runtime.CompilerServices;
using System.Text;

namespace LeoCvae;

/// <summary>
/// Splits UTF-8 bytes into records and fields (RFC 4180): a field that begins with a quote ends with one; lines end in LF, CR or both, and
/// blank ones are skipped. Holds one record at a time.
/// </summary>
sealed class CsvRecords(Stream stream, byte delimiter)
{
    const int MostFields = 1 << 22, LargestField = 1 << 20, LargestRecord = 1 << 28, Shown = 20, FirstBuffer = 1 << 16;

    readonly SpecialBytes _specials = new(delimiter);

    // The record begins at _start; fields are counted from there, as the buffer moves. The end of a field with doubled quotes is its
    // complement.
    byte[] _buffer = new byte[FirstBuffer + SpecialBytes.Padding], _unquoted = [];
    (int Start, int End)[] _fields = new (int, int)[16];
    int _start = NumberText.Before, _end = NumberText.Before, _contentLength, _length, _lines;
    bool _isEnd, _hasStrayQuotes;
    // Bytes that have left the buffer.
    long _passed;

    /// <summary>Reads a text: its mark is passed over, and where it is at fault the file and the line are said.</summary>
    /// <param name="content">The text.</param>
    /// <param name="name">Of the file.</param>
    /// <param name="delimiter">Between fields.</param>
    /// <param name="read">Reads the records; the second argument is whether there was a mark.</param>
    /// <exception cref="InvalidDataException">The content is at fault.</exception>
    public static T Read<T>(Stream content, string name, char delimiter, Func<CsvRecords, bool, T> read)
    {
        CsvRecords records = new(content, (byte)delimiter);
        return records.Guarded(name, () =>
        {
            ReadOnlySpan<byte> start = records.Peek();
            bool hasMark = start.StartsWith(Encoding.UTF8.Preamble);
            if (ForeignFormat.Advice(hasMark ? start[3..] : start) is string advice)
                throw new InvalidDataException($"{name}: this is {advice}");
            records.Skip(hasMark ? 3 : 0);
            return read(records, hasMark);
        });
    }

    /// <summary>Reads on; where the text is at fault the file and the line are said.</summary>
    /// <exception cref="InvalidDataException">The content is at fault.</exception>
    public T Guarded<T>(string name, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{name}: line {Line}: {e.Message}", e);
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(name, StringComparison.Ordinal))
        {
            // Of the decompressor.
            throw new InvalidDataException($"{name}: {e.Message}", e);
        }
    }

    /// <summary>The line where the current record starts, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>The line after the current record.</summary>
    public long NextLine => Line + _lines;

    /// <summary>The place in the stream where the current record, with its line end, ends.</summary>
    public long End => _passed + _start - NumberText.Before + _length;

    public int FieldCount { get; private set; }

    /// <summary>Whether the lines just before the record are blank.</summary>
    public bool FollowsBlank { get; private set; }

    /// <summary>The bytes of the record.</summary>
    public ReadOnlySpan<byte> Content => _buffer.AsSpan(_start, _contentLength);

    /// <summary>Its line end; none at the end of a file.</summary>
    public ReadOnlySpan<byte> LineEnd => _buffer.AsSpan(_start + _contentLength, _length - _contentLength);

    /// <summary>Whether all of the record is text that a table can hold; no field needs to be looked at then.</summary>
    public bool IsText => _specials.OddEnd <= _start
        || (Ascii.IsValid(Content) && !Content.Contains((byte)0)) || ColumnTexts.Fault(Content) is null;

    /// <summary>The first bytes of the stream, before any record is read.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        while (_end - _start < 1 << 12 && Fill())
        {
        }
        return _buffer.AsSpan(_start, _end - _start);
    }

    /// <summary>Says on which line the next record, or a blank line before it, starts.</summary>
    public void GoOnAt(long line) => Line = line - _lines;

    /// <summary>Leaves bytes at the start out.</summary>
    public void Skip(int count) => _start += count;

    /// <summary>The content of a field, without the quotes around it and doubled ones in it; valid until the next call.</summary>
    public ReadOnlySpan<byte> Field(int number) => FieldBehind(number)[NumberText.Before..];

    /// <summary>The same, behind other bytes, so many as a number wants before it.</summary>
    public ReadOnlySpan<byte> FieldBehind(int number)
    {
        (int start, int end) = _fields[number];
        return end >= 0 ? _buffer.AsSpan(_start + start - NumberText.Before, end - start + NumberText.Before)
            : Unquoted(_buffer.AsSpan(_start + start, ~end - start));
    }

    ReadOnlySpan<byte> Unquoted(ReadOnlySpan<byte> field)
    {
        if (_unquoted.Length < NumberText.Before + field.Length)
            _unquoted = new byte[NumberText.Before + field.Length];
        int length = NumberText.Before;
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
            (FieldCount, _contentLength, _length, _lines, _hasStrayQuotes) = (0, 0, 0, 0, false);
            if (!Has(0))
                return false;
            ReadRecord();
            FollowsBlank |= _contentLength == 0;
        }
        while (_contentLength == 0);
        if (_hasStrayQuotes)
            StrayQuotes.RequireNone(Content, delimiter);
        return true;
    }

    void ReadRecord()
    {
        int start = 0;
        while (true)
        {
            // Within the buffer from here on, or at the end of the stream.
            int end = NextSpecial(start);
            byte what = _start + end < _end ? _buffer[_start + end] : (byte)'\n';
            if (what == delimiter)
            {
                Add(start, end, end - start);
                start = end + 1;
            }
            else if (what != '"')
            {
                Add(start, end, end - start);
                EndLine(end);
                return;
            }
            else if (end > start)
            {
                RequireNoBlanks(start, end);
                _hasStrayQuotes = true;
            }
            else if (!ReadQuoted(ref start))
                return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Add(int start, int end, int length)
    {
        if (length > LargestField)
            throw TooLong(start);
        if (FieldCount == _fields.Length)
            Grow();
        _fields[FieldCount++] = (start, end);
    }

    void Grow()
    {
        if (FieldCount == MostFields)
            throw new FormatException($"got more than {MostFields} fields{Begins()}, expected at most that many columns; is this a table?");
        Array.Resize(ref _fields, 2 * FieldCount);
    }

    void EndLine(int end)
    {
        _contentLength = _length = end;
        if (Has(end))
            _length++;
        if (_length > end && _buffer[_start + end] == '\r' && Has(end + 1) && _buffer[_start + end + 1] == '\n')
        {
            _specials.Skip();
            _length++;
        }
        _lines++;
    }

    // Blanks before a quote make it a character like any other: what it should keep together would be split.
    void RequireNoBlanks(int start, int quote)
    {
        ReadOnlySpan<byte> before = _buffer.AsSpan(_start + start, quote - start);
        if (before.TrimStart(" \t"u8).IsEmpty)
            throw new FormatException($"field {FieldCount + 1}: a blank stands before a quote, which so doesn't begin a quoted field; " +
                $"remove the blank");
    }

    // A field whose opening quote is at the start. Whether another field of the record follows, which starts then.
    bool ReadQuoted(ref int start)
    {
        int first = start + 1;
        bool hasQuotes = false, hasLines = false;
        while (true)
        {
            int quote = NextSpecial(first);
            if (_start + quote == _end)
                throw new FormatException($"field {FieldCount + 1} begins with a quote that is never closed");
            if (_buffer[_start + quote] != '"')
            {
                hasLines |= _buffer[_start + quote] != delimiter;
                continue;
            }
            bool isLast = !Has(quote + 1);
            byte next = isLast ? (byte)'\n' : _buffer[_start + quote + 1];
            if (next == '"')
            {
                _specials.Skip();
                hasQuotes = true;
                continue;
            }
            if (next != delimiter && next is not ((byte)'\r' or (byte)'\n'))
                throw BehindQuote(quote + 1);
            if (hasLines)
                CountLines(first, quote);
            Add(first, hasQuotes ? ~quote : quote, quote - first);
            if (!isLast)
                _specials.Skip();
            if (next == delimiter)
            {
                start = quote + 2;
                return true;
            }
            EndLine(quote + 1);
            return false;
        }
    }

    FormatException BehindQuote(int at)
    {
        // All of the character.
        _ = Has(at + 3);
        ReadOnlySpan<byte> rest = _buffer.AsSpan(_start + at, _end - _start - at);
        _ = Rune.DecodeFromUtf8(rest, out _, out int length);
        return new FormatException($"field {FieldCount + 1}: " + (rest[0] is (byte)' ' or (byte)'\t' ? "a blank"
            : $"'{VisibleText.Start(rest[..length])}'") +
            " stands after the closing quote, expected the end of the field; " + (rest is [var other, (byte)'"', ..] && other != delimiter
                && DelimiterDoubt.IsUsual((char)other) ? $"{DelimiterDoubt.Option((char)other)} takes it for what separates columns"
                : "remove it, or double the quotes within a field"));
    }

    void CountLines(int from, int to)
    {
        ReadOnlySpan<byte> field = _buffer.AsSpan(_start + from, to - from);
        _lines += field.Count((byte)'\n') + field.Count((byte)'\r') - field.Count("\r\n"u8);
    }

    // Where the next delimiter, quote or line end stands, or the end of the stream.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int NextSpecial(int fieldStart) => _specials.TryNext(out int place) ? place - _start : ReadOn(fieldStart);

    int ReadOn(int fieldStart)
    {
        while (true)
        {
            int length = _end - _start;
            if (length - fieldStart > LargestField)
                throw TooLong(fieldStart);
            if (length > LargestRecord)
                throw new FormatException($"the record{Begins()} has more than {LargestRecord} bytes; is this a table?");
            if (!Fill())
                return length;
            if (_specials.TryNext(out int place))
                return place - _start;
        }
    }

    FormatException TooLong(int fieldStart) =>
        new($"field {FieldCount + 1}{Begins(fieldStart)} has more than {LargestField} bytes; is this a table?");

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
        int moved = _start - NumberText.Before;
        if (moved > 0)
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer.AsSpan(NumberText.Before));
        _specials.Move(moved);
        (_start, _end, _passed) = (_start - moved, _end - moved, _passed + moved);
        int room = _buffer.Length - SpecialBytes.Padding;
        if (_end == room)
            Array.Resize(ref _buffer, 2 * room + SpecialBytes.Padding);
        int read = stream.Read(_buffer.AsSpan(_end, _buffer.Length - SpecialBytes.Padding - _end));
        _specials.Scan(_buffer, _end, _end + read);
        _end += read;
        _isEnd = read == 0;
        return !_isEnd;
    }
}

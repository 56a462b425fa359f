using System.Text;

namespace LeoCvae;

/// <summary>Lines of fields as UTF-8, each field quoted where it has to be, gathered until they are written. Not thread-safe.</summary>
sealed class CsvLines(byte delimiter)
{
    const int Enough = 1 << 16;

    byte[] _bytes = new byte[Enough + (1 << 12)];
    int _length, _lineStart;

    /// <summary>The lines, with their ends.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Room for a field of so many bytes, whose length then goes to <see cref="End"/>.</summary>
    public Span<byte> Begin(int length)
    {
        // A delimiter, and a line's end.
        if (_bytes.Length - _length < length + 4)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + length + 4));
        return _bytes.AsSpan(_length, length);
    }

    /// <summary>Ends a field that needs no quotes.</summary>
    public void End(int length)
    {
        _bytes[_length += length] = delimiter;
        _length++;
    }

    /// <summary>Ends a field, which is quoted where it has to be.</summary>
    public void EndQuoted(int length)
    {
        ReadOnlySpan<byte> field = _bytes.AsSpan(_length, length);
        if (NeedsQuotes(field))
            Add(field.ToArray());
        else
            End(length);
    }

    /// <summary>Ends a field that is a number with a decimal point.</summary>
    public void EndNumber(int length, NumberForm form)
    {
        if (!form.HasDecimalComma)
        {
            End(length);
            return;
        }
        _bytes.AsSpan(_length, length).Replace((byte)'.', (byte)',');
        EndQuoted(length);
    }

    /// <summary>Adds a field that needs no quotes, or has them.</summary>
    public void AddRaw(ReadOnlySpan<byte> field)
    {
        field.CopyTo(Begin(field.Length));
        End(field.Length);
    }

    /// <summary>Adds a field.</summary>
    public void Add(ReadOnlySpan<byte> field)
    {
        if (!NeedsQuotes(field))
        {
            AddRaw(field);
            return;
        }
        Span<byte> to = Begin(2 * field.Length + 2);
        int length = 0;
        to[length++] = (byte)'"';
        foreach (byte character in field)
        {
            if (character == '"')
                to[length++] = (byte)'"';
            to[length++] = character;
        }
        to[length++] = (byte)'"';
        End(length);
    }

    /// <summary>Adds a field.</summary>
    public void Add(string field)
    {
        const int Short = 256;
        int most = Encoding.UTF8.GetMaxByteCount(field.Length);
        Span<byte> bytes = most <= Short ? stackalloc byte[Short] : new byte[most];
        Add(bytes[..Encoding.UTF8.GetBytes(field, bytes)]);
    }

    /// <summary>Ends a line of at least one field.</summary>
    public void EndLine(ReadOnlySpan<byte> newLine)
    {
        _length--;
        // A line of one empty field would be a blank one.
        if (_length == _lineStart)
        {
            "\"\""u8.CopyTo(Begin(2));
            _length += 2;
        }
        newLine.CopyTo(Begin(newLine.Length));
        _lineStart = _length += newLine.Length;
    }

    /// <summary>Writes the lines, where there are many or it is said.</summary>
    public void WriteTo(Stream stream, bool isLast = false)
    {
        if (_length < Enough && !isLast)
            return;
        stream.Write(Written);
        Clear();
    }

    /// <summary>Forgets the lines.</summary>
    public void Clear() => _lineStart = _length = 0;

    /// <summary>A field's text, quoted where it has to be.</summary>
    public static byte[] Quoted(string field, byte delimiter)
    {
        CsvLines line = new(delimiter);
        line.Add(field);
        return line.Written[..^1].ToArray();
    }

    bool NeedsQuotes(ReadOnlySpan<byte> field) =>
        field.Contains(delimiter) || field.ContainsAny((byte)'"', (byte)'\r', (byte)'\n');
}

namespace LeoCvae;

/// <summary>The bytes of records, each with its own line end, in chunks: there may be more than an array holds.</summary>
sealed class RecordBytes(byte[] newLine)
{
    const int ChunkBytes = 1 << 24;

    readonly List<byte[]> _chunks = [];
    readonly List<(int Content, int LineEnd)> _lengths = [];
    int _used = ChunkBytes;

    public int Count => _lengths.Count;

    /// <summary>What ends a line that is to be added.</summary>
    public byte[] NewLine => newLine;

    public void Add(ReadOnlySpan<byte> content, ReadOnlySpan<byte> lineEnd)
    {
        if (lineEnd.IsEmpty)
            lineEnd = newLine;
        Append(content);
        Append(lineEnd);
        _lengths.Add((content.Length, lineEnd.Length));
    }

    /// <summary>Writes all records, with what a function gives (by the record's number) between a record and its line end.</summary>
    public void Write(Stream stream, Func<int, byte[]>? addition)
    {
        (int chunk, int at) = (0, 0);
        void Copy(int count)
        {
            while (count > 0)
            {
                if (at == ChunkBytes)
                    (chunk, at) = (chunk + 1, 0);
                int part = Math.Min(count, ChunkBytes - at);
                stream.Write(_chunks[chunk], at, part);
                (at, count) = (at + part, count - part);
            }
        }
        for (int record = 0; record < _lengths.Count; record++)
        {
            Copy(_lengths[record].Content);
            if (addition is not null)
                stream.Write(addition(record));
            Copy(_lengths[record].LineEnd);
        }
    }

    void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_used == ChunkBytes)
            {
                _chunks.Add(new byte[ChunkBytes]);
                _used = 0;
            }
            int part = Math.Min(bytes.Length, ChunkBytes - _used);
            bytes[..part].CopyTo(_chunks[^1].AsSpan(_used));
            _used += part;
            bytes = bytes[part..];
        }
    }
}

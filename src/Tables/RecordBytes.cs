namespace LeoCvae;

/// <summary>The bytes of records, each with its own line end, in chunks: there may be more than an array holds.</summary>
sealed class RecordBytes(byte[] newLine)
{
    const int FirstChunk = 1 << 12, LargestChunk = 1 << 24;

    // They grow; all but the last are full.
    readonly List<byte[]> _chunks = [];
    readonly List<(int Content, int LineEnd)> _lengths = [];
    int _used;

    public int Count => _lengths.Count;

    /// <summary>The bytes of all records.</summary>
    public long Bytes { get; private set; }

    /// <summary>What ends a line that is to be added.</summary>
    public byte[] NewLine => newLine;

    public void Add(ReadOnlySpan<byte> content, ReadOnlySpan<byte> lineEnd)
    {
        if (lineEnd.IsEmpty)
            lineEnd = newLine;
        Append(content);
        Append(lineEnd);
        _lengths.Add((content.Length, lineEnd.Length));
        Bytes += content.Length + lineEnd.Length;
    }

    /// <summary>Forgets the records; their room is used again.</summary>
    public void Clear()
    {
        // The last one is the largest.
        if (_chunks.Count > 1)
            _chunks.RemoveRange(0, _chunks.Count - 1);
        _lengths.Clear();
        (_used, Bytes) = (0, 0);
    }

    /// <summary>Writes all records, with what a function gives (by the record's number) between a record and its line end.</summary>
    public void Write(Stream stream, Func<int, ReadOnlySpan<byte>>? addition, Action<int>? done = null)
    {
        const int RecordsAReport = 1 << 12;
        (int chunk, int at) = (0, 0);
        void Copy(int count)
        {
            while (count > 0)
            {
                if (at == _chunks[chunk].Length)
                    (chunk, at) = (chunk + 1, 0);
                int part = Math.Min(count, _chunks[chunk].Length - at);
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
            if (record % RecordsAReport == 0)
                done?.Invoke(record);
        }
    }

    /// <summary>The bytes again.</summary>
    public Stream Open() => new Reader(_chunks, _used);

    void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_chunks.Count == 0 || _used == _chunks[^1].Length)
            {
                _chunks.Add(new byte[_chunks.Count == 0 ? FirstChunk : Math.Min(2 * _used, LargestChunk)]);
                _used = 0;
            }
            int part = Math.Min(bytes.Length, _chunks[^1].Length - _used);
            bytes[..part].CopyTo(_chunks[^1].AsSpan(_used));
            _used += part;
            bytes = bytes[part..];
        }
    }

    sealed class Reader(List<byte[]> chunks, int lastUsed) : ForwardStream
    {
        int _chunk, _at;

        public override int Read(Span<byte> buffer)
        {
            if (_at == chunks[_chunk].Length && _chunk < chunks.Count - 1)
                (_chunk, _at) = (_chunk + 1, 0);
            int end = _chunk == chunks.Count - 1 ? lastUsed : chunks[_chunk].Length, count = Math.Min(buffer.Length, end - _at);
            chunks[_chunk].AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }
    }
}

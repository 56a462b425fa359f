namespace LeoCvae;

/// <summary>A text's header and some of its rows, as a text of its own.</summary>
sealed class PartStream : ForwardStream
{
    readonly Stream _content;
    readonly byte[] _header;
    long _left;
    int _at;

    /// <param name="content">The text from its start on, which is closed with this.</param>
    /// <param name="header">So many bytes are its header.</param>
    /// <param name="start">Where the rows begin.</param>
    /// <param name="end">Where they end.</param>
    public PartStream(Stream content, long header, long start, long end)
    {
        (_content, _header, _left) = (content, new byte[header], end - start);
        content.ReadExactly(_header);
        if (content.CanSeek)
            content.Seek(start, SeekOrigin.Begin);
        else
            Skip(start - header);
    }

    public override int Read(Span<byte> buffer)
    {
        if (_at < _header.Length)
        {
            int some = Math.Min(buffer.Length, _header.Length - _at);
            _header.AsSpan(_at, some).CopyTo(buffer);
            _at += some;
            return some;
        }
        int read = _content.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _content.Dispose();
        base.Dispose(disposing);
    }

    void Skip(long count)
    {
        byte[] buffer = new byte[1 << 16];
        while (count > 0)
        {
            int read = _content.Read(buffer, 0, (int)Math.Min(buffer.Length, count));
            if (read == 0)
                throw new EndOfStreamException();
            count -= read;
        }
    }
}

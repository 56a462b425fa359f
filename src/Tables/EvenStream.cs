namespace LeoCvae;

/// <summary>
/// Hands on what is written to it in pieces of one size, but for the last: what a compressor makes of bytes depends on how they come.
/// </summary>
sealed class EvenStream(Stream inner) : Stream
{
    readonly byte[] _piece = new byte[1 << 16];
    int _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int some = Math.Min(buffer.Length, _piece.Length - _length);
            buffer[..some].CopyTo(_piece.AsSpan(_length));
            buffer = buffer[some..];
            _length += some;
            if (_length == _piece.Length)
                HandOn();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Hands on the last piece.</summary>
    public void Finish() => HandOn();

    // Only a piece that is full is handed on before the end.
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    void HandOn()
    {
        inner.Write(_piece, 0, _length);
        _length = 0;
    }
}

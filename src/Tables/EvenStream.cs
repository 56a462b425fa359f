namespace LeoCvae;

/// <summary>
/// Hands on what is written to it in pieces of one size, but for the last: what a compressor makes of bytes depends on how they come.
/// </summary>
sealed class EvenStream(Stream inner) : SinkStream
{
    readonly byte[] _piece = new byte[1 << 16];
    int _length;

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

    /// <summary>Hands on what there is, at the end the last piece.</summary>
    public void HandOn()
    {
        inner.Write(_piece, 0, _length);
        _length = 0;
    }
}

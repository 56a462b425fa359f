using System.IO.Compression;

namespace LeoCvae;

/// <summary>
/// Decompresses a gzip file piece by piece and notices where it was cut off, which GZipStream takes for the end. A member of our own is
/// put behind the file's: it only comes out again if all that stands before it is whole.
/// </summary>
sealed class Gzip : ForwardStream
{
    static readonly byte[] End = "\0end of file\0"u8.ToArray(), ZippedEnd = Compress(End);

    readonly Followed _file;
    readonly GZipStream _content;
    readonly byte[] _buffer = new byte[1 << 16];
    int _start, _end;

    /// <exception cref="InvalidDataException">On reading: the data are no gzip, damaged or truncated.</exception>
    public Gzip(Stream file)
    {
        Packed = file;
        _file = new(file, ZippedEnd);
        _content = new(_file, CompressionMode.Decompress);
    }

    /// <summary>The file as it is.</summary>
    public Stream Packed { get; }

    public override int Read(Span<byte> buffer)
    {
        // What may be our member is held back until more has come.
        while (_end - _start <= End.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            int read;
            try
            {
                read = _content.Read(_buffer.AsSpan(_end));
            }
            catch (InvalidDataException e)
            {
                throw new InvalidDataException(_file.BeginsAsGzip ? "the gzip data are damaged"
                    : "this is not gzip-compressed, as the name says; leave .gz out of it", e);
            }
            _end += read;
            if (read == 0)
                return _buffer.AsSpan(0, _end).SequenceEqual(End) ? 0
                    : throw new InvalidDataException("the gzip data are truncated, or followed by other bytes");
        }
        int count = Math.Min(buffer.Length, _end - _start - End.Length);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _content.Dispose();
        base.Dispose(disposing);
    }

    // A stream, then more bytes.
    sealed class Followed(Stream first, ReadOnlyMemory<byte> then) : ForwardStream
    {
        ReadOnlyMemory<byte> _then = then;
        bool _isBegun;

        /// <summary>Whether the first byte was gzip's.</summary>
        public bool BeginsAsGzip { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            int read = first.Read(buffer);
            if (read > 0 && !_isBegun)
                (_isBegun, BeginsAsGzip) = (true, buffer[0] == 0x1F);
            if (read > 0 || buffer.IsEmpty)
                return read;
            read = Math.Min(buffer.Length, _then.Length);
            _then.Span[..read].CopyTo(buffer);
            _then = _then[read..];
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                first.Dispose();
            base.Dispose(disposing);
        }
    }

    static byte[] Compress(byte[] bytes)
    {
        using MemoryStream stream = new();
        using (GZipStream zip = new(stream, CompressionLevel.Optimal))
            zip.Write(bytes);
        return stream.ToArray();
    }
}

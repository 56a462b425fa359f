using System.Security.Cryptography;

namespace LeoCvae;

/// <summary>
/// Reads files of which nothing is known yet: only plain ones of a sane size, so that no pipe or device is waited for. Thread-safe.
/// </summary>
static class PlainFile
{
    /// <summary>Opens a plain file for reading.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="named">What messages call it.</param>
    /// <param name="mostBytes">A longer file is refused.</param>
    /// <exception cref="InvalidDataException">It is missing, no plain file, or too long.</exception>
    public static FileStream Open(string path, string named, long mostBytes)
    {
        FileKind kind = FilePlace.Kind(path);
        if (kind != FileKind.File)
            throw new InvalidDataException($"{named} is " + kind switch
            {
                FileKind.Missing => "missing",
                FileKind.Folder => "a folder, expected a file",
                _ => "a pipe, a socket or a device, expected a file",
            });
        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        long length = file.Length;
        if (length <= mostBytes)
            return file;
        file.Dispose();
        throw new InvalidDataException($"{named}: got {length} bytes, expected at most {mostBytes}");
    }

    /// <summary>Reads a whole plain file.</summary>
    public static byte[] Read(string path, string named, long mostBytes)
    {
        using FileStream file = Open(path, named, mostBytes);
        byte[] bytes = new byte[file.Length];
        int got = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return got == bytes.Length ? bytes
            : throw new InvalidDataException($"{named}: got {got} bytes, expected {bytes.Length}; it is being written");
    }
}

/// <summary>A file that is read from its beginning to its end, and the hash of all that was read. Not thread-safe.</summary>
sealed class HashedReader(Stream file) : Stream
{
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    /// <summary>Only where it is already: nothing is left out.</summary>
    public override long Position
    {
        get => file.Position;
        set => ArgumentOutOfRangeException.ThrowIfNotEqual(value, file.Position);
    }

    /// <summary>SHA-256 in hexadecimal digits.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public override int Read(Span<byte> buffer)
    {
        int got = file.Read(buffer);
        _hash.AppendData(buffer[..got]);
        return got;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _hash.Dispose();
        base.Dispose(disposing);
    }
}

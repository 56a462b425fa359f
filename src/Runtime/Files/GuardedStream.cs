namespace LeoCvae;

/// <summary>
/// A stream that is written into: it hears a cancellation at every write, and its failures name the file that is wanted. Not thread-safe.
/// </summary>
sealed class GuardedStream(Stream inner, string path, CancellationToken cancellation) : Stream
{
    const int BufferSize = 1 << 16, Step = 1 << 20;

    public override bool CanRead => false;

    public override bool CanSeek => inner.CanSeek;

    public override bool CanWrite => true;

    public override long Length => inner.Length;

    public override long Position { get => inner.Position; set => inner.Position = value; }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            cancellation.ThrowIfCancellationRequested();
            int count = Math.Min(buffer.Length, Step);
            try
            {
                inner.Write(buffer[..count]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Failure(path, e);
            }
            catch (ArgumentOutOfRangeException e)
            {
                // So .NET calls a limit of the file system, or of the user (ulimit -f).
                throw new IOException($"'{path}' can't be written: it grows larger than a file may", e);
            }
            buffer = buffer[count..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            if (inner is FileStream file)
                file.Flush(flushToDisk: true);
            else
                inner.Flush();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(path, e);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => inner.SetLength(value);

    /// <summary>Writes all of a file that was opened without a buffer, to the disk.</summary>
    public static void WriteAll(FileStream file, string path, Action<Stream> write, CancellationToken cancellation)
    {
        using BufferedStream buffered = new(new GuardedStream(file, path, cancellation), BufferSize);
        write(buffered);
        buffered.Flush();
    }

    /// <summary>What is wrong with the place that is wanted, rather than with a temporary name beside it.</summary>
    public static IOException Failure(string path, Exception e)
    {
        string reason = e.Message.Split(" : '", 2)[0].TrimEnd('.');
        if (e is UnauthorizedAccessException)
            reason = "permission denied";
        return new($"'{path}' can't be written: {(reason.Length > 0 ? char.ToLowerInvariant(reason[0]) + reason[1..] : "unknown error")}",
            e);
    }
}

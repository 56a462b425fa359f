using System.IO.Compression;

namespace LeoCvae;

/// <summary>
/// Decompresses a gzip file and notices where it was cut off, which GZipStream takes for the end. A member of our own is
/// put behind the file's: it only comes out again if all that stands before it is whole.
/// </summary>
static class Gzip
{
    static readonly byte[] End = "\0end of file\0"u8.ToArray(), ZippedEnd = Compress(End);

    /// <exception cref="InvalidDataException">The data are no gzip, damaged or truncated.</exception>
    public static MemoryStream Decompress(string path)
    {
        using GZipStream zipped = new(new MemoryStream([.. File.ReadAllBytes(path), .. ZippedEnd]), CompressionMode.Decompress);
        MemoryStream content = new();
        try
        {
            zipped.CopyTo(content);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{path}: not gzip, or damaged: {e.Message}", e);
        }
        if (!content.GetBuffer().AsSpan(0, (int)content.Length).EndsWith(End))
            throw new InvalidDataException($"{path}: the gzip data are truncated, or followed by other bytes");
        content.SetLength(content.Length - End.Length);
        content.Position = 0;
        return content;
    }

    static byte[] Compress(byte[] bytes)
    {
        using MemoryStream stream = new();
        using (GZipStream zip = new(stream, CompressionLevel.Optimal))
            zip.Write(bytes);
        return stream.ToArray();
    }
}

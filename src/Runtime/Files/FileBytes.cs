using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace LeoCvae;

/// <summary>The bytes of files. Thread-safe.</summary>
static class FileBytes
{
    /// <summary>Reads bytes from a place on; returns how many there are, fewer only at the file's end.</summary>
    public static int Read(SafeFileHandle file, Span<byte> bytes, long start)
    {
        int all = 0;
        while (all < bytes.Length && RandomAccess.Read(file, bytes[all..], start + all) is int read and > 0)
            all += read;
        return all;
    }

    /// <summary>The SHA-256 of a file, in lower-case hexadecimal digits.</summary>
    public static string Sha256Of(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;

namespace LeoCvae;

/// <summary>A checksum that keeps up with memory: it finds damage, not malice.</summary>
static unsafe class WordSum
{
    /// <summary>Bytes that are summed together; what is summed has a multiple of them.</summary>
    public const int Step = 4 * sizeof(ulong);

    // Four sums side by side, each step reversible: any single changed word changes one of them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong Of(byte* bytes, long length)
    {
        const ulong Odd = 0x9E3779B185EBCA87;
        ulong* word = (ulong*)bytes, end = (ulong*)(bytes + length);
        ulong a = 1, b = 2, c = 3, d = 4;
        for (; word < end; word += 4)
        {
            a = BitOperations.RotateLeft((a ^ word[0]) * Odd, 29);
            b = BitOperations.RotateLeft((b ^ word[1]) * Odd, 29);
            c = BitOperations.RotateLeft((c ^ word[2]) * Odd, 29);
            d = BitOperations.RotateLeft((d ^ word[3]) * Odd, 29);
        }
        return (((a * Odd ^ b) * Odd ^ c) * Odd) ^ d;
    }
}

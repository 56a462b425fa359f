using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LeoCvae;

/// <summary>
/// Philox4x32-10 on neighboring counters (block, c1, c2, c3), (block + 1, c1, c2, c3), ...: eight at a time with AVX-512, four with AVX2.
/// The words are those of <see cref="CounterRandom.Philox"/> for any register width.
/// </summary>
static class PhiloxBlocks
{
    public const int WordsOfBlock = 4;

    /// <summary>Rows and the most blocks of each that <see cref="FillRows"/> takes.</summary>
    public const int Rows = 8, MostBlocks = 8;

    /// <summary>Writes four words for each block.</summary>
    /// <param name="key">The seed.</param>
    /// <param name="block">Number of the first block.</param>
    /// <param name="c1">Second word of the counter.</param>
    /// <param name="c2">Third word of the counter.</param>
    /// <param name="c3">Fourth word of the counter.</param>
    /// <param name="words">Four times as many as blocks are wanted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(ulong key, uint block, uint c1, uint c2, uint c3, Span<uint> words)
    {
        ref uint to = ref MemoryMarshal.GetReference(words);
        int done = 0;
        if (Avx512F.IsSupported)
            for (; done <= words.Length - 2 * Vector512<uint>.Count; done += 2 * Vector512<uint>.Count,
                block += (uint)Vector512<ulong>.Count)
                Eight(key, block, c1, c2, c3, ref Unsafe.Add(ref to, done));
        if (Avx2.IsSupported)
            for (; done <= words.Length - 2 * Vector256<uint>.Count; done += 2 * Vector256<uint>.Count,
                block += (uint)Vector256<ulong>.Count)
                Four(key, block, c1, c2, c3, ref Unsafe.Add(ref to, done));
        for (; done < words.Length; done += WordsOfBlock, block++)
            (words[done], words[done + 1], words[done + 2], words[done + 3]) = CounterRandom.Philox(key, block, c1, c2, c3);
    }

    /// <summary>Writes the first blocks of eight rows, whose numbers are the second and third word of the counter, row by row.</summary>
    /// <param name="key">The seed.</param>
    /// <param name="rows">Eight numbers.</param>
    /// <param name="blocks">Blocks of a row, at most <see cref="MostBlocks"/>.</param>
    /// <param name="c3">Fourth word of the counter.</param>
    /// <param name="words">Room for four times as many as blocks are wanted.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FillRows(ulong key, ReadOnlySpan<ulong> rows, int blocks, uint c3, Span<uint> words)
    {
        ref uint to = ref MemoryMarshal.GetReference(words);
        int all = Rows * blocks;
        if (!Avx2.IsSupported)
        {
            for (int i = 0, at = 0; i < all; i++, at += WordsOfBlock)
            {
                ulong row = rows[i / blocks];
                (words[at], words[at + 1], words[at + 2], words[at + 3]) =
                    CounterRandom.Philox(key, (uint)(i % blocks), (uint)row, (uint)(row >> 32), c3);
            }
            return;
        }
        // Of each lane its place among the rows, and its block.
        Span<ulong> place = stackalloc ulong[Rows * MostBlocks], block = stackalloc ulong[Rows * MostBlocks];
        for (int i = 0, row = 0, next = 0; i < all; i++)
        {
            (place[i], block[i]) = ((ulong)row, (ulong)next);
            if (++next == blocks)
                (row, next) = (row + 1, 0);
        }
        if (Avx512F.IsSupported)
        {
            Vector512<ulong> numbers = Vector512.Create(rows);
            for (int i = 0; i < all; i += Vector512<ulong>.Count)
            {
                Vector512<ulong> row = Avx512F.PermuteVar8x64(numbers, Vector512.Create<ulong>(place[i..]));
                Eight(key, Vector512.Create<ulong>(block[i..]), row, row >> 32, c3, ref Unsafe.Add(ref to, i * WordsOfBlock));
            }
            return;
        }
        for (int i = 0; i < all; i += Vector256<ulong>.Count)
        {
            Vector256<ulong> row = Vector256.Create(rows[(int)place[i]], rows[(int)place[i + 1]], rows[(int)place[i + 2]],
                rows[(int)place[i + 3]]);
            Four(key, Vector256.Create<ulong>(block[i..]), row, row >> 32, c3, ref Unsafe.Add(ref to, i * WordsOfBlock));
        }
    }

    // A word takes the low half of a lane; the multiplication reads nothing else, so that what comes into the high half may stay.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Four(ulong key, uint block, uint c1, uint c2, uint c3, ref uint words) => Four(key,
        (Vector256.Create(block) + Vector256.Create(0u, 0, 1, 0, 2, 0, 3, 0)).AsUInt64(), Vector256.Create((ulong)c1),
        Vector256.Create((ulong)c2), c3, ref words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Four(ulong key, Vector256<ulong> w0, Vector256<ulong> w1, Vector256<ulong> w2, uint c3, ref uint words)
    {
        Vector256<uint> multiplier0 = Vector256.Create((ulong)CounterRandom.Multiplier0).AsUInt32(),
            multiplier1 = Vector256.Create((ulong)CounterRandom.Multiplier1).AsUInt32();
        Vector256<ulong> k0 = Vector256.Create((ulong)(uint)key), k1 = Vector256.Create(key >> 32);
        Vector256<ulong> w3 = Vector256.Create((ulong)c3);
        for (int round = 0; round < CounterRandom.Rounds; round++)
        {
            Vector256<ulong> p0 = Avx2.Multiply(w0.AsUInt32(), multiplier0), p1 = Avx2.Multiply(w2.AsUInt32(), multiplier1);
            (w0, w1, w2, w3) = ((p1 >> 32) ^ w1 ^ k0, p1, (p0 >> 32) ^ w3 ^ k1, p0);
            k0 += Vector256.Create((ulong)CounterRandom.Weyl0);
            k1 += Vector256.Create((ulong)CounterRandom.Weyl1);
        }
        Vector256<ulong> low = Vector256.Create((ulong)uint.MaxValue), w01 = (w0 & low) | (w1 << 32), w23 = (w2 & low) | (w3 << 32);
        Vector256<ulong> even = Avx2.UnpackLow(w01, w23), odd = Avx2.UnpackHigh(w01, w23);
        Avx2.Permute2x128(even, odd, 0x20).AsUInt32().StoreUnsafe(ref words);
        Avx2.Permute2x128(even, odd, 0x31).AsUInt32().StoreUnsafe(ref words, (nuint)Vector256<uint>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Eight(ulong key, uint block, uint c1, uint c2, uint c3, ref uint words) => Eight(key,
        (Vector512.Create(block) + Vector512.Create(0u, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0)).AsUInt64(),
        Vector512.Create((ulong)c1), Vector512.Create((ulong)c2), c3, ref words);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Eight(ulong key, Vector512<ulong> w0, Vector512<ulong> w1, Vector512<ulong> w2, uint c3, ref uint words)
    {
        Vector512<uint> multiplier0 = Vector512.Create((ulong)CounterRandom.Multiplier0).AsUInt32(),
            multiplier1 = Vector512.Create((ulong)CounterRandom.Multiplier1).AsUInt32();
        Vector512<ulong> k0 = Vector512.Create((ulong)(uint)key), k1 = Vector512.Create(key >> 32);
        Vector512<ulong> w3 = Vector512.Create((ulong)c3);
        for (int round = 0; round < CounterRandom.Rounds; round++)
        {
            Vector512<ulong> p0 = Avx512F.Multiply(w0.AsUInt32(), multiplier0), p1 = Avx512F.Multiply(w2.AsUInt32(), multiplier1);
            (w0, w1, w2, w3) = ((p1 >> 32) ^ w1 ^ k0, p1, (p0 >> 32) ^ w3 ^ k1, p0);
            k0 += Vector512.Create((ulong)CounterRandom.Weyl0);
            k1 += Vector512.Create((ulong)CounterRandom.Weyl1);
        }
        Vector512<ulong> low = Vector512.Create((ulong)uint.MaxValue), w01 = (w0 & low) | (w1 << 32), w23 = (w2 & low) | (w3 << 32);
        Avx512F.PermuteVar8x64x2(w01, Vector512.Create(0ul, 8, 1, 9, 2, 10, 3, 11), w23).AsUInt32().StoreUnsafe(ref words);
        Avx512F.PermuteVar8x64x2(w01, Vector512.Create(4ul, 12, 5, 13, 6, 14, 7, 15), w23).AsUInt32()
            .StoreUnsafe(ref words, (nuint)Vector512<uint>.Count);
    }
}

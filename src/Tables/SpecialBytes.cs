using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LeoCvae;

/// <summary>Finds, in one pass over bytes, where the delimiters, quotes and line ends of a table stand. Not thread-safe.</summary>
sealed class SpecialBytes(byte delimiter)
{
    /// <summary>So many bytes behind the last are looked at, whatever they are.</summary>
    public const int Padding = 64;

    int[] _places = new int[1 << 10];
    int _next, _count;

    /// <summary>The end of the last bytes that are not ASCII or NUL, to the next 64; 0 for none.</summary>
    public int OddEnd { get; private set; }

    /// <summary>Gives the next place; false where there is none before the end of what was scanned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryNext(out int place)
    {
        if (_next < _count)
        {
            place = _places[_next++];
            return true;
        }
        place = 0;
        return false;
    }

    /// <summary>Passes over the next place.</summary>
    public void Skip() => _next++;

    /// <summary>The bytes were moved to the front by so many.</summary>
    public void Move(int by)
    {
        for (int i = _next; i < _count; i++)
            _places[i - _next] = _places[i] - by;
        (_next, _count, OddEnd) = (0, _count - _next, Math.Max(0, OddEnd - by));
    }

    /// <summary>Looks at bytes from one place to another; the buffer goes on behind them for <see cref="Padding"/>.</summary>
    public void Scan(byte[] buffer, int from, int to)
    {
        if (buffer.Length - to < Padding)
            throw new InvalidOperationException("no padding");
        // All bytes may be special, and some more places are written than counted.
        if (_places.Length < _count + (to - from) + Padding)
            Array.Resize(ref _places, Math.Max(2 * _places.Length, _count + (to - from) + Padding));
        ref byte start = ref MemoryMarshal.GetArrayDataReference(buffer);
        ref int places = ref MemoryMarshal.GetArrayDataReference(_places);
        Vector256<byte> delimiters = Vector256.Create(delimiter), quotes = Vector256.Create((byte)'"'),
            lineFeeds = Vector256.Create((byte)'\n'), returns = Vector256.Create((byte)'\r');
        int count = _count;
        for (int at = from; at < to; at += Padding)
        {
            Vector256<byte> low = Vector256.LoadUnsafe(ref start, (nuint)at), high = Vector256.LoadUnsafe(ref start, (nuint)at + 32);
            ulong mask = Mask(Vector256.Equals(low, delimiters) | Vector256.Equals(low, quotes)
                | Vector256.Equals(low, lineFeeds) | Vector256.Equals(low, returns),
                Vector256.Equals(high, delimiters) | Vector256.Equals(high, quotes)
                | Vector256.Equals(high, lineFeeds) | Vector256.Equals(high, returns)),
                odd = Mask(low | Vector256.Equals(low, Vector256<byte>.Zero), high | Vector256.Equals(high, Vector256<byte>.Zero));
            if (to - at < Padding)
            {
                ulong inside = (1UL << (to - at)) - 1;
                (mask, odd) = (mask & inside, odd & inside);
            }
            if (odd != 0)
                OddEnd = at + Padding;
            int end = count + BitOperations.PopCount(mask);
            // Eight at once: a loop whose end is not foreseen costs more.
            while (mask != 0)
            {
                for (int i = 0; i < 8; i++)
                {
                    Unsafe.Add(ref places, count + i) = at + BitOperations.TrailingZeroCount(mask);
                    mask &= mask - 1;
                }
                count += 8;
            }
            count = end;
        }
        _count = count;
    }

    static ulong Mask(Vector256<byte> low, Vector256<byte> high) =>
        low.ExtractMostSignificantBits() | (ulong)high.ExtractMostSignificantBits() << 32;
}

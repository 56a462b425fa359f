using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace LeoCvae;

/// <summary>The different texts of a column's cells, with how often and where first each came.</summary>
sealed class CellTexts
{
    const int FirstChunk = 1 << 8, LargestChunk = 1 << 20;

    // At the place of their hash or behind it, with all that is looked at for each cell; what else is told of a text is in its entry.
    Key[] _keys = new Key[16];
    // How often each came, once that is asked.
    long[]? _counts;
    readonly List<Entry> _entries = [];
    // Of the cell that is to be added.
    Key _key;
    long _lastRow;
    // Texts side by side.
    byte[] _chunk = [];
    int _used;

    public int Count => _entries.Count;

    /// <summary>How many cells there are, of whatever text.</summary>
    public long Cells { get; private set; }

    public ReadOnlySpan<byte> this[int index] => _entries[index].Chunk.AsSpan(_entries[index].Start, _entries[index].Length);

    public string Text(int index) => Encoding.UTF8.GetString(this[index]);

    /// <summary>How many cells have a text.</summary>
    public long CountOf(int index) => (_counts ??= Counts())[index];

    long[] Counts()
    {
        long[] counts = new long[Count];
        foreach (ref readonly Key key in _keys.AsSpan())
            if (key.Number > 0)
                counts[key.Number - 1] = key.Count;
        return counts;
    }

    /// <summary>The row where a text came first.</summary>
    public long RowOf(int index) => _entries[index].Row;

    /// <summary>Where a text came first, in words.</summary>
    public string PlaceOf(int index) => Place(_entries[index].Row, _entries[index].Line);

    /// <summary>A place in words: the row from 0, and the line of a file that has lines, from 1.</summary>
    public static string Place(long row, long line) =>
        string.Create(CultureInfo.InvariantCulture, $"row {row + 1}{(line == 0 ? "" : $" (line {line})")}");

    /// <summary>Whether a text came.</summary>
    public bool Contains(string text)
    {
        byte[] cell = Encoding.UTF8.GetBytes(text);
        Key key = default;
        key.Take(cell);
        return _keys[Find(cell, in key)].Number > 0;
    }

    /// <summary>Whether a text has digits, and differs from all others only in which digits and letters there are (MG-8769).</summary>
    public bool HaveShapeOf(string text)
    {
        if (!text.Any(char.IsAsciiDigit))
            return false;
        string shape = Shape(text);
        for (int i = 0; i < Count; i++)
            if (Shape(Text(i)) != shape)
                return false;
        return Count > 0;
    }

    static string Shape(string text) => string.Create(text.Length, text, (shape, from) =>
    {
        for (int i = 0; i < shape.Length; i++)
            shape[i] = char.IsAsciiDigit(from[i]) ? '0' : char.IsLetter(from[i]) ? 'a' : from[i];
    });

    /// <summary>The indices in the order in which the texts came.</summary>
    public int[] InOrder() => [.. Enumerable.Range(0, Count).OrderBy(index => _entries[index].Row)];

    /// <summary>Takes a cell, and gives its text's index.</summary>
    public int Add(ReadOnlySpan<byte> cell, long row, long line)
    {
        Await(cell);
        return AddAwaited(cell, row, line);
    }

    /// <summary>Fetches what is needed to add a cell from memory, while other work is done: many texts don't fit into caches.</summary>
    public unsafe void Await(ReadOnlySpan<byte> cell)
    {
        _key.Take(cell);
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref _keys[(int)_key.Hash & (_keys.Length - 1)]));
    }

    /// <summary>Takes the cell that was awaited last, and gives its text's index.</summary>
    public int AddAwaited(ReadOnlySpan<byte> cell, long row, long line)
    {
        (Cells, _counts) = (Cells + 1, null);
        int place = Find(cell, in _key), index = _keys[place].Number - 1;
        if (index < 0)
            (place, index) = AddEntry(cell, place, row, line);
        else if (row < _lastRow && row < _entries[index].Row)
            _entries[index] = _entries[index] with { Row = row, Line = line };
        _lastRow = Math.Max(_lastRow, row);
        _keys[place].Count++;
        return index;
    }

    // The place of a text, or where it goes if it is new.
    int Find(ReadOnlySpan<byte> cell, in Key key)
    {
        Key[] keys = _keys;
        for (int place = (int)key.Hash & (keys.Length - 1); ; place = (place + 1) & (keys.Length - 1))
        {
            ref readonly Key known = ref keys[place];
            if (known.Number == 0 || (known.First == key.First && known.Last == key.Last
                && (cell.Length <= Key.Whole || this[known.Number - 1].SequenceEqual(cell))))
                return place;
        }
    }

    (int Place, int Index) AddEntry(ReadOnlySpan<byte> cell, int place, long row, long line)
    {
        // At most three of four are taken.
        if (4L * _entries.Count >= 3L * _keys.Length)
            place = Grow();
        if (_chunk.Length - _used < cell.Length)
            (_chunk, _used) = (new byte[Math.Max(cell.Length, Math.Clamp(2 * _chunk.Length, FirstChunk, LargestChunk))], 0);
        cell.CopyTo(_chunk.AsSpan(_used));
        _entries.Add(new(_chunk, _used, cell.Length, row, line));
        _used += cell.Length;
        _keys[place] = _key with { Number = _entries.Count };
        return (place, _entries.Count - 1);
    }

    // Twice as many places; that of the cell that is to be added.
    int Grow()
    {
        Key[] old = _keys;
        _keys = new Key[2 * old.Length];
        foreach (ref readonly Key key in old.AsSpan())
            if (key.Number > 0)
                _keys[Free(key.Hash)] = key;
        return Free(_key.Hash);

        int Free(uint hash)
        {
            int place = (int)hash & (_keys.Length - 1);
            while (_keys[place].Number > 0)
                place = (place + 1) & (_keys.Length - 1);
            return place;
        }
    }

    readonly record struct Entry(byte[] Chunk, int Start, int Length, long Row, long Line);

    /// <summary>
    /// The bytes and the length of a text of up to 15 bytes, some bytes of a longer one; its index from 1 (0: there is none) and how many
    /// cells have it.
    /// </summary>
    struct Key
    {
        public const int Whole = 15;

        // Another one in each process: who makes a file can't know which texts fall together.
        static readonly ulong Seed = (ulong)(uint)HashCode.Combine(1) << 32 | (uint)HashCode.Combine(2);

        public ulong First, Last;
        public uint Hash;
        public int Number;
        public long Count;

        /// <summary>Becomes the key of a text; copying one takes longer than making it.</summary>
        public void Take(ReadOnlySpan<byte> text)
        {
            ulong first = 0, last = (ulong)Math.Min(text.Length, Whole + 1) << 56;
            if (text.Length >= 8)
            {
                first = BinaryPrimitives.ReadUInt64LittleEndian(text);
                // Those of the last eight that aren't among the first.
                last |= BinaryPrimitives.ReadUInt64LittleEndian(text[^8..]) >> 8 >> (8 * Math.Max(0, Whole - text.Length));
            }
            else if (text.Length >= 4)
                first = BinaryPrimitives.ReadUInt32LittleEndian(text)
                    | (ulong)BinaryPrimitives.ReadUInt32LittleEndian(text[^4..]) << (8 * (text.Length - 4));
            else if (text.Length > 0)
                first = text[0] | (ulong)text[text.Length / 2] << 8 | (ulong)text[^1] << 16;
            ulong mixed = Mixed(Seed ^ first);
            for (int at = 8; at <= text.Length - 8; at += 8)
                mixed = Mixed(mixed ^ BinaryPrimitives.ReadUInt64LittleEndian(text[at..]));
            (First, Last, Hash) = (first, last, (uint)Mixed(mixed ^ last));
        }

        static ulong Mixed(ulong bits)
        {
            ulong high = Math.BigMul(bits, 0x9E3779B97F4A7C15, out ulong low);
            return high ^ low;
        }
    }
}

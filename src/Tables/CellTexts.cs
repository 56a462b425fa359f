using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace LeoCvae;

/// <summary>The different texts of a column's cells, with how often and where first each came.</summary>
sealed class CellTexts
{
    const int FirstChunk = 1 << 8, LargestChunk = 1 << 20;

    // Looked at for each cell, and so kept close together; what is told of a text is apart from them.
    Key[] _keys = new Key[8];
    readonly List<Entry> _entries = [];
    // Numbers of entries from 1 at the place of their hash or behind it; 0 where there is none.
    int[] _places = new int[16];
    long _lastRow;
    // Texts side by side.
    byte[] _chunk = [];
    int _used;

    public int Count => _entries.Count;

    /// <summary>How many cells there are, of whatever text.</summary>
    public long Cells { get; private set; }

    public ReadOnlySpan<byte> this[int index] => _entries[index].Chunk.AsSpan(_entries[index].Start, _keys[index].Length);

    public string Text(int index) => Encoding.UTF8.GetString(this[index]);

    /// <summary>How many cells have a text.</summary>
    public long CountOf(int index) => _keys[index].Count;

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
        Key key = Key.Of(cell, out uint hash);
        return Find(cell, in key, hash, out _) >= 0;
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
        Cells++;
        Key key = Key.Of(cell, out uint hash);
        int index = Find(cell, in key, hash, out int place);
        if (index < 0)
            index = AddEntry(cell, key, hash, place, row, line);
        else if (row < _lastRow && row < _entries[index].Row)
            _entries[index] = _entries[index] with { Row = row, Line = line };
        _lastRow = Math.Max(_lastRow, row);
        _keys[index].Count++;
        return index;
    }

    // The text's index; -1 where it is new, and goes to the place.
    int Find(ReadOnlySpan<byte> cell, in Key key, uint hash, out int place)
    {
        int[] places = _places;
        for (place = (int)hash & (places.Length - 1); ; place = (place + 1) & (places.Length - 1))
        {
            int index = places[place] - 1;
            if (index < 0)
                return -1;
            ref readonly Key known = ref _keys[index];
            if (known.First == key.First && known.Last == key.Last && known.Length == key.Length
                && (key.Length <= Key.Whole || this[index].SequenceEqual(cell)))
                return index;
        }
    }

    int AddEntry(ReadOnlySpan<byte> cell, Key key, uint hash, int place, long row, long line)
    {
        if (_chunk.Length - _used < cell.Length)
            (_chunk, _used) = (new byte[Math.Max(cell.Length, Math.Clamp(2 * _chunk.Length, FirstChunk, LargestChunk))], 0);
        cell.CopyTo(_chunk.AsSpan(_used));
        int index = _entries.Count;
        if (index == _keys.Length)
            Array.Resize(ref _keys, 2 * index);
        _keys[index] = key;
        _entries.Add(new(_chunk, _used, hash, row, line));
        _used += cell.Length;
        _places[place] = index + 1;
        // At most three of four are taken.
        if (4L * _entries.Count > 3L * _places.Length)
        {
            _places = new int[2 * _places.Length];
            int last = _places.Length - 1;
            for (int i = 0; i < _entries.Count; i++)
            {
                for (place = (int)_entries[i].Hash & last; _places[place] != 0; place = (place + 1) & last)
                {
                }
                _places[place] = i + 1;
            }
        }
        return index;
    }

    readonly record struct Entry(byte[] Chunk, int Start, uint Hash, long Row, long Line);

    /// <summary>A text's length, its first and last bytes, which are all of a short one, and how many cells have it.</summary>
    struct Key
    {
        public const int Whole = 16;

        // Another one in each process: who makes a file can't know which texts fall together.
        static readonly ulong Seed = (ulong)(uint)HashCode.Combine(1) << 32 | (uint)HashCode.Combine(2);

        public ulong First, Last;
        public int Length;
        public long Count;

        public static Key Of(ReadOnlySpan<byte> text, out uint hash)
        {
            Key key = new() { Length = text.Length };
            if (text.Length >= 8)
            {
                key.First = BinaryPrimitives.ReadUInt64LittleEndian(text);
                key.Last = BinaryPrimitives.ReadUInt64LittleEndian(text[^8..]);
            }
            else if (text.Length >= 4)
            {
                key.First = BinaryPrimitives.ReadUInt32LittleEndian(text);
                key.Last = BinaryPrimitives.ReadUInt32LittleEndian(text[^4..]);
            }
            else if (text.Length > 0)
                key.First = text[0] | (ulong)text[text.Length / 2] << 8 | (ulong)text[^1] << 16;
            ulong mixed = Mixed(Seed + (ulong)text.Length ^ key.First);
            for (int at = 8; at < text.Length - 8; at += 8)
                mixed = Mixed(mixed ^ BinaryPrimitives.ReadUInt64LittleEndian(text[at..]));
            hash = (uint)Mixed(mixed ^ key.Last);
            return key;
        }

        static ulong Mixed(ulong bits)
        {
            ulong high = Math.BigMul(bits, 0x9E3779B97F4A7C15, out ulong low);
            return high ^ low;
        }
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace LeoCvae;

/// <summary>The different texts of a column's cells, with how often and where first each came.</summary>
sealed class CellTexts
{
    readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _index =
        new Dictionary<byte[], int>(new Bytes()).GetAlternateLookup<ReadOnlySpan<byte>>();
    readonly List<Entry> _entries = [];

    public int Count => _entries.Count;

    /// <summary>How many cells there are, of whatever text.</summary>
    public long Cells { get; private set; }

    public ReadOnlySpan<byte> this[int index] => _entries[index].Text;

    public string Text(int index) => Encoding.UTF8.GetString(_entries[index].Text);

    /// <summary>How many cells have a text.</summary>
    public int CountOf(int index) => _entries[index].Count;

    /// <summary>The row where a text came first.</summary>
    public int RowOf(int index) => _entries[index].Row;

    /// <summary>Where a text came first, in words.</summary>
    public string PlaceOf(int index) => Place(_entries[index].Row, _entries[index].Line);

    /// <summary>A place in words: the row from 0, and the line of a file that has lines, from 1.</summary>
    public static string Place(int row, int line) =>
        string.Create(CultureInfo.InvariantCulture, $"row {row + 1}{(line == 0 ? "" : $" (line {line})")}");

    /// <summary>Whether a text came.</summary>
    public bool Contains(string text) => _index.ContainsKey(Encoding.UTF8.GetBytes(text));

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
    public int Add(ReadOnlySpan<byte> cell, int row, int line)
    {
        Cells++;
        if (!_index.TryGetValue(cell, out int index))
        {
            byte[] text = cell.ToArray();
            _index.Dictionary.Add(text, index = _entries.Count);
            _entries.Add(new(text, 0, row, line));
        }
        ref Entry entry = ref CollectionsMarshal.AsSpan(_entries)[index];
        entry.Count++;
        if (row < entry.Row)
            (entry.Row, entry.Line) = (row, line);
        return index;
    }

    struct Entry(byte[] text, int count, int row, int line)
    {
        public readonly byte[] Text = text;
        public int Count = count, Row = row, Line = line;
    }

    sealed class Bytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] bytes) => GetHashCode(bytes.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            HashCode hash = default;
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}

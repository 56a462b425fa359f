using System.Globalization;
using System.Numerics;

namespace LeoCvae;

/// <summary>Collects rows and learns ranges, decimals and classes on the way. Not thread-safe.</summary>
public sealed class TableBuilder
{
    // Blocks grow with the table, up to 1 MB or one row.
    const int BlockValues = 1 << 17;

    readonly IReadOnlyList<string> _names;
    readonly string? _target;
    readonly int _targetIndex;
    readonly bool _allowMissing;
    readonly ColumnLearner _learner;
    readonly ClassNames _classes = new();
    readonly List<int> _labels = [];
    // Whole rows; all blocks but the last are full. An array that grows would be copied again and again, and be twice in memory each time.
    readonly List<double[]> _blocks = [];
    int _count, _used;

    /// <summary>Starts a table.</summary>
    /// <param name="columns">Feature names in order.</param>
    /// <param name="target">Name of the label column; null for rows without labels.</param>
    /// <param name="targetIndex">Place of the label column among all columns, from 0; not used without one.</param>
    /// <param name="allowMissing">Whether a NaN is a missing value, rather than a fault.</param>
    public TableBuilder(IReadOnlyList<string> columns, string? target, int targetIndex, bool allowMissing = false)
    {
        ArgumentNullException.ThrowIfNull(columns);
        (_names, _target, _targetIndex, _allowMissing, _learner) = (columns, target, targetIndex, allowMissing, new(columns));
    }

    /// <summary>Rows so far.</summary>
    public int RowCount { get; private set; }

    /// <summary>Adds a row; its decimals are those of the values' shortest text.</summary>
    /// <exception cref="ArgumentException">The length is wrong, a value is not finite, or the label is empty (or given where rows have
    /// none).</exception>
    public void AddRow(ReadOnlySpan<double> values, string? label)
    {
        NewRow(values, label);
        _learner.Add(values);
    }

    /// <summary>Adds a row given as parsed values and their decimals (see <see cref="DecimalsOf"/>).</summary>
    /// <exception cref="ArgumentException">A length is wrong, a value is not finite, or the label is empty (or given where rows have
    /// none).</exception>
    public void AddRow(ReadOnlySpan<double> values, ReadOnlySpan<int> decimals, string? label)
    {
        if (decimals.Length != values.Length)
            throw Fault.Argument(nameof(decimals), $"row {RowCount}: got {decimals.Length} decimals, expected {values.Length}");
        NewRow(values, label);
        _learner.Add(values, decimals);
    }

    /// <summary>The decimals that a number's UTF-8 text needs: 2 for 1.250, 0 for 3.0 and 1e5, 7 for 7.89e-05.</summary>
    public static int DecimalsOf(ReadOnlySpan<byte> number)
    {
        int e = number.IndexOfAny((byte)'e', (byte)'E'), exponent = 0;
        if (e >= 0 && !int.TryParse(number[(e + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            return int.MaxValue;
        ReadOnlySpan<byte> mantissa = e < 0 ? number : number[..e];
        int point = mantissa.IndexOf((byte)'.');
        int decimals = point < 0 ? 0 : mantissa.TrimEnd((byte)'0').Length - point - 1;
        return (int)Math.Clamp((long)decimals - exponent, 0, int.MaxValue);
    }

    /// <summary>The table of all rows added; the builder must not be used afterwards.</summary>
    public Table Build()
    {
        (ColumnSpec[] columns, ArraySegment<double> values, int[] labels, IReadOnlyList<string> classes) = Take();
        return new(new TableSchema(columns, _target, classes, _targetIndex), values, labels, null, null);
    }

    /// <summary>Few values of a column aren't of interest: its cells stand for what is known later.</summary>
    internal void LeaveValues(int column) => _learner.LeaveValues(column);

    /// <summary>
    /// Makes room for so many rows in all, so that none is copied at the end; more or fewer may come. Memory that is never written to isn't
    /// taken.
    /// </summary>
    internal void Expect(double rows)
    {
        int room = (int)Math.Min(rows, Array.MaxLength / Math.Max(_names.Count, 1));
        if (room <= RowCount)
            return;
        _blocks.Add(Joined(room * _names.Count));
        _blocks.RemoveRange(0, _blocks.Count - 1);
        _used = _count;
        _labels.EnsureCapacity(_target is null ? 0 : room);
    }

    /// <summary>The same in parts, for a reader that knows only now what columns hold.</summary>
    internal (ColumnSpec[] Columns, ArraySegment<double> Values, int[] Labels, IReadOnlyList<string> Classes) Take()
    {
        ArraySegment<double> values = new(_blocks.Count == 1 ? _blocks[0] : Joined(_count), 0, _count);
        _blocks.Clear();
        return (_learner.Columns(), values, [.. _labels], _classes.Names);
    }

    double[] Joined(int length)
    {
        double[] values = GC.AllocateUninitializedArray<double>(length);
        for (int block = 0, at = 0; at < _count; at += _blocks[block++].Length)
            _blocks[block].AsSpan(0, Math.Min(_blocks[block].Length, _count - at)).CopyTo(values.AsSpan(at));
        return values;
    }

    // A row that is refused leaves nothing behind.
    void NewRow(ReadOnlySpan<double> values, string? label)
    {
        int width = values.Length;
        if (width != _names.Count)
            throw Fault.Argument(nameof(values), $"row {RowCount}: got {width} values, expected {_names.Count}");
        if (!AreValid(values))
            for (int j = 0; j < width; j++)
                Table.RequireValue(RowCount, _names[j], values[j], _allowMissing);
        if (_target is not null && string.IsNullOrEmpty(label))
            throw Fault.Argument(nameof(label), $"row {RowCount}: the label is empty, expected a class name");
        if (_target is null && label is not null)
            throw Fault.Argument(nameof(label), $"row {RowCount}: got the label '{label}', expected none: the rows have no label column");
        if (_count + (long)width > Array.MaxLength)
            throw Fault.Argument(nameof(values), $"row {RowCount}: the table is too large for memory, at most {Array.MaxLength} values");
        if (_blocks.Count == 0 || _blocks[^1].Length == _used)
        {
            _blocks.Add(GC.AllocateUninitializedArray<double>(
                Math.Clamp(RowCount, 1, Math.Max(1, BlockValues / Math.Max(width, 1))) * width));
            _used = 0;
        }
        if (label is not null)
            _labels.Add(_classes.IndexOf(label));
        values.CopyTo(_blocks[^1].AsSpan(_used));
        _used += width;
        _count += width;
        RowCount++;
    }

    bool AreValid(ReadOnlySpan<double> values)
    {
        int j = 0;
        Vector<double> infinite = new(double.PositiveInfinity);
        for (; j <= values.Length - Vector<double>.Count; j += Vector<double>.Count)
        {
            Vector<double> sizes = Vector.Abs(new Vector<double>(values[j..]));
            if (_allowMissing ? Vector.EqualsAny(sizes, infinite) : !Vector.LessThanAll(sizes, infinite))
                return false;
        }
        for (; j < values.Length; j++)
            if (!double.IsFinite(values[j]) && !(_allowMissing && double.IsNaN(values[j])))
                return false;
        return true;
    }
}

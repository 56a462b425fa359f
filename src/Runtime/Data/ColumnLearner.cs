using System.Numerics;
using System.Numerics.Tensors;

namespace LeoCvae;

/// <summary>Learns the ranges and decimals of columns, and whether values are missing, row by row.</summary>
sealed class ColumnLearner
{
    const int Unlimited = ColumnSpec.MaxDecimals + 1;
    // Below it a product with a power of ten is off by less than half a unit, so that its nearest whole number is the only candidate.
    const double LargestCertain = 1L << 51;

    // Whole numbers up to 2^53 are exact too: their quotient is what the decimal text of the two is read as.
    static double[] PowersOf10 => ColumnSpec.PowersOf10;

    readonly IReadOnlyList<string> _names;
    // Kinds and categories of the columns; null where all are numbers.
    readonly IReadOnlyList<ColumnSpec>? _like;
    readonly double[] _minimum, _maximum;
    readonly int[] _decimals;
    readonly bool[] _hasMissing;
    // Null once there are too many; and the columns where there are not.
    readonly DistinctValues?[] _values;
    int[] _few;

    public ColumnLearner(IReadOnlyList<string> names, IReadOnlyList<ColumnSpec>? like = null)
    {
        (_names, _like) = (names, like);
        (_minimum, _maximum) = (new double[names.Count], new double[names.Count]);
        (_decimals, _hasMissing) = (new int[names.Count], new bool[names.Count]);
        _values = [.. names.Select(_ => new DistinctValues())];
        _few = [.. Enumerable.Range(0, names.Count)];
        Array.Fill(_minimum, double.PositiveInfinity);
        Array.Fill(_maximum, double.NegativeInfinity);
    }

    /// <summary>Few values of a column aren't of interest.</summary>
    public void LeaveValues(int column)
    {
        _values[column] = null;
        _few = [.. _few.Where(few => few != column)];
    }

    /// <summary>Learns from numbers of the only column, none missing; their decimals are those of the shortest texts.</summary>
    public void AddAll(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            return;
        _minimum[0] = double.MinNumber(_minimum[0], TensorPrimitives.MinNumber(values));
        _maximum[0] = double.MaxNumber(_maximum[0], TensorPrimitives.MaxNumber(values));
        for (int i = 0; i < values.Length && _few.Length > 0; i++)
            LearnFew(values.Slice(i, 1));
        for (int i = 0; i < values.Length && _decimals[0] < Unlimited; i++)
        {
            i += CountWithAtMost(values[i..], _decimals[0]);
            if (i < values.Length)
                LearnDecimals(0, values[i]);
        }
    }

    // How many numbers at the start surely have no more decimals: all, or some vectors of them.
    static int CountWithAtMost(ReadOnlySpan<double> values, int decimals)
    {
        Vector<double> unit = new(PowersOf10[decimals]), largest = new(LargestCertain);
        int i = 0;
        for (; i <= values.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> value = new(values[i..]), scaled = value * unit;
            if (!Vector.LessThanAll(Vector.Abs(scaled), largest) || !Vector.EqualsAll(Vector.Round(scaled) / unit, value))
                break;
        }
        return i;
    }

    /// <summary>Learns from a row; its decimals are those of the values' shortest texts.</summary>
    public void Add(ReadOnlySpan<double> row)
    {
        Learn(row);
        for (int j = 0; j < row.Length; j++)
            if (!double.IsNaN(row[j]) && _decimals[j] < Unlimited)
                LearnDecimals(j, row[j]);
    }

    void LearnDecimals(int j, double value)
    {
        if (!HasAtMost(value, _decimals[j]))
            _decimals[j] = Math.Max(_decimals[j], DecimalsOf(value));
    }

    /// <summary>Learns from a row and the decimals of its texts; those of a missing cell are not looked at.</summary>
    public void Add(ReadOnlySpan<double> row, ReadOnlySpan<int> decimals)
    {
        Learn(row);
        // As a rule none has more than those before.
        int j = 0;
        while (j <= row.Length - Vector<int>.Count && Vector.LessThanOrEqualAll(new Vector<int>(decimals[j..]), new(_decimals, j)))
            j += Vector<int>.Count;
        for (; j < row.Length; j++)
            if (decimals[j] > _decimals[j] && !double.IsNaN(row[j]))
                _decimals[j] = decimals[j];
    }

    /// <summary>What was learned.</summary>
    public ColumnSpec[] Columns() => [.. _names.Select((name, j) => _like?[j] switch
    {
        { Kind: ColumnKind.Category or ColumnKind.Identifier } column => column with { HasMissing = _hasMissing[j] },
        { } column => Numbers(name, j) with { Kind = column.Kind, Format = column.Format },
        null => Numbers(name, j),
    })];

    ColumnSpec Numbers(string name, int j) => new()
    {
        Name = name,
        // No value, no range.
        Minimum = _minimum[j] <= _maximum[j] ? _minimum[j] : 0,
        Maximum = _minimum[j] <= _maximum[j] ? _maximum[j] : 0,
        Decimals = _decimals[j] <= ColumnSpec.MaxDecimals ? _decimals[j] : null,
        HasMissing = _hasMissing[j],
        Values = FewValues(j),
    };

    // Those of a column whose range and decimals allow others too.
    double[]? FewValues(int j)
    {
        if (_values[j] is not { Count: > 1, AreRepeated: true } seen)
            return null;
        bool isRounded = _decimals[j] <= ColumnSpec.MaxDecimals;
        return isRounded && Math.Round((_maximum[j] - _minimum[j]) * PowersOf10[_decimals[j]]) == seen.Count - 1 ? null : seen.ToArray();
    }

    /// <summary>
    /// The decimals of the shortest text that is read as this finite number, exponents written out; one more than the most for any number
    /// above.
    /// </summary>
    public static int DecimalsOf(double value)
    {
        value = Math.Abs(value);
        for (int decimals = 0; decimals <= ColumnSpec.MaxDecimals; decimals++)
        {
            if (value * PowersOf10[decimals] >= LargestCertain)
                // So many digits that with one decimal more there is a text within half a unit in the last place.
                return HasText(value, decimals) ? decimals : decimals + 1;
            if (HasAtMost(value, decimals))
                return decimals;
        }
        return Unlimited;
    }

    static bool HasAtMost(double value, int decimals)
    {
        double scaled = value * PowersOf10[decimals];
        return Math.Abs(scaled) < LargestCertain && Math.Round(scaled) / PowersOf10[decimals] == value;
    }

    // Whether the nearest number of so many decimals is read as this value, in whole numbers: value = fraction / 2^shift.
    static bool HasText(double value, int decimals)
    {
        if (value == Math.Floor(value))
            return true;
        long bits = BitConverter.DoubleToInt64Bits(value);
        int shift = 1075 - (int)(bits >> 52);
        UInt128 unit = (UInt128)PowersOf10[decimals], scaled = ((ulong)bits & ((1UL << 52) - 1) | 1UL << 52) * unit;
        UInt128 one = UInt128.One << shift, rest = scaled & (one - 1), distance = UInt128.Min(rest, one - rest);
        return 2 * distance < unit;
    }

    void Learn(ReadOnlySpan<double> row)
    {
        int j = 0;
        for (; j <= row.Length - Vector<double>.Count; j += Vector<double>.Count)
        {
            Vector<double> values = new(row[j..]);
            // Of a missing value and a number the number.
            Vector.MinNumber(new(_minimum, j), values).CopyTo(_minimum, j);
            Vector.MaxNumber(new(_maximum, j), values).CopyTo(_maximum, j);
            if (!Vector.EqualsAll(values, values))
                NoteMissing(row, j, j + Vector<double>.Count);
        }
        NoteMissing(row, j, row.Length);
        for (; j < row.Length; j++)
            (_minimum[j], _maximum[j]) = (double.MinNumber(_minimum[j], row[j]), double.MaxNumber(_maximum[j], row[j]));
        LearnFew(row);
    }

    void LearnFew(ReadOnlySpan<double> row)
    {
        bool areMany = false;
        foreach (int few in _few)
            if (!double.IsNaN(row[few]) && !_values[few]!.Add(row[few]))
                (_values[few], areMany) = (null, true);
        if (areMany)
            _few = [.. _few.Where(few => _values[few] is not null)];
    }

    void NoteMissing(ReadOnlySpan<double> row, int from, int to)
    {
        for (int j = from; j < to; j++)
            _hasMissing[j] |= double.IsNaN(row[j]);
    }

    /// <summary>Few different values, and whether each came again.</summary>
    sealed class DistinctValues
    {
        readonly double[] _sorted = new double[ColumnSpec.MaxValues];
        readonly bool[] _cameAgain = new bool[ColumnSpec.MaxValues];

        public int Count { get; private set; }

        public bool AreRepeated => !_cameAgain.AsSpan(0, Count).Contains(false);

        public double[] ToArray() => _sorted[..Count];

        /// <summary>Takes a number; false where there are too many. Zero has one sign.</summary>
        public bool Add(double value)
        {
            int place = 0;
            while (place < Count && _sorted[place] < value)
                place++;
            if (place < Count && _sorted[place] == value)
            {
                _cameAgain[place] = true;
                return true;
            }
            if (Count == _sorted.Length)
                return false;
            for (int i = Count++; i > place; i--)
                (_sorted[i], _cameAgain[i]) = (_sorted[i - 1], _cameAgain[i - 1]);
            (_sorted[place], _cameAgain[place]) = (value + 0.0, false);
            return true;
        }
    }
}

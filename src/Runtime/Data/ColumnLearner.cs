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
    // Null once there are too many.
    readonly SortedList<double, bool>?[] _values;

    public ColumnLearner(IReadOnlyList<string> names, IReadOnlyList<ColumnSpec>? like = null)
    {
        (_names, _like) = (names, like);
        (_minimum, _maximum) = (new double[names.Count], new double[names.Count]);
        (_decimals, _hasMissing) = (new int[names.Count], new bool[names.Count]);
        _values = [.. names.Select(_ => new SortedList<double, bool>())];
        Array.Fill(_minimum, double.PositiveInfinity);
        Array.Fill(_maximum, double.NegativeInfinity);
    }

    /// <summary>Learns from a row; its decimals are those of the values' shortest texts.</summary>
    public void Add(ReadOnlySpan<double> row)
    {
        for (int j = 0; j < row.Length; j++)
            if (Learn(j, row[j]) && _decimals[j] < Unlimited && !HasAtMost(row[j], _decimals[j]))
                _decimals[j] = Math.Max(_decimals[j], DecimalsOf(row[j]));
    }

    /// <summary>Learns from a row and the decimals of its texts.</summary>
    public void Add(ReadOnlySpan<double> row, ReadOnlySpan<int> decimals)
    {
        for (int j = 0; j < row.Length; j++)
            if (Learn(j, row[j]))
                _decimals[j] = Math.Max(_decimals[j], decimals[j]);
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
        if (_values[j] is not { Count: > 1 } seen || seen.ContainsValue(false))
            return null;
        bool isRounded = _decimals[j] <= ColumnSpec.MaxDecimals;
        return isRounded && Math.Round((_maximum[j] - _minimum[j]) * PowersOf10[_decimals[j]]) == seen.Count - 1 ? null : [.. seen.Keys];
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

    bool Learn(int j, double value)
    {
        if (double.IsNaN(value))
        {
            _hasMissing[j] = true;
            return false;
        }
        _minimum[j] = Math.Min(_minimum[j], value);
        _maximum[j] = Math.Max(_maximum[j], value);
        if (_values[j] is { } seen)
        {
            // Zero has one sign here; whether a value came again is what its entry says.
            if (!seen.TryAdd(value + 0.0, false))
                seen[value + 0.0] = true;
            else if (seen.Count > ColumnSpec.MaxValues)
                _values[j] = null;
        }
        return true;
    }
}

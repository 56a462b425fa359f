namespace LeoCvae;

/// <summary>
/// Fits a <see cref="TableEncoder"/> in three passes over all rows, in one order: so rows need not be in memory. Not thread-safe.
/// </summary>
sealed class EncoderFit
{
    // The scales are folded into float weights on export: beyond these bounds a float would overflow or lose everything.
    const double SmallestScale = 1e-30, LargestScale = 1e30;

    // Range over size of a column that is constant but for rounding: some fifty units in the last place of a double.
    const double RoundingNoise = 1e-14;

    readonly IReadOnlyList<ColumnSpec> _columns;
    // Of each category column the rows of each category; of each other one the rows with a value.
    readonly int[][] _counts;
    FeatureLayout? _layout;
    int[] _numbers = [];
    double[] _mean = [], _scale = [], _minimum = [], _maximum = [];

    public EncoderFit(IReadOnlyList<ColumnSpec> columns) =>
        (_columns, _counts) = (columns, [.. columns.Select(column => new int[column.Categories?.Count ?? 1])]);

    /// <summary>The first pass.</summary>
    public void Count(ReadOnlySpan<double> row)
    {
        for (int j = 0; j < row.Length; j++)
            if (_columns[j].Categories is null)
                _counts[j][0] += double.IsNaN(row[j]) ? 0 : 1;
            else if (row[j] >= 0)
                _counts[j][(int)row[j]]++;
    }

    /// <summary>Ends the first pass.</summary>
    public void EndCounts()
    {
        _layout = new(_columns, [.. Enumerable.Range(0, _columns.Count).Where(j => FeatureLayout.HasLevels(_columns[j]))
            .Select(j => LevelBlock.Levels(_counts[j]))]);
        _numbers = _layout.Numbers;
        int d = _numbers.Length;
        (_mean, _scale, _minimum, _maximum) = (new double[d], new double[d], new double[d], new double[d]);
        Array.Fill(_minimum, double.PositiveInfinity);
        Array.Fill(_maximum, double.NegativeInfinity);
    }

    /// <summary>The second pass.</summary>
    public void AddToMean(ReadOnlySpan<double> row)
    {
        for (int j = 0; j < _numbers.Length; j++)
        {
            double value = row[_numbers[j]];
            if (double.IsNaN(value))
                continue;
            _mean[j] += value / Present(j);
            _minimum[j] = Math.Min(_minimum[j], value);
            _maximum[j] = Math.Max(_maximum[j], value);
        }
    }

    /// <summary>The third pass.</summary>
    public void AddToScale(ReadOnlySpan<double> row)
    {
        for (int j = 0; j < _numbers.Length; j++)
            if (row[_numbers[j]] is double value && !double.IsNaN(value))
                _scale[j] += (value - _mean[j]) * (value - _mean[j]);
    }

    /// <exception cref="ArgumentException">A column's standard deviation is too small or too large.</exception>
    public TableEncoder ToEncoder()
    {
        for (int j = 0; j < _numbers.Length; j++)
        {
            if (Present(j) == 0)
            {
                _scale[j] = 1;
                continue;
            }
            // Compared by range: rounding leaves a constant column a tiny deviation from its own mean. So does the way that its values were
            // computed: 0.3 - 0.2 is a constant 0.1, but for its last bits.
            if (_maximum[j] - _minimum[j] <= RoundingNoise * Math.Max(Math.Abs(_minimum[j]), Math.Abs(_maximum[j])))
            {
                (_mean[j], _scale[j]) = (_minimum[j], 1);
                continue;
            }
            _scale[j] = Math.Sqrt(_scale[j] / Present(j));
            if (!(_scale[j] >= SmallestScale && _scale[j] <= LargestScale))
                throw Fault.Argument("table",
                    $"column '{_columns[_numbers[j]].Name}': got a standard deviation of {_scale[j]:G3}, expected {SmallestScale:G3} to " +
                    $"{LargestScale:G3}; give the column in another unit");
        }
        return new() { Mean = _mean, Scale = _scale, Layout = _layout! };
    }

    int Present(int number) => _counts[_numbers[number]][0];
}

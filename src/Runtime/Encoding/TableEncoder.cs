namespace LeoCvae;

/// <summary>
/// Turns a table's columns into features: numbers are standardized, (x - mean) / standard deviation (population), where a column that is
/// constant, but for rounding in the last digits, keeps scale 1 and a missing value is the mean; categories and missing values are levels
/// (<see cref="LevelBlock"/>). Fitted on the table given to fit, never on test rows. Immutable and thread-safe.
/// </summary>
sealed class TableEncoder
{
    // The scales are folded into float weights on export: beyond these bounds a float would overflow or lose everything.
    const double SmallestScale = 1e-30, LargestScale = 1e30;

    // Range over size of a column that is constant but for rounding: some fifty units in the last place of a double.
    const double RoundingNoise = 1e-14;

    /// <summary>Mean of each number.</summary>
    public required double[] Mean { get; init; }

    /// <summary>Standard deviation of each number.</summary>
    public required double[] Scale { get; init; }

    /// <summary>Which column each feature belongs to.</summary>
    public required FeatureLayout Layout { get; init; }

    /// <summary>How many features there are.</summary>
    public int Width => Layout.Features;

    /// <summary>Fits it on a table's rows, or on so many from its start.</summary>
    public static TableEncoder Fit(Table table, int? rows = null)
    {
        int n = rows ?? table.RowCount;
        IReadOnlyList<ColumnSpec> columns = table.Schema.Columns;
        FeatureLayout layout = new(columns, [.. Enumerable.Range(0, columns.Count).Where(j => columns[j].Categories is not null)
            .Select(j => LevelBlock.Levels(CountCategories(table, n, j)))]);
        int[] numbers = layout.Numbers;
        int d = numbers.Length;
        double[] mean = new double[d], scale = new double[d], minimum = new double[d], maximum = new double[d];
        Array.Fill(minimum, double.PositiveInfinity);
        Array.Fill(maximum, double.NegativeInfinity);
        int[] present = [.. numbers.Select(column => columns[column].HasMissing ? CountPresent(table, n, column) : n)];
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> row = table.Row(i);
            for (int j = 0; j < d; j++)
            {
                double value = row[numbers[j]];
                if (double.IsNaN(value))
                    continue;
                mean[j] += value / present[j];
                minimum[j] = Math.Min(minimum[j], value);
                maximum[j] = Math.Max(maximum[j], value);
            }
        }
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> row = table.Row(i);
            for (int j = 0; j < d; j++)
                if (row[numbers[j]] is double value && !double.IsNaN(value))
                    scale[j] += (value - mean[j]) * (value - mean[j]);
        }
        for (int j = 0; j < d; j++)
        {
            ColumnSpec column = columns[numbers[j]];
            if (present[j] == 0)
            {
                scale[j] = 1;
                continue;
            }
            // Compared by range: rounding leaves a constant column a tiny deviation from its own mean. So does the way that its values were
            // computed: 0.3 - 0.2 is a constant 0.1, but for its last bits.
            if (maximum[j] - minimum[j] <= RoundingNoise * Math.Max(Math.Abs(minimum[j]), Math.Abs(maximum[j])))
            {
                (mean[j], scale[j]) = (minimum[j], 1);
                continue;
            }
            scale[j] = Math.Sqrt(scale[j] / present[j]);
            if (!(scale[j] >= SmallestScale && scale[j] <= LargestScale))
                throw Fault.Argument(nameof(table),
                    $"column '{column.Name}': got a standard deviation of {scale[j]:G3}, expected {SmallestScale:G3} to " +
                    $"{LargestScale:G3}; give the column in another unit");
        }
        return new() { Mean = mean, Scale = scale, Layout = layout };
    }

    static int CountPresent(Table table, int rows, int column)
    {
        int present = 0;
        for (int i = 0; i < rows; i++)
            present += double.IsNaN(table.Row(i)[column]) ? 0 : 1;
        return present;
    }

    static int[] CountCategories(Table table, int rows, int column)
    {
        int[] counts = new int[table.Schema.Columns[column].Categories!.Count];
        for (int i = 0; i < rows; i++)
            if (table.Row(i)[column] is double cell && cell >= 0)
                counts[(int)cell]++;
        return counts;
    }

    public Matrix Encode(Table table)
    {
        Matrix encoded = new(table.RowCount, Width);
        for (int i = 0; i < table.RowCount; i++)
            Encode(table.Row(i), encoded.Row(i));
        return encoded;
    }

    /// <summary>Some of a table's rows.</summary>
    public Matrix Encode(Table table, ReadOnlySpan<int> rows)
    {
        Matrix encoded = new(rows.Length, Width);
        for (int i = 0; i < rows.Length; i++)
            Encode(table.Row(rows[i]), encoded.Row(i));
        return encoded;
    }

    /// <summary>A row's features.</summary>
    public void Encode(ReadOnlySpan<double> row, Span<float> target)
    {
        int[] numbers = Layout.Numbers;
        for (int j = 0; j < numbers.Length; j++)
            // Where a value is missing stands the mean, whether or not any was missing in the fit.
            target[j] = row[numbers[j]] is double value && double.IsNaN(value) ? 0 : (float)((value - Mean[j]) / Scale[j]);
        target[numbers.Length..].Clear();
        // By number: an enumerator of a list would be allocated for each row.
        for (int b = 0; b < Layout.Blocks.Count; b++)
            if (Layout.Blocks[b] is LevelBlock block && block.Level(row) is int level and >= 0)
                target[block.First + level] = LevelBlock.On;
    }
}

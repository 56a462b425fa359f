namespace LeoCvae;

/// <summary>
/// Turns a table's columns into standardized features: (x - mean) / standard deviation (population); a column that is
/// constant, but for rounding in the last digits, keeps scale 1. Fitted on the table given to fit, never on test rows. Immutable and
/// thread-safe.
/// </summary>
sealed class TableEncoder
{
    // The scales are folded into float weights on export: beyond these bounds a float would overflow or lose everything.
    const double SmallestScale = 1e-30, LargestScale = 1e30;

    // Range over size of a column that is constant but for rounding: some fifty units in the last place of a double.
    const double RoundingNoise = 1e-14;

    public required double[] Mean { get; init; }

    public required double[] Scale { get; init; }

    public int Width => Mean.Length;

    /// <summary>Fits it on a table's rows, or on so many from its start.</summary>
    public static TableEncoder Fit(Table table, int? rows = null)
    {
        (int n, int d) = (rows ?? table.RowCount, table.Schema.Columns.Count);
        double[] mean = new double[d], scale = new double[d], minimum = n > 0 ? table.Row(0).ToArray() : new double[d],
            maximum = [.. minimum];
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> row = table.Row(i);
            for (int j = 0; j < d; j++)
            {
                mean[j] += row[j] / n;
                minimum[j] = Math.Min(minimum[j], row[j]);
                maximum[j] = Math.Max(maximum[j], row[j]);
            }
        }
        for (int i = 0; i < n; i++)
        {
            ReadOnlySpan<double> row = table.Row(i);
            for (int j = 0; j < d; j++)
                scale[j] += (row[j] - mean[j]) * (row[j] - mean[j]);
        }
        for (int j = 0; j < d; j++)
        {
            ColumnSpec column = table.Schema.Columns[j];
            // Compared by range: rounding leaves a constant column a tiny deviation from its own mean. So does the way that its values were
            // computed: 0.3 - 0.2 is a constant 0.1, but for its last bits.
            if (maximum[j] - minimum[j] <= RoundingNoise * Math.Max(Math.Abs(minimum[j]), Math.Abs(maximum[j])))
            {
                (mean[j], scale[j]) = (minimum[j], 1);
                continue;
            }
            scale[j] = Math.Sqrt(scale[j] / n);
            if (!(scale[j] >= SmallestScale && scale[j] <= LargestScale))
                throw Fault.Argument(nameof(table),
                    $"column '{column.Name}': got a standard deviation of {scale[j]:G3}, expected {SmallestScale:G3} to " +
                    $"{LargestScale:G3}; give the column in another unit");
        }
        return new() { Mean = mean, Scale = scale };
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

    void Encode(ReadOnlySpan<double> row, Span<float> target)
    {
        for (int j = 0; j < Width; j++)
            target[j] = (float)((row[j] - Mean[j]) / Scale[j]);
    }
}

namespace LeoCvae;

/// <summary>
/// Turns a table's columns into features: numbers are standardized, (x - mean) / standard deviation (population), where a column that is
/// constant, but for rounding in the last digits, keeps scale 1 and a missing value is the mean; categories and missing values are levels
/// (<see cref="LevelBlock"/>). Fitted on the table given to fit, never on test rows. Immutable and thread-safe.
/// </summary>
sealed class TableEncoder
{
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
        EncoderFit fit = new(table.Schema.Columns);
        for (int i = 0; i < n; i++)
            fit.Count(table.Row(i));
        fit.EndCounts();
        for (int i = 0; i < n; i++)
            fit.AddToMean(table.Row(i));
        for (int i = 0; i < n; i++)
            fit.AddToScale(table.Row(i));
        return fit.ToEncoder();
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

    /// <summary>All rows.</summary>
    /// <exception cref="ArgumentException">A feature is larger than the largest that is allowed.</exception>
    public Matrix EncodeWithin(Table table, float largest)
    {
        Matrix encoded = Encode(table);
        int at = encoded.Values.AsSpan().IndexOfAnyExceptInRange(-largest, largest);
        if (at < 0)
            return encoded;
        int row = at / encoded.Columns;
        throw TooFar(nameof(table), at % encoded.Columns, table.FirstRow + row, table.Row(row), table.Schema);
    }

    /// <summary>What is thrown where a value, the feature of a number, is too far from the rows that this was fitted on.</summary>
    public ArgumentException TooFar(string parameter, int number, long row, ReadOnlySpan<double> cells, TableSchema schema)
    {
        int column = Layout.Numbers[number];
        (double got, double mean, double scale) = (cells[column], Mean[number], Scale[number]);
        return Fault.Argument(parameter, $"row {row}, column '{schema.Columns[column].Name}': got {got}, too far from the training rows " +
            $"(mean {mean:G4}, standard deviation {scale:G4})");
    }
}

namespace LeoCvae;

/// <summary>Fills in what is missing.</summary>
static class Imputation
{
    /// <summary>
    /// The median of numbers and dates, the lower of two, so that it is a value that was seen; the most frequent category, the first of
    /// several. A column of no values becomes 0.
    /// </summary>
    public static void Fill(ColumnSpec[] columns, ArraySegment<double> values)
    {
        int width = columns.Length;
        for (int j = 0; j < width; j++)
        {
            if (!columns[j].HasMissing || columns[j].Categories?.Count == 0)
                continue;
            double[] present = [.. Enumerable.Range(0, values.Count / width).Select(row => values[(row * width) + j])
                .Where(value => !double.IsNaN(value)).Order()];
            double fill = present.Length == 0 ? 0
                : columns[j].Kind == ColumnKind.Category ? present.CountBy(value => value).MaxBy(pair => pair.Value).Key
                : present[(present.Length - 1) / 2];
            for (int i = j; i < values.Count; i += width)
                if (double.IsNaN(values[i]))
                    values[i] = fill;
            columns[j] = columns[j] with { HasMissing = false };
        }
    }
}

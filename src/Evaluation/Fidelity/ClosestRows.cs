namespace LeoCvae.Evaluation;

/// <summary>Distances to the closest record.</summary>
static class ClosestRows
{
    /// <summary>
    /// The Euclidean distance of each row to the closest of others, divided by the root of the number of columns; none where there are no
    /// others. Of many rows some are measured, evenly spread, each for the rows about it.
    /// </summary>
    public static double[] Distances(double[][] rows, double[][] others, int columns)
    {
        if (others.Length == 0)
            return [];
        double[] measured = [.. NearCopies.Some(rows.Length, NearCopies.Most)
            .Select(row => others.Min(other => DoubleVectors.Distance(rows[row], other)) / Math.Sqrt(columns))];
        return [.. rows.Select((_, row) => measured[(int)((long)row * measured.Length / rows.Length)])];
    }

    /// <summary>The same of each row to the closest other one; none for a single row. Of many rows some, evenly spread.</summary>
    public static double[] DistancesWithin(double[][] rows, int columns)
    {
        if (rows.Length < 2)
            return [];
        return [.. NearCopies.Some(rows.Length, NearCopies.Most).Select(Closest)];

        double Closest(int at) => Distances([rows[at]], [.. rows.Where((_, other) => other != at)], columns)[0];
    }

    /// <summary>A quantile by linear interpolation between order statistics, numpy's default; NaN of no values.</summary>
    public static double Quantile(double[] values, double share)
    {
        if (values.Length == 0)
            return double.NaN;
        double[] sorted = [.. values.Order()];
        double at = share * (sorted.Length - 1);
        int below = (int)at;
        return sorted[below] + (at - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]);
    }

    /// <summary>Synthetic rows that equal a real row of the table in every column.</summary>
    public static int ExactCopies(Table table)
    {
        HashSet<string> real = [.. Enumerable.Range(0, table.RealRows).Select(Key)];
        return Enumerable.Range(table.RealRows, table.RowCount - table.RealRows).Count(i => real.Contains(Key(i)));

        // -0 equals 0.
        string Key(int row) => string.Join(' ', table.Row(row).ToArray().Select(value => BitConverter.DoubleToInt64Bits(value + 0.0)));
    }
}

namespace LeoCvae.Runtime.Tests;

static class TestTables
{
    /// <summary>Normal-ish features, labels c0, c1, ... in random order; every class is there once rows suffice.</summary>
    public static Table Random(int rows, int width, int classes, int seed = 1)
    {
        Random random = new(seed);
        double[,] values = new double[rows, width];
        foreach (ref double value in System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref values[0, 0], values.Length))
            value = random.NextDouble() + random.NextDouble() - random.NextDouble();
        int[] labels = [.. Enumerable.Range(0, rows).Select(row => row % classes)];
        random.Shuffle(labels);
        return Table.FromArrays(values, [.. labels.Select(label => $"c{label}")]);
    }

    /// <summary>One feature, as many rows of each class as given, in the order given.</summary>
    public static Table OfCounts(params (string Class, int Rows)[] counts)
    {
        string[] labels = [.. counts.SelectMany(count => Enumerable.Repeat(count.Class, count.Rows))];
        double[,] values = new double[labels.Length, 1];
        for (int row = 0; row < labels.Length; row++)
            values[row, 0] = row;
        return Table.FromArrays(values, labels);
    }

    public static Table OfColumn(params double[] values)
    {
        double[,] column = new double[values.Length, 1];
        for (int row = 0; row < values.Length; row++)
            column[row, 0] = values[row];
        return Table.FromArrays(column, [.. values.Select(_ => "a")]);
    }

    public static Matrix Matrix(int rows, int width, Func<int, int, float> value)
    {
        Matrix matrix = new(rows, width);
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < width; column++)
                matrix.Row(row)[column] = value(row, column);
        return matrix;
    }

    /// <summary>A table's rows in another order; what is learned from rows (ranges, classes) is learned anew.</summary>
    public static Table Pick(Table table, IEnumerable<int> rows)
    {
        TableBuilder builder = new([.. table.Schema.Columns.Select(column => column.Name)], table.Schema.Target, table.Schema.TargetIndex);
        foreach (int row in rows)
            builder.AddRow(table.Row(row), table.Label(row));
        return builder.Build();
    }
}

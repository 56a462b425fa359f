namespace LeoCvae.Evaluation;

/// <summary>The rows of a class within its table, and their neighbors.</summary>
/// <param name="table">The table.</param>
/// <param name="space">Its rows as floats, made when first needed.</param>
/// <param name="c">The class.</param>
/// <param name="k">Neighbors.</param>
/// <param name="cancellation">Stops a search.</param>
sealed class ClassRows(Table table, Lazy<Matrix> space, int c, int k, CancellationToken cancellation)
{
    public int Class => c;

    public int K => k;

    /// <summary>Row numbers, ascending.</summary>
    public int[] Rows { get; } = [.. Enumerable.Range(0, table.RowCount).Where(row => table.Labels[row] == c)];

    /// <summary>The nearest rows of the class of some of its rows, as places in <see cref="Rows"/>.</summary>
    public NeighborLists WithinClass(int[] rows)
    {
        Matrix own = new(Rows.Length, space.Value.Columns);
        for (int i = 0; i < Rows.Length; i++)
            space.Value[Rows[i]].CopyTo(own.Row(i));
        return ExactNeighbors.SomeRows(own, [.. rows.Select(row => Array.BinarySearch(Rows, row))], k, threads: 1, cancellation);
    }

    /// <summary>How many of the nearest rows of the whole table are of other classes, for each row of the class.</summary>
    public (int[] Others, int M) Strangers(int m)
    {
        NeighborLists neighbors = ExactNeighbors.SomeRows(space.Value, Rows, m, threads: 1, cancellation);
        int[] others = new int[Rows.Length];
        for (int i = 0; i < Rows.Length; i++)
            foreach (int id in neighbors.Ids(i))
                others[i] += table.Labels[id] == c ? 0 : 1;
        return (others, neighbors.K);
    }

    /// <summary>Distances don't change when all rows move, nor their order when all is scaled: floats keep more of the values so.</summary>
    public static Matrix SpaceOf(Table table)
    {
        int width = table.Schema.Columns.Count;
        double[] center = [.. table.Schema.Columns.Select(column => column.Minimum / 2 + column.Maximum / 2)];
        double largest = table.Schema.Columns.Max(column => column.Maximum / 2 - column.Minimum / 2),
            scale = largest > 0 ? Math.ScaleB(1, -Math.ILogB(largest)) : 1;
        Matrix x = new(table.RowCount, width);
        for (int row = 0; row < table.RowCount; row++)
            for (int j = 0; j < width; j++)
                x.Row(row)[j] = (float)((table.Row(row)[j] - center[j]) * scale);
        return x;
    }
}

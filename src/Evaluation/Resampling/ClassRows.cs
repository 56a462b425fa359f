namespace LeoCvae.Evaluation;

/// <summary>The rows of a class within its table, and their neighbors.</summary>
/// <param name="table">The table.</param>
/// <param name="space">Its rows as floats, made when first needed.</param>
/// <param name="nominal">How far they are apart where they have categories; null where they have none.</param>
/// <param name="c">The class.</param>
/// <param name="k">Neighbors.</param>
/// <param name="cancellation">Stops a search.</param>
sealed class ClassRows(Table table, Lazy<Matrix> space, NominalSpace? nominal, int c, int k, CancellationToken cancellation)
{
    NeighborLists? _own;

    /// <summary>How far rows with categories are apart; null where there are none.</summary>
    public NominalSpace? Nominal => nominal;

    public int Class => c;

    public int K => k;

    /// <summary>Row numbers, ascending.</summary>
    public int[] Rows { get; } = [.. Enumerable.Range(0, table.RowCount).Where(row => table.Labels[row] == c)];

    /// <summary>The nearest rows of the class of each of its rows, as places in <see cref="Rows"/>.</summary>
    public NeighborLists WithinClass() => _own ??= WithinClass(Rows);

    /// <summary>The nearest rows of the class of some of its rows, as places in <see cref="Rows"/>.</summary>
    public NeighborLists WithinClass(int[] rows)
    {
        int[] places = [.. rows.Select(row => Array.BinarySearch(Rows, row))];
        if (nominal is not null)
            return nominal.Nearest(Rows, places, k, cancellation);
        Matrix own = new(Rows.Length, space.Value.Columns);
        for (int i = 0; i < Rows.Length; i++)
            space.Value[Rows[i]].CopyTo(own.Row(i));
        return ExactNeighbors.SomeRows(own, places, k, threads: 1, cancellation);
    }

    /// <summary>
    /// The categories of a column that most neighbors of a row have, in the ordinal order of their names. Without numbers the row counts as
    /// a neighbor of its own, as in SMOTEN.
    /// </summary>
    public int[] MostFrequent(int row, int column)
    {
        ReadOnlySpan<int> neighbors = WithinClass().Ids(Array.BinarySearch(Rows, row));
        Dictionary<int, int> counts = [];
        foreach (int place in neighbors)
            Count(Rows[place]);
        if (neighbors.IsEmpty || !nominal!.HasNumbers)
            Count(row);
        int most = counts.Values.Max();
        IReadOnlyList<string> names = table.Schema.Columns[column].Categories!;
        return [.. counts.Where(pair => pair.Value == most).Select(pair => pair.Key).OrderBy(k => names[k], StringComparer.Ordinal)];

        void Count(int other)
        {
            int category = (int)table.Row(other)[column];
            counts[category] = counts.GetValueOrDefault(category) + 1;
        }
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
        (double[] center, double scale) = UnitOf(table, [.. Enumerable.Range(0, width)]);
        Matrix x = new(table.RowCount, width);
        for (int row = 0; row < table.RowCount; row++)
            for (int j = 0; j < width; j++)
                x.Row(row)[j] = (float)((table.Row(row)[j] - center[j]) * scale);
        return x;
    }

    /// <summary>What numbers are counted from, and what they are multiplied by, a power of two.</summary>
    public static (double[] Center, double Scale) UnitOf(Table table, int[] columns)
    {
        ColumnSpec[] specs = [.. columns.Select(j => table.Schema.Columns[j])];
        double largest = specs.Select(column => column.Maximum / 2 - column.Minimum / 2).DefaultIfEmpty().Max();
        return ([.. specs.Select(column => column.Minimum / 2 + column.Maximum / 2)],
            largest > 0 ? Math.ScaleB(1, -Math.ILogB(largest)) : 1);
    }
}

using System.Numerics.Tensors;

namespace LeoCvae.Evaluation;

/// <summary>
/// How far rows with categories are apart, as in imbalanced-learn. Beside numbers (SMOTE-NC, Chawla et al. 2002) the squared distance of
/// two categories is half the square of the median of the standard deviations that the numbers have in the smallest class. Where there are
/// no numbers (SMOTEN) it is the square of the difference of the classes' shares of their rows, summed over classes: the value difference
/// metric of Stanfill and Waltz (1986). Immutable and thread-safe.
/// </summary>
sealed class NominalSpace
{
    // One array a column: numbers, centered and scaled, and categories.
    readonly double[][] _numbers;
    readonly int[][] _categories;

    // Squared distance of two categories; null where it depends on which.
    readonly double? _apart;

    // Without numbers, for each category column and category the classes' shares of its rows.
    readonly double[][][] _shares;

    NominalSpace(Table table, int[] numbers, int[] categories)
    {
        Columns = categories;
        (double[] center, double scale) = ClassRows.UnitOf(table, numbers);
        _numbers = [.. numbers.Select((column, j) =>
            Enumerable.Range(0, table.RowCount).Select(row => (table.Row(row)[column] - center[j]) * scale).ToArray())];
        _categories = [.. categories.Select(column =>
            Enumerable.Range(0, table.RowCount).Select(row => (int)table.Row(row)[column]).ToArray())];
        if (HasNumbers)
        {
            double median = Median(Deviations(table));
            (_apart, _shares) = (median * median / 2, []);
        }
        else
            _shares = [.. categories.Select((column, j) => Shares(table, _categories[j], table.Schema.Columns[column].Categories!.Count))];
    }

    /// <summary>The category columns.</summary>
    public int[] Columns { get; }

    /// <summary>Whether there are columns of numbers beside them.</summary>
    public bool HasNumbers => _numbers.Length > 0;

    /// <summary>The space of a table's rows; null of a table without categories.</summary>
    public static NominalSpace? Of(Table table)
    {
        ILookup<bool, int> columns = Enumerable.Range(0, table.Schema.Columns.Count)
            .ToLookup(j => table.Schema.Columns[j].Kind == ColumnKind.Category);
        return columns[true].Any() ? new(table, [.. columns[false]], [.. columns[true]]) : null;
    }

    /// <summary>The nearest of some rows, of some of these by their places; as places, equally near ones by their order.</summary>
    public NeighborLists Nearest(int[] rows, int[] some, int k, CancellationToken cancellation)
    {
        if (_apart is double apart)
            return new RowBlocks([.. _numbers.Select(column => rows.Select(row => column[row]).ToArray())],
                [.. _categories.Select(column => rows.Select(row => (double)column[row]).ToArray())], apart).Nearest(some, k, cancellation);
        k = Math.Min(k, rows.Length - 1);
        int[][] categories = [.. _categories.Select(column => rows.Select(row => column[row]).ToArray())];
        double[] distances = new double[rows.Length], nearest = new double[some.Length * k];
        int[] ids = new int[some.Length * k];
        for (int at = 0; at < some.Length; at++)
        {
            cancellation.ThrowIfCancellationRequested();
            Array.Clear(distances);
            for (int j = 0; j < categories.Length; j++)
                AddApart(j, categories[j], categories[j][some[at]], distances);
            int found = 0;
            for (int i = 0; i < distances.Length; i++)
                if (i != some[at])
                    RowBlocks.Offer(i, distances[i], ref found, ids.AsSpan(at * k, k), nearest.AsSpan(at * k, k));
        }
        return new(k, ids, nearest);
    }

    void AddApart(int j, int[] categories, int own, double[] distances)
    {
        double[] shares = _shares[j][own], apartFrom = [.. _shares[j].Select(others =>
        {
            double sum = 0;
            for (int c = 0; c < others.Length; c++)
                sum += Math.Abs(others[c] - shares[c]);
            return sum * sum;
        })];
        for (int i = 0; i < categories.Length; i++)
            distances[i] += apartFrom[categories[i]];
    }

    // Of each number, in the smallest class; the first one of equals.
    double[] Deviations(Table table)
    {
        int[] counts = table.ClassCounts();
        int smallest = Array.IndexOf(counts, counts.Min());
        int[] rows = [.. Enumerable.Range(0, table.RowCount).Where(row => table.Labels[row] == smallest)];
        return [.. _numbers.Select(column =>
        {
            double mean = rows.Average(row => column[row]);
            return Math.Sqrt(rows.Average(row => (column[row] - mean) * (column[row] - mean)));
        })];
    }

    static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    // A category without rows has none.
    static double[][] Shares(Table table, int[] categories, int count)
    {
        double[][] shares = [.. Enumerable.Range(0, count).Select(_ => new double[table.Schema.Classes.Count])];
        for (int row = 0; row < categories.Length; row++)
            shares[categories[row]][table.Labels[row]]++;
        foreach (double[] ofCategory in shares)
            TensorPrimitives.Divide(ofCategory, Math.Max(1, ofCategory.Sum()), ofCategory);
        return shares;
    }
}

using System.Globalization;

namespace LeoCvae.Training;

/// <summary>What the search for constraints asks of a table's columns; counts are made once. Not thread-safe.</summary>
sealed class ColumnValues(Table table)
{
    readonly int[][] _counts = new int[table.Schema.Columns.Count][];
    readonly double[][] _sorted = new double[table.Schema.Columns.Count][];

    public IReadOnlyList<ColumnSpec> Specs => table.Schema.Columns;

    public int Count => Specs.Count;

    public int RowCount => table.RowCount;

    public double Value(int row, int column) => table.Row(row)[column];

    /// <summary>A cell in words.</summary>
    public string Text(int row, int column) => Value(row, column) is double cell && double.IsNaN(cell) ? "missing"
        : Specs[column].Categories is { } names ? $"'{VisibleText.Name(names[(int)cell])}'"
        : cell.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Values that are there, ascending.</summary>
    public double[] Sorted(int column) => _sorted[column] ??=
        [.. Enumerable.Range(0, RowCount).Select(row => Value(row, column)).Where(value => !double.IsNaN(value)).Order()];

    /// <summary>Different values; of categories a missing one is one too.</summary>
    public int Distinct(int column)
    {
        if (Specs[column].Categories is not null)
            return Counts(column).Count(count => count > 0);
        double[] sorted = Sorted(column);
        int distinct = sorted.Length == 0 ? 0 : 1;
        for (int i = 1; i < sorted.Length; i++)
            distinct += sorted[i] != sorted[i - 1] ? 1 : 0;
        return distinct;
    }

    public double Mean(int column) => Sorted(column).DefaultIfEmpty(0).Average();

    /// <summary>The chance that two rows agree: the sum of the squared shares of all values, a missing one among them.</summary>
    public double Agreement(int column)
    {
        double[] sorted = Sorted(column);
        double sum = (double)(RowCount - sorted.Length) * (RowCount - sorted.Length);
        for (int first = 0, end; first < sorted.Length; first = end)
        {
            for (end = first + 1; end < sorted.Length && sorted[end] == sorted[first]; end++)
            {
            }
            sum += (double)(end - first) * (end - first);
        }
        return sum / ((double)RowCount * RowCount);
    }

    /// <summary>Whether a number may be changed within its range, by whole units of its last decimal.</summary>
    public bool IsMovable(int column) => FeatureLayout.IsNumber(Specs[column]) && Specs[column] is { Values: null, Decimals: not null };

    /// <summary>Whether a column holds 0 and 1 alone.</summary>
    public bool IsFlag(int column) => RowCoherence.IsFlag(Specs[column]);

    public int Decimals(int[] columns) => columns.Max(column => Specs[column].Decimals ?? 0);

    public int FullRows(int[] columns) =>
        Enumerable.Range(0, RowCount).Count(row => columns.All(column => !double.IsNaN(Value(row, column))));

    /// <summary>The first row that doesn't hold a constraint; -1 where all do.</summary>
    public int Violation(RowConstraint constraint, int[] places)
    {
        for (int row = 0; row < RowCount; row++)
            if (!RowCoherence.Holds(constraint, table.Row(row), places))
                return row;
        return -1;
    }

    /// <summary>The cell that each category determines; null where one has two.</summary>
    public double?[]? Map(int from, int to)
    {
        double?[] map = new double?[Specs[from].Categories!.Count + 1];
        bool[] isKnown = new bool[map.Length];
        for (int row = 0; row < RowCount; row++)
        {
            int code = Code(row, from);
            double? cell = Cell(row, to);
            if (isKnown[code] && map[code] != cell)
                return null;
            (isKnown[code], map[code]) = (true, cell);
        }
        return map;
    }

    /// <summary>The cell that the first row of each category has.</summary>
    public double?[] FirstMap(int from, int to)
    {
        double?[] map = new double?[Specs[from].Categories!.Count + 1];
        for (int row = RowCount - 1; row >= 0; row--)
            map[Code(row, from)] = Cell(row, to);
        return map;
    }

    /// <summary>
    /// For each category of a column that so many rows have or more the one category of another column that they all have; -1 of others.
    /// </summary>
    public int[] OnlyWhere(int column, int other, int leastRows)
    {
        const int Unseen = -2;
        int missing = Specs[other].Categories!.Count, left = 0;
        int[] only = new int[Specs[column].Categories!.Count];
        for (int category = 0; category < only.Length; category++)
        {
            only[category] = CountOf(column, category) >= leastRows ? Unseen : -1;
            left += only[category] == Unseen ? 1 : 0;
        }
        for (int row = 0; row < RowCount && left > 0; row++)
            if (Code(row, column) is int own && own < only.Length && only[own] != -1 && Code(row, other) is int its && only[own] != its)
            {
                only[own] = only[own] == Unseen && its < missing ? its : -1;
                left -= only[own] == -1 ? 1 : 0;
            }
        return only;
    }

    /// <summary>How many rows have a category.</summary>
    public int CountOf(int column, int category) => Counts(column)[category];

    double? Cell(int row, int column) => Value(row, column) is double cell && double.IsNaN(cell) ? null : Value(row, column);

    int[] Counts(int column)
    {
        if (_counts[column] is null)
        {
            _counts[column] = new int[Specs[column].Categories!.Count + 1];
            for (int row = 0; row < RowCount; row++)
                _counts[column][Code(row, column)]++;
        }
        return _counts[column];
    }

    int Code(int row, int column) => Value(row, column) is double cell && double.IsNaN(cell) ? Specs[column].Categories!.Count : (int)cell;
}

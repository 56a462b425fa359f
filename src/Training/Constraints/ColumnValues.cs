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

    /// <summary>Share of each category, and at last of missing ones.</summary>
    public IEnumerable<double> Frequencies(int column) => Counts(column).Select(count => count / (double)RowCount);

    /// <summary>Whether a number may be changed within its range, by whole units of its last decimal.</summary>
    public bool IsMovable(int column) => FeatureLayout.IsNumber(Specs[column]) && Specs[column] is { Values: null, Decimals: not null };

    /// <summary>Whether a column holds 0 and 1 alone.</summary>
    public bool IsFlag(int column) => Specs[column] is { Kind: ColumnKind.Numeric, HasMissing: false, Minimum: 0, Maximum: 1, Decimals: 0 };

    public int Decimals(int[] columns) => columns.Max(column => Specs[column].Decimals ?? 0);

    public int FullRows(int[] columns) =>
        Enumerable.Range(0, RowCount).Count(row => columns.All(column => !double.IsNaN(Value(row, column))));

    /// <summary>The first row that doesn't hold a constraint; -1 where all do.</summary>
    public int Violation(RowConstraint constraint, int[] places)
    {
        int categories = Specs[places[^1]].Categories?.Count ?? 0;
        for (int row = 0; row < RowCount; row++)
            if (!RowCoherence.Holds(constraint, table.Row(row), places, categories))
                return row;
        return -1;
    }

    /// <summary>The category that each category determines; null where one has two.</summary>
    public int[]? Map(int from, int to)
    {
        int[] map = NewMap(from);
        for (int row = 0; row < RowCount; row++)
        {
            ref int known = ref map[Code(row, from)];
            int code = Code(row, to);
            if (known >= 0 && known != code)
                return null;
            known = code;
        }
        return map;
    }

    /// <summary>The category that the first row of each category has.</summary>
    public int[] FirstMap(int from, int to)
    {
        int[] map = NewMap(from);
        for (int row = RowCount - 1; row >= 0; row--)
            map[Code(row, from)] = Code(row, to);
        return map;
    }

    int[] NewMap(int from)
    {
        int[] map = new int[Specs[from].Categories!.Count + 1];
        Array.Fill(map, -1);
        return map;
    }

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

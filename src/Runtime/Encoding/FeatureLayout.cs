namespace LeoCvae;

/// <summary>
/// Where columns stand among the features of the network: first a feature for each number, in the order of the columns, then a block of
/// levels for each category, and for each number that may be missing. In a table of numbers features are columns. Immutable.
/// </summary>
sealed class FeatureLayout
{
    /// <param name="columns">The columns.</param>
    /// <param name="levelsOf">For each category column the level of each of its categories (<see cref="LevelBlock.Levels"/>).</param>
    public FeatureLayout(IReadOnlyList<ColumnSpec> columns, IReadOnlyList<int[]> levelsOf)
    {
        int[] places = NumberPlaces(columns);
        Numbers = [.. Enumerable.Range(0, columns.Count).Where(j => places[j] >= 0)];
        List<LevelBlock> blocks = [];
        (int features, int category) = (Numbers.Length, 0);
        foreach (int j in ColumnsOfBlocks(columns))
        {
            blocks.Add(columns[j].FlagOf is not null ? LevelBlock.OfFlags(FlagColumns(columns, j), features, columns[j].MayBeNone)
                : places[j] >= 0 ? LevelBlock.OfNumber(j, places[j], features)
                : LevelBlock.OfCategory(j, features, columns[j].Categories is null ? [] : levelsOf[category++], columns[j].HasMissing));
            features += blocks[^1].Count;
        }
        (Columns, Blocks, Features) = (columns.Count, blocks, features);
    }

    /// <summary>A table of so many numbers, none missing.</summary>
    public static FeatureLayout OfNumbers(int columns) => new(columns);

    FeatureLayout(int columns) => (Columns, Features, Numbers, Blocks) = (columns, columns, [.. Enumerable.Range(0, columns)], []);

    /// <summary>d.</summary>
    public int Columns { get; }

    /// <summary>The column of each number.</summary>
    public int[] Numbers { get; }

    /// <summary>Blocks of levels, one after the other.</summary>
    public IReadOnlyList<LevelBlock> Blocks { get; }

    /// <summary>How many features there are.</summary>
    public int Features { get; }

    /// <summary>
    /// The columns that have a block of levels, in order: all but numbers of which none is missing, and of flags the first.
    /// </summary>
    public static IEnumerable<int> ColumnsOfBlocks(IReadOnlyList<ColumnSpec> columns) =>
        Enumerable.Range(0, columns.Count).Where(j => columns[j].FlagOf is string flag ? flag == columns[j].Name
            : !IsNumber(columns[j]) || columns[j].HasMissing);

    /// <summary>Whether a column's categories have levels of their own; those of a flag are levels of its group.</summary>
    public static bool HasLevels(ColumnSpec column) => column is { Categories: not null, FlagOf: null };

    /// <summary>The columns of the flags whose first column is given.</summary>
    public static int[] FlagColumns(IReadOnlyList<ColumnSpec> columns, int first) =>
        [.. Enumerable.Range(0, columns.Count).Where(j => columns[j].FlagOf == columns[first].Name)];

    /// <summary>Each column's place among the numbers; -1 of one that is none.</summary>
    public static int[] NumberPlaces(IReadOnlyList<ColumnSpec> columns)
    {
        int numbers = 0;
        return [.. columns.Select(column => IsNumber(column) ? numbers++ : -1)];
    }

    /// <summary>Whether a column is one feature, with an order and a distance.</summary>
    public static bool IsNumber(ColumnSpec column) =>
        column is { FlagOf: null, Kind: ColumnKind.Numeric or ColumnKind.Date or ColumnKind.DateTime };
}

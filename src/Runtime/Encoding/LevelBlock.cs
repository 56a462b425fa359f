namespace LeoCvae;

/// <summary>
/// Features that stand for one choice: the level that a cell has is 1 / sqrt 2, the others are 0, so that a changed level is as far as one
/// standard deviation. Of a category the levels are its names (rare ones share a level) and whether it is missing; of a number that may be
/// missing there are two, present and missing. Of flags, columns of 0 and 1 of which one is 1, each column is a level, and none is one
/// where that may be. Names of rows have one level and say nothing. Immutable.
/// </summary>
sealed class LevelBlock
{
    /// <summary>What the feature of the level that a cell has holds: 1 / sqrt 2.</summary>
    public const float On = 0.70710678f;

    // Levels of a column beside those of rare and of missing values.
    const int Most = 50;

    // A category of fewer rows is rare.
    const int LeastRows = 2;

    LevelBlock(int column, int number, int first, int[] levelOf, int shared, bool hasMissing)
    {
        (Column, Number, First, LevelOf, Shared, Flags) = (column, number, first, levelOf, shared, []);
        int present = number >= 0 || levelOf.Length == 0 && !hasMissing ? 1 : Math.Max(shared, levelOf.DefaultIfEmpty(-1).Max()) + 1;
        (Missing, Count) = hasMissing ? (present, present + 1) : (-1, present);
    }

    LevelBlock(int[] flags, int first, bool mayBeNone)
    {
        (Column, Number, First, LevelOf, Shared, Missing, Flags) = (flags[0], -1, first, [], -1, -1, flags);
        (Count, None) = mayBeNone ? (flags.Length + 1, flags.Length) : (flags.Length, -1);
    }

    /// <summary>The column; of flags the first.</summary>
    public int Column { get; }

    /// <summary>The columns of flags; empty for other blocks.</summary>
    public int[] Flags { get; }

    /// <summary>The level of a row without a flag; -1 where there must be one.</summary>
    public int None { get; } = -1;

    /// <summary>Place among the features of the number that may be missing; -1 of a category.</summary>
    public int Number { get; }

    /// <summary>Its first feature.</summary>
    public int First { get; }

    /// <summary>How many levels there are, one feature each.</summary>
    public int Count { get; }

    /// <summary>Level of each category, -1 of one that no row has; empty for numbers and names of rows.</summary>
    public int[] LevelOf { get; }

    /// <summary>The level that rare categories share; -1 where none do.</summary>
    public int Shared { get; }

    /// <summary>The level of a missing value; -1 where none may be missing.</summary>
    public int Missing { get; }

    /// <summary>Whether a number is missing.</summary>
    public static LevelBlock OfNumber(int column, int number, int first) => new(column, number, first, [], -1, hasMissing: true);

    /// <summary>Which of some flags is 1.</summary>
    public static LevelBlock OfFlags(int[] columns, int first, bool mayBeNone) => new(columns, first, mayBeNone);

    /// <summary>The levels of a category (none for names of rows).</summary>
    public static LevelBlock OfCategory(int column, int first, int[] levelOf, bool hasMissing)
    {
        // Several categories on one level are the ones that share it.
        int shared = levelOf.Where(level => level >= 0).GroupBy(level => level).FirstOrDefault(group => group.Count() > 1)?.Key ?? -1;
        return new(column, -1, first, levelOf, shared, hasMissing);
    }

    /// <summary>
    /// The level of each category by its rows: the most frequent have one of their own, in the order of the categories, the others share
    /// the last.
    /// </summary>
    public static int[] Levels(ReadOnlySpan<int> rowsOf)
    {
        int[] counts = rowsOf.ToArray(), seen = [.. Enumerable.Range(0, counts.Length).Where(k => counts[k] > 0)];
        HashSet<int> own = [.. seen.Where(k => counts[k] >= LeastRows).OrderByDescending(k => counts[k]).ThenBy(k => k).Take(Most)];
        if (seen.Length == own.Count + 1)
            own = [.. seen];
        int[] levelOf = new int[counts.Length];
        int next = 0;
        for (int k = 0; k < counts.Length; k++)
            levelOf[k] = own.Contains(k) ? next++ : -1;
        foreach (int k in seen)
            if (levelOf[k] < 0)
                levelOf[k] = next;
        return levelOf;
    }

    /// <summary>The level of a row; -1 of a category that is not known, or missing where none was, or of other flags.</summary>
    public int Level(ReadOnlySpan<double> row)
    {
        if (Flags.Length > 0)
            return FlagOf(row, Flags) is int flag && flag >= 0 && flag < Flags.Length ? flag : None;
        double cell = row[Column];
        return double.IsNaN(cell) ? Missing : LevelOf.Length == 0 ? 0 : cell >= 0 && cell < LevelOf.Length ? LevelOf[(int)cell] : -1;
    }

    /// <summary>Which flag of a row is 1, by the sum of their numbers from 1, less 1; -1 for none.</summary>
    public static int FlagOf(ReadOnlySpan<double> row, ReadOnlySpan<int> flags)
    {
        int sum = 0;
        for (int k = 0; k < flags.Length; k++)
            sum += row[flags[k]] > 0.5 ? k + 1 : 0;
        return sum - 1;
    }
}

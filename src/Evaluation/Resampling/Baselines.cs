namespace LeoCvae.Evaluation;

sealed class RandomResampler() : Baseline("ros")
{
    public override bool TakesCategories => true;

    // Copies, missing values included.
    protected override Table Rows(TrainingRows training) => training.WithMissing;

    protected override Segment[] Draw(ClassRows group, int count, CounterRandom random) => DrawCopies(group, count, random);
}

/// <summary>
/// SMOTE; on tables with categories SMOTE-NC, whose rows have the most frequent categories of the neighbors, and where there are no
/// numbers SMOTEN.
/// </summary>
sealed class SmoteResampler() : Baseline("smote")
{
    // Draws before it are those of row, neighbor and step.
    const int FirstDraw = 2;

    public override bool TakesCategories => true;

    protected override Segment[] Draw(ClassRows group, int count, CounterRandom random) =>
        group.Nominal is { HasNumbers: false } ? DrawCopies(group, count, random) : DrawPairs(group, group.Rows, count, random);

    protected override double Category(ClassRows group, Segment segment, double own, int number, int column, CounterRandom random)
    {
        int[] most = group.MostFrequent(segment.From, column);
        return most[group.Nominal!.HasNumbers ? Pick(random, CounterRandom.Row(group.Class, number), most.Length, FirstDraw + column) : 0];
    }
}

/// <summary>Borderline-1. Rows all of whose neighbors are of other classes are noise; a class without a row in danger gets none.</summary>
sealed class BorderlineSmoteResampler() : Baseline("bsmote")
{
    const int DangerNeighbors = 10;

    public static int[] InDanger(ClassRows group)
    {
        (int[] others, int m) = group.Strangers(DangerNeighbors);
        return [.. group.Rows.Where((_, i) => 2 * others[i] >= m && others[i] < m)];
    }

    protected override Segment[] Draw(ClassRows group, int count, CounterRandom random) =>
        InDanger(group) is { Length: > 0 } bases ? DrawPairs(group, bases, count, random) : [];
}

/// <summary>Each row gets its share of the strangers among its neighbors; rounding may make a few rows more or fewer in all.</summary>
sealed class AdasynResampler() : Baseline("adasyn")
{
    public static int[] RowsOfEach(ClassRows group, int count)
    {
        (int[] others, _) = group.Strangers(group.K);
        double sum = others.Sum();
        return [.. others.Select(strangers => sum == 0 ? 0 : (int)Math.Round(strangers / sum * count))];
    }

    protected override Segment[] Draw(ClassRows group, int count, CounterRandom random)
    {
        int[] each = RowsOfEach(group, count);
        NeighborLists? neighbors = group.Rows.Length > 1 ? group.WithinClass(group.Rows) : null;
        Segment[] segments = new Segment[each.Sum()];
        for (int at = 0, i = 0; at < each.Length; at++)
            for (int left = each[at]; left > 0; left--, i++)
            {
                ulong row = CounterRandom.Row(group.Class, i);
                int to = neighbors is null ? at : neighbors.Ids(at)[Pick(random, row, neighbors.K)];
                segments[i] = new(group.Rows[at], group.Rows[to], random.Uniform(row, 1));
            }
        return segments;
    }
}

namespace LeoCvae.Evaluation;

/// <summary>Which fold tests which row. The same seed and repeat give the same folds.</summary>
static class FoldAssignment
{
    /// <summary>
    /// Each class is shuffled and dealt out to the folds, where the class before it stopped: folds differ by at most one row in each class
    /// and in all.
    /// </summary>
    public static int[] Stratified(ReadOnlySpan<int> labels, int classes, int folds, ulong seed, int repeat)
    {
        int[] foldOf = new int[labels.Length], all = labels.ToArray();
        CounterRandom random = new(seed, RandomStream.Folds);
        int dealt = 0;
        for (int c = 0; c < classes; c++)
        {
            int[] rows = [.. Enumerable.Range(0, all.Length).Where(row => all[row] == c)];
            random.Shuffle(CounterRandom.Row(repeat, c), rows);
            foreach (int row in rows)
                foldOf[row] = dealt++ % folds;
        }
        return foldOf;
    }

    /// <summary>
    /// Whole groups, the largest first, each to the fold where it adds least to the sum of squared class shares; the order of equals is
    /// random.
    /// </summary>
    public static int[] Grouped(ReadOnlySpan<int> labels, int classes, int[] groups, int folds, ulong seed, int repeat)
    {
        int count = groups.Max() + 1;
        double[][] shares = [.. Enumerable.Range(0, count).Select(_ => new double[classes])];
        int[] all = labels.ToArray(), order = [.. Enumerable.Range(0, count)], sizes = new int[count], foldOfGroup = new int[count];
        int[] classCounts = [.. Enumerable.Range(0, classes).Select(c => all.Count(label => label == c))];
        for (int row = 0; row < all.Length; row++)
        {
            shares[groups[row]][all[row]] += 1.0 / classCounts[all[row]];
            sizes[groups[row]]++;
        }
        new CounterRandom(seed, RandomStream.Folds).Shuffle(CounterRandom.Row(repeat, 0), order);
        double[][] filled = [.. Enumerable.Range(0, folds).Select(_ => new double[classes])];
        int[] rows = new int[folds];
        foreach (int group in order.OrderByDescending(group => sizes[group]))
        {
            int best = Enumerable.Range(0, folds)
                .MinBy(fold => (Enumerable.Range(0, classes).Sum(c => shares[group][c] * (2 * filled[fold][c] + shares[group][c])),
                rows[fold]));
            foldOfGroup[group] = best;
            rows[best] += sizes[group];
            for (int c = 0; c < classes; c++)
                filled[best][c] += shares[group][c];
        }
        return [.. groups.Select(group => foldOfGroup[group])];
    }
}

namespace LeoCvae.Training;

/// <summary>
/// The inner split for early stopping: from each class the share max(wanted, C / n) of its rows, rounded half up, with at
/// least one row left to train on; a class of one row only trains. Rows of a group stay on one side: groups, in random order, are held out
/// where that brings the classes' shares nearer to these. Row numbers come in ascending order.
/// </summary>
sealed record StratifiedSplit(int[] Train, int[] Validation)
{
    public static StratifiedSplit Create(ReadOnlySpan<int> labels, int classes, double share, ulong seed, int[]? groups = null)
    {
        List<int>[] rows = [.. Enumerable.Range(0, classes).Select(_ => new List<int>())];
        for (int i = 0; i < labels.Length; i++)
            rows[labels[i]].Add(i);
        double atLeast = share == 0 ? 0 : Math.Max(share, (double)classes / labels.Length);
        CounterRandom random = new(seed, RandomStream.Split);
        if (groups is not null)
            return Grouped(rows, groups, [.. rows.Select(rowsOfClass => Held(atLeast, rowsOfClass.Count))], random);
        List<int> train = [], validation = [];
        for (int c = 0; c < classes; c++)
        {
            int[] shuffled = [.. rows[c]];
            random.Shuffle((ulong)c, shuffled);
            int held = Held(atLeast, shuffled.Length);
            validation.AddRange(shuffled.AsSpan(0, held));
            train.AddRange(shuffled.AsSpan(held));
        }
        train.Sort();
        validation.Sort();
        return new([.. train], [.. validation]);
    }

    // The share of n rows, rounded half up, with one left to train on.
    static int Held(double share, int n) => Math.Clamp((int)Math.Floor(share * n + 0.5), 0, Math.Max(0, n - 1));

    static StratifiedSplit Grouped(List<int>[] rows, int[] groups, int[] wanted, CounterRandom random)
    {
        int classes = rows.Length, count = groups.Length == 0 ? 0 : groups.Max() + 1;
        Dictionary<int, int>[] sizes = [.. Enumerable.Range(0, count).Select(_ => new Dictionary<int, int>())];
        for (int c = 0; c < classes; c++)
            foreach (int row in rows[c])
                sizes[groups[row]][c] = sizes[groups[row]].GetValueOrDefault(c) + 1;
        int[] order = [.. Enumerable.Range(0, count)], held = new int[classes];
        // The numbers after those that shuffle classes.
        random.Shuffle((ulong)classes, order);
        bool[] isHeld = new bool[count];
        foreach (int group in order)
        {
            double nearer = 0;
            foreach ((int c, int size) in sizes[group])
                nearer += Distance(c, held[c]) - Distance(c, held[c] + size);
            if (nearer <= 0 || sizes[group].Any(part => held[part.Key] + part.Value >= rows[part.Key].Count))
                continue;
            isHeld[group] = true;
            foreach ((int c, int size) in sizes[group])
                held[c] += size;
        }
        double Distance(int c, int of)
        {
            double off = (double)(wanted[c] - of) / rows[c].Count;
            return off * off;
        }
        int[] all = [.. Enumerable.Range(0, groups.Length)];
        return new([.. all.Where(row => !isHeld[groups[row]])], [.. all.Where(row => isHeld[groups[row]])]);
    }
}

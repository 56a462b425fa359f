namespace LeoCvae.Training;

/// <summary>
/// The inner split for early stopping: from each class the share max(wanted, C / n) of its rows, rounded half up, with at
/// least one row left to train on; a class of one row only trains. Row numbers come in ascending order.
/// </summary>
sealed record StratifiedSplit(int[] Train, int[] Validation)
{
    public static StratifiedSplit Create(ReadOnlySpan<int> labels, int classes, double share, ulong seed)
    {
        List<int>[] rows = [.. Enumerable.Range(0, classes).Select(_ => new List<int>())];
        for (int i = 0; i < labels.Length; i++)
            rows[labels[i]].Add(i);
        double atLeast = share == 0 ? 0 : Math.Max(share, (double)classes / labels.Length);
        CounterRandom random = new(seed, RandomStream.Split);
        List<int> train = [], validation = [];
        for (int c = 0; c < classes; c++)
        {
            int[] shuffled = [.. rows[c]];
            random.Shuffle((ulong)c, shuffled);
            int held = Math.Clamp((int)Math.Floor(atLeast * shuffled.Length + 0.5), 0, Math.Max(0, shuffled.Length - 1));
            validation.AddRange(shuffled.AsSpan(0, held));
            train.AddRange(shuffled.AsSpan(held));
        }
        train.Sort();
        validation.Sort();
        return new([.. train], [.. validation]);
    }
}

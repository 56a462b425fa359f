using System.Globalization;

namespace LeoCvae.Training;

/// <summary>
/// The rows that a fit takes of a table with too many: of each class its share (largest remainders), but all of up to 1,000 rows where
/// there is room for as many of each class. A row is drawn by the seed alone; row numbers come in ascending order.
/// </summary>
static class TrainingSample
{
    const int Floor = 1000;
    // What a fit takes beside the table, at a guess: floats of the encoded row in several copies, its neighbors, seeds and residuals.
    const long BytesACell = 64, BytesARow = 1024;

    /// <summary>The most rows whose fit should find room in half of the memory that there is.</summary>
    public static int MostRows(int columns, long memory) =>
        (int)Math.Clamp(memory / 2 / ((columns * BytesACell) + BytesARow), Floor, int.MaxValue);

    /// <summary>The rows to take; null for all of them.</summary>
    public static int[]? Choose(Table table, int? most, ulong seed)
    {
        int limit = most ?? MostRows(table.Schema.Columns.Count, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        return table.RowCount <= limit ? null : Choose(table.Labels, table.ClassCounts(), limit, seed);
    }

    /// <summary>What was taken, in words.</summary>
    public static string Describe(TableSchema schema, int[] taken, int[] counts, bool isAsked)
    {
        const int Shown = 5;
        string classes = string.Join(", ", counts.Take(Shown).Select((count, c) => string.Create(CultureInfo.InvariantCulture,
            $"{VisibleText.Quoted(schema.Classes[c])} {taken[c]:N0} of {count:N0}"))) + (counts.Length > Shown ? ", ..." : "");
        string why = isAsked ? "" : "; more may not fit into memory, --max-training-rows (MaxTrainingRows) takes as many as it says";
        return string.Create(CultureInfo.InvariantCulture,
            $"fitted on {taken.Sum():N0} of {counts.Sum():N0} rows, stratified: {classes}{why}");
    }

    internal static int[] Choose(ReadOnlySpan<int> labels, int[] counts, int most, ulong seed)
    {
        int[] quotas = Quotas(counts, most);
        List<int>[] rows = [.. counts.Select(count => new List<int>(count))];
        for (int row = 0; row < labels.Length; row++)
            rows[labels[row]].Add(row);
        CounterRandom random = new(seed, RandomStream.TrainingSample);
        List<int> chosen = new(most);
        for (int c = 0; c < counts.Length; c++)
        {
            int[] shuffled = [.. rows[c]];
            random.Shuffle((ulong)c, shuffled);
            chosen.AddRange(shuffled.AsSpan(0, quotas[c]));
        }
        chosen.Sort();
        return [.. chosen];
    }

    // Small classes first keep what they have up to the floor; the others share the rest by their sizes.
    static int[] Quotas(int[] counts, int most)
    {
        int floor = Math.Min(Floor, most / counts.Length);
        int[] least = [.. counts.Select(count => Math.Min(count, floor))];
        bool[] isFixed = new bool[counts.Length];
        for (bool again = true; again;)
        {
            (long rest, long open) = Rest();
            again = false;
            for (int c = 0; c < counts.Length; c++)
                if (!isFixed[c] && rest * counts[c] < least[c] * open)
                    (isFixed[c], again) = (true, true);
        }
        (long left, long size) = Rest();
        int[] quotas = [.. counts.Select((count, c) => isFixed[c] ? least[c] : (int)(left * count / size))];
        int missing = most - quotas.Sum();
        foreach (int c in Enumerable.Range(0, counts.Length).Where(c => !isFixed[c]).OrderByDescending(c => left * counts[c] % size)
            .ThenBy(c => c).Take(missing))
            quotas[c]++;
        return quotas;

        (long Rows, long Size) Rest()
        {
            (long rows, long of) = (most, 0);
            for (int c = 0; c < counts.Length; c++)
            {
                rows -= isFixed[c] ? least[c] : 0;
                of += isFixed[c] ? 0 : counts[c];
            }
            return (rows, of);
        }
    }
}

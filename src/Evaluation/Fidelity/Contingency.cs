namespace LeoCvae.Evaluation;

/// <summary>How alike two samples are in how categories go together with other columns.</summary>
static class Contingency
{
    // Tens of columns have fewer pairs; of more some are measured, evenly spread.
    const int MostPairs = 1000, Bins = 10;

    /// <summary>
    /// 1 less the total variation distance of the shares of two columns' values together, mean over pairs of which one or both are
    /// categories; NaN without such a pair. Numbers are told by the tenth of the first sample that they are in.
    /// </summary>
    /// <param name="a">Columns of the first sample.</param>
    /// <param name="b">The same of the other one.</param>
    /// <param name="isCategory">Which of them are categories.</param>
    public static double Similarity(IReadOnlyList<double[]> a, IReadOnlyList<double[]> b, IReadOnlyList<bool> isCategory)
    {
        (int First, int Second)[] pairs = [.. from i in Enumerable.Range(0, a.Count)
                                              from j in Enumerable.Range(0, i)
                                              where isCategory[i] || isCategory[j]
                                              select (i, j)];
        if (pairs.Length == 0 || a[0].Length == 0 || b[0].Length == 0)
            return double.NaN;
        double[][] edges = [.. a.Select((column, j) => isCategory[j] ? [] : Edges(column))];
        long[][] left = [.. a.Select(Codes)], right = [.. b.Select(Codes)];
        return NearCopies.Some(pairs.Length, MostPairs).Average(at => Similarity(pairs[at].First, pairs[at].Second));

        long[] Codes(double[] column, int j) => isCategory[j] ? [.. column.Select(value => (long)value)]
            : [.. column.Select(value => (long)edges[j].Count(edge => value > edge))];

        // In whole numbers: the order of rows doesn't change a bit.
        double Similarity(int first, int second)
        {
            Dictionary<long, long> difference = [];
            Count(left, right[0].Length);
            Count(right, -left[0].Length);
            return 1 - difference.Values.Sum(Math.Abs) / 2.0 / left[0].Length / right[0].Length;

            void Count(long[][] codes, long weight)
            {
                for (int row = 0; row < codes[first].Length; row++)
                {
                    long key = codes[first][row] << 32 | codes[second][row];
                    difference[key] = difference.GetValueOrDefault(key) + weight;
                }
            }
        }
    }

    static double[] Edges(double[] column)
    {
        double[] sorted = [.. column.Order()];
        return [.. Enumerable.Range(1, Bins - 1).Select(i => sorted[i * (sorted.Length - 1) / Bins]).Distinct()];
    }
}

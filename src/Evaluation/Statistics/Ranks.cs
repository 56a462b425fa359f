namespace LeoCvae.Evaluation;

/// <summary>Ranks from 1, ties sharing the mean of theirs.</summary>
static class Ranks
{
    /// <summary>The rank of each value, the smallest first.</summary>
    public static double[] Of(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        int[] order = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, order);
        double[] ranks = new double[sorted.Length];
        for (int first = 0, end; first < sorted.Length; first = end)
        {
            for (end = first + 1; end < sorted.Length && sorted[end] == sorted[first]; end++)
            {
            }
            for (int i = first; i < end; i++)
                ranks[order[i]] = (first + 1 + end) / 2.0;
        }
        return ranks;
    }

    /// <summary>The area under the ROC curve by the rank sum (Mann-Whitney); 0.5 where one side has no row.</summary>
    public static double Auc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives)
    {
        double[] ranks = Of(scores);
        (double sum, long count) = (0, 0);
        for (int i = 0; i < ranks.Length; i++)
            if (positives[i])
                (sum, count) = (sum + ranks[i], count + 1);
        long others = ranks.Length - count;
        return count == 0 || others == 0 ? 0.5 : (sum - count * (count + 1) / 2.0) / count / others;
    }
}

namespace LeoCvae.Evaluation;

/// <summary>How well scores rank the positives above the negatives.</summary>
static class Ranking
{
    /// <summary>
    /// Area under the ROC curve (ties count half) and average precision, the step-wise area under the precision-recall curve; NaN without a
    /// positive or a negative.
    /// </summary>
    public static (double Auc, double AveragePrecision) Of(double[] scores, bool[] positive)
    {
        int positives = positive.Count(p => p), negatives = positive.Length - positives;
        if (positives == 0 || negatives == 0)
            return (double.NaN, double.NaN);
        double[] keys = [.. scores];
        bool[] flags = [.. positive];
        Array.Sort(keys, flags);
        double pairs = 0, precision = 0;
        long above = 0, falseAbove = 0;
        for (int end = keys.Length; end > 0;)
        {
            // Equal scores are one step.
            int start = end;
            long hits = 0;
            while (start > 0 && keys[start - 1] == keys[end - 1])
                hits += flags[--start] ? 1 : 0;
            long misses = end - start - hits;
            pairs += hits * (negatives - falseAbove - misses + 0.5 * misses);
            (above, falseAbove) = (above + hits, falseAbove + misses);
            precision += (double)hits / positives * above / (above + falseAbove);
            end = start;
        }
        return (pairs / positives / negatives, precision);
    }

    /// <summary>The area under the ROC curve alone; 0.5 without a positive or a negative.</summary>
    public static double Auc(double[] scores, bool[] positive) => Of(scores, positive).Auc is var area && double.IsNaN(area) ? 0.5 : area;
}

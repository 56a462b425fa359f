namespace LeoCvae.Training;

/// <summary>
/// Fills in missing numbers for the fit of row noise, by predictive mean matching: the value of the row of the class that decodes to the
/// nearest value. So a column keeps its own values, its spread and what it has to do with the others.
/// </summary>
static class MissingNumbers
{
    /// <param name="x">Standardized numbers of rows grouped by class, n x d; NaN where one is missing, filled in.</param>
    /// <param name="decoded">What the rows decode to, n x d.</param>
    /// <param name="starts">First row of each class, and their number at the end.</param>
    /// <param name="width">d.</param>
    public static void Fill(float[] x, float[] decoded, int[] starts, int width)
    {
        if (!x.AsSpan().ContainsAnyExceptInRange(float.NegativeInfinity, float.PositiveInfinity))
            return;
        for (int j = 0; j < width; j++)
            for (int c = 0; c + 1 < starts.Length; c++)
            {
                (float Decoded, float Value)[] donors = Donors(starts[c], starts[c + 1]);
                if (donors.Length == 0)
                    donors = Donors(0, starts[^1]);
                float[] places = [.. donors.Select(donor => donor.Decoded)];
                for (int row = starts[c]; row < starts[c + 1]; row++)
                    if (float.IsNaN(x[row * width + j]))
                        x[row * width + j] = donors.Length == 0 ? 0 : donors[Nearest(places, decoded[row * width + j])].Value;

                (float, float)[] Donors(int first, int end) => [.. Enumerable.Range(first, end - first)
                    .Where(row => !float.IsNaN(x[row * width + j])).Select(row => (decoded[row * width + j], x[row * width + j])).Order()];
            }
    }

    static int Nearest(float[] sorted, float value)
    {
        int above = Array.BinarySearch(sorted, value);
        above = above < 0 ? ~above : above;
        return above == sorted.Length || above > 0 && value - sorted[above - 1] <= sorted[above] - value ? above - 1 : above;
    }
}

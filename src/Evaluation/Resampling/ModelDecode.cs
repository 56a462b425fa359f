namespace LeoCvae.Evaluation;

/// <summary>
/// All that a model's file tells of its rows: each seed decoded with all noise at 0. Medians over training rows, of the distance to what
/// should be the row over the distance to its nearest other training row. Immutable.
/// </summary>
/// <param name="Seeds">What a row's own seed gives; of a mixture, the component of its class that comes nearest.</param>
/// <param name="ClassMean">The mean of the class, which tells nothing of the row: the control.</param>
public sealed record DecodeScores(double Seeds, double ClassMean);

/// <summary>Decodes a model's file as an attacker would.</summary>
static class ModelDecode
{
    const int Most = 500;

    /// <summary>What all seeds of a model decode to with all noise at 0; of more than 500 training rows some are attacked.</summary>
    /// <param name="model">A model fitted on the rows.</param>
    /// <param name="training">The rows, in the order in which it was fitted on them.</param>
    /// <param name="cancellation">Stops it.</param>
    public static DecodeScores Of(LeoModel model, Table training, CancellationToken cancellation)
    {
        TableEncoder encoder = TableEncoder.Fit(training);
        Matrix rows = encoder.Encode(training);
        Matrix decoded = encoder.Encode(new(new(training.Schema.Columns, null, []), model.DecodeSeeds(), []));
        SeedBank seeds = model.Seeds;
        int[] some = [.. NearCopies.Some(training.RowCount, Most)], seedOf = new int[training.RowCount];
        for (int seed = 0; seed < seeds.Rows.Count; seed++)
            seedOf[seeds.Rows[seed]] = seed;
        float[][] means = [.. Enumerable.Range(0, training.Schema.Classes.Count).Select(MeanOf)];
        double[] gaps = Gaps(ExactNeighbors.SomeRows(rows, some, 1, 1, cancellation));
        return new(Median(Own), Median(row => Apart(rows[row], means[training.Labels[row]])));

        double[] Gaps(NeighborLists nearest) => [.. some.Select((_, i) => Math.Sqrt(nearest.SquaredDistances(i)[0]))];

        double Own(int row)
        {
            if (seeds.Rows.Count > 0)
                return Apart(rows[row], decoded[seedOf[row]]);
            int c = model.Schema.ClassIndex(training.Label(row));
            return Enumerable.Range(seeds.Starts[c], seeds.Starts[c + 1] - seeds.Starts[c]).Min(seed => Apart(rows[row], decoded[seed]));
        }

        double Median(Func<int, double> distance) => Middle(
            [.. some.Select((row, i) => (Row: row, Gap: gaps[i])).Where(at => at.Gap > 0).Select(at => distance(at.Row) / at.Gap)]);

        float[] MeanOf(int c)
        {
            int[] records = [.. Enumerable.Range(0, training.RowCount).Where(row => training.Labels[row] == c)];
            float[] mean = new float[rows.Columns];
            foreach (int row in records)
                for (int j = 0; j < mean.Length; j++)
                    mean[j] += rows[row][j] / records.Length;
            return mean;
        }
    }

    static double Apart(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => Math.Sqrt(Distance.Squared(a, b));

    static double Middle(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

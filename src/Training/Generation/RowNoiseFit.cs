namespace LeoCvae.Training;

/// <summary>
/// Fits row noise on what decoding loses of the training rows: by class a Gaussian of r factors and a diagonal, times a scale, and a map of
/// each column's draws onto the quantiles of the class.
/// </summary>
static class RowNoiseFit
{
    /// <summary>The most columns of a table on which no work is saved.</summary>
    public const int WideColumns = 1000;

    const int Draws = 1000, DrawsWide = 400;

    /// <summary>An odd number: one stands in the middle.</summary>
    public const int Knots = 41;

    // Columns that are taken out of rows together: a line of the cache.
    const int BlockColumns = 16;

    // Of a normal column, its standard deviation over its interquartile range.
    const double DeviationOfQuartiles = 0.7413;

    // Of a column of constant draws; and of one most of whose draws are equal, as a share of its range.
    const double SmallestSpread = 1e-6, SmallestShare = 1e-3;

    // Rows of column noise.
    const long OwnNoise = 1L << 39;

    /// <param name="x">Standardized numbers of training rows grouped by class, n x d; NaN where one is missing, which is filled
    /// in.</param>
    /// <param name="scale">Unit of each standardized column.</param>
    /// <param name="decoder">The fitted decoder.</param>
    /// <param name="bias">Of its last layer, standardized.</param>
    /// <param name="posteriors">Latent mean, spread and weight of each of these rows.</param>
    /// <param name="starts">First row of each class, and their number at the end.</param>
    /// <param name="prior">What rows will be drawn from, and its first seed of each class.</param>
    /// <param name="options">Scale of the noise, seed, threads.</param>
    /// <param name="cancellation">Stops it.</param>
    public static FittedNoise Fit(float[] x, double[] scale, ManagedDecoder decoder, float[] bias, SeedTensors posteriors, int[] starts,
        (SeedTensors Seeds, int[] Starts) prior, TrainingOptions options, CancellationToken cancellation)
    {
        (int width, int latent, int classes) = (decoder.Width, decoder.Latent, starts.Length - 1);
        ParallelOptions parallel = new() { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism, CancellationToken = cancellation };
        float[] decoded = new float[x.Length];
        for (int c = 0; c < classes; c++)
            Standardized(decoder.Decode(posteriors.Mu.AsSpan(starts[c] * latent, (starts[c + 1] - starts[c]) * latent), c).Numbers, scale)
                .CopyTo(decoded, starts[c] * width);
        MissingNumbers.Fill(x, decoded, starts, width);
        Residuals residuals = new(x, decoded, starts, width);
        PooledCorrelation pooled = new(residuals);
        SeedBank bank = prior.Seeds.Bank(prior.Starts);
        int factors = Math.Min(PrincipalFactors.Most, width);
        NoiseTensors tensors = new(factors, width, new float[classes * width], new float[classes * factors * width],
            new float[classes * width], new float[classes * Knots * width], new float[classes * Knots * width]);
        CounterRandom random = new(options.Seed, RandomStream.NoiseFit);
        ClassNoise[] noise = new ClassNoise[classes];
        float[][] draws = new float[classes][];
        Parallel.For(0, classes, parallel, c =>
        {
            noise[c] = new(options.NoiseScale, residuals.Mean[c], residuals.Deviation[c],
                PrincipalFactors.Of(new(residuals, pooled, c), random, CounterRandom.Row((1 << 24) - 1, c)));
            draws[c] = Draw(noise[c], decoder, prior.Seeds, bank, scale, random, c);
        });
        double[] spread = new double[width];
        Parallel.For(0, (width + BlockColumns - 1) / BlockColumns, parallel, block =>
        {
            int first = block * BlockColumns, count = Math.Min(BlockColumns, width - first);
            float[][] ofRows = Columns(x, width, first, count);
            float[][][] ofDraws = [.. draws.Select(rows => Columns(rows, width, first, count))];
            for (int i = 0; i < count; i++)
            {
                int j = first + i;
                float[][] sorted = [.. ofDraws.Select(columns => FloatSort.Sorted(columns[i]))];
                // Of the classes together: their geometric mean.
                spread[j] = Math.Exp(sorted.Average(column => Math.Log(Spread(column))));
                ColumnQuantiles quantiles = new(ofRows[i], posteriors.Weights, starts);
                for (int c = 0; c < classes; c++)
                    Write(tensors, c, j, noise[c], sorted[c], spread[j], quantiles.Of(c, residuals.Mean[c][j]), bias[j], scale[j]);
            }
        });
        return new(tensors, spread);
    }

    /// <summary>Noise of a class, in standardized units: scale (mean + deviation (F^T eta + D xi)).</summary>
    sealed record ClassNoise(double Scale, double[] Mean, double[] Deviation, (double[][] Loadings, double[] Uniqueness) Shape);

    // Rows as they would be generated, but not mapped, standardized.
    static float[] Draw(ClassNoise noise, ManagedDecoder decoder, SeedTensors seeds, SeedBank bank, double[] scale,
        CounterRandom random, int c)
    {
        (int latent, int width, double[][] loadings) = (decoder.Latent, decoder.Width, noise.Shape.Loadings);
        int count = width > WideColumns ? DrawsWide : Draws;
        (float[] latents, float[] shared) = PriorDraws.Of(seeds, bank, random, c, firstRow: 1, count, latent, loadings.Length);
        float[] own = new float[width], rows = Standardized(decoder.Decode(latents, c).Numbers, scale);
        for (int i = 0; i < count; i++)
        {
            random.FillByteSums(CounterRandom.Row(c, OwnNoise + i), own);
            for (int j = 0; j < width; j++)
            {
                double sum = noise.Shape.Uniqueness[j] * own[j];
                for (int factor = 0; factor < loadings.Length; factor++)
                    sum += loadings[factor][j] * shared[i * loadings.Length + factor];
                rows[i * width + j] += (float)(noise.Scale * (noise.Mean[j] + noise.Deviation[j] * sum));
            }
        }
        return rows;
    }

    // The tensors of a class's column. Its draws are squashed about their median: the knots' values are the quantiles at the shares of
    // draws below them.
    static void Write(NoiseTensors tensors, int c, int j, ClassNoise noise, float[] draws, double spread, ClassQuantiles quantiles,
        double bias, double scale)
    {
        double median = ColumnQuantiles.Quantile(draws, 0.5);
        int at = c * tensors.Width + j;
        tensors.Offset[at] = (float)((bias + noise.Scale * noise.Mean[j] - median) / spread);
        tensors.Diagonal[at] = (float)(noise.Scale * noise.Deviation[j] * noise.Shape.Uniqueness[j] / spread);
        for (int factor = 0; factor < tensors.Factors; factor++)
            tensors.Loadings[(c * tensors.Factors + factor) * tensors.Width + j] =
                (float)(noise.Scale * noise.Deviation[j] * noise.Shape.Loadings[factor][j] / spread);
        double shareBefore = Share(0);
        for (int knot = 1, cell = c * Knots * tensors.Width + j; knot < Knots; knot++, cell += tensors.Width)
        {
            double share = Share(knot), width = Place(knot) - Place(knot - 1);
            (double start, double end) = quantiles.Cell(shareBefore, share);
            float slope = tensors.Slopes[cell] = (float)((scale * end - scale * start) / width);
            tensors.Intercepts[cell] = (float)(scale * start - slope * Place(knot - 1));
            shareBefore = share;
        }
        // The last knot's value goes on.
        tensors.Intercepts[(c * Knots + Knots - 1) * tensors.Width + j] = (float)(scale * quantiles.At(shareBefore));

        double Place(int knot) => 2.0 * knot / (Knots - 1) - 1;

        // The outer knots stand for all that is beyond.
        double Share(int knot) =>
            ShareBelow(draws, median + spread * Place(knot) / Math.Max(1 - Math.Abs(Place(knot)), 1e-9));
    }

    // Some columns, each on its own.
    static float[][] Columns(float[] rows, int width, int first, int count)
    {
        float[][] columns = [.. Enumerable.Range(0, count).Select(_ => new float[rows.Length / width])];
        // In pieces that stay in the first-level cache.
        const int Piece = 128;
        for (int start = 0; start < columns[0].Length; start += Piece)
            for (int i = 0; i < count; i++)
            {
                Span<float> some = columns[i].AsSpan(start, Math.Min(Piece, columns[i].Length - start));
                for (int row = 0, from = start * width + first + i; row < some.Length; row++, from += width)
                    some[row] = rows[from];
            }
        return columns;
    }

    static double Spread(float[] sorted) =>
        Math.Max(DeviationOfQuartiles * (ColumnQuantiles.Quantile(sorted, 0.75) - ColumnQuantiles.Quantile(sorted, 0.25)),
            Math.Max(SmallestSpread, SmallestShare * (sorted[^1] - sorted[0])));

    // Draw i stands at the share (i + 1/2) / n; linear between draws, 0 and 1 beyond them.
    static double ShareBelow(float[] sorted, double value)
    {
        if (value <= sorted[0])
            return value < sorted[0] ? 0 : 0.5 / sorted.Length;
        if (value >= sorted[^1])
            return value > sorted[^1] ? 1 : 1 - 0.5 / sorted.Length;
        (int low, int high) = (0, sorted.Length - 1);
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            if (sorted[middle] <= value)
                low = middle;
            else
                high = middle;
        }
        return (low + 0.5 + (value - sorted[low]) / (sorted[high] - sorted[low])) / sorted.Length;
    }

    static float[] Standardized(float[] rows, double[] scale)
    {
        for (int start = 0; start < rows.Length; start += scale.Length)
            for (int j = 0; j < scale.Length; j++)
                rows[start + j] = (float)(rows[start + j] / scale[j]);
        return rows;
    }
}

/// <summary>Fitted row noise, and each column's spread in standardized units, which the decoder's last layer is divided by.</summary>
sealed record FittedNoise(NoiseTensors Tensors, double[] Spread);

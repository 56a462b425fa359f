namespace LeoCvae.Training;

/// <summary>
/// Fits what is added to the logits of each class, so that rows drawn from the prior have its levels as often as its training rows do: in
/// the mean, decoding draws every class towards the others.
/// </summary>
static unsafe class LevelFit
{
    const int Draws = 1000, Rounds = 12;

    // Rows of the class that all rows together weigh as much as: no level is impossible.
    const double PooledRows = 0.25;

    // Beyond it a share is 0 or 1 for any purpose.
    const double MostOffset = 30;

    // The most categories that stand for the rare ones of a class.
    const int MostShared = 4096;

    /// <summary>Rows of the draws.</summary>
    public const long FirstDraw = 1L << 38;

    /// <param name="table">The training table.</param>
    /// <param name="seedRows">Its rows, grouped by class.</param>
    /// <param name="encoder">Its encoder.</param>
    public static LevelTensors Tensors(Table table, int[] seedRows, TableEncoder encoder)
    {
        int classes = table.Schema.Classes.Count;
        List<double[][]> rare = [.. encoder.Layout.Blocks.Where(block => block.Shared >= 0).Select(block =>
        {
            List<double>[] cells = [.. Enumerable.Range(0, classes).Select(_ => new List<double>())];
            foreach (int row in seedRows)
                if (block.Level(table.Row(row)) == block.Shared)
                    cells[table.Labels[row]].Add(table.Row(row)[block.Column]);
            double[] all = [.. cells.SelectMany(own => own)];
            return (double[][])[.. cells.Select(own => (double[])[.. (own.Count == 0 ? all : (IEnumerable<double>)own).Order()])];
        })];
        int slots = Math.Min(MostShared, rare.SelectMany(block => block).Select(cells => cells.Length).DefaultIfEmpty(0).Max());
        Queue<double[][]> shared = new(rare.Select(block => (double[][])[.. block.Select(cells => (double[])[.. Enumerable.Range(0, slots)
            .Select(slot => cells[(int)((slot + 0.5) / slots * cells.Length)])])]));
        return LevelDecoding.Tensors(encoder.Layout, _ => shared.Dequeue());
    }

    /// <summary>The shares that the levels of each class are to have.</summary>
    /// <param name="x">Encoded training rows grouped by class, n x features.</param>
    /// <param name="layout">Of the features.</param>
    /// <param name="weights">(1 + H)^gamma of each of these rows.</param>
    /// <param name="starts">First row of each class, and their number at the end.</param>
    public static double[][] Wanted(Matrix x, FeatureLayout layout, double[] weights, int[] starts)
    {
        double[] all = Shares(x, layout, weights, 0, x.Rows);
        return [.. Enumerable.Range(0, starts.Length - 1).Select(c =>
        {
            int n = starts[c + 1] - starts[c];
            double[] own = Shares(x, layout, weights, starts[c], starts[c + 1]);
            return (double[])[.. own.Zip(all, (share, pooled) => (n * share + PooledRows * pooled) / (n + PooledRows))];
        })];
    }

    /// <summary>Fits the offsets, C x levels.</summary>
    /// <param name="wanted">The shares of each class.</param>
    /// <param name="layout">Of the features.</param>
    /// <param name="decoder">The fitted decoder.</param>
    /// <param name="prior">What rows will be drawn from, and its first seed of each class.</param>
    /// <param name="options">Seed and threads.</param>
    /// <param name="cancellation">Stops it.</param>
    public static float[] Offsets(double[][] wanted, FeatureLayout layout, ManagedDecoder decoder,
        (SeedTensors Seeds, int[] Starts) prior, TrainingOptions options, CancellationToken cancellation)
    {
        (int classes, int levels, int numbers) = (wanted.Length, decoder.Levels, layout.Numbers.Length);
        float[] offsets = new float[classes * levels];
        SeedBank bank = prior.Seeds.Bank(prior.Starts);
        CounterRandom random = new(options.Seed, RandomStream.NoiseFit);
        Parallel.For(0, classes, new() { MaxDegreeOfParallelism = options.MaxDegreeOfParallelism, CancellationToken = cancellation }, c =>
        {
            float[] latents = PriorDraws.Of(prior.Seeds, bank, random, c, FirstDraw, Draws, decoder.Latent).Latents,
                logits = decoder.Decode(latents, c).Logits;
            foreach (LevelBlock block in layout.Blocks)
                Simd.Run<Calibration, int>(new(logits, levels, block.First - numbers, block.Count, wanted[c],
                    offsets.AsSpan(c * levels + block.First - numbers, block.Count)));
        });
        return offsets;
    }

    /// <summary>Corrects offsets by finished rows, as many of each class: of what is drawn again, some levels have more.</summary>
    /// <param name="offsets">The offsets.</param>
    /// <param name="wanted">The shares of each class.</param>
    /// <param name="layout">Of the features.</param>
    /// <param name="drawn">The rows, encoded, grouped by class.</param>
    public static float[] Corrected(float[] offsets, double[][] wanted, FeatureLayout layout, Matrix drawn)
    {
        int each = drawn.Rows / wanted.Length, levels = offsets.Length / wanted.Length;
        double[] weights = new double[drawn.Rows];
        Array.Fill(weights, 1);
        float[] corrected = [.. offsets];
        for (int c = 0; c < wanted.Length; c++)
        {
            double[] got = Shares(drawn, layout, weights, c * each, (c + 1) * each);
            for (int l = 0; l < levels; l++)
                // A row more of each, so that what never came by chance isn't made frequent.
                corrected[c * levels + l] = (float)Math.Clamp(offsets[c * levels + l]
                    + Math.Log((each * wanted[c][l] + 1) / (each * got[l] + 1)), -MostOffset, MostOffset);
        }
        return corrected;
    }

    // Of the rows from first up to end the share of each level. Categories are weighted as rows are drawn, whether a value is missing is
    // not: a class keeps its rate.
    static double[] Shares(Matrix x, FeatureLayout layout, double[] weights, int first, int end)
    {
        int numbers = layout.Numbers.Length;
        double[] shares = new double[layout.Features - numbers];
        foreach (LevelBlock block in layout.Blocks)
        {
            double present = 0, missing = 0;
            Span<double> own = shares.AsSpan(block.First - numbers, block.Count);
            for (int row = first; row < end; row++)
            {
                ReadOnlySpan<float> cells = x[row].Slice(block.First, block.Count);
                int level = cells.IndexOfAnyExcept(0f);
                if (level == block.Missing)
                    missing++;
                else if (level >= 0)
                {
                    own[level] += weights[row];
                    present += weights[row];
                }
            }
            double rate = end > first ? missing / (end - first) : 0;
            for (int l = 0; l < block.Count; l++)
                own[l] = l == block.Missing ? rate : present > 0 ? own[l] / present * (1 - rate) : 0;
        }
        return shares;
    }

    // Adds log(wanted / got) to each level of a block until its mean share over the draws is the one that is wanted.
    readonly ref struct Calibration(float[] logits, int stride, int first, int count, double[] wanted, Span<float> offsets) : ISimdWork<int>
    {
        readonly Span<float> _offsets = offsets;

        public int On<T>() where T : struct, ISimd<T>
        {
            float[] row = new float[count];
            double[] offset = new double[count], got = new double[count];
            int draws = logits.Length / stride;
            for (int round = 0; round < Rounds; round++)
            {
                Array.Clear(got);
                for (int i = 0; i < draws; i++)
                    fixed (float* shares = row)
                    {
                        for (int l = 0; l < count; l++)
                            row[l] = logits[i * stride + first + l] + (float)offset[l];
                        VectorMath.Softmax<T>(shares, count);
                        for (int l = 0; l < count; l++)
                            got[l] += row[l] / draws;
                    }
                for (int l = 0; l < count; l++)
                    offset[l] = Math.Clamp(offset[l] + Math.Log(Math.Max(wanted[first + l], 1e-12) / Math.Max(got[l], 1e-12)),
                        -MostOffset, MostOffset);
            }
            for (int l = 0; l < count; l++)
                _offsets[l] = (float)offset[l];
            return count;
        }
    }
}

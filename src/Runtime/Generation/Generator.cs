using System.Buffers;

namespace LeoCvae;

/// <summary>The network of generator.onnx. Thread-safe.</summary>
interface IGeneratorNetwork : IDisposable
{
    /// <summary>
    /// At which multiples a call must begin so that a row comes out the same, bit for bit, whatever else is asked for: 1 where a row
    /// doesn't depend on its place in the call.
    /// </summary>
    int Alignment { get; }

    /// <summary>r, the factors of the row noise; 0 for a network without it.</summary>
    int Factors { get; }

    /// <summary>Numbers with noise of their own; 0 for a network without row noise.</summary>
    int Columns { get; }

    /// <summary>Uniform numbers that choose the levels of a row.</summary>
    int Choices { get; }

    /// <summary>Whether rows are checked for their class.</summary>
    bool IsChecked { get; }

    /// <summary>
    /// Seed numbers and noise to rows in original units (N x d), in which a rounded -0.3 is a plain 0: nobody wants '-0' in a file. A row
    /// doesn't depend on the rows around it.
    /// </summary>
    /// <param name="seeds">The seeds.</param>
    /// <param name="noise">The noise.</param>
    /// <param name="rows">Receives the rows.</param>
    /// <param name="margins">Receives by how much each row passes the check, below 0 of one that doesn't; empty where that isn't asked
    /// for.</param>
    void Decode(ReadOnlySpan<long> seeds, NoiseInputs noise, Span<double> rows, Span<float> margins = default);
}

/// <summary>
/// Draws synthetic rows: seed by (1 + H)^gamma or each alike, spread evenly or drawn independently, z = mu + sigma * noise, decoder, row
/// noise. A row that doesn't pass the check is drawn again. Row i of a class is a function of (model, weights, seed, class, i), whatever
/// else is asked for in the same call. Thread-safe.
/// </summary>
/// <param name="network">The network; it is taken over.</param>
/// <param name="seeds">The seeds.</param>
/// <param name="evenSeeds">Whether seeds are spread evenly.</param>
/// <param name="latent">L.</param>
/// <param name="batchRows">The most rows of a call of the network.</param>
/// <param name="attempts">How often a row is drawn at most; the last one stays.</param>
sealed class Generator(IGeneratorNetwork network, SeedBank seeds, bool evenSeeds, int latent, int batchRows, int attempts) : IDisposable
{
    // Between the keys of two attempts: 2^64 over the golden ratio.
    const ulong NextAttempt = 0x9E3779B97F4A7C15;

    /// <summary>The most rows that are made at a time.</summary>
    public int BatchRows => batchRows;

    /// <summary>Writes rows first, first + 1, ... of a class, and the training row of each one's seed, -1 where seeds are
    /// components.</summary>
    public void Fill(SeedWeights weights, ulong seed, int classIndex, long first, Span<double> rows, Span<int> sourceRows)
    {
        int width = sourceRows.Length == 0 ? 0 : rows.Length / sourceRows.Length;
        int ahead = (int)(first % network.Alignment);
        if (ahead > 0)
        {
            // The rows before are made too and dropped: at another place in its batch a row's last bit could differ.
            int count = Math.Min(sourceRows.Length, network.Alignment - ahead);
            int made = ahead + count;
            double[] all = ArrayPool<double>.Shared.Rent(made * width);
            int[] allSources = ArrayPool<int>.Shared.Rent(made);
            FillBatch(weights, seed, classIndex, first - ahead, all.AsSpan(0, made * width), allSources.AsSpan(0, made));
            all.AsSpan(ahead * width, count * width).CopyTo(rows);
            allSources.AsSpan(ahead, count).CopyTo(sourceRows);
            ArrayPool<int>.Shared.Return(allSources);
            ArrayPool<double>.Shared.Return(all);
            first += count;
            rows = rows[(count * width)..];
            sourceRows = sourceRows[count..];
        }
        for (int done = 0; done < sourceRows.Length; done += batchRows)
        {
            int count = Math.Min(batchRows, sourceRows.Length - done);
            FillBatch(weights, seed, classIndex, first + done, rows.Slice(done * width, count * width),
                sourceRows.Slice(done, count));
        }
    }

    /// <summary>What all seeds give with all noise at 0, in their order: n x d.</summary>
    public double[] DecodeMeans(int width)
    {
        double[] rows = new double[(long)seeds.Count * width];
        for (int first = 0; first < seeds.Count; first += batchRows)
        {
            long[] batch = [.. Enumerable.Range(first, Math.Min(batchRows, seeds.Count - first)).Select(seed => (long)seed)];
            float[] middles = new float[batch.Length * network.Choices];
            Array.Fill(middles, 0.5f);
            network.Decode(batch, new(new float[batch.Length * latent], new float[batch.Length * network.Factors],
                new float[batch.Length * network.Columns], middles), rows.AsSpan(first * width, batch.Length * width));
        }
        return rows;
    }

    public void Dispose() => network.Dispose();

    void FillBatch(SeedWeights weights, ulong seed, int classIndex, long first, Span<double> rows, Span<int> sourceRows)
    {
        int count = sourceRows.Length;
        long[] memory = ArrayPool<long>.Shared.Rent(count);
        float[] margins = ArrayPool<float>.Shared.Rent(count);
        Span<long> numbers = memory.AsSpan(0, count);
        for (int i = 0; i < count; i++)
            numbers[i] = first + i;
        Draw(weights, seed, classIndex, numbers, evenSeeds, rows, sourceRows, margins);
        if (network.IsChecked)
            DrawAgain(weights, seed, classIndex, numbers, rows, sourceRows, margins);
        ArrayPool<float>.Shared.Return(margins);
        ArrayPool<long>.Shared.Return(memory);
    }

    // The rows that don't pass; numbers and margins are written over.
    void DrawAgain(SeedWeights weights, ulong seed, int classIndex, Span<long> numbers, Span<double> rows, Span<int> sourceRows,
        Span<float> margins)
    {
        (long first, int count, int width) = (numbers.IsEmpty ? 0 : numbers[0], numbers.Length, rows.Length / Math.Max(1, numbers.Length));
        double[] others = ArrayPool<double>.Shared.Rent(rows.Length);
        int[] sources = ArrayPool<int>.Shared.Rent(count);
        for (int attempt = 1; attempt < attempts; attempt++)
        {
            int left = 0;
            for (int i = 0; i < count; i++)
                if (!(margins[i] >= 0))
                    numbers[left++] = numbers[i];
            count = left;
            if (count == 0)
                break;
            // Another seed each time: some never give what passes.
            Draw(weights, seed + (ulong)attempt * NextAttempt, classIndex, numbers[..count], isEven: false,
                others.AsSpan(0, count * width), sources.AsSpan(0, count), margins);
            for (int i = 0; i < count; i++)
            {
                int at = (int)(numbers[i] - first);
                others.AsSpan(i * width, width).CopyTo(rows[(at * width)..]);
                sourceRows[at] = sources[i];
            }
        }
        ArrayPool<int>.Shared.Return(sources);
        ArrayPool<double>.Shared.Return(others);
    }

    // Margins are of rows that are checked.
    void Draw(SeedWeights weights, ulong seed, int classIndex, ReadOnlySpan<long> numbers, bool isEven, Span<double> rows,
        Span<int> sourceRows, Span<float> margins)
    {
        (int count, int factors, int columns, int choices) = (numbers.Length, network.Factors, network.Columns, network.Choices);
        long[] seedMemory = ArrayPool<long>.Shared.Rent(count);
        Span<long> chosen = seedMemory.AsSpan(0, count);
        float[] noise = ArrayPool<float>.Shared.Rent(count * (latent + factors + columns + choices));
        Span<float> ofLatents = noise.AsSpan(0, count * latent), ofFactors = noise.AsSpan(count * latent, count * factors),
            ofColumns = noise.AsSpan(count * (latent + factors), count * columns),
            ofChoices = noise.AsSpan(count * (latent + factors + columns), count * choices);
        CounterRandom pick = new(seed, RandomStream.Seeds), draw = new(seed, RandomStream.Latent),
            drawFactors = new(seed, RandomStream.FactorNoise), drawColumns = new(seed, RandomStream.ColumnNoise),
            drawChoices = new(seed, RandomStream.Choices);
        ulong start = CounterRandom.Row(classIndex, 0);
        KroneckerSequence even = new(pick, start);
        for (int i = 0; i < count; i++)
        {
            int one = seeds.Pick(classIndex, isEven ? even[numbers[i]] : pick.Uniform(start + (ulong)numbers[i], 0), weights);
            (chosen[i], sourceRows[i]) = (one, seeds.Row(one));
        }
        draw.FillNormals(start, numbers, latent, ofLatents);
        drawFactors.FillNormals(start, numbers, factors, ofFactors);
        drawColumns.FillByteSums(start, numbers, columns, ofColumns);
        drawChoices.FillUniforms(start, numbers, choices, ofChoices);
        network.Decode(chosen, new(ofLatents, ofFactors, ofColumns, ofChoices), rows, network.IsChecked ? margins[..count] : default);
        ArrayPool<float>.Shared.Return(noise);
        ArrayPool<long>.Shared.Return(seedMemory);
    }
}

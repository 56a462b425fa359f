using System.Numerics.Tensors;

namespace LeoCvae;

/// <summary>
/// Draws synthetic rows: seed by (1 + H)^gamma, spread evenly or drawn independently, z = mu + sigma * noise, decoder. Row i of a class is a function of
/// (model, seed, class, i), whatever else is asked for in the same call. Thread-safe.
/// </summary>
sealed class Generator : IDisposable
{
    readonly IGeneratorNetwork _network;
    readonly SeedBank _seeds;
    readonly int _width, _latent;
    readonly bool _evenSeeds;

    public Generator(ModelManifest manifest, byte[] onnx, RuntimeOptions options)
    {
        (_width, _latent) = (manifest.Schema.Columns.Count, manifest.LatentSize);
        BatchRows = OnnxNetwork.BatchRows(_width);
        _seeds = new(manifest.Seeds);
        _evenSeeds = manifest.EvenSeeds;
        _network = options.Evaluator == Evaluator.Managed ? new ManagedGeneratorNetwork(onnx, _width, _latent) : new OnnxGeneratorNetwork(onnx, _width, _latent, options);
    }

    public int BatchRows { get; }

    /// <summary>Writes the rows of one batch of a class: rows first, first + 1, ... where first is a multiple of <see cref="BatchRows"/>.</summary>
    public void Fill(ulong seed, int classIndex, long first, Span<double> rows, Span<int> sourceRows)
    {
        int count = sourceRows.Length;
        long[] seeds = new long[count];
        float[] noise = new float[count * _latent];
        CounterRandom pick = new(seed, RandomStream.Seeds), latent = new(seed, RandomStream.Latent);
        KroneckerSequence even = new(pick, CounterRandom.Row(classIndex, 0));
        for (int i = 0; i < count; i++)
        {
            ulong row = CounterRandom.Row(classIndex, first + i);
            int chosen = _seeds.Pick(classIndex, _evenSeeds ? even[first + i] : pick.Uniform(row, 0));
            (seeds[i], sourceRows[i]) = (chosen, _seeds.SourceRow(chosen));
            latent.FillNormal(row, noise.AsSpan(i * _latent, _latent));
        }
        Decode(seeds, noise, rows);
    }

    /// <summary>Writes what seeds first, first + 1, ... decode to without noise.</summary>
    public void DecodeMeans(int first, Span<double> rows)
    {
        int count = rows.Length / _width;
        long[] seeds = new long[count];
        for (int i = 0; i < count; i++)
            seeds[i] = first + i;
        Decode(seeds, new float[count * _latent], rows);
    }

    void Decode(long[] seeds, float[] noise, Span<double> rows)
    {
        _network.Decode(seeds, noise, rows);
        // Adding zero makes a rounded -0.3 a plain 0: nobody wants '-0' in a file.
        TensorPrimitives.Add(rows, 0.0, rows);
    }

    public void Dispose() => _network.Dispose();
}

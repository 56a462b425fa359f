namespace LeoCvae;

/// <summary>
/// What decoding loses of the training rows: x - decoder(mu), kept while the table is at hand and never stored. A synthetic row gets its
/// seed's residual, mixed with that of another seed of the class at a random share (its variance kept), and with it the fine structure that a decoder smooths away.
/// Immutable and thread-safe.
/// </summary>
sealed class SeedResiduals
{
    readonly ManifestSeeds _seeds;
    readonly IReadOnlyList<ColumnSpec> _columns;
    readonly double _scale;
    // n x d, in the order of the training table.
    readonly double[] _residuals;

    public SeedResiduals(ModelManifest manifest, Table training, double[] decodedMeans)
    {
        (_seeds, _columns, _scale) = (manifest.Seeds, manifest.Schema.Columns, manifest.ResidualScale);
        _residuals = new double[decodedMeans.Length];
        for (int seed = 0; seed < _seeds.Rows.Count; seed++)
        {
            int row = _seeds.Rows[seed];
            for (int j = 0; j < _columns.Count; j++)
                _residuals[row * _columns.Count + j] = training.Row(row)[j] - decodedMeans[seed * _columns.Count + j];
        }
    }

    /// <summary>Adds residuals to decoded rows, and rounds and clips them to their columns again.</summary>
    /// <param name="seed">Seed of the random numbers.</param>
    /// <param name="classIndex">The rows' class.</param>
    /// <param name="first">Number of the first row within the class.</param>
    /// <param name="sourceRows">Training row of each row's seed.</param>
    /// <param name="rows">Decoded rows, in original units.</param>
    public void Add(ulong seed, int classIndex, long first, ReadOnlySpan<int> sourceRows, Span<double> rows)
    {
        CounterRandom random = new(seed, RandomStream.Residual);
        (int start, int width) = (_seeds.Starts[classIndex], _columns.Count);
        int others = _seeds.Starts[classIndex + 1] - start - 1;
        for (int i = 0; i < sourceRows.Length; i++)
        {
            ulong number = CounterRandom.Row(classIndex, first + i);
            // One of the other seeds: the last one stands in for the seed itself. A class's only seed has but its own residual.
            int partner = others == 0 ? sourceRows[i] : _seeds.Rows[start + Math.Min((int)(random.Uniform(number, 0) * others), others - 1)];
            if (partner == sourceRows[i])
                partner = _seeds.Rows[start + others];
            double share = others == 0 ? 0 : random.Uniform(number, 1), rest = 1 - share;
            // A mix of independent residuals has less variance than each; this undoes it.
            double scale = _scale / Math.Sqrt(share * share + rest * rest);
            ReadOnlySpan<double> own = Of(sourceRows[i]), other = Of(partner);
            Span<double> row = rows.Slice(i * width, width);
            for (int j = 0; j < width; j++)
                row[j] = _columns[j].ToValid(row[j] + scale * (rest * own[j] + share * other[j]));
        }
    }

    ReadOnlySpan<double> Of(int row) => _residuals.AsSpan(row * _columns.Count, _columns.Count);
}

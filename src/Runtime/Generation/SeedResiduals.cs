namespace LeoCvae;

/// <summary>
/// What decoding loses of the training rows: x - decoder(mu), kept while the table is at hand and never stored. A synthetic row gets its
/// seed's residual, mixed at a random share with that of one of the seed's k nearest rows of the class, and with it the fine structure that
/// a decoder smooths away. k is that of the entropy. Immutable and thread-safe.
/// </summary>
sealed class SeedResiduals
{
    readonly SeedBank _seeds;
    readonly NumberCodec _codec;
    readonly int _width;
    readonly double _scale;
    // n x d, in the order of the seeds.
    readonly double[] _residuals;
    // Place of each training row among its class's seeds.
    readonly int[] _places;
    readonly ClassNeighbors?[] _classes;

    /// <param name="columns">The model's columns.</param>
    /// <param name="sampling">How the model samples.</param>
    /// <param name="seeds">The model's seeds.</param>
    /// <param name="training">The table that the model was fitted on.</param>
    /// <param name="decodedMeans">n x d, what the seeds decode to without noise.</param>
    /// <param name="rowsToAdd">Rows that each class of the model is to get; a class that gets none is left out.</param>
    /// <param name="threads">Threads of the neighbor search; -1 is all cores.</param>
    /// <param name="cancellation">Stops the neighbor search.</param>
    public SeedResiduals(
        IReadOnlyList<ColumnSpec> columns, ManifestSampling sampling, SeedBank seeds, Table training, double[] decodedMeans,
        IReadOnlyList<int> rowsToAdd, int threads, CancellationToken cancellation)
    {
        (_seeds, _codec, _width, _scale) = (seeds, new(columns), columns.Count, sampling.ResidualScale);
        _residuals = new double[decodedMeans.Length];
        _places = new int[_seeds.Rows.Count];
        for (int seed = 0; seed < _seeds.Rows.Count; seed++)
            for (int j = 0; j < _width; j++)
                _residuals[seed * _width + j] = training.Row(_seeds.Rows[seed])[j] - decodedMeans[seed * _width + j];
        TableEncoder encoder = TableEncoder.Fit(training);
        Matrix x = encoder.Encode(training);
        _classes = new ClassNeighbors?[rowsToAdd.Count];
        for (int c = 0; c < _classes.Length; c++)
        {
            (int start, int count) = (_seeds.Starts[c], _seeds.Starts[c + 1] - _seeds.Starts[c]);
            for (int place = 0; place < count; place++)
                _places[_seeds.Rows[start + place]] = place;
            if (rowsToAdd[c] == 0 || count < 2)
                continue;
            Matrix own = new(count, x.Columns);
            for (int place = 0; place < count; place++)
                x[_seeds.Rows[start + place]].CopyTo(own.Row(place));
            NeighborLists lists = ExactNeighbors.AllRows(own, Math.Min(sampling.ResidualNeighbors, count - 1), threads, cancellation);
            _classes[c] = new(lists, Correlation(start, count, lists, encoder));
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
        (int start, int width, ClassNeighbors? neighbors) = (_seeds.Starts[classIndex], _width, _classes[classIndex]);
        for (int i = 0; i < sourceRows.Length; i++)
        {
            int place = _places[sourceRows[i]], partner = place;
            // A class's only seed has but its own residual.
            (double share, double scale) = (0, _scale);
            if (neighbors is not null)
            {
                ulong number = CounterRandom.Row(classIndex, first + i);
                ReadOnlySpan<int> near = neighbors.Lists.Ids(place);
                partner = near[Math.Min((int)(random.Uniform(number, 0) * near.Length), near.Length - 1)];
                share = random.Uniform(number, 1);
                // A mix has less variance than each of two residuals that are not the same; this undoes it.
                scale /= Math.Sqrt(share * share + (1 - share) * (1 - share) + 2 * share * (1 - share) * neighbors.Correlation);
            }
            ReadOnlySpan<double> own = Of(start + place), other = Of(start + partner);
            Span<double> row = rows.Slice(i * width, width);
            for (int j = 0; j < width; j++)
                row[j] = _codec.Valid(j, row[j] + scale * ((1 - share) * own[j] + share * other[j]));
        }
    }

    ReadOnlySpan<double> Of(int seed) => _residuals.AsSpan(seed * _width, _width);

    // Mean product of a row's residual and its neighbors', standardized, over the mean square: 0 to 1.
    double Correlation(int start, int count, NeighborLists lists, TableEncoder encoder)
    {
        (double products, double squares) = (0, 0);
        for (int place = 0; place < count; place++)
        {
            ReadOnlySpan<double> own = Of(start + place);
            for (int j = 0; j < own.Length; j++)
            {
                double sum = 0;
                foreach (int near in lists.Ids(place))
                    sum += Of(start + near)[j];
                double scaled = own[j] / encoder.Scale[j];
                products += scaled * (sum / lists.K / encoder.Scale[j]);
                squares += scaled * scaled;
            }
        }
        return squares > 0 ? Math.Clamp(products / squares, 0, 1) : 1;
    }

    // Neighbors by place among the class's seeds, and how alike the residuals of neighbors are.
    sealed record ClassNeighbors(NeighborLists Lists, double Correlation);
}

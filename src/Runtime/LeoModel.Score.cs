namespace LeoCvae;

public sealed partial class LeoModel
{
    /// <summary>
    /// Scores new rows against the training rows that the model keeps: the Local Entropy Score and the class frequencies among the k
    /// nearest training rows. Labels, if there are any, are not looked at. A training row that is given finds itself among its neighbors.
    /// </summary>
    /// <param name="table">Rows with the model's feature columns, with labels or without.</param>
    /// <param name="neighbors">k, at least 1, clamped to the number of training rows; null is the k of the fit.</param>
    /// <param name="search">Auto, Exact or Hnsw; an approximate search is measured, and replaced by the exact one below a recall of
    /// 0.99.</param>
    /// <param name="cancellation">Stops the search.</param>
    /// <exception cref="ArgumentException">The table doesn't fit the model, k is below 1, or the search is not for new rows.</exception>
    /// <exception cref="InvalidOperationException">The model keeps no training rows; it says what to do.</exception>
    /// <exception cref="InvalidDataException">The kept rows are damaged.</exception>
    public EntropyScores Score(Table table, int? neighbors = null, NeighborSearch search = NeighborSearch.Auto,
        CancellationToken cancellation = default)
    {
        using Lifetime.Use use = _lifetime.Enter();
        table = RequireSameColumns(table, withLabels: false);
        ReferenceRows reference = _package.Reference ?? throw WithoutReference();
        using Instruments.Call call = Instruments.Score();
        EntropyScores scores = reference.Score(table, neighbors ?? reference.DefaultNeighbors, search, _options.MaxDegreeOfParallelism,
            cancellation);
        call.Done(table.RowCount);
        return scores;
    }

    /// <summary>
    /// Scores one row: as <see cref="Score(Table, int?, NeighborSearch, CancellationToken)"/>, but where the kept rows are so many that a
    /// graph is searched, nothing measures what it missed. Allocates nothing once a thread has called it.
    /// </summary>
    /// <param name="row">d cells in the order of <see cref="Schema"/>: numbers in original units, indices of the model's categories, NaN
    /// where a value is missing.</param>
    /// <param name="frequencies">Receives the share of each class among the neighbors, C values.</param>
    /// <param name="neighbors">k, at least 1, clamped to the number of training rows; null is the k of the fit.</param>
    /// <returns>The Local Entropy Score in bits, 0 to log2(C).</returns>
    /// <exception cref="ArgumentException">A length is wrong, a cell is none of its column's, or k is below 1.</exception>
    /// <exception cref="InvalidOperationException">The model keeps no training rows; it says what to do.</exception>
    public double Score(ReadOnlySpan<double> row, Span<double> frequencies, int? neighbors = null)
    {
        using Lifetime.Use use = _lifetime.Enter();
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbors ?? 1, 1, nameof(neighbors));
        if (RowsOf(row, nameof(row)) != 1)
            throw Fault.Argument(nameof(row), $"got {row.Length} cells, expected {Schema.Columns.Count}, one row");
        if (frequencies.Length != Schema.Classes.Count)
            throw Fault.Argument(nameof(frequencies), $"got room for {frequencies.Length} shares, expected {Schema.Classes.Count}");
        ReferenceRows reference = _package.Reference ?? throw WithoutReference();
        using Instruments.Call call = Instruments.Score();
        double bits = reference.Score(row, neighbors ?? reference.DefaultNeighbors, Schema, frequencies);
        call.Done(1);
        return bits;
    }

    // How many rows there are, each cell one that its column can have.
    int RowsOf(ReadOnlySpan<double> rows, string parameter)
    {
        int width = Schema.Columns.Count;
        if (rows.Length % width != 0)
            throw Fault.Argument(parameter, $"got {rows.Length} cells, expected rows of {width}");
        Table.RequireCells(Schema, rows, parameter);
        return rows.Length / width;
    }

    InvalidOperationException WithoutReference() => new(HasReference
        ? $"the model was loaded without its {ModelFormat.Reference}; load the whole folder"
        : $"the model keeps none of its {Manifest.Provenance.Rows} training rows, which scoring, and embedding rows without labels, " +
            $"need; fit it with a reference (TrainingOptions.WithReference, train --with-reference)");
}

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
        return reference.Score(table, neighbors ?? reference.DefaultNeighbors, search, _options.MaxDegreeOfParallelism, cancellation);
    }

    InvalidOperationException WithoutReference() => new(HasReference
        ? $"the model was loaded without its {ModelFormat.Reference}; load the whole folder"
        : $"the model keeps none of its {Manifest.Provenance.Rows} training rows, which scoring, and embedding rows without labels, " +
            $"need; fit it with a reference (TrainingOptions.WithReference, train --with-reference)");
}

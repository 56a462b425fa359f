namespace LeoCvae;

/// <summary>The synthetic rows that a strategy gives each class of a table. Immutable and thread-safe.</summary>
public sealed record SamplingPlan
{
    /// <summary>Rows to add, in the order of <see cref="TableSchema.Classes"/>.</summary>
    public required IReadOnlyList<int> RowsToAdd { get; init; }

    /// <summary>Rows that the strategy asked for before the cap.</summary>
    public required long RowsWanted { get; init; }

    /// <summary>Whether the cap on added rows cut the strategy short.</summary>
    public bool IsCapped => RowsToAdd.Sum(rows => (long)rows) < RowsWanted;
}

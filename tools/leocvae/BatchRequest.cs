namespace LeoCvae.Cli;

/// <summary>What is asked of the reader of a table that goes with a model.</summary>
/// <param name="Columns">What columns are read as.</param>
/// <param name="Target">The label column.</param>
/// <param name="Labels">What is done about labels.</param>
/// <param name="Groups">The group column, or null.</param>
/// <param name="Source">How the table comes.</param>
sealed record BatchRequest(ColumnOptions Columns, string? Target, LabelUse Labels, string? Groups, SourceOptions Source)
{
    /// <summary>The rows that are read; null: all.</summary>
    public BatchRange? Part { get; init; }
}

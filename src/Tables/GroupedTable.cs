namespace LeoCvae;

/// <summary>A table, and which of its rows belong together (the samples of a patient, say). Immutable.</summary>
/// <param name="Table">The rows; the group column is none of the table's.</param>
/// <param name="Groups">The name of each row's group, without blanks around it; null for a row that stands for itself. Null where no group
/// column was asked for.</param>
public sealed record GroupedTable(Table Table, IReadOnlyList<string?>? Groups)
{
    /// <summary>How the labels of another file went with the rows; null where they are in the table itself.</summary>
    public JoinedLabels? Labels { get; init; }
}

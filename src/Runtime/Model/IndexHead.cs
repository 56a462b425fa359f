namespace LeoCvae;

/// <summary>What the file of an <see cref="EntropyIndex"/> says of itself.</summary>
sealed record IndexHead
{
    /// <summary>Name and version of the library that wrote it.</summary>
    public required string Producer { get; init; }

    /// <summary>The table's columns.</summary>
    public required ManifestSchema Schema { get; init; }

    /// <summary>Class names; the classes of rows point into this list.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The most neighbors that can be asked for, k.</summary>
    public required int Neighbors { get; init; }

    /// <summary>Rows of the table.</summary>
    public required int Rows { get; init; }

    /// <summary>Lists that a row is compared with.</summary>
    public required int Probes { get; init; }

    /// <summary>Share of true neighbors that are found so.</summary>
    public required double Recall { get; init; }

    /// <summary>Rows on which it was measured.</summary>
    public required int CheckedRows { get; init; }

    /// <summary>What the rows were read from, as whoever built the index calls it.</summary>
    public string? Source { get; init; }

    /// <summary>The columns and classes.</summary>
    public TableSchema ToSchema() => new(Schema.Columns, Schema.Target, Classes, Schema.TargetIndex);
}

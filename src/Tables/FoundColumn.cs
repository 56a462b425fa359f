namespace LeoCvae;

/// <summary>What a column of texts was found to be.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Cells">The cell of each text, by the text's index.</param>
/// <param name="Categories">Names of a category.</param>
/// <param name="Format">How dates are written.</param>
sealed record FoundColumn(ColumnKind Kind, double[] Cells, IReadOnlyList<string>? Categories = null, string? Format = null);

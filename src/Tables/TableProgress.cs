namespace LeoCvae;

/// <summary>How far the reading of a table is.</summary>
/// <param name="Rows">Rows so far.</param>
/// <param name="Share">The share of the file that is read, 0 to 1; null where its length isn't known, as that of a pipe.</param>
public readonly record struct TableProgress(long Rows, double? Share);

namespace LeoCvae;

/// <summary>Labelled rows of a file in which values may be missing: for what imputes them. A <see cref="Table"/> has none missing. Immutable by convention.</summary>
/// <param name="Columns">d feature names.</param>
/// <param name="Target">The label column's name.</param>
/// <param name="Values">n x d values in original units; NaN where one is missing, at least one number in each column.</param>
/// <param name="Labels">n class names.</param>
public sealed record IncompleteTable(IReadOnlyList<string> Columns, string Target, double[,] Values, IReadOnlyList<string> Labels);

namespace LeoCvae.Evaluation;

/// <summary>What a column's synthetic values are like. Immutable.</summary>
/// <param name="Column">Name of the column.</param>
/// <param name="Similarity">
/// 1 less the Kolmogorov-Smirnov statistic, of columns of few values and categories 1 less the total variation distance; missing values
/// imputed.
/// </param>
/// <param name="Invalid">Share of synthetic values that the column can't hold, see <see cref="SyntheticScores.InvalidValues"/>.</param>
/// <param name="Missing">Of a column of which training rows miss values, how many each class with synthetic rows misses.</param>
sealed record ColumnScores(string Column, double Similarity, double Invalid, IReadOnlyList<MissingRates> Missing);

/// <summary>Shares of a class's rows that miss a column's value.</summary>
/// <param name="Class">Name of the class.</param>
/// <param name="Real">Of its training rows.</param>
/// <param name="Synthetic">Of its synthetic rows.</param>
sealed record MissingRates(string Class, double Real, double Synthetic);

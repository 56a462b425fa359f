namespace LeoCvae;

/// <summary>Some rows of a table that is read a batch at a time.</summary>
/// <param name="Table">The rows; ranges, categories and classes are those of these rows.</param>
/// <param name="Groups">The name of each row's group; null for a row that stands for itself. Null where no group column was asked
/// for.</param>
/// <param name="FirstRow">The number of the first of them in the whole table.</param>
public sealed record TableBatch(Table Table, IReadOnlyList<string?>? Groups, long FirstRow);

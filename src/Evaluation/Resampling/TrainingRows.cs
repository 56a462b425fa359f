using System.Globalization;

namespace LeoCvae.Evaluation;

/// <summary>
/// The training part of a fold. Only cross-validation makes one, so that a resampler or classifier can't be handed test rows. Immutable and
/// thread-safe.
/// </summary>
public sealed class TrainingRows
{
    internal TrainingRows(Table table, object? owner = null, IReadOnlyList<string>? groups = null, Table? withMissing = null) =>
        (Table, Owner, Groups, WithMissing) = (table, owner, groups, withMissing ?? table);

    /// <summary>
    /// The rows, with ranges and classes learned from them alone; missing values imputed and features selected by them alone. Names of
    /// rows are no feature.
    /// </summary>
    public Table Table { get; }

    /// <summary>The same rows with their missing values, for a method that learns these.</summary>
    public Table WithMissing { get; }

    /// <summary>The name of each row's group, for a method that splits its rows again; null where each row stands for itself.</summary>
    public IReadOnlyList<string>? Groups { get; }

    /// <summary>
    /// As many rows of each class, drawn from the class with replacement. Copies of a row are of one group, so that a method that splits
    /// its rows again has them on one side.
    /// </summary>
    internal TrainingRows Bootstrap(ulong seed)
    {
        CounterRandom random = new(seed, RandomStream.Bootstrap);
        int[][] ofClass = [.. Table.Schema.Classes.Select((_, c) => Enumerable.Range(0, Table.RowCount)
            .Where(row => Table.Labels[row] == c).ToArray())];
        int[] rows = [.. ofClass.SelectMany((own, c) => own.Select((_, i) =>
            own[(int)((ulong)random.Word(CounterRandom.Row(c, i), 0) * (uint)own.Length >> 32)]))];
        return new(Table.Select(rows), Owner, [.. rows.Select(row => Groups?[row] ?? row.ToString(CultureInfo.InvariantCulture))],
            WithMissing == Table ? null : WithMissing.Select(rows));
    }

    /// <summary>The fold that they belong to; what is fitted on them may only be scored there.</summary>
    internal object? Owner { get; }
}

using System.Globalization;

namespace LeoCvae.Evaluation;

/// <summary>What to evaluate on: a labelled table, where values may be missing, and which of its rows belong together. Immutable and thread-safe.</summary>
public sealed class Dataset
{
    /// <summary>The rows of a table.</summary>
    /// <param name="table">Labelled rows; values may be missing.</param>
    /// <param name="groups">n names of what a row comes from (a patient, say); rows of one group are never both trained on and tested. Null: each row stands for itself.</param>
    /// <exception cref="ArgumentException">The table has no labels, or there are more or fewer groups than rows.</exception>
    public Dataset(Table table, IReadOnlyList<string>? groups = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        table.RequireLabels();
        Table = table;
        if (groups is null)
            return;
        if (groups.Count != table.RowCount)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"got {groups.Count} groups, expected {table.RowCount}"));
        ClassNames names = new();
        Groups = [.. groups.Select(names.IndexOf)];
    }

    /// <summary>The rows; NaN where a value is missing.</summary>
    public Table Table { get; }

    /// <summary>Group of each row, numbered from 0; null where each row stands for itself.</summary>
    internal int[]? Groups { get; }
}

namespace LeoCvae.Evaluation;

/// <summary>
/// What to evaluate on: a labeled table, where values may be missing, and which of its rows belong together. Immutable and thread-safe.
/// </summary>
public sealed class Dataset
{
    /// <summary>The rows of a table.</summary>
    /// <param name="table">Labeled rows; values may be missing.</param>
    /// <param name="groups">n names of what a row comes from (a patient, say): rows of one group are never both trained on and tested.
    /// A row without one, or all where this is null, stands for itself.</param>
    /// <exception cref="ArgumentException">The table has no labels, or there are more or fewer groups than rows.</exception>
    public Dataset(Table table, IReadOnlyList<string?>? groups = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        table.RequireLabels();
        Table = table;
        Groups = groups is null ? null : RowGroups.Number(groups, table.RowCount);
    }

    /// <summary>The rows; NaN where a value is missing.</summary>
    public Table Table { get; }

    Dataset(Table table, int[] groups) => (Table, Groups) = (table, groups);

    /// <summary>
    /// The same rows, of which those that are equal in all columns but the label belong together, and so do their groups.
    /// </summary>
    public Dataset GroupDuplicates()
    {
        int[] equal = EqualRows(), groups = Groups ?? [.. Enumerable.Range(0, Table.RowCount)];
        // The first row of each group, and of each set of equal rows; linked until none moves.
        int[] first = [.. Enumerable.Range(0, Table.RowCount)];
        for (bool moved = true; moved;)
        {
            int[] before = [.. first];
            foreach (int[] parts in (int[][])[equal, groups])
            {
                Dictionary<int, int> least = [];
                for (int row = 0; row < first.Length; row++)
                    least[parts[row]] = Math.Min(first[row], least.GetValueOrDefault(parts[row], int.MaxValue));
                for (int row = 0; row < first.Length; row++)
                    first[row] = least[parts[row]];
            }
            moved = !first.AsSpan().SequenceEqual(before);
        }
        Dictionary<int, int> numbers = [];
        return new(Table, [.. first.Select(row => numbers.TryGetValue(row, out int number) ? number : numbers[row] = numbers.Count)]);
    }

    /// <summary>Group of each row, numbered from 0; null where each row stands for itself.</summary>
    internal int[]? Groups { get; }

    /// <summary>How many groups there are; null where each row stands for itself.</summary>
    internal int? GroupCount => Groups?.Distinct().Count();

    /// <summary>For each row the same number as for all rows that equal it in all columns but the label.</summary>
    internal int[] EqualRows()
    {
        double[] values = Table.Values.ToArray();
        int width = Table.Schema.Columns.Count;
        Dictionary<ReadOnlyMemory<double>, int> numbers = new(RowComparer.Instance);
        int[] equal = new int[Table.RowCount];
        for (int row = 0; row < equal.Length; row++)
        {
            ReadOnlyMemory<double> cells = values.AsMemory(row * width, width);
            if (!numbers.TryGetValue(cells, out equal[row]))
                numbers[cells] = equal[row] = numbers.Count;
        }
        return equal;
    }
}

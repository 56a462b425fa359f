namespace LeoCvae.Cli;

/// <summary>What is said of a table that was read, gathered from all of it or batch by batch.</summary>
sealed class TableSummary
{
    readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    readonly List<string> _classes = [];
    readonly HashSet<string> _groups = new(StringComparer.Ordinal);
    ColumnSpec[] _columns = [];
    // Whether each cell is by one larger than the one above.
    bool[] _countsRows = [];
    double[] _last = [];
    string? _target;

    /// <summary>What is said of a whole table.</summary>
    public static TableSummary Of(Table table, IReadOnlyList<string?>? groups = null)
    {
        TableSummary summary = new();
        summary.Add(table, groups);
        return summary;
    }

    /// <summary>All columns, with those of which a value is missing in any row, and all classes.</summary>
    public TableSchema Schema => new(_columns, _target, _target is null ? [] : _classes);

    public long Rows { get; private set; }

    /// <summary>Rows of each class of the schema.</summary>
    public long[] ClassCounts => [.. _classes.Select(name => _counts[name])];

    /// <summary>Rows that are of no group.</summary>
    public long Alone { get; private set; }

    /// <summary>Groups, each row of none counted as one; null where no column was asked for.</summary>
    public long? Groups { get; private set; }

    /// <summary>Whether a column counts the rows.</summary>
    public bool CountsRows(int column) => _countsRows[column];

    /// <summary>Adds the next rows.</summary>
    public void Add(Table table, IReadOnlyList<string?>? groups)
    {
        TableSchema schema = table.Schema;
        if (Rows == 0)
        {
            (_columns, _target) = ([.. schema.Columns], schema.Target);
            (_countsRows, _last) = ([.. schema.Columns.Select(_ => true)], new double[_columns.Length]);
        }
        for (int j = 0; j < _columns.Length; j++)
        {
            if (schema.Columns[j].HasMissing)
                _columns[j] = _columns[j] with { HasMissing = true };
            for (int row = 0; _countsRows[j] && row < table.RowCount; row++)
            {
                double cell = table.Row(row)[j];
                _countsRows[j] = Rows + row == 0 || cell - _last[j] == 1;
                _last[j] = cell;
            }
        }
        int[] counts = table.ClassCounts();
        for (int c = 0; c < counts.Length; c++)
            if (!_counts.TryAdd(schema.Classes[c], counts[c]))
                _counts[schema.Classes[c]] += counts[c];
            else
                _classes.Add(schema.Classes[c]);
        if (groups is not null)
        {
            Alone += groups.Count(group => group is null);
            _groups.UnionWith(groups.OfType<string>());
            Groups = Alone + _groups.Count;
        }
        Rows += table.RowCount;
    }
}

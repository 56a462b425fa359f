namespace LeoCvae;

/// <summary>What a reader does about missing values; of the label column none may be missing.</summary>
public enum MissingUse
{
    /// <summary>They are cells like others: NaN.</summary>
    Learn = 0,

    /// <summary>They are filled in: by the median of a column's numbers or dates (the lower of two), its most frequent category.</summary>
    Impute = 1,

    /// <summary>A table with missing values is refused.</summary>
    Refuse = 2,
}

/// <summary>What a column is to be read as.</summary>
public sealed record ColumnChoice
{
    /// <summary>The kind; null leaves the column out of the table.</summary>
    public ColumnKind? Kind { get; init; }

    /// <summary>How dates or times are written, as a .NET custom format in the invariant culture (dd.MM.yyyy); null finds out.</summary>
    public string? Format { get; init; }

    /// <summary>All names that a category may have, in the order wanted; null takes those there are, in order of appearance.</summary>
    public IReadOnlyList<string>? Categories { get; init; }
}

/// <summary>How the columns of a file are read: by default as what they seem to be (docs/tables.md says by which rules).</summary>
public sealed record ColumnOptions
{
    /// <summary>What columns are to be read as, by name; a column that the file doesn't have is an error.</summary>
    public IReadOnlyDictionary<string, ColumnChoice> Columns { get; init; } = new Dictionary<string, ColumnChoice>();

    /// <summary>What is done about missing values; default: learn.</summary>
    public MissingUse Missing { get; init; }

    /// <summary>
    /// Columns with these names are of these kinds, where <see cref="Columns"/> says nothing else: those of a model, for a table that goes
    /// with it. Categories that are not known there may come, and dates may be written otherwise.
    /// </summary>
    public TableSchema? Like { get; init; }

    /// <summary>
    /// Reads <see cref="Columns"/> from JSON: {"columns": {"age": {"kind": "number"}, "when": {"kind": "date", "format": "dd.MM.yyyy"}}};
    /// kinds are number, category, date, date-time, identifier and drop. Other properties beside "columns" are not looked at.
    /// </summary>
    /// <exception cref="ArgumentException">The text is no such JSON.</exception>
    public static ColumnOptions FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return new() { Columns = SchemaJson.Read(json) };
    }
}

namespace LeoCvae;

/// <summary>What kinds of columns are called, and their names as options take them.</summary>
static class ColumnKinds
{
    /// <summary>The kind's name in files and tables.</summary>
    public static string Name(ColumnKind kind) => kind switch
    {
        ColumnKind.Numeric => "number",
        ColumnKind.Category => "category",
        ColumnKind.Date => "date",
        ColumnKind.DateTime => "date-time",
        _ => "identifier",
    };

    /// <summary>The same for what a column holds.</summary>
    public static string Plural(ColumnKind kind) => kind == ColumnKind.Category ? "categories" : Name(kind) + "s";

    /// <summary>How many columns there are of each kind, in words.</summary>
    public static string Count(IEnumerable<ColumnSpec> columns) => string.Join(", ", columns.GroupBy(column => column.Kind)
        .OrderBy(kind => kind.Key).Select(kind => $"{kind.Count()} {(kind.Count() == 1 ? Name(kind.Key) : Plural(kind.Key))}"));

    /// <summary>Names as an option takes them: separated by commas, quoted like CSV where they hold one, all of it for a shell.</summary>
    public static string List(IEnumerable<string> names)
    {
        string list = string.Join(',', names.Select(name => name.AsSpan().ContainsAny(',', '"')
            ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name));
        return list.All(character => char.IsLetterOrDigit(character) || character is ',' or '_' or '-' or '.' or '+' or ':' or '/') ? list
            : $"'{list.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}

using System.CommandLine;

namespace LeoCvae.Cli;

/// <summary>The options of every verb that reads a table: what its columns are.</summary>
sealed class TableArguments
{
    readonly Option<string> _schema = Verb.Text("--schema", "FILE.json", "Kinds of columns, as inspect DATA --json prints them");
    readonly Option<string[]> _categories = Names("--categories", "Take these columns as categories, their texts as names"),
        _numbers = Names("--numbers", "Take these columns as numbers"),
        _ids = Names("--ids", "These columns name the rows: no features; new rows get names of their own"),
        _drop = Names("--drop", "Leave these columns out: no features; their cells stay in real rows");
    readonly Option<string> _missing = Verb.Text("--missing", "M",
        "learn (default: missing values are values like others), impute (medians and most frequent categories) or refuse");
    readonly Option<string> _delimiter = Verb.Text("--delimiter", "C",
        "What separates the fields of a text: a character, or comma, semicolon, tab, pipe, space (default: by the extension)");
    readonly Option<string> _decimal = Verb.Text("--decimal", ",", "Decimals stand behind a comma: 1,5");
    readonly Option<bool> _transpose = new("--transpose")
    {
        Description = "Features (genes) stand in rows: the first field of each line is its name, the header names the samples"
    };
    readonly Option<bool> _rowNames = new("--row-names")
    {
        Description = "The first field of each line names the row, with no name in the header (R, pandas)"
    };
    readonly Option<string> _labels = Verb.Text("--labels", "FILE",
        "Take the labels from this file, by the ids of --id; rows without one are left out"),
        _id = Verb.Text("--id", "COLUMN", "The column of ids, in DATA and in the file of --labels; names of samples and rows get it");

    public TableArguments(Command verb)
    {
        foreach (Option option in All)
            verb.Add(option);
    }

    Option[] All => [_schema, _categories, _numbers, _ids, _drop, _missing, _delimiter, _decimal, _transpose,
        _rowNames, _labels, _id];

    /// <summary>The first of these options that was given, or null.</summary>
    public string? FirstGiven(ParseResult arguments) =>
        All.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>How the table's file is written.</summary>
    public SourceOptions Source(ParseResult arguments) => new()
    {
        Delimiter = arguments.GetValue(_delimiter) is string delimiter
            ? Values.Read(_delimiter.Name, () => SourceOptions.ParseDelimiter(delimiter)) : null,
        HasDecimalComma = HasDecimalComma(_decimal.Name, arguments.GetValue(_decimal)),
        IsTransposed = arguments.GetValue(_transpose),
        HasRowNames = arguments.GetValue(_rowNames),
        Labels = Labels(arguments),
        Id = arguments.GetValue(_id),
    };

    string? Labels(ParseResult arguments)
    {
        string? labels = arguments.GetValue(_labels), id = arguments.GetValue(_id);
        bool isShaped = arguments.GetValue(_transpose) || arguments.GetValue(_rowNames);
        if (labels is not null && id is null)
            throw new UsageException($"{_labels.Name} goes with {_id.Name} COLUMN, the ids by which rows and labels belong together");
        if (id is not null && labels is null && !isShaped)
            throw new UsageException(
                $"{_id.Name} goes with {_labels.Name}, {_transpose.Name} or {_rowNames.Name}; {_ids.Name} names columns of ids");
        if (labels is not null)
            Values.RequirePath(_labels.Name, labels, "file");
        return labels;
    }

    /// <summary>Reads what stands before decimals.</summary>
    public static bool HasDecimalComma(string option, string? sign) => sign switch
    {
        null or "." or "point" => false,
        "," or "comma" => true,
        _ => throw new ArgumentException($"{option}: got '{sign}', expected , or ."),
    };

    /// <summary>What was asked for.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="like">What the table goes with; its columns are read as what they are there.</param>
    public ColumnOptions Read(ParseResult arguments, TableSchema? like = null)
    {
        Dictionary<string, ColumnChoice> columns = new(StringComparer.Ordinal);
        if (arguments.GetValue(_schema) is string file)
            foreach ((string column, ColumnChoice choice) in Values.Read($"{_schema.Name}: '{file}'",
                () => ColumnOptions.FromJson(Values.Content(_schema.Name, file))).Columns)
                columns[column] = choice;
        // Options go before the file, but no two of them about one column.
        Dictionary<string, string> given = new(StringComparer.Ordinal);
        foreach ((Option<string[]> option, ColumnKind? kind) in (ReadOnlySpan<(Option<string[]>, ColumnKind?)>)
            [(_categories, ColumnKind.Category), (_numbers, ColumnKind.Numeric), (_ids, ColumnKind.Identifier), (_drop, null)])
            foreach (string column in (arguments.GetValue(option) ?? []).SelectMany(names => Values.Names(option.Name, names)))
            {
                if (!given.TryAdd(column, option.Name) && given[column] != option.Name)
                    throw new UsageException($"column '{column}' is given to {given[column]} and {option.Name}; give it to one of them");
                columns[column] = new() { Kind = kind };
            }
        return new() { Columns = columns, Missing = Missing(arguments.GetValue(_missing)), Like = like };
    }

    MissingUse Missing(string? name) => name switch
    {
        null or "learn" => MissingUse.Learn,
        "impute" => MissingUse.Impute,
        "refuse" => MissingUse.Refuse,
        _ => throw new ArgumentException($"{_missing.Name}: got '{name}', expected learn, impute or refuse" +
            NearestName.Question(name, ["learn", "impute", "refuse"])),
    };

    static Option<string[]> Names(string name, string description) => new(name) { HelpName = "NAMES", Description = description };
}

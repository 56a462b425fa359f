using System.Globalization;

namespace LeoCvae;

/// <summary>Which column of a file is which: features, the label, groups, and what is left out.</summary>
sealed class TableLayout
{
    /// <summary>The role of the label column.</summary>
    public const int Label = -1;

    const int LeftOut = -2, FewestInOrder = 4;

    readonly string _name, _where, _separated;

    /// <summary>Finds the columns.</summary>
    /// <param name="header">Their names.</param>
    /// <param name="line">The line of the header; 0 for none.</param>
    /// <param name="separated">How columns are told apart, for a message about too few.</param>
    /// <param name="request">What is asked.</param>
    public TableLayout(string[] header, long line, string separated, TableRequest request)
    {
        (string name, string? target, string? groups, LabelUse use, ColumnOptions options, _) = request;
        (Header, _name, _separated) = (header, name, separated);
        _where = line == 0 ? $"{name}: " : string.Create(CultureInfo.InvariantCulture, $"{name}: line {line}: ");
        TargetIndex = request.IsWithoutLabels ? -1 : target is null ? header.Length - 1 : Array.IndexOf(header, target);
        GroupIndex = groups is null ? -1 : Array.IndexOf(header, groups);
        RequireColumns(target, groups, use);
        RequireChoices(options);
        Roles = [.. header.Select((column, field) => field == TargetIndex ? Label
            : field == GroupIndex || options.Columns.GetValueOrDefault(column) is { Kind: null } ? LeftOut : 0)];
        Dictionary<string, ColumnSpec> like = new(StringComparer.Ordinal);
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        foreach (ColumnSpec column in options.Like?.Columns ?? [])
        {
            places.Add(column.Name, like.Count);
            like.Add(column.Name, column);
        }
        // In the order of what the table goes with, whatever that of the file.
        int[] fields = [.. Enumerable.Range(0, header.Length).Where(field => Roles[field] >= 0)
            .OrderBy(field => places.GetValueOrDefault(header[field], int.MaxValue))];
        foreach ((int feature, int field) in fields.Index())
            Roles[field] = feature;
        Columns = [.. fields.Select(field => header[field])];
        TargetPlace = TargetIndex < 0 ? -1 : Roles.Take(TargetIndex).Count(role => role >= 0);
        if (Columns.Count == 0)
            throw new InvalidDataException($"{name}: all feature columns are left out, expected at least one");
        Choices = [.. Columns.Select(options.Columns.GetValueOrDefault)];
        Like = [.. Columns.Select(like.GetValueOrDefault)];
    }

    /// <summary>Names of all columns.</summary>
    public string[] Header { get; }

    /// <summary>Names of the feature columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>What each column of the file is: the number of a feature, or below 0 the label, or what is in no table.</summary>
    public int[] Roles { get; }

    /// <summary>Places among all columns; -1 for none.</summary>
    public int TargetIndex { get; }

    public int GroupIndex { get; }

    /// <summary>The label's place among it and the features.</summary>
    public int TargetPlace { get; }

    /// <summary>What each feature was asked to be, or null.</summary>
    public ColumnChoice?[] Choices { get; }

    /// <summary>What each feature is elsewhere, or null.</summary>
    public ColumnSpec?[] Like { get; }

    /// <summary>Fails where the features aren't those that the table is to go with.</summary>
    public void RequireLike(TableSchema like)
    {
        if (like.FeatureMismatch(Columns) is string mismatch)
            throw new InvalidDataException($"{_name}: the table doesn't fit the model: {mismatch}");
    }

    /// <summary>From here on dates are written in the form that they had in the rows so far.</summary>
    /// <param name="schema">What the rows are.</param>
    /// <param name="texts">Their texts.</param>
    public void Hold(TableSchema schema, ColumnTexts texts)
    {
        for (int j = 0; j < Columns.Count; j++)
            if (texts[j] is { Count: > 0 } && schema.Columns[j] is { Format: string format } column && Choices[j]?.Format is null)
                Choices[j] = new() { Kind = column.Kind, Format = format };
    }

    /// <summary>Fails where a column that is to be added has a name that is taken, or that no file can hold.</summary>
    public void RequireNewColumns(IEnumerable<string> added)
    {
        HashSet<string> names = new(Header, StringComparer.Ordinal);
        foreach (string name in added)
        {
            TableSchema.RequireText("column", name, nameof(added));
            if (!names.Add(name))
                throw Fault.Argument(nameof(added), $"column '{name}' is to be added, but the table has a column of that name already");
        }
    }

    /// <summary>Whether a column's texts are needed from the first row on.</summary>
    public bool IsText(int column) => (Choices[column]?.Kind ?? Like[column]?.Kind) is not (null or ColumnKind.Numeric);

    void RequireChoices(ColumnOptions options)
    {
        string[] unknown = [.. options.Columns.Keys.Where(column => Array.IndexOf(Header, column) < 0)];
        if (unknown.Length > 0)
        {
            string meant = NearestName.Question(unknown[0], Header);
            throw new InvalidDataException($"{_name}: no column {TableSchema.Quote(unknown)}, for which a kind was " +
                $"given{(meant.Length > 0 ? meant : $"; the columns are {TableSchema.Quote(Header)}")}");
        }
        foreach ((int index, string what) in (ReadOnlySpan<(int, string)>)
            [(TargetIndex, "the label column"), (GroupIndex, "the group column")])
            if (index >= 0 && options.Columns.GetValueOrDefault(Header[index]) is { Kind: null })
                throw new InvalidDataException($"{_name}: column '{Header[index]}' is {what} and can't be left out" +
                    (index == TargetIndex ? "; --target names another label column" : ""));
    }

    void RequireColumns(string? target, string? groups, LabelUse use)
    {
        if (TargetIndex < 0 && use == LabelUse.Required)
            throw new InvalidDataException($"{_name}: no column '{target}' for the label; the columns are {TableSchema.Quote(Header)}");
        if (groups is not null && GroupIndex < 0)
            throw new InvalidDataException($"{_name}: no column '{groups}' for the groups; the columns are {TableSchema.Quote(Header)}");
        if (groups is not null && GroupIndex == TargetIndex)
        {
            (string why, string advice) = target is null ? (", the last one", "; --target names the label column") : ("", "");
            throw new InvalidDataException($"{_name}: column '{groups}' is the label column{why}, expected another one for the " +
                $"groups{advice}");
        }
        if (GroupIndex >= 0 && Header.Length == (TargetIndex < 0 ? 1 : 2))
        {
            string others = TargetIndex < 0 ? "the groups" : "the groups and the label";
            throw new InvalidDataException(
                $"{_name}: got the columns {TableSchema.Quote(Header)} only, expected at least one feature column beside {others}");
        }
        if (TargetIndex >= 0 && Header.Length < 2)
            throw new InvalidDataException($"{_name}: got the column '{Header[0]}' only, expected at least one feature column and the " +
                $"label column{_separated}");
        if (Array.IndexOf(Header, "") is int unnamed and >= 0)
            throw new InvalidDataException($"{_where}column {unnamed + 1} has no " +
                $"name{(unnamed == Header.Length - 1 ? "; is there a separator too many at the end of the line?"
                : unnamed == 0 ? "; if it holds row names or an index, --row-names takes them as ids, or remove it (pandas: " +
                    "index=False, R: row.names = FALSE)" : "")}");
        if (Header.GroupBy(column => column, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidDataException($"{_where}column '{twice.Key}' is given twice; names must be " +
                $"unique{(IsNumber(twice.Key) ? ". Is there a header line?" : "")}");
    }

    /// <summary>Fails where there is no header line: the first row would be taken for it and lost.</summary>
    /// <param name="columns">What the feature columns are.</param>
    /// <param name="schema">The table's, with its classes; null where all columns are features.</param>
    /// <param name="texts">The texts of columns that are no numbers.</param>
    public void RequireHeader(ColumnSpec[] columns, TableSchema? schema, ColumnTexts texts)
    {
        string? target = schema?.Target;
        bool areDates = columns.Any(column => column.Kind is ColumnKind.Date or ColumnKind.DateTime
            && DateText.TryRead(column.Kind, column.Format!, column.Name, out _));
        bool isClass = target is not null && schema!.Classes.Contains(target),
            isLabel = isClass || (target is not null && IsNumber(target) && schema!.Classes.All(IsNumber));
        if (!areDates && ((schema is not null && !isLabel)
            || !columns.Index().All(column => IsCell(column.Item, texts[column.Index]))))
            return;
        string kind = columns.All(column => column.Kind == ColumnKind.Numeric) ? "numbers" : "cells";
        // The numbers of the columns may be their names, and so may wavelengths or years.
        if (Header.All(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            && Header.Select(name => int.Parse(name, CultureInfo.InvariantCulture)).ToArray() is int[] numbers
                && numbers.Zip(numbers.Skip(1)).All(pair => pair.Second == pair.First + 1))
            return;
        if (!isClass && kind == "numbers" && Header.Length >= FewestInOrder
            && Header.Select(name => double.Parse(name, NumberStyles.Float, CultureInfo.InvariantCulture)).ToArray() is double[] axis
            && axis.Zip(axis.Skip(1)).All(pair => pair.Second > pair.First))
            return;
        string label = target is null || areDates ? ""
            : $" and the label column's, '{target}', is a {(isClass ? "class" : "number, too")}";
        throw new InvalidDataException($"{_where}the columns' names are {kind} ({TableSchema.Quote(Columns)}){label}: there seems to be " +
            $"no header line; add one");
    }

    // Whether a column's name could be one of its cells.
    static bool IsCell(ColumnSpec column, CellTexts? texts) => column.Kind switch
    {
        ColumnKind.Numeric => IsNumber(column.Name),
        _ => texts is not null && (texts.Contains(column.Name) || texts.HaveShapeOf(column.Name)),
    };

    static bool IsNumber(string name) => double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && double.IsFinite(value);
}

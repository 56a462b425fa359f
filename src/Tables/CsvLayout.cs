using System.Globalization;

namespace LeoCvae;

/// <summary>Which column of a file is which: features, the label, groups, and what is left out.</summary>
sealed class CsvLayout
{
    /// <summary>The role of the label column.</summary>
    public const int Label = -1;

    const int LeftOut = -2;

    readonly string _name, _where;
    readonly char _delimiter;

    public CsvLayout(string[] header, string name, int line, char delimiter, string? target, string? groups, LabelUse use,
        ColumnOptions options)
    {
        (Header, _name, _delimiter, _where) = (header, name, delimiter,
            string.Create(CultureInfo.InvariantCulture, $"{name}: line {line}: "));
        TargetIndex = target is null ? header.Length - 1 : Array.IndexOf(header, target);
        GroupIndex = groups is null ? -1 : Array.IndexOf(header, groups);
        RequireColumns(target, groups, use);
        RequireChoices(options);
        Roles = new int[header.Length];
        List<string> columns = [];
        for (int field = 0; field < header.Length; field++)
        {
            bool isLeftOut = field == GroupIndex || options.Columns.GetValueOrDefault(header[field]) is { Kind: null };
            Roles[field] = field == TargetIndex ? Label : isLeftOut ? LeftOut : columns.Count;
            if (Roles[field] >= 0)
                columns.Add(header[field]);
        }
        Columns = [.. columns];
        TargetPlace = TargetIndex < 0 ? -1 : Roles.Take(TargetIndex).Count(role => role >= 0);
        if (Columns.Count == 0)
            throw new InvalidDataException($"{name}: all feature columns are left out, expected at least one");
        Dictionary<string, ColumnSpec> like = new(StringComparer.Ordinal);
        foreach (ColumnSpec column in options.Like?.Columns ?? [])
            like.Add(column.Name, column);
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
        if (Header.Length == 1 && Header[0].Split([';', '\t', '|', ',']) is { Length: > 1 }
            && Header[0].FirstOrDefault(c => c is ';' or '\t' or '|' or ',') is char other)
            throw new InvalidDataException($"{_name}: got the column '{Header[0]}' only, expected at least one feature column and the " +
                $"label column, separated by '{Separator(_delimiter)}'; they seem to be separated by " +
                $"'{Separator(other)}'{(other == '\t' ? ": name the file .tsv" : "")}");
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
                $"label column, separated by '{Separator(_delimiter)}'");
        if (Array.IndexOf(Header, "") is int unnamed and >= 0)
            throw new InvalidDataException($"{_where}column {unnamed + 1} has no " +
                $"name{(unnamed == Header.Length - 1 ? "; is there a separator too many at the end of the line?"
                : unnamed == 0 ? "; if it holds row names or an index, remove it (pandas: index=False, R: row.names = FALSE)" : "")}");
        if (Header.GroupBy(column => column, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidDataException($"{_where}column '{twice.Key}' is given twice; names must be " +
                $"unique{(IsNumber(twice.Key) ? ". Is there a header line?" : "")}");
    }

    /// <summary>Fails where there is no header line: the first row would be taken for it and lost.</summary>
    public void RequireHeader(TableSchema schema)
    {
        if (schema.Target is not string target || !schema.Classes.Contains(target)
            || !schema.Columns.All(column => column.Categories?.Contains(column.Name) ?? IsNumber(column.Name)))
            return;
        string kind = schema.Columns.All(column => column.Kind == ColumnKind.Numeric) ? "numbers" : "cells";
        // The numbers of the columns may be their names.
        if (Header.All(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            && Header.Select(name => int.Parse(name, CultureInfo.InvariantCulture)).ToArray() is int[] numbers
                && numbers.Zip(numbers.Skip(1)).All(pair => pair.Second == pair.First + 1))
            return;
        throw new InvalidDataException($"{_name}: line 1: the columns' names are {kind} ({TableSchema.Quote(Columns)}) and the label " +
            $"column's, '{target}', is a class: there seems to be no header line; add one");
    }

    static bool IsNumber(string name) => double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && double.IsFinite(value);

    static string Separator(char delimiter) => delimiter == '\t' ? "tab" : delimiter.ToString();
}

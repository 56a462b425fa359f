using System.Text;

namespace LeoCvae;

/// <summary>The feature columns, the label column and the classes of a table. Immutable and thread-safe.</summary>
public sealed class TableSchema
{
    /// <summary>Describes a table.</summary>
    /// <param name="columns">Feature columns in order, at least one, names unique.</param>
    /// <param name="target">Name of the label column, not a feature's name; null for rows without labels, which have no classes.</param>
    /// <param name="classes">Class names in order of first appearance, unique.</param>
    /// <param name="targetIndex">Place of the label column among all columns of a file, from 0; null puts it last.</param>
    /// <exception cref="ArgumentException">
    /// A name is empty, given twice or no text (a NUL, a byte order mark, half of a surrogate pair), the label's place or a column's kind,
    /// decimals or range can't be, or there are classes without a label column.
    /// </exception>
    public TableSchema(IEnumerable<ColumnSpec> columns, string? target, IEnumerable<string> classes, int? targetIndex = null)
    {
        Columns = [.. columns];
        Target = target;
        Classes = [.. classes];
        TargetIndex = target is null ? -1 : targetIndex ?? Columns.Count;
        if (Columns.Count == 0)
            throw Fault.Argument(nameof(columns), $"a table needs at least one feature column beside its label column, got none");
        if (target is null && Classes.Count > 0)
            throw Fault.Argument(nameof(classes), $"got {Classes.Count} classes, expected none in a table without a label column");
        if (target is not null && (uint)TargetIndex > (uint)Columns.Count)
            throw Fault.Argument(nameof(targetIndex), $"the label column's place must lie in 0..{Columns.Count}, got {TargetIndex}");
        if (target?.Length == 0)
            throw Fault.Argument(nameof(target), $"the label column has no name");
        RequireText("the label column", target ?? "", nameof(target));

        HashSet<string> names = target is null ? new(StringComparer.Ordinal) : new(StringComparer.Ordinal) { target };
        foreach (ColumnSpec column in Columns)
        {
            if (string.IsNullOrEmpty(column?.Name))
                throw Fault.Argument(nameof(columns), $"a column has no name");
            RequireText("column", column.Name, nameof(columns));
            if (column.Decimals is < 0 or > ColumnSpec.MaxDecimals)
                throw Fault.Argument(nameof(columns),
                    $"column '{column.Name}': got {column.Decimals} decimals, expected 0 to {ColumnSpec.MaxDecimals} or none");
            if (!Enum.IsDefined(column.Kind))
                throw Fault.Argument(nameof(columns),
                    $"column '{column.Name}': got the kind {(int)column.Kind}, expected 0 to {(int)ColumnKind.Identifier}");
            RequireKind(column);
            if (!double.IsFinite(column.Minimum) || !double.IsFinite(column.Maximum))
                throw Fault.Argument(nameof(columns),
                    $"column '{column.Name}': got a range from {column.Minimum} to {column.Maximum}, expected finite numbers");
            if (!(column.Minimum <= column.Maximum))
                throw Fault.Argument(nameof(columns),
                    $"column '{column.Name}': got a range from {column.Minimum} to {column.Maximum}, expected the smaller first");
            if (column.Values is { } values
                && !(values.Count is >= 2 and <= ColumnSpec.MaxValues && values[0] == column.Minimum && values[^1] == column.Maximum
                && values.Zip(values.Skip(1)).All(pair => pair.First < pair.Second)))
                throw Fault.Argument(nameof(columns),
                    $"column '{column.Name}': its values don't ascend from its minimum to its maximum, or are " +
                    $"not 2 to {ColumnSpec.MaxValues}");
            if (!names.Add(column.Name))
                throw Fault.Argument(nameof(columns), $"column '{column.Name}' is given twice; names must be unique");
        }

        _classIndex = new(StringComparer.Ordinal);
        foreach (string name in Classes)
        {
            if (string.IsNullOrEmpty(name))
                throw Fault.Argument(nameof(classes), $"a class has no name");
            RequireText("class", name, nameof(classes));
            if (!_classIndex.TryAdd(name, _classIndex.Count))
                throw Fault.Argument(nameof(classes), $"class '{name}' is given twice");
        }
    }

    // What only some kinds have.
    static void RequireKind(ColumnSpec column)
    {
        bool isCategory = column.Kind == ColumnKind.Category, isDate = column.Kind is ColumnKind.Date or ColumnKind.DateTime;
        if (isCategory != column.Categories is not null || isDate != column.Format is not null)
            throw Fault.Argument("columns",
                $"column '{column.Name}': got {(column.Categories is null ? "no categories" : "categories")} and " +
                $"{(column.Format is null ? "no format" : "a format")} for the kind {column.Kind}, expected categories for Category only " +
                $"and a format for Date and DateTime only");
        if (isDate && !DateText.IsFormat(column.Kind, column.Format!))
            throw Fault.Argument("columns",
                $"column '{column.Name}': got the format '{VisibleText.Name(column.Format!)}', expected a custom format of .NET for a " +
                $"{ColumnKinds.Name(column.Kind)}, such as yyyy-MM-dd{(column.Kind == ColumnKind.Date ? "" : " HH:mm:ss")}");
        if (isDate && DateText.Range(column.Kind) is var (least, most) && !(column.Minimum >= least && column.Maximum <= most))
            throw Fault.Argument("columns",
                $"column '{column.Name}': got a range from {column.Minimum} to {column.Maximum}, expected dates from {least} " +
                $"(0001-01-01) to {most} (9999-12-31)");
        if (column.Categories is not { } categories)
            return;
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (string name in categories)
        {
            RequireText($"column '{column.Name}': category", name ?? "", "columns");
            if (!names.Add(name ?? ""))
                throw Fault.Argument("columns", $"column '{column.Name}': category '{VisibleText.Name(name ?? "")}' is given twice");
        }
        if (column.Minimum != 0 || column.Maximum != Math.Max(0, categories.Count - 1) || column.Values is not null)
            throw Fault.Argument("columns",
                $"column '{column.Name}': got a range from {column.Minimum} to {column.Maximum} for {categories.Count} categories, " +
                $"expected 0 to {Math.Max(0, categories.Count - 1)} and no values");
    }

    /// <summary>Fails where no text file can hold a name, or not everywhere in it.</summary>
    internal static void RequireText(string kind, string name, string parameter)
    {
        string? what = name.Contains('\0') ? "has a NUL character"
            : name.Contains('\uFEFF') ? "has a byte order mark"
            : name.EnumerateRunes().Count(rune => rune == Rune.ReplacementChar) > name.Count(character => character == '\uFFFD')
                ? "has half of a surrogate pair"
            : null;
        if (what is not null)
            throw Fault.Argument(parameter, $"{kind} '{VisibleText.Name(name)}' {what}");
    }

    readonly Dictionary<string, int> _classIndex;

    /// <summary>Feature columns in order.</summary>
    public IReadOnlyList<ColumnSpec> Columns { get; }

    /// <summary>Name of the label column; null in a table without labels.</summary>
    public string? Target { get; }

    /// <summary>Place of the label column among all columns of a file, from 0; -1 in a table without labels.</summary>
    public int TargetIndex { get; }

    /// <summary>Class names in order of first appearance; a class index points into this list.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The index of a class.</summary>
    /// <exception cref="ArgumentException">The class is not one of <see cref="Classes"/>.</exception>
    public int ClassIndex(string name) => _classIndex.TryGetValue(name, out int index)
        ? index
        : throw Fault.Argument(nameof(name), $"unknown class '{name}'; the classes of '{Target}' are {Quote(Classes)}");

    /// <summary>Says in one line how the columns of another table differ, or null where they agree in name and order.</summary>
    public string? Mismatch(TableSchema other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Target != Target)
            return $"label column: got {(other.Target is null ? "none" : $"'{other.Target}'")}, expected '{Target}'";
        return FeatureMismatch(other);
    }

    /// <summary>The same for the feature columns alone, whatever the labels.</summary>
    internal string? FeatureMismatch(TableSchema other) => FeatureMismatch([.. other.Columns.Select(column => column.Name)]);

    /// <summary>The same for the names of feature columns.</summary>
    internal string? FeatureMismatch(IReadOnlyList<string> names)
    {
        string[] own = [.. Columns.Select(column => column.Name)];
        string[] surplus = [.. names.Except(own, StringComparer.Ordinal)], missing = [.. own.Except(names, StringComparer.Ordinal)];
        string? without = missing.Length == 0 ? null
            : $"the column{(missing.Length == 1 ? "" : "s")} {Quote(missing)} {(missing.Length == 1 ? "is" : "are")} missing" +
                $"{(NearestName.Of(missing[0], surplus) is string near ? $" (is '{VisibleText.Name(near)}' meant?)" : "")}";
        string? with = surplus.Length == 0 ? null
            : $"got the column{(surplus.Length == 1 ? "" : "s")} {Quote(surplus)}, which {(surplus.Length == 1 ? "is" : "are")} not " +
                $"expected; --drop {ColumnKinds.List(surplus)} leaves {(surplus.Length == 1 ? "it" : "them")} out";
        if (without is not null || with is not null)
            return string.Join("; ", new[] { without, with }.OfType<string>());
        for (int i = 0; i < own.Length; i++)
            if (names[i] != own[i])
                return $"feature column {i + 1}: got '{names[i]}', expected '{own[i]}'";
        return null;
    }

    internal static string Quote(IReadOnlyList<string> names)
    {
        const int Shown = 8, LongestName = 100;
        string list = string.Join(", ", names.Take(Shown).Select(name => $"'{VisibleText.Cut(name, LongestName)}'"));
        return names.Count > Shown ? $"{list} and {names.Count - Shown} more" : list;
    }
}

using System.Text;

namespace LeoCvae;

/// <summary>
/// Parses a CSV file into feature columns and one label column. Columns are numbers until a cell is none; the few rows before it are then
/// read again for their texts, and at the end the texts say what the column is.
/// </summary>
sealed class CsvReader
{
    readonly CsvRecords _records;
    readonly string _name;
    readonly char _delimiter;
    readonly LabelUse _use;
    readonly TableLayout _layout;
    readonly int[] _roles;
    readonly MissingUse _missingUse;
    readonly List<string?>? _groups;
    readonly double[] _values;
    // The decimals that a row's numbers need, and from which row on a column's cells are texts.
    readonly int[] _decimals, _firstText;
    readonly ColumnTexts _texts;
    readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _labels =
        new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    readonly char[] _label = new char[ColumnTexts.LongestName];
    int _rows;
    // The label column is there, and blank in all rows.
    bool _isUnlabeled;

    CsvReader(CsvRecords records, string name, char delimiter, string? target, string? groups, LabelUse use, ColumnOptions options)
    {
        (_records, _name, _delimiter, _use, _missingUse) = (records, name, delimiter, use, options.Missing);
        if (!records.Next())
            throw new InvalidDataException($"{name}: the file is empty, expected a header line and rows");
        string[] header = new string[records.FieldCount];
        for (int i = 0; i < header.Length; i++)
            header[i] = Text(i, records.Field(i));
        RequireDelimiter(header);
        _layout = new(header, name, records.Line, $", separated by '{Separator(delimiter)}'", target, groups, use, options);
        _roles = _layout.Roles;
        _groups = groups is null ? null : [];
        int width = _layout.Columns.Count;
        (_values, _decimals, _firstText, _texts) = (new double[width], new int[width], new int[width], new(_layout, name));
        for (int column = 0; column < width; column++)
            if (_layout.IsText(column))
                _texts.Begin(column);
    }

    /// <summary>Reads a table.</summary>
    /// <param name="content">The text.</param>
    /// <param name="again">Opens it anew; null for a stream that is read once, whose bytes are kept until the end.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="delimiter">Between fields.</param>
    /// <param name="target">The label column; null: the last.</param>
    /// <param name="groups">The group column; null: none.</param>
    /// <param name="use">What is done about labels.</param>
    /// <param name="options">How columns are read.</param>
    public static GroupedTable Read(Stream content, Func<Stream>? again, string name, char delimiter, string? target, string? groups,
        LabelUse use, ColumnOptions? options) =>
        Parse(content, name, delimiter, target, groups, use, options, (reader, mark) =>
            new GroupedTable(reader.ReadTable(again is null ? reader.Keep(mark) : null, again, out _), reader._groups));

    /// <summary>Reads a table and keeps the bytes of its records.</summary>
    public static CsvDocument ReadDocument(Stream content, string name, char delimiter, string? target, string? groups, LabelUse use,
        ColumnOptions? options) =>
        Parse(content, name, delimiter, target, groups, use, options, CsvDocument (reader, mark) =>
        {
            RecordBytes kept = reader.Keep(mark);
            Table table = reader.ReadTable(kept, null, out WrittenColumn[] columns);
            return new(new(table, reader._groups), reader._layout, kept, columns, delimiter);
        });

    static T Parse<T>(Stream content, string name, char delimiter, string? target, string? groups, LabelUse use, ColumnOptions? options,
        Func<CsvReader, bool, T> read)
    {
        CsvRecords records = new(content, (byte)delimiter);
        try
        {
            ReadOnlySpan<byte> start = records.Peek();
            bool hasMark = start.StartsWith(Encoding.UTF8.Preamble);
            if (ForeignFormat.Advice(hasMark ? start[3..] : start) is string advice)
                throw new InvalidDataException($"{name}: this is {advice}");
            records.Skip(hasMark ? 3 : 0);
            return read(new(records, name, delimiter, target, groups, use, options ?? new()), hasMark);
        }
        catch (FormatException e)
        {
            throw new InvalidDataException($"{name}: line {records.Line}: {e.Message}", e);
        }
        catch (InvalidDataException e) when (!e.Message.StartsWith(name, StringComparison.Ordinal))
        {
            // Of the decompressor.
            throw new InvalidDataException($"{name}: {e.Message}", e);
        }
    }

    bool IsLabeled => _layout.TargetIndex >= 0 && _use != LabelUse.Ignored && !_isUnlabeled;

    string? Target => IsLabeled ? _layout.Header[_layout.TargetIndex] : null;

    // Starts with the header, which is the record at hand.
    RecordBytes Keep(bool hasMark)
    {
        RecordBytes kept = new(_records.LineEnd.IsEmpty ? [(byte)'\n'] : _records.LineEnd.ToArray());
        kept.Add([.. hasMark ? Encoding.UTF8.Preamble : [], .. _records.Content], _records.LineEnd);
        return kept;
    }

    Table ReadTable(RecordBytes? kept, Func<Stream>? again, out WrittenColumn[] written)
    {
        TableBuilder? builder = null;
        while (_records.Next())
        {
            string? label = ReadRow();
            builder ??= new(_layout.Columns, Target, _layout.TargetPlace, allowMissing: true);
            builder.AddRow(_values, _decimals, label);
            kept?.Add(_records.Content, _records.LineEnd);
            _rows++;
        }
        if (builder is null)
            throw new InvalidDataException($"{_name}: got a header line only, expected rows");
        (ColumnSpec[] columns, double[] values, int[] labels, IReadOnlyList<string> classes) = builder.Take();
        if (_firstText.Max() is int rows and > 0)
            ReadAgain(values, rows, kept is null ? again! : kept.Open);
        _texts.FindKinds(columns, values, _missingUse);
        TableSchema schema = new(columns, Target, classes, Target is null ? null : _layout.TargetPlace);
        _layout.RequireHeader(schema);
        written = _texts.Written(schema);
        return new Table(schema, values, labels, null, null);
    }

    // Its values are NaN where they are missing, and the numbers of texts in columns that have such.
    string? ReadRow()
    {
        if (_records.FieldCount != _roles.Length)
            throw At(null, $"got {_records.FieldCount} fields, expected {_roles.Length} as in the header{Surplus()}");
        bool isPlain = Ascii.IsValid(_records.Content) && !_records.Content.Contains((byte)0);
        for (int field = 0; field < _roles.Length; field++)
        {
            ReadOnlySpan<byte> cell = _records.Field(field);
            if (!isPlain)
                RequireText(field, cell);
            if (_roles[field] is int column and >= 0)
                ReadCell(column, cell);
            else if (field == _layout.GroupIndex)
                _groups!.Add(Group(cell));
        }
        return _layout.TargetIndex < 0 || _use == LabelUse.Ignored ? null : ReadLabel(_records.Field(_layout.TargetIndex));
    }

    string? ReadLabel(ReadOnlySpan<byte> label)
    {
        bool isMissing = MissingValue.Is(label.Trim(" \t\r\n"u8));
        if (_use == LabelUse.Optional && _rows == 0)
            _isUnlabeled = isMissing;
        string column = _layout.Header[_layout.TargetIndex];
        if (_isUnlabeled)
            return isMissing ? null : throw At(column,
                $"got the label '{VisibleText.Start(label)}', expected none as in the rows before it: give every row its label, or none");
        if (isMissing)
        {
            string got = label.IsEmpty ? "an empty label" : $"the label '{VisibleText.Start(label)}', which stands for a missing value";
            string advice = label.Trim(" \t\r\n"u8).IsEmpty ? "" : ", or rename the class if it is one";
            throw At(column, $"got {got}, expected a class name; fill it in or leave the row out{advice}");
        }
        return Text(_layout.TargetIndex, label);
    }

    // Blanks around a name would part what belongs together; a row without one stands for itself.
    string? Group(ReadOnlySpan<byte> cell)
    {
        ReadOnlySpan<byte> name = cell.Trim(" \t\r\n"u8);
        return MissingValue.Is(name) ? null : Text(_layout.GroupIndex, name);
    }

    void ReadCell(int column, ReadOnlySpan<byte> cell)
    {
        // Trimming costs as much as parsing does, and is seldom needed.
        ReadOnlySpan<byte> number = cell.Length > 0 && cell[0] > ' ' && cell[^1] > ' ' ? cell : cell.Trim(" \t\r\n"u8);
        if (MissingValue.Is(number))
        {
            _values[column] = double.NaN;
            _texts.AddMissing(column, cell, _rows, _records.Line);
        }
        else if (_texts[column] is null && (NumberText.TryReadPlain(number, out _values[column])
            || NumberText.Read(number, out _values[column]) == NumberTextKind.Number))
        {
            _decimals[column] = TableBuilder.DecimalsOf(number);
            _texts.AddNumber(column, number);
        }
        else
        {
            if (_texts[column] is null)
                _firstText[column] = _rows;
            _values[column] = (_texts[column] ?? _texts.Begin(column)).Add(cell, _rows, _records.Line);
        }
    }

    // The texts of the rows before the first that is no number.
    void ReadAgain(double[] values, int rows, Func<Stream> open)
    {
        using Stream content = open();
        CsvRecords records = new(content, (byte)_delimiter);
        records.Skip(records.Peek().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0);
        records.Next();
        int[] fields = [.. Enumerable.Range(0, _roles.Length).Where(field => _roles[field] >= 0 && _firstText[_roles[field]] > 0)];
        int width = _layout.Columns.Count;
        for (int row = 0; row < rows; row++)
        {
            if (!records.Next() || records.FieldCount != _roles.Length)
                throw new InvalidDataException($"{_name}: the file changed while it was read");
            foreach (int field in fields)
                if (_roles[field] is int column && row < _firstText[column] && !double.IsNaN(values[(row * width) + column]))
                    values[(row * width) + column] = _texts[column]!.Add(records.Field(field), row, records.Line);
        }
    }

    string Surplus() => _records.FieldCount != _layout.Header.Length + 1 ? ""
        : _records.Field(_layout.Header.Length).IsEmpty ? "; is there a separator too many at the end of the line?"
        : _rows == 0 ? "; if the first field names the row, remove it (R: row.names = FALSE)" : "";

    string Text(int field, ReadOnlySpan<byte> cell)
    {
        RequireText(field, cell);
        if (ColumnTexts.NameFault(cell) is string fault)
            throw new FormatException(fault);
        ReadOnlySpan<char> text = _label.AsSpan(0, Encoding.UTF8.GetChars(cell, _label));
        if (!_labels.TryGetValue(text, out string? known))
            _labels[text] = known = text.ToString();
        return known;
    }

    static void RequireText(int field, ReadOnlySpan<byte> cell)
    {
        if (ColumnTexts.Fault(cell) is string fault)
            throw new FormatException($"field {field + 1}: {fault}");
    }

    void RequireDelimiter(string[] header)
    {
        if (header.Length == 1 && header[0].Split([';', '\t', '|', ',']) is { Length: > 1 }
            && header[0].FirstOrDefault(c => c is ';' or '\t' or '|' or ',') is char other)
            throw new InvalidDataException($"{_name}: got the column '{header[0]}' only, expected at least one feature column and the " +
                $"label column, separated by '{Separator(_delimiter)}'; they seem to be separated by " +
                $"'{Separator(other)}'{(other == '\t' ? ": name the file .tsv" : "")}");
    }

    static string Separator(char delimiter) => delimiter == '\t' ? "tab" : delimiter.ToString();

    InvalidDataException At(string? column, string what) =>
        new($"{_name}: {CellTexts.Place(_rows, _records.Line)}{(column is null ? "" : $", column '{column}'")}: {what}");
}

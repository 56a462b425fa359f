using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Unicode;

namespace LeoCvae;

/// <summary>Parses a CSV file into numeric columns and one label column.</summary>
sealed class CsvReader
{
    const int LongestLabel = 1 << 12, LongestNumber = 1000;
    // From there on a double doesn't hold every whole number.
    const double LargestWhole = 1L << 53;
    // More than any number needs.
    const int MostWrittenDecimals = 20;
    const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    static readonly SearchValues<byte> Separated = SearchValues.Create(" +-0123456789.,'_"u8);
    static readonly SearchValues<byte> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    readonly CsvRecords _records;
    readonly string _name;
    readonly char _delimiter;
    readonly bool _allowMissing;
    readonly string[] _header, _columns;
    readonly int _targetIndex, _groupIndex;
    readonly List<string?>? _groups;
    readonly LabelUse _use;
    readonly double[] _values;
    // The decimals that a row's numbers need, and those that all numbers of a column are written with: -1 before the first, -2 where they
    // differ.
    readonly int[] _decimals, _written;
    readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _labels =
        new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    readonly char[] _label = new char[LongestLabel];
    int _rows;
    // The label column is there, and blank in all rows.
    bool _isUnlabeled;

    CsvReader(CsvRecords records, string name, char delimiter, string? target, string? groups, LabelUse use, bool allowMissing)
    {
        (_records, _name, _delimiter, _use, _allowMissing) = (records, name, delimiter, use, allowMissing);
        if (!records.Next())
            throw new InvalidDataException($"{name}: the file is empty, expected a header line and rows");
        _header = new string[records.FieldCount];
        for (int i = 0; i < _header.Length; i++)
            _header[i] = Text(i, records.Field(i));
        _targetIndex = target is null ? _header.Length - 1 : Array.IndexOf(_header, target);
        _groupIndex = groups is null ? -1 : Array.IndexOf(_header, groups);
        _groups = groups is null ? null : [];
        RequireColumns(target, groups);
        _columns = [.. _header.Where((_, i) => i != _targetIndex && i != _groupIndex)];
        (_values, _decimals, _written) = (new double[_columns.Length], new int[_columns.Length], new int[_columns.Length]);
        Array.Fill(_written, -1);
    }

    public static GroupedTable Read(
        Stream content, string name, char delimiter, string? target, string? groups, LabelUse use, bool allowMissing) =>
        Parse(content, name, delimiter, target, groups, use, allowMissing,
            (reader, _) => new GroupedTable(reader.ReadTable(null), reader._groups));

    public static CsvDocument ReadDocument(Stream content, string name, char delimiter, string? target, string? groups, LabelUse use) =>
        Parse(content, name, delimiter, target, groups, use, allowMissing: false, CsvDocument (reader, mark) =>
        {
            CsvRecords header = reader._records;
            RecordBytes kept = new(header.LineEnd.IsEmpty ? [(byte)'\n'] : header.LineEnd.ToArray());
            kept.Add([.. mark ? Encoding.UTF8.Preamble : [], .. header.Content], header.LineEnd);
            Table table = reader.ReadTable(kept);
            int?[] written = [.. reader._written.Select(decimals => decimals >= 0 ? decimals : (int?)null)];
            return new(new(table, reader._groups), reader._groupIndex, reader._header, kept, written, delimiter);
        });

    static T Parse<T>(
        Stream content, string name, char delimiter, string? target, string? groups, LabelUse use, bool allowMissing,
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
            return read(new(records, name, delimiter, target, groups, use, allowMissing), hasMark);
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

    bool IsLabeled => _targetIndex >= 0 && _use != LabelUse.Ignored && !_isUnlabeled;

    string? Target => IsLabeled ? _header[_targetIndex] : null;

    void RequireColumns(string? target, string? groups)
    {
        string where = $"{_name}: line {_records.Line}: ";
        if (_header.Length == 1 && _header[0].Split([';', '\t', '|', ',']) is { Length: > 1 }
            && _header[0].FirstOrDefault(c => c is ';' or '\t' or '|' or ',') is char other)
            throw new InvalidDataException($"{_name}: got the column '{_header[0]}' only, expected at least one feature column and the " +
                $"label column, separated by '{Separator(_delimiter)}'; they seem to be separated by " +
                $"'{Separator(other)}'{(other == '\t' ? ": name the file .tsv" : "")}");
        if (_targetIndex < 0 && _use == LabelUse.Required)
            throw new InvalidDataException($"{_name}: no column '{target}' for the label; the columns are {TableSchema.Quote(_header)}");
        if (groups is not null && _groupIndex < 0)
            throw new InvalidDataException($"{_name}: no column '{groups}' for the groups; the columns are {TableSchema.Quote(_header)}");
        if (groups is not null && _groupIndex == _targetIndex)
        {
            (string why, string advice) = target is null ? (", the last one", "; --target names the label column") : ("", "");
            throw new InvalidDataException($"{_name}: column '{groups}' is the label column{why}, expected another one for the " +
                $"groups{advice}");
        }
        if (_groupIndex >= 0 && _header.Length == (_targetIndex < 0 ? 1 : 2))
        {
            string others = _targetIndex < 0 ? "the groups" : "the groups and the label";
            throw new InvalidDataException(
                $"{_name}: got the columns {TableSchema.Quote(_header)} only, expected at least one feature column beside {others}");
        }
        if (_targetIndex >= 0 && _header.Length < 2)
            throw new InvalidDataException($"{_name}: got the column '{_header[0]}' only, expected at least one feature column and the " +
                $"label column, separated by '{Separator(_delimiter)}'");
        if (Array.IndexOf(_header, "") is int unnamed and >= 0)
            throw new InvalidDataException($"{where}column {unnamed + 1} has no " +
                $"name{(unnamed == _header.Length - 1 ? "; is there a separator too many at the end of the line?"
                : unnamed == 0 ? "; if it holds row names or an index, remove it (pandas: index=False, R: row.names = FALSE)" : "")}");
        if (_header.GroupBy(column => column, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidDataException($"{where}column '{twice.Key}' is given twice; names must be " +
                $"unique{(IsNumber(twice.Key) ? ". Is there a header line?" : "")}");
    }

    static string Separator(char delimiter) => delimiter == '\t' ? "tab" : delimiter.ToString();

    Table ReadTable(RecordBytes? kept)
    {
        bool isAfterGroups = _groupIndex >= 0 && _groupIndex < _targetIndex;
        TableBuilder? builder = null;
        while (_records.Next())
        {
            string? label = ReadRow();
            builder ??= new(_columns, Target, isAfterGroups ? _targetIndex - 1 : _targetIndex, _allowMissing);
            builder.AddRow(_values, _decimals, label);
            kept?.Add(_records.Content, _records.LineEnd);
            _rows++;
        }
        if (builder is null)
            throw new InvalidDataException($"{_name}: got a header line only, expected rows");
        Table table = builder.Build();
        RequireHeader(table);
        if (_allowMissing && Array.IndexOf(table.MissingCounts(), table.RowCount) is int none and >= 0)
            throw new InvalidDataException($"{_name}: column '{_columns[none]}' has no value in any of the {table.RowCount} rows, " +
                $"expected at least one number");
        return table;
    }

    // Its values are NaN where they are missing.
    string? ReadRow()
    {
        if (_records.FieldCount != _header.Length)
            throw At(null, $"got {_records.FieldCount} fields, expected {_header.Length} as in the header{Surplus()}");
        bool isPlain = Ascii.IsValid(_records.Content) && !_records.Content.Contains((byte)0);
        for (int field = 0, column = 0; field < _header.Length; field++)
        {
            ReadOnlySpan<byte> cell = _records.Field(field);
            if (!isPlain)
                RequireText(field, cell);
            if (field == _groupIndex)
                _groups!.Add(Group(cell));
            else if (field != _targetIndex)
                ReadNumber(field, column++, cell);
        }
        return _targetIndex < 0 || _use == LabelUse.Ignored ? null : ReadLabel(_records.Field(_targetIndex));
    }

    string? ReadLabel(ReadOnlySpan<byte> label)
    {
        bool isMissing = MissingValue.Is(label.Trim(" \t\r\n"u8));
        if (_use == LabelUse.Optional && _rows == 0)
            _isUnlabeled = isMissing;
        string column = _header[_targetIndex];
        if (_isUnlabeled)
            return isMissing ? null : throw At(column,
                $"got the label '{VisibleText.Start(label)}', expected none as in the rows before it: give every row its label, or none");
        if (isMissing)
        {
            string got = label.IsEmpty ? "an empty label" : $"the label '{VisibleText.Start(label)}', which stands for a missing value";
            string advice = label.Trim(" \t\r\n"u8).IsEmpty ? "" : ", or rename the class if it is one";
            throw At(column, $"got {got}, expected a class name; fill it in or leave the row out{advice}");
        }
        return Text(_targetIndex, label);
    }

    // Blanks around a name would part what belongs together; a row without one stands for itself.
    string? Group(ReadOnlySpan<byte> cell)
    {
        ReadOnlySpan<byte> name = cell.Trim(" \t\r\n"u8);
        return MissingValue.Is(name) ? null : Text(_groupIndex, name);
    }

    void ReadNumber(int field, int column, ReadOnlySpan<byte> cell)
    {
        // Trimming costs as much as parsing does, and is seldom needed.
        ReadOnlySpan<byte> number = cell.Length > 0 && cell[0] > ' ' && cell[^1] > ' ' ? cell : cell.Trim(" \t\r\n"u8);
        if (MissingValue.Is(number))
        {
            if (!_allowMissing)
                throw At(_header[field],
                    $"got {(number.IsEmpty ? "an empty cell" : $"'{VisibleText.Start(number)}'")}, expected a finite number; " +
                    $"the value is missing: fill it in or leave the row out (only an evaluation imputes)");
            _values[column] = double.NaN;
            return;
        }
        if (number.Length > LongestNumber)
            throw At(_header[field],
                $"got '{VisibleText.Start(number, 20)}' of {number.Length} characters, expected a number of at most {LongestNumber}");
        if (!double.TryParse(number, Number, CultureInfo.InvariantCulture, out _values[column]) || !double.IsFinite(_values[column]))
            throw At(_header[field],
                $"got '{VisibleText.Start(cell)}', expected a finite " +
                $"number{(_allowMissing ? ", or an empty cell or NA where it is missing" : "")}{Advice(field, number)}");
        // Zeros and very large numbers are few, but for the plain zeros of sparse tables.
        if (_values[column] == 0 ? number.Length > 1 : Math.Abs(_values[column]) >= LargestWhole)
            RequireKept(field, _values[column], number);
        _decimals[column] = TableBuilder.DecimalsOf(number);
        // 3.0 is a whole number, but written with a decimal.
        int point = number.IndexOf((byte)'.'), written = point < 0 ? 0 : number.Length - point - 1;
        if (written > MostWrittenDecimals || number.IndexOfAny((byte)'e', (byte)'E') >= 0)
            _written[column] = -2;
        else if (_written[column] != written)
            _written[column] = _written[column] == -1 ? written : -2;
    }

    // A number that is no zero must not become one. Digits of a large one that a double can't keep are those of an identifier; where it is
    // the double's own value, or what its shortest text says, it was a double before.
    void RequireKept(int field, double value, ReadOnlySpan<byte> number)
    {
        int e = number.IndexOfAny((byte)'e', (byte)'E');
        if (value == 0)
        {
            if ((e < 0 ? number : number[..e]).ContainsAnyInRange((byte)'1', (byte)'9'))
                throw At(_header[field], string.Create(CultureInfo.InvariantCulture,
                    $"got '{VisibleText.Start(number)}', expected a number that a double can tell from 0, {double.Epsilon} or more"));
            return;
        }
        if (e >= 0)
            return;
        ReadOnlySpan<byte> digits = number.Contains((byte)'.') ? number.TrimEnd((byte)'0').TrimEnd((byte)'.') : number;
        BigInteger kept = BigInteger.Parse(value.ToString("R", CultureInfo.InvariantCulture), Number, CultureInfo.InvariantCulture);
        if (!BigInteger.TryParse(Encoding.ASCII.GetString(digits), Number, CultureInfo.InvariantCulture, out BigInteger written)
            || written != kept && written != new BigInteger(value))
            throw At(_header[field], string.Create(CultureInfo.InvariantCulture,
                $"got '{VisibleText.Start(number)}', which a double holds as {kept} only, expected at most {LargestWhole} or a number " +
                $"with an exponent; leave the column out if it names the rows"));
    }

    string Advice(int field, ReadOnlySpan<byte> number)
    {
        if (number.IndexOfAnyInRange((byte)'0', (byte)'9') >= 0 && number.IndexOfAnyExcept(Separated) < 0)
            return "; write numbers with a decimal point, no decimal comma, and nothing between thousands";
        if (number.IndexOfAnyExcept(Letters) >= 0 && number.IndexOfAny(Letters) != 0 || Ascii.EqualsIgnoreCase(number, "inf"u8)
            || Ascii.EqualsIgnoreCase(number, "Infinity"u8))
            return "";
        return field == 0 && _targetIndex != 0
            ? "; if the column names the rows, remove it; if each row is a feature (genes as rows, say), transpose the table"
            : "; features are numbers: leave a column of text out, or --target names it as the label";
    }

    string Surplus() => _records.FieldCount != _header.Length + 1 ? ""
        : _records.Field(_header.Length).IsEmpty ? "; is there a separator too many at the end of the line?"
        : _rows == 0 ? "; if the first field names the row, remove it (R: row.names = FALSE)" : "";

    // Without a header line the first row would be taken for it and lost: its numbers for names, its class for the label column's.
    void RequireHeader(Table table)
    {
        if (table.Schema.Target is not string target || !table.Schema.Classes.Contains(target) || !_columns.All(IsNumber))
            return;
        // The numbers of the columns may be their names.
        if (_header.All(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            && _header.Select(name => int.Parse(name, CultureInfo.InvariantCulture)).ToArray() is int[] numbers
                && numbers.Zip(numbers.Skip(1)).All(pair => pair.Second == pair.First + 1))
            return;
        throw new InvalidDataException($"{_name}: line 1: the columns' names are numbers ({TableSchema.Quote(_columns)}) and the label " +
            $"column's, '{target}', is a class: there seems to be no header line; add one");
    }

    static bool IsNumber(string name) => double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && double.IsFinite(value);

    string Text(int field, ReadOnlySpan<byte> cell)
    {
        RequireText(field, cell);
        if (cell.Length > LongestLabel)
            throw new FormatException($"got the text '{VisibleText.Start(cell, 20)}' of {cell.Length} bytes, expected a name of at most " +
                $"{LongestLabel}");
        ReadOnlySpan<char> text = _label.AsSpan(0, Encoding.UTF8.GetChars(cell, _label));
        if (!_labels.TryGetValue(text, out string? known))
            _labels[text] = known = text.ToString();
        return known;
    }

    // Nothing in a cell may be lost or become something else.
    static void RequireText(int field, ReadOnlySpan<byte> cell)
    {
        string? what = cell.Contains((byte)0) ? "has a NUL character; is the file text of fixed width, or damaged?"
            : !Utf8.IsValid(cell) ? "is not UTF-8; save the file as UTF-8"
            : cell.IndexOf(Encoding.UTF8.Preamble) >= 0 ? "has a byte order mark, which can only be the file's first character; remove it"
            : null;
        if (what is not null)
            throw new FormatException($"field {field + 1}: '{VisibleText.Start(cell)}' {what}");
    }

    InvalidDataException At(string? column, string what) =>
        new($"{_name}: row {_rows + 1} (line {_records.Line}){(column is null ? "" : $", column '{column}'")}: {what}");
}

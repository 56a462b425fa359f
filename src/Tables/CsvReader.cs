using System.Numerics;
using System.Text;

namespace LeoCvae;

/// <summary>
/// Parses a CSV file into feature columns and one label column. Columns are numbers until a cell is none; the few rows before it are then
/// read again for their texts, and at the end the texts say what the column is.
/// </summary>
sealed partial class CsvReader
{
    // Long texts may stand beside few numbers.
    const long MostBatchBytes = 1 << 26;
    const int RowsAReport = 1 << 12;

    readonly CsvRecords _records;
    readonly TableRequest _request;
    readonly NumberForm _form;
    readonly TableLayout _layout;
    readonly int[] _roles;
    readonly double[] _values;
    // The decimals that a column's numbers need so far, and from which row on a column's cells are texts.
    readonly int[] _decimals;
    readonly long[] _firstText;
    // Texts of the row at hand that are added at its end.
    readonly (int Column, int Field)[] _awaited;
    int _awaitedCount;
    readonly DelimiterDoubt _doubt;
    readonly HeaderDoubt _headerDoubt;
    // Labels and groups, each text once.
    CellTexts _names = new();
    readonly List<string> _nameTexts = [];
    ColumnTexts _texts;
    List<string?>? _groups;
    // All rows so far, those before the rows at hand, and the line where these begin.
    long _rows, _first, _firstLine;
    // The first row of the part of a file that is read.
    readonly long _start;
    // The label column is there, and blank in all rows; the record at hand is a row that wasn't looked at yet.
    bool _isUnlabeled, _isAtRow;

    CsvReader(CsvRecords records, TableRequest request)
    {
        (_records, _request, _form) = (records, request, new(request.Source.HasDecimalComma));
        if (!records.Next())
            throw new InvalidDataException($"{request.Name}: the file is empty, expected a header line and rows");
        string[] header = new string[records.FieldCount];
        for (int i = 0; i < header.Length; i++)
            header[i] = Text(i, records.Field(i));
        _doubt = new(header, records.Content, request);
        _headerDoubt = new(header, records, request);
        long line = records.Line;
        try
        {
            _layout = new(header, line, $", separated by '{SourceOptions.NameOf(request.Delimiter)}'", request);
        }
        catch (InvalidDataException e) when (_headerDoubt.Elsewhere(records, isHeader: true) is { Length: > 0 } advice)
        {
            throw new InvalidDataException(e.Message + advice, e);
        }
        _roles = _layout.Roles;
        int width = _layout.Columns.Count;
        (_values, _decimals, _firstText) = (new double[width], new int[width], new long[width]);
        _awaited = new (int, int)[width];
        if (request.Part is { } part)
        {
            _rows = _start = part.FirstRow;
            records.GoOnAt(part.Start.Line);
        }
        _texts = Begin();
    }

    // Rows are gathered anew.
    ColumnTexts Begin()
    {
        ColumnTexts texts = new(_layout, _request.Name, _form);
        for (int column = 0; column < _layout.Columns.Count; column++)
            if (_layout.IsText(column))
                texts.Begin(column);
        Array.Clear(_firstText);
        Array.Clear(_decimals);
        _groups = _request.Groups is null ? null : [];
        _names = new();
        _nameTexts.Clear();
        _first = _rows;
        return texts;
    }

    /// <summary>Reads a table.</summary>
    /// <param name="content">The text.</param>
    /// <param name="again">Opens it anew; null for a stream that is read once, whose bytes are kept until the end.</param>
    /// <param name="request">What is asked.</param>
    public static GroupedTable Read(Stream content, Func<Stream>? again, TableRequest request) =>
        Parse(content, request, (reader, mark) =>
            new GroupedTable(reader.ReadTable(again is null ? reader.Keep(mark) : null, again, out _), reader._groups));

    /// <summary>Reads a table and keeps the bytes of its records.</summary>
    public static CsvDocument ReadDocument(Stream content, TableRequest request, JoinedLabels? labels = null) =>
        Parse(content, request, CsvDocument (reader, mark) =>
        {
            RecordBytes kept = reader.Keep(mark);
            Table table = reader.ReadTable(kept, null, out WrittenColumn[] columns);
            return new(new(table, reader._groups) { Labels = labels }, reader._layout, kept, columns, request.Delimiter, reader._form);
        });

    /// <summary>
    /// Reads a text, keeps none of its cells but the different texts of columns that are no numbers, and says what each column is; what is
    /// at fault as a kind is text.
    /// </summary>
    /// <param name="content">The text.</param>
    /// <param name="again">Opens it anew; null for a stream that is read once, whose bytes are kept.</param>
    /// <param name="request">What is asked.</param>
    public static CsvContent ReadContent(Stream content, Func<Stream>? again, TableRequest request) =>
        Parse(content, request, (reader, mark) => reader.ReadContent(again is null ? reader.Keep(mark) : null, again));

    /// <summary>Reads a text for what its columns and classes are; keeps none of its cells but different texts.</summary>
    public static TableSchema ReadSchema(Stream content, Func<Stream> again, TableRequest request) =>
        Parse(content, request, (reader, _) => reader.ReadSchema(again));

    /// <summary>Begins to read a text a batch of rows at a time.</summary>
    public static CsvBatches ReadBatches(Stream content, TableRequest request, JoinedLabels? labels = null) =>
        Parse(content, request, (reader, mark) => new CsvBatches(reader, reader._layout, reader.Keep(mark), content, request, labels));

    /// <summary>The next rows, and into records their bytes; null where there are no more.</summary>
    /// <exception cref="InvalidDataException">The content is at fault.</exception>
    public GroupedTable? ReadBatch(RecordBytes records, int mostRows) => _records.Guarded(_request.Name, () =>
    {
        records.Clear();
        if (_rows > _start)
        {
            _isAtRow = _records.Next();
            if (!_isAtRow)
                return null;
            _texts = Begin();
        }
        Table table = ReadTable(records, null, out _, mostRows, mostRows == int.MaxValue ? long.MaxValue : MostBatchBytes);
        _layout.Hold(table.Schema, _texts);
        return new GroupedTable(table, _groups);
    });

    /// <summary>Where the batches begin that <see cref="ReadBatch"/> reads, and where the last one ends.</summary>
    public static BatchPlace[] IndexBatches(Stream content, TableRequest request) => Parse(content, request, (reader, _) =>
    {
        CsvRecords records = reader._records;
        int mostRows = TableBatches.RowsOf(reader._layout, request);
        List<BatchPlace> places = [new(0, records.NextLine, records.End)];
        long bytes = 0;
        while (records.Next())
        {
            reader._rows++;
            bytes += records.Content.Length + records.LineEnd.Length;
            if (IsFull(reader._rows - places[^1].Row, mostRows, bytes, MostBatchBytes))
            {
                places.Add(new(reader._rows, records.NextLine, records.End));
                bytes = 0;
            }
            if (reader._rows % RowsAReport == 0)
                request.Report(reader._rows);
        }
        if (reader._rows == 0)
            throw reader.WithoutRows();
        if (places[^1].Row < reader._rows)
            places.Add(new(reader._rows, records.NextLine, records.End));
        return places.ToArray();
    });

    CsvContent ReadContent(RecordBytes? kept, Func<Stream>? again)
    {
        byte[] newLine = NewLine();
        Func<Stream> open = again ?? kept!.Open;
        (ColumnSpec[] learned, double[] first, _) = LearnColumns(kept, open);
        RequireNoStrays(first);
        (ColumnSpec Column, bool IsWhole)[] columns = _texts.Guess(learned);
        _layout.RequireHeader([.. columns.Select(column => column.Column)], null, _texts);
        return new(open, newLine, _layout.Header, columns, _rows);
    }

    TableSchema ReadSchema(Func<Stream> again)
    {
        (ColumnSpec[] columns, double[] first, IReadOnlyList<string> classes) = LearnColumns(null, again);
        return FindSchema(columns, first, classes, before: _rows - 1);
    }

    // What the numbers of all rows show, the first row, and the classes.
    (ColumnSpec[] Columns, double[] First, IReadOnlyList<string> Classes) LearnColumns(RecordBytes? kept, Func<Stream> open)
    {
        ColumnLearner learner = new(_layout.Columns);
        ClassNames classes = new();
        double[] first = [];
        while (_records.Next())
        {
            if (ReadRow() is string label)
                classes.IndexOf(label);
            if (_rows == 0)
                first = [.. _values];
            learner.Add(_values, _decimals);
            EndRow(kept);
        }
        EndRows(first, open, hasHeader: true);
        return (learner.Columns(), first, classes.Names);
    }

    static T Parse<T>(Stream content, TableRequest request, Func<CsvReader, bool, T> read) => CsvRecords.Read(content, request.Name,
        request.Delimiter, (records, hasMark) => read(new(records, request), hasMark));

    bool IsLabeled => _layout.TargetIndex >= 0 && _request.Use != LabelUse.Ignored && !_isUnlabeled;

    string? Target => IsLabeled ? _layout.Header[_layout.TargetIndex] : null;

    // That of the header, which is the record at hand.
    byte[] NewLine() => _records.LineEnd.IsEmpty ? [(byte)'\n'] : _records.LineEnd.ToArray();

    // Starts with the header, which is the record at hand.
    RecordBytes Keep(bool hasMark)
    {
        RecordBytes kept = new(NewLine());
        kept.Add([.. hasMark ? Encoding.UTF8.Preamble : [], .. _records.Content], _records.LineEnd);
        return kept;
    }

    Table ReadTable(RecordBytes? kept, Func<Stream>? again, out WrittenColumn[] written, int mostRows = int.MaxValue,
        long mostBytes = long.MaxValue)
    {
        (ColumnSpec[] columns, ArraySegment<double> values, int[] labels, IReadOnlyList<string> classes) =
            ReadRows(kept, again, mostRows, mostBytes);
        TableSchema schema = FindSchema(columns, values, classes, _first);
        written = _texts.Written(schema);
        return new Table(schema, values, labels, null, null) { FirstRow = _first };
    }

    // Of some rows that others, which are not among the values, stand before.
    TableSchema FindSchema(ColumnSpec[] columns, ArraySegment<double> values, IReadOnlyList<string> classes, long before)
    {
        // What the first rows show goes for all: a few at the end say little.
        if (_first == 0)
        {
            RequireNoStrays(values);
            if (classes.Count > 0 && classes.All(WrongQuotes.Around))
                throw new InvalidDataException($"{_request.Name}: column '{Target}': got {VisibleText.Name(classes[0])}, expected double " +
                    $"quotes or none: all labels stand in other ones, which would be part of their names; write double quotes");
        }
        _texts.FindKinds(columns, values, _request.Columns.Missing, before);
        TableSchema schema = new(columns, Target, classes, Target is null ? null : _layout.TargetPlace);
        if (_first == 0)
            _layout.RequireHeader(columns, schema, _texts);
        return schema;
    }

    void RequireNoStrays(ReadOnlySpan<double> values) => new StrayTexts(_texts, _layout, _request, _form).RequireNone(values, _rows);

    (ColumnSpec[] Columns, ArraySegment<double> Values, int[] Labels, IReadOnlyList<string> Classes) ReadRows(RecordBytes? kept,
        Func<Stream>? again, int mostRows, long mostBytes)
    {
        TableBuilder? builder = null;
        bool isExpected = false;
        int texts = 0;
        while (!IsFull(_rows - _first, mostRows, kept?.Bytes ?? 0, mostBytes) && (_isAtRow || _records.Next()))
        {
            _isAtRow = false;
            string? label = ReadRow();
            if (builder is null)
            {
                builder = new(_layout.Columns, Target, _layout.TargetPlace, allowMissing: true);
                _firstLine = _records.Line;
            }
            builder.AddRow(_values, _decimals, label);
            EndRow(kept);
            for (; texts < _texts.Begun.Count; texts++)
                builder.LeaveValues(_texts.Begun[texts]);
            if (!isExpected && BitOperations.IsPow2(_rows - _first) && Expected(mostRows) is double rows)
            {
                builder.Expect(rows);
                isExpected = true;
            }
        }
        (ColumnSpec[] Columns, ArraySegment<double> Values, int[] Labels, IReadOnlyList<string> Classes) read = builder?.Take() ?? default;
        EndRows(read.Values, kept is null ? again! : kept.Open, kept is null || kept.Count > _rows - _first);
        return read;
    }

    // About how many rows there will be, a few more rather than less; null where too little was read to say. What lies in buffers was read,
    // too.
    double? Expected(int mostRows)
    {
        const double LeastShare = 1.0 / 64, Margin = 1.125;
        const long LeastBytes = 1 << 20;
        if (_records.End < LeastBytes)
            return null;
        double left = _request.Share() is double share and > LeastShare ? (_rows / share * Margin) - _first : double.PositiveInfinity;
        return Math.Min(left, mostRows) is double rows and < int.MaxValue ? rows : null;
    }

    void EndRow(RecordBytes? kept)
    {
        kept?.Add(_records.Content, _records.LineEnd);
        _rows++;
        if (_rows % RowsAReport == 0)
            _request.Report(_rows);
    }

    // All rows, or the first of them, whose values those of texts become.
    void EndRows(Span<double> values, Func<Stream> open, bool hasHeader)
    {
        if (_rows == 0)
            throw WithoutRows();
        if (_first == 0)
            _doubt.Conclude();
        if (_firstText.Max() is long rows and > 0)
            ReadAgain(values, rows, open, hasHeader);
    }

    static bool IsFull(long rows, int mostRows, long bytes, long mostBytes) => rows >= mostRows || bytes >= mostBytes;

    InvalidDataException WithoutRows() => new($"{_request.Name}: got a header line only, expected rows");

    // The texts of the rows before the first that is no number.
    void ReadAgain(Span<double> values, long rows, Func<Stream> open, bool hasHeader)
    {
        using Stream content = open();
        CsvRecords records = new(content, (byte)_request.Delimiter);
        long linesBefore = hasHeader ? 0 : _firstLine - 1;
        if (hasHeader)
        {
            records.Skip(records.Peek().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0);
            records.Next();
        }
        int[] fields = [.. Enumerable.Range(0, _roles.Length).Where(field => _roles[field] >= 0 && _firstText[_roles[field]] > 0)];
        int width = _layout.Columns.Count;
        for (long row = 0; row < rows; row++)
        {
            if (!records.Next() || records.FieldCount != _roles.Length)
                throw _request.Changed();
            foreach (int field in fields)
                if (_roles[field] is int column && row < _firstText[column] && records.Field(field) is var cell
                    && !MissingValue.Is(Blanks.Trim(cell)))
                {
                    int text = _texts[column]!.Add(cell, _first + row, linesBefore + records.Line);
                    if ((row * width) + column is long at && at < values.Length)
                        values[(int)at] = text;
                }
        }
    }

    string Surplus() => _records.FieldCount != _layout.Header.Length + 1 ? ""
        : _records.Field(_layout.Header.Length).IsEmpty ? "; is there a separator too many at the end of the line?"
        : _rows == 0 ? "; if the first field names the row, --row-names takes it as its id, or remove it (R: row.names = FALSE)" : "";

    string Text(int field, ReadOnlySpan<byte> cell)
    {
        int name = _names.Add(cell, _rows, _records.Line);
        if (name == _nameTexts.Count)
        {
            RequireText(field, cell);
            if (ColumnTexts.NameFault(cell) is string fault)
                throw new FormatException(fault);
            _nameTexts.Add(Encoding.UTF8.GetString(cell));
        }
        return _nameTexts[name];
    }

    static void RequireText(int field, ReadOnlySpan<byte> cell)
    {
        if (ColumnTexts.Fault(cell) is string fault)
            throw new FormatException($"field {field + 1}: {fault}");
    }

    InvalidDataException At(string? column, string what) =>
        new($"{_request.Name}: {CellTexts.Place(_rows, _records.Line)}{(column is null ? "" : $", column '{column}'")}: {what}");
}

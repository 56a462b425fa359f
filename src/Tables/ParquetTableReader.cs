using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace LeoCvae;

/// <summary>
/// Reads a Parquet file into feature columns and one label column. Types say what columns are; the texts of text columns do, as those of a
/// CSV file's cells, so that a table is the same in either format.
/// </summary>
sealed class ParquetTableReader
{
    const double SecondsADay = 86400;
    const string DayFormat = "yyyy-MM-dd";
    // Two lines of the processor's cache, of eight cells each, and so many rows of them stay in it.
    const int ColumnsTogether = 16, RowsTogether = 16, MostWaiting = 1 << 23;

    readonly ParquetFile _file;
    readonly TableLayout _layout;
    readonly ColumnTexts _texts;
    readonly TableRequest _request;
    readonly Range _groups;
    readonly long _first;
    readonly int _rows;
    readonly double[] _values;
    // From a row's cells to the next row's: 0 where only one row is kept, whichever.
    readonly int _stride;
    // Cells of columns, from a row on, that are not in the table yet.
    readonly List<(int Row, int Column, ReadOnlyMemory<double> Cells)> _waiting = [];

    ParquetTableReader(ParquetFile file, TableLayout layout, TableRequest request, Range groups, long first, bool isSchemaOnly = false)
    {
        (_file, _layout, _request, _groups, _first) = (file, layout, request, groups, first);
        long rows = file.Groups.Take(groups).Sum(count => (long)count);
        if (rows * (isSchemaOnly ? 1 : _layout.Columns.Count) > Array.MaxLength)
            throw new InvalidDataException($"{request.Name}: got {rows} rows x {_layout.Columns.Count} columns, expected at most " +
                $"{Array.MaxLength} values at a time");
        _rows = (int)rows;
        _texts = new(_layout, request.Name, new(hasDecimalComma: false));
        // Every cell gets a value below.
        _stride = isSchemaOnly ? 0 : _layout.Columns.Count;
        _values = GC.AllocateUninitializedArray<double>(isSchemaOnly ? _layout.Columns.Count : _rows * _stride);
    }

    /// <summary>Reads a table.</summary>
    public static GroupedTable Read(ParquetFile file, TableRequest request)
    {
        TableLayout layout = Layout(file, ref request, isWritten: false);
        return new ParquetTableReader(file, layout, request, .., 0).ReadTable();
    }

    /// <summary>Reads a file for what its columns and classes are, and keeps none of its cells but different texts.</summary>
    public static TableSchema ReadSchema(ParquetFile file, TableRequest request)
    {
        TableLayout layout = Layout(file, ref request, isWritten: false);
        return new ParquetTableReader(file, layout, request, .., 0, isSchemaOnly: true).ReadSchema();
    }

    /// <summary>Begins to read a file a batch of rows at a time, which is closed with the batches.</summary>
    public static ParquetBatches ReadBatches(ParquetFile file, TableRequest request)
    {
        TableLayout layout = Layout(file, ref request, isWritten: true);
        return new(file, layout, request);
    }

    /// <summary>Where the batches begin that are so read.</summary>
    public static BatchPlace[] IndexBatches(ParquetFile file, TableRequest request) =>
        ParquetBatches.Index(file, Layout(file, ref request, isWritten: true), request);

    /// <summary>Reads the rows of some row groups, which have dates in the form of those before them.</summary>
    /// <param name="file">The file.</param>
    /// <param name="layout">Its columns.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="groups">The groups.</param>
    /// <param name="first">The number of their first row.</param>
    public static GroupedTable ReadBatch(ParquetFile file, TableLayout layout, TableRequest request, Range groups, long first)
    {
        ParquetTableReader reader = new(file, layout, request, groups, first);
        GroupedTable rows = reader.ReadTable();
        layout.Hold(rows.Table.Schema, reader._texts);
        return rows;
    }

    /// <summary>Reads a table that is to be written again.</summary>
    /// <param name="open">Opens the file anew.</param>
    /// <param name="request">What is asked.</param>
    public static ParquetDocument ReadDocument(Func<ParquetFile> open, TableRequest request)
    {
        using ParquetFile file = open();
        TableLayout layout = Layout(file, ref request, isWritten: true);
        ParquetTableReader reader = new(file, layout, request, .., 0);
        GroupedTable table = reader.ReadTable();
        WrittenColumn[] written = reader._texts.Written(table.Table.Schema);
        for (int j = 0; j < written.Length; j++)
            if (table.Table.Schema.Columns[j].Kind == ColumnKind.Identifier && !reader.TypeOf(j).IsText)
                written[j] = written[j] with { FirstIdentifier = FirstFreeNumber(reader._texts[j]) };
        return new(table, reader._layout, written, open, file);
    }

    // What the columns are; the labels are ignored where all are blank and need not be there.
    static TableLayout Layout(ParquetFile file, ref TableRequest request, bool isWritten)
    {
        if (file.Columns.Count == 0)
            throw new InvalidDataException($"{request.Name}: the file has no columns, expected feature columns and a label column");
        TableLayout layout = new([.. file.Columns.Select(column => column.Name)], 0, "", request);
        RequireServed(file, layout, request.Name, isWritten);
        if (file.RowCount == 0)
            throw new InvalidDataException($"{request.Name}: got no rows, expected some");
        if (request.Use == LabelUse.Optional && layout.TargetIndex >= 0 && IsBlank(file, layout.TargetIndex))
            request = request with { Use = LabelUse.Ignored };
        return layout;
    }

    static bool IsBlank(ParquetFile file, int field)
    {
        for (int group = 0; group < file.Groups.Count; group++)
        {
            ParquetCells cells = file.Read(group, field);
            for (int i = 0; i < file.Groups[group]; i++)
                if (!cells.IsMissing(i) && !MissingValue.Is(Blanks.Trim(cells.Utf8(i))))
                    return false;
        }
        return true;
    }

    GroupedTable ReadTable()
    {
        ColumnSpec[] columns = ReadColumns();
        string?[]? groups = _layout.GroupIndex < 0 ? null : new string?[_rows];
        if (groups is not null)
            ReadNames(_layout.GroupIndex, isLabel: false, (row, name) => groups[row] = name);
        int[] labels = Target is null ? [] : new int[_rows];
        IReadOnlyList<string> classes = ReadLabels(labels);
        return new(new Table(FindSchema(columns, classes, _first), _values, labels, null, null) { FirstRow = _first }, groups);
    }

    TableSchema ReadSchema() => FindSchema(ReadColumns(), ReadLabels(null), _rows - 1);

    ColumnSpec[] ReadColumns()
    {
        ColumnSpec[] columns = new ColumnSpec[_layout.Columns.Count];
        for (int field = 0; field < _layout.Roles.Length; field++)
        {
            if (_layout.Roles[field] is int column and >= 0)
                columns[column] = ReadFeature(field, column);
            double share = (field + 1.0) / _layout.Roles.Length;
            _request.Progress?.Report(new(_first + (long)(share * _rows), (_first + (share * _rows)) / _file.RowCount));
        }
        PutWaiting();
        return columns;
    }

    string? Target => _layout.TargetIndex < 0 || _request.Use == LabelUse.Ignored ? null : _layout.Header[_layout.TargetIndex];

    TableSchema FindSchema(ColumnSpec[] columns, IReadOnlyList<string> classes, long before)
    {
        _texts.FindKinds(columns, _values, _request.Columns.Missing, before);
        return new(columns, Target, classes, Target is null ? null : _layout.TargetPlace);
    }

    ParquetType TypeOf(int column) => _file.Columns[Array.IndexOf(_layout.Roles, column)].Type!;

    // What isn't served may be left out of a table, but not of a file that is written again.
    static void RequireServed(ParquetFile file, TableLayout layout, string name, bool isWritten)
    {
        ColumnFault[] faults = [.. file.Columns.Where((column, field) => column.Type is null && (isWritten || layout.Roles[field] >= 0
                || field == layout.GroupIndex || field == layout.TargetIndex))
            .Select(column => new ColumnFault(column.Name,
                $"column '{column.Name}' is {column.TypeName}, expected numbers, true and false, text, dates or times",
                isWritten ? "leave {0} out of the file" : "--drop {0} leaves it out"))];
        if (faults.Length > 0)
            throw new InvalidDataException($"{name}: {ColumnFault.Line(faults)}");
    }

    // As the type says, or by texts.
    ColumnSpec ReadFeature(int field, int column)
    {
        ParquetType type = _file.Columns[field].Type!;
        ColumnKind? wanted = _layout.Choices[column]?.Kind ?? _layout.Like[column]?.Kind;
        bool isOwn = type == ParquetTypes.Bool ? wanted == ColumnKind.Numeric
            : type.Kind is ColumnKind own && (wanted is null || wanted == own
                || (wanted == ColumnKind.Date && own == ColumnKind.DateTime));
        if (isOwn && ReadNumbers(field, column, type, wanted) is ColumnSpec spec)
            return spec;
        _texts.ForgetMissing(column);
        _waiting.RemoveAll(part => part.Column == column);
        ReadTexts(field, column);
        // What texts say is found at the end; until then, and where there are none, the column is one of numbers.
        return new() { Name = _layout.Columns[column], Minimum = 0, Maximum = 0, Decimals = 0, HasMissing = true };
    }

    // Null where only texts keep all digits, or days are wanted of what are none.
    ColumnSpec? ReadNumbers(int field, int column, ParquetType type, ColumnKind? wanted)
    {
        int row = 0;
        bool areDays = wanted == ColumnKind.Date && type.Kind == ColumnKind.DateTime;
        ColumnLearner learner = new([_layout.Columns[column]]);
        foreach (int group in Enumerable.Range(0, _file.Groups.Count).Take(_groups))
        {
            ParquetCells cells = _file.Read(group, field);
            ReadOnlyMemory<double> doubles = cells.Doubles;
            learner.AddAll(doubles.Span);
            Put(doubles, row, column);
            row += doubles.Length;
            for (int i = doubles.Length; i < _file.Groups[group]; i++, row++)
            {
                ref double cell = ref _values[(row * _stride) + column];
                if (cells.IsMissing(i))
                {
                    cell = double.NaN;
                    _texts.AddMissing(column, [], _first + row, 0);
                }
                else if (cells.IsLost(i))
                    return null;
                else
                    cell = Number(cells, i, row, column);
                if (areDays && cell % SecondsADay is not (0 or double.NaN))
                    return null;
                if (areDays)
                    cell /= SecondsADay;
                learner.Add(new ReadOnlySpan<double>(in cell));
            }
        }
        ColumnSpec learned = learner.Columns()[0];
        string? format = _layout.Choices[column]?.Format ?? _layout.Like[column]?.Format;
        return areDays || type.Kind == ColumnKind.Date ? learned with { Kind = ColumnKind.Date, Format = format ?? DayFormat }
            : type.Kind == ColumnKind.DateTime ? learned with
            {
                Kind = ColumnKind.DateTime,
                Format = format ?? ParquetTypes.TimeFormat(Math.Min(6, learned.Decimals ?? 6), type.Zone),
            }
            : learned;
    }

    // Cells of a column lie far apart in a table of rows: those of several columns are put there together.
    void Put(ReadOnlyMemory<double> cells, int row, int column)
    {
        if (cells.IsEmpty)
            return;
        _waiting.Add((row, column, cells));
        if (_waiting.Count == ColumnsTogether || _waiting.Sum(part => (long)part.Cells.Length) > MostWaiting)
            PutWaiting();
    }

    void PutWaiting()
    {
        foreach (IGrouping<int, (int Row, int Column, ReadOnlyMemory<double> Cells)> rows in _waiting.GroupBy(part => part.Row))
            PutRows(_values, rows.Key * _stride, _stride, [.. rows.Select(part => part.Column)], [.. rows.Select(part => part.Cells)]);
        _waiting.Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void PutRows(double[] values, int first, int stride, int[] columns, ReadOnlyMemory<double>[] cells)
    {
        for (int from = 0; from < cells[0].Length; from += RowsTogether)
            for (int i = 0; i < cells.Length; i++)
            {
                ReadOnlySpan<double> part = cells[i].Span[from..Math.Min(from + RowsTogether, cells[i].Length)];
                int place = first + from * stride + columns[i];
                foreach (double cell in part)
                {
                    values[place] = cell;
                    place += stride;
                }
            }
    }

    double Number(ParquetCells cells, int i, int row, int column)
    {
        try
        {
            return cells.Number(i);
        }
        catch (FormatException e)
        {
            string name = _layout.Columns[column], text;
            try
            {
                text = $"'{cells.Text(i)}'";
            }
            catch (Exception inner) when (inner is FormatException or ArgumentException)
            {
                text = "a value outside";
            }
            throw At(row, name, $"got {text}, {e.Message}; --drop {ColumnKinds.List([name])} leaves the column out");
        }
    }

    void ReadTexts(int field, int column)
    {
        CellTexts? texts = _layout.IsText(column) ? _texts.Begin(column) : null;
        ForEach(field, (cells, i, row) =>
        {
            ref double cell = ref _values[(row * _stride) + column];
            ReadOnlySpan<byte> text = cells.IsMissing(i) ? [] : cells.Utf8(i);
            if (MissingValue.Is(Blanks.Trim(text)))
            {
                cell = double.NaN;
                _texts.AddMissing(column, text, _first + row, 0);
                return;
            }
            texts ??= _texts.Begin(column);
            int known = texts.Count;
            cell = texts.Add(text, _first + row, 0);
            if (texts.Count > known && ColumnTexts.Fault(text) is string fault)
                throw At(row, _layout.Columns[column], fault);
        });
    }

    // The classes, and of each row which it is of.
    IReadOnlyList<string> ReadLabels(int[]? labels)
    {
        ClassNames classes = new();
        if (Target is string target)
            ReadNames(_layout.TargetIndex, isLabel: true, (row, name) =>
            {
                int label = classes.IndexOf(name ?? throw At(row, target,
                    "got an empty label or one that stands for a missing value, expected a class name; fill it in or leave the row out"));
                labels?[row] = label;
            });
        return classes.Names;
    }

    // Null where one is missing. Blanks around a group's name would part what belongs together.
    void ReadNames(int field, bool isLabel, Action<int, string?> read)
    {
        Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> known =
            new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        char[] characters = new char[ColumnTexts.LongestName];
        ForEach(field, (cells, i, row) =>
        {
            ReadOnlySpan<byte> text = cells.IsMissing(i) ? [] : cells.Utf8(i), trimmed = Blanks.Trim(text);
            if (MissingValue.Is(trimmed))
            {
                read(row, null);
                return;
            }
            if (ColumnTexts.NameFault(text) is string fault)
                throw At(row, _layout.Header[field], fault);
            ReadOnlySpan<char> name = characters.AsSpan(0, Encoding.UTF8.GetChars(isLabel ? text : trimmed, characters));
            if (!known.TryGetValue(name, out string? same))
                known[name] = same = name.ToString();
            read(row, same);
        });
    }

    void ForEach(int field, Action<ParquetCells, int, int> read)
    {
        int row = 0;
        foreach (int group in Enumerable.Range(0, _file.Groups.Count).Take(_groups))
        {
            ParquetCells cells = _file.Read(group, field);
            for (int i = 0; i < _file.Groups[group]; i++, row++)
                read(cells, i, row);
        }
    }

    // Rows that are named by numbers go on after the largest.
    static long FirstFreeNumber(CellTexts? names)
    {
        long largest = 0;
        for (int i = 0; i < (names?.Count ?? 0); i++)
            if (long.TryParse(names![i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
                largest = Math.Max(largest, number);
        return largest + 1;
    }

    InvalidDataException At(int row, string column, string what) =>
        new($"{_request.Name}: {CellTexts.Place(_first + row, 0)}, column '{column}': {what}");
}

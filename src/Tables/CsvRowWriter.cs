using System.Text;

namespace LeoCvae;

/// <summary>Writes a table's rows in the layout of a file. New names of rows go on from table to table.</summary>
sealed class CsvRowWriter
{
    readonly int[] _roles;
    readonly ColumnSpec[] _own;
    readonly WrittenColumn[] _columns;
    readonly long[] _identifiers;
    // Names of each column's categories as they are written, made where they are needed.
    readonly byte[]?[][] _names;
    readonly byte[][] _missing;
    readonly byte _delimiter;
    readonly byte[] _newLine;
    readonly NumberForm _form;
    readonly CsvLines _lines;
    (IReadOnlyList<string> Names, byte[]?[] Written) _classes = ([], []);

    /// <summary>Starts.</summary>
    /// <param name="roles">What each column of the file is: the number of a feature, -1 for the label, less where it stays empty.</param>
    /// <param name="own">The file's features: how numbers are rounded.</param>
    /// <param name="columns">How each feature is written.</param>
    /// <param name="delimiter">Between fields.</param>
    /// <param name="newLine">After a row.</param>
    /// <param name="form">How numbers are written.</param>
    public CsvRowWriter(
        int[] roles, IReadOnlyList<ColumnSpec> own, WrittenColumn[] columns, char delimiter, byte[] newLine, NumberForm form)
    {
        (_roles, _own, _columns, _delimiter, _newLine, _form) = (roles, [.. own], columns, (byte)delimiter, newLine, form);
        _identifiers = [.. columns.Select(column => column.FirstIdentifier)];
        (_lines, _names) = (new(_delimiter), new byte[columns.Length][][]);
        _missing = [.. columns.Select(column => CsvLines.Quoted(column.Missing, _delimiter))];
    }

    /// <summary>Writes tables of one schema as one file with a header line.</summary>
    public static void Write(Stream stream, IEnumerable<Table> batches, char delimiter)
    {
        CsvRowWriter? writer = null;
        foreach (Table batch in batches)
            (writer ??= Begin(batch, delimiter)).Write(stream, batch, 0, []);
    }

    /// <summary>The same to a stream that is written asynchronously, a batch in memory at a time.</summary>
    public static async Task WriteAsync(Stream stream, IEnumerable<Table> batches, char delimiter, CancellationToken cancellation)
    {
        CsvRowWriter? writer = null;
        using MemoryStream text = new();
        foreach (Table batch in batches)
        {
            (writer ??= Begin(batch, delimiter)).Write(text, batch, 0, []);
            await stream.WriteAsync(text.GetBuffer().AsMemory(0, (int)text.Length), cancellation).ConfigureAwait(false);
            text.SetLength(0);
        }
    }

    // The header line is written before the first row.
    static CsvRowWriter Begin(Table first, char delimiter)
    {
        TableSchema schema = first.Schema;
        RequireNames(schema);
        List<int> roles = [.. Enumerable.Range(0, schema.Columns.Count)];
        List<string> header = [.. schema.Columns.Select(column => column.Name)];
        if (schema.Target is string target)
        {
            roles.Insert(schema.TargetIndex, -1);
            header.Insert(schema.TargetIndex, target);
        }
        // Names of new rows are their numbers.
        WrittenColumn[] columns = [.. schema.Columns.Select(_ => new WrittenColumn(null, "", first.FirstRow + 1))];
        CsvRowWriter writer = new([.. roles], schema.Columns, columns, delimiter, [(byte)'\n'], new(hasDecimalComma: false));
        foreach (string name in header)
            writer._lines.Add(name);
        writer._lines.EndLine("\n"u8);
        return writer;
    }

    // Text has no other way to say that a value is missing.
    static void RequireNames(TableSchema schema)
    {
        foreach ((string column, IEnumerable<string> names) in schema.Columns.Select(column => (column.Name, column.Categories ?? []))
            .Append((schema.Target ?? "", schema.Classes)))
            if (names.FirstOrDefault(name => MissingValue.Is(Blanks.Trim(Encoding.UTF8.GetBytes(name)))) is string missing)
                throw Fault.Argument("table", $"column '{VisibleText.Name(column)}': got the name '{VisibleText.Name(missing)}', which " +
                    $"stands for a missing value in a text file; rename it");
    }

    /// <summary>Writes a table's rows from one on.</summary>
    public void Write(Stream stream, Table rows, int first, IReadOnlyList<ExtraColumn> extra, Action<int>? done = null)
    {
        const int RowsAReport = 1 << 12;
        ColumnSpec[] columns = [.. rows.Schema.Columns];
        if (rows.Schema.Classes != _classes.Names)
            _classes = (rows.Schema.Classes, new byte[rows.Schema.Classes.Count][]);
        Forget(columns);
        for (int row = first; row < rows.RowCount; row++)
        {
            ReadOnlySpan<double> cells = rows.Row(row);
            foreach (int role in _roles)
                if (role >= 0)
                    Add(role, columns[role], cells[role]);
                else if (role == TableLayout.Label && rows.IsLabeled)
                    AddName(_classes.Names, _classes.Written, rows.Labels[row]);
                else
                    _lines.AddRaw([]);
            foreach (ExtraColumn column in extra)
                _lines.Add(column.TextOf(row, _form));
            _lines.EndLine(_newLine);
            _lines.WriteTo(stream);
            if (row % RowsAReport == 0)
                done?.Invoke(row);
        }
        _lines.WriteTo(stream, isLast: true);
    }

    // Another table may have other categories.
    void Forget(ColumnSpec[] columns)
    {
        for (int j = 0; j < _names.Length; j++)
            _names[j] = new byte[columns[j].Categories?.Count ?? 0][];
    }

    void Add(int column, ColumnSpec made, double cell)
    {
        if (made.Kind == ColumnKind.Identifier)
            _lines.Add(WrittenColumn.Identifier(_identifiers[column]++));
        else if (double.IsNaN(cell))
            _lines.AddRaw(_missing[column]);
        else if (made.Kind == ColumnKind.Category)
            AddName(made.Categories!, _names[column], (int)cell);
        else if (made.Kind == ColumnKind.Numeric)
            // Decimals are this file's own; a model may have been fitted on a rounder or a finer table.
            _lines.EndNumber(NumberBytes.Write(cell, _own[column].Decimals, _columns[column].Decimals, _lines.Begin(NumberBytes.Longest)),
                _form);
        else
            _lines.EndQuoted(DateText.Write(made.Kind, made.Format!, cell, _lines.Begin(DateText.Longest)));
    }

    void AddName(IReadOnlyList<string> names, byte[]?[] written, int index) =>
        _lines.AddRaw(written[index] ??= CsvLines.Quoted(names[index], _delimiter));
}

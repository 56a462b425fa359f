namespace LeoCvae;

/// <summary>
/// A Parquet file and its table. Real rows are copied from the file, value by value and type by type, when it is written; synthetic rows
/// get values of the columns' types.
/// </summary>
sealed class ParquetDocument : TableDocument
{
    const string ArrowSchema = "ARROW:schema";
    const int MostGroupRows = 1 << 20;

    readonly WrittenColumn[] _written;
    readonly Func<ParquetFile> _open;
    readonly long _length;
    readonly IReadOnlyList<ParquetColumn> _columns;
    readonly IReadOnlyList<int> _groups;

    public ParquetDocument(GroupedTable rows, TableLayout layout, WrittenColumn[] written, Func<ParquetFile> open, ParquetFile file)
        : base(rows, layout)
    {
        (_written, _open, _length, _columns, _groups) = (written, open, file.Length, file.Columns, file.Groups);
    }

    private protected override void WriteRows(Stream stream, Table? resampled, IReadOnlyList<ExtraColumn> extra, Action<int>? done)
    {
        using ParquetFile file = _open();
        if (file.Length != _length || !file.Groups.SequenceEqual(_groups)
            || !file.Columns.Select(column => (column.Name, column.TypeName)).SequenceEqual(_columns.Select(column => (column.Name,
                column.TypeName))))
            throw new IOException("the Parquet file changed while it was read");
        bool hasNew = resampled is not null && resampled.RowCount > resampled.RealRows;
        ParquetColumn[] columns = [.. _columns.Select((column, field) => column with
            { IsNullable = column.IsNullable || (hasNew && MayBeEmpty(Layout.Roles[field], column, resampled!)) }),
            .. extra.Select(ColumnOf)];
        ParquetOutput output = Output(stream, file, columns);
        int first = 0;
        for (int group = 0; group < _groups.Count; group++)
        {
            output.Write(_groups[group], column => column < _columns.Count ? file.Read(group, column)
                : Extra(columns[column].Type!, extra[column - _columns.Count], first, _groups[group]));
            first += _groups[group];
            done?.Invoke(first);
        }
        if (hasNew)
            WriteNew(output, columns, resampled!, extra, done);
        output.Finish();
    }

    /// <summary>Begins a file as another one, which may have more columns.</summary>
    public static ParquetOutput Output(Stream stream, ParquetFile file, ParquetColumn[] columns) => new(stream, columns, file.Codec,
        // What Arrow notes of the columns doesn't go with others.
        columns.Length == file.Columns.Count ? file.Notes : file.Notes.Where(note => note.Key != ArrowSchema).ToDictionary());

    /// <summary>A column that is added.</summary>
    public static ParquetColumn ColumnOf(ExtraColumn extra) => new(extra.Name, extra.Type, extra.Type.Name, true);

    void WriteNew(ParquetOutput output, ParquetColumn[] columns, Table resampled, IReadOnlyList<ExtraColumn> extra, Action<int>? done)
    {
        long[] identifiers =
            [.. Layout.Roles.Select(role => role >= 0 ? _written[role].FirstIdentifier : 0)];
        for (int first = resampled.RealRows; first < resampled.RowCount; first += MostGroupRows)
        {
            int rows = Math.Min(MostGroupRows, resampled.RowCount - first);
            output.Write(rows, column =>
            {
                ParquetType type = columns[column].Type!;
                if (column >= _columns.Count)
                    return Extra(type, extra[column - _columns.Count], first, rows);
                int role = Layout.Roles[column];
                ParquetCells cells = type.New(rows);
                ParquetOutput.Fill(cells, new(type, columns[column], role < 0 ? null : Table.Schema.Columns[role],
                    role < 0 ? default : _written[role]), resampled, role, first, rows, ref identifiers[column]);
                return cells;
            });
            done?.Invoke(first + rows);
        }
    }

    // New rows have nothing in columns that were left out, and may miss what real ones don't.
    static bool MayBeEmpty(int role, ParquetColumn column, Table resampled) => role < TableLayout.Label
        || (role >= 0 && resampled.Schema.Columns[role].HasMissing && column.Type!.Name is not ("double" or "float"));

    static ParquetCells Extra(ParquetType type, ExtraColumn extra, int first, int rows)
    {
        ParquetCells cells = type.New(rows);
        for (int i = 0; i < rows; i++)
            Set(cells, i, extra, first + i);
        return cells;
    }

    /// <summary>Gives a cell the value of a row.</summary>
    public static void Set(ParquetCells cells, int at, ExtraColumn extra, int row)
    {
        if (extra.Number is null)
            cells.SetText(at, extra.Text(row));
        else if (extra.Number(row) is double number && !double.IsNaN(number))
            cells.SetNumber(at, number);
        else
            cells.SetMissing(at);
    }
}

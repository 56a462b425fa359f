using System.Globalization;
using Parquet;
using Parquet.Meta;
using Parquet.Schema;

namespace LeoCvae;

/// <summary>Writes a Parquet file, a row group at a time. Not thread-safe.</summary>
sealed class ParquetOutput
{
    const int MostGroupRows = 1 << 20, MostGroupValues = 1 << 21, DictionarySample = 1 << 12;

    readonly IReadOnlyList<ParquetColumn> _columns;
    readonly DataField[] _fields;
    readonly ParquetWriter _writer;

    /// <summary>Starts a file.</summary>
    /// <param name="stream">Receives it.</param>
    /// <param name="columns">Its columns, all of types that are served.</param>
    /// <param name="codec">How it is compressed, where that can be written.</param>
    /// <param name="notes">What is noted in it beside its data.</param>
    public ParquetOutput(Stream stream, IReadOnlyList<ParquetColumn> columns, CompressionCodec codec = CompressionCodec.SNAPPY,
        IReadOnlyDictionary<string, string>? notes = null)
    {
        _columns = columns;
        _fields = [.. columns.Select(column => column.Type!.Raw(column.Name, column.IsNullable))];
        // Attaches them.
        _ = new ParquetSchema(_fields);
        ParquetOptions options = new()
        {
            CompressionMethod = codec switch
            {
                CompressionCodec.UNCOMPRESSED => CompressionMethod.None,
                CompressionCodec.GZIP => CompressionMethod.Gzip,
                CompressionCodec.ZSTD => CompressionMethod.Zstd,
                CompressionCodec.BROTLI => CompressionMethod.Brotli,
                CompressionCodec.LZ4_RAW => CompressionMethod.Lz4Raw,
                _ => CompressionMethod.Snappy,
            },
            DictionaryEncodingSampleSize = DictionarySample,
        };
        foreach ((ParquetColumn column, DataField field) in columns.Zip(_fields))
            if (column.Type == ParquetTypes.Text)
                options.ColumnEncodingHints[field.Path.ToString()] = EncodingHint.Dictionary;
        ParquetSchema schema = new(columns.Select(column => column.Type!.Declare(column.Name, column.IsNullable)));
        _writer = ParquetWriter.CreateAsync(schema, new Sink(stream), options).GetAwaiter().GetResult();
        if (notes is not null)
            _writer.CustomMetadata = notes;
    }

    /// <summary>Rows of a row group, but for the last one, of a file that is written from tables.</summary>
    public static int GroupRows(TableSchema schema) => Math.Clamp(MostGroupValues / Columns(schema).Count(), 1, MostGroupRows);

    /// <summary>Writes tables of one schema as one file.</summary>
    public static void Write(Stream stream, IEnumerable<Table> batches)
    {
        ParquetOutput? output = null;
        (string Name, int Role, ParquetType Type)[] columns = [];
        long[] identifiers = [];
        // Rows that wait for the group to be full.
        List<(Table Table, int First, int Count)> group = [];
        int waiting = 0, groupRows = 0;
        // One column after the other is written from the same ones.
        Dictionary<ParquetType, ParquetCells> reused = [];
        void WriteGroup()
        {
            output!.Write(waiting, column =>
            {
                (_, int role, ParquetType type) = columns[column];
                if (!reused.TryGetValue(type, out ParquetCells? cells))
                    reused.Add(type, cells = type.New(waiting));
                int at = 0;
                foreach ((Table table, int first, int count) in group)
                {
                    Fill(cells, new(type, output._columns[column], role < 0 ? null : table.Schema.Columns[role], default), table, role,
                        first, count, ref identifiers[column], at);
                    at += count;
                }
                return cells;
            });
            group.Clear();
            waiting = 0;
        }
        foreach (Table batch in batches)
        {
            if (output is null)
            {
                columns = [.. Columns(batch.Schema)];
                // Names of new rows are their numbers.
                identifiers = [.. columns.Select(_ => batch.FirstRow + 1)];
                groupRows = GroupRows(batch.Schema);
                output = new(stream, [.. columns.Select(column => new ParquetColumn(column.Name, column.Type, column.Type.Name,
                    column.Role >= 0 && batch.Schema.Columns[column.Role].HasMissing))]);
            }
            for (int first = 0; first < batch.RowCount;)
            {
                int count = Math.Min(groupRows - waiting, batch.RowCount - first);
                group.Add((batch, first, count));
                (first, waiting) = (first + count, waiting + count);
                if (waiting == groupRows)
                    WriteGroup();
            }
        }
        if (waiting > 0)
            WriteGroup();
        output?.Finish();
    }

    /// <summary>Writes a row group.</summary>
    /// <param name="rows">Its rows.</param>
    /// <param name="cells">Gives the cells of each column, in order.</param>
    /// <param name="cancellation">Stops between pages.</param>
    public void Write(int rows, Func<int, ParquetCells> cells, CancellationToken cancellation = default)
    {
        if (rows == 0)
            return;
        using ParquetRowGroupWriter group = _writer.CreateRowGroup();
        for (int column = 0; column < _columns.Count; column++)
            cells(column).Write(group, _fields[column], rows, cancellation);
        group.CompleteValidate();
    }

    /// <summary>Ends the file.</summary>
    public void Finish() => _writer.DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>How cells of a table become those of a column.</summary>
    /// <param name="Type">The column's type.</param>
    /// <param name="Column">The column.</param>
    /// <param name="Own">The feature in the file's own table; null for another column.</param>
    /// <param name="Written">How the file writes it, where it is of texts.</param>
    public sealed record Target(ParquetType Type, ParquetColumn Column, ColumnSpec? Own, WrittenColumn Written);

    /// <summary>Fills in the cells of a table's rows from one on.</summary>
    /// <param name="cells">Receives them.</param>
    /// <param name="target">What they are for.</param>
    /// <param name="table">The rows.</param>
    /// <param name="role">The feature, the label, or what stays empty.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="identifier">The number of the next new name.</param>
    /// <param name="at">Where the first goes.</param>
    public static void Fill(ParquetCells cells, Target target, Table table, int role, int first, int count, ref long identifier, int at = 0)
    {
        for (int row = first; row < first + count; row++, at++)
            try
            {
                if (role >= 0)
                    Fill(cells, at, target, table.Schema.Columns[role], table.Row(row)[role], ref identifier);
                else if (role == TableLayout.Label && table.IsLabeled)
                    cells.SetText(at, table.Label(row));
                else
                    cells.SetMissing(at);
            }
            catch (Exception e) when (e is OverflowException or FormatException)
            {
                throw Fault.Argument("resampled", $"row {row}, column '{target.Column.Name}': the file's type {target.Type.Name} doesn't " +
                    $"hold {(role >= 0 ? CellText.Of(table.Schema.Columns[role], table.Row(row)[role]) : table.Label(row))}");
            }
    }

    static void Fill(ParquetCells cells, int at, Target target, ColumnSpec made, double cell, ref long identifier)
    {
        const double SecondsADay = 86400;
        ColumnSpec own = target.Own!;
        bool isText = target.Type.IsText;
        if (made.Kind == ColumnKind.Identifier)
            cells.SetText(at, isText ? WrittenColumn.Identifier(identifier++) : (identifier++).ToString(CultureInfo.InvariantCulture));
        else if (double.IsNaN(cell))
        {
            if (target.Column.IsNullable)
                cells.SetMissing(at);
            else if (isText)
                cells.SetText(at, target.Written.Missing);
            else
                cells.SetNumber(at, cell);
        }
        else if (isText || made.Kind == ColumnKind.Category)
            cells.SetText(at, CellText.Of(made.Kind == ColumnKind.Numeric ? own : made, cell, target.Written.Decimals));
        else if (made.Kind == ColumnKind.Date && target.Type.Kind == ColumnKind.DateTime)
            cells.SetNumber(at, cell * SecondsADay);
        else
            // Decimals are the file's own; a model may have been fitted on a rounder or a finer table. Never -0.
            cells.SetNumber(at, (made.Kind != ColumnKind.Numeric || own.Decimals is not int decimals || own.Decimals == made.Decimals ? cell
                : double.Parse(cell.ToString($"F{decimals}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)) + 0.0);
    }

    static IEnumerable<(string Name, int Role, ParquetType Type)> Columns(TableSchema schema)
    {
        for (int column = 0; column <= schema.Columns.Count; column++)
        {
            if (schema.Target is string label && column == schema.TargetIndex)
                yield return (label, TableLayout.Label, ParquetTypes.Text);
            if (column < schema.Columns.Count)
                yield return (schema.Columns[column].Name, column, TypeOf(schema.Columns[column]));
        }
    }

    /// <summary>What a table's column is in a file.</summary>
    public static ParquetType TypeOf(ColumnSpec column) => column.Kind switch
    {
        ColumnKind.Numeric => column.Decimals == 0 && Math.Max(-column.Minimum, column.Maximum) <= NumberText.LargestWhole
            ? ParquetTypes.Int64 : ParquetTypes.Double,
        ColumnKind.Category when column.Categories is { Count: > 0 } names && names.All(name => name is "true" or "false") =>
            ParquetTypes.Bool,
        ColumnKind.Date => ParquetTypes.Date,
        ColumnKind.DateTime => ParquetTypes.Timestamp(IsUtc(column.Format!)),
        _ => ParquetTypes.Text,
    };

    /// <summary>Whether texts of a format say what time zone they are of.</summary>
    public static bool IsUtc(string format) => format.EndsWith('z') || format.EndsWith("'Z'", StringComparison.Ordinal)
        || DateText.OffsetOf(format) != TimeSpan.Zero || format.EndsWith(":00'", StringComparison.Ordinal);

    // Written at once, and flushed once, at the end: a flush of a file goes to the disk.
    sealed class Sink(Stream stream) : SinkStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => stream.Write(buffer);
    }
}

using System.Text;

namespace LeoCvae;

/// <summary>Writes a table's rows in the layout of a file. New names of rows go on from table to table.</summary>
sealed class CsvRowWriter
{
    readonly int[] _roles;
    readonly IReadOnlyList<ColumnSpec> _own;
    readonly WrittenColumn[] _columns;
    readonly long[] _identifiers;
    readonly char _delimiter;
    readonly string _newLine;
    readonly NumberForm _form;

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
        _form = form;
        (_roles, _own, _columns, _delimiter, _newLine) = (roles, own, columns, delimiter, Encoding.ASCII.GetString(newLine));
        _identifiers = [.. columns.Select(column => column.FirstIdentifier)];
    }

    /// <summary>Writes tables of one schema as one file with a header line.</summary>
    public static void Write(Stream stream, IEnumerable<Table> batches, char delimiter)
    {
        CsvRowWriter? writer = null;
        foreach (Table batch in batches)
        {
            if (writer is null)
            {
                TableSchema schema = batch.Schema;
                RequireNames(schema);
                List<int> roles = [.. Enumerable.Range(0, schema.Columns.Count)];
                List<string> header = [.. schema.Columns.Select(column => column.Name)];
                if (schema.Target is string target)
                {
                    roles.Insert(schema.TargetIndex, -1);
                    header.Insert(schema.TargetIndex, target);
                }
                WrittenColumn[] columns = [.. schema.Columns.Select(_ => new WrittenColumn(null, "", 1))];
                stream.Write(Encoding.UTF8.GetBytes(string.Join(delimiter, header.Select(name => Quote(name, delimiter))) + "\n"));
                writer = new([.. roles], schema.Columns, columns, delimiter, [(byte)'\n'], new(hasDecimalComma: false));
            }
            writer.Write(stream, batch, 0, []);
        }
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
    public void Write(Stream stream, Table rows, int first, IReadOnlyList<ExtraColumn> extra)
    {
        StringBuilder line = new();
        for (int row = first; row < rows.RowCount; row++)
        {
            ReadOnlySpan<double> cells = rows.Row(row);
            foreach (int role in _roles)
            {
                string text = role >= 0 ? Cell(role, rows.Schema.Columns[role], cells[role])
                    : role == TableLayout.Label && rows.IsLabeled ? rows.Label(row) : "";
                Append(line, text, _delimiter);
            }
            foreach (ExtraColumn column in extra)
                Append(line, column.TextOf(row, _form), _delimiter);
            line.Length--;
            stream.Write(Encoding.UTF8.GetBytes(line.Append(_newLine).ToString()));
            line.Clear();
        }
    }

    /// <summary>Adds a field to a line, and a delimiter behind it.</summary>
    public static void Append(StringBuilder line, string field, char delimiter) => line.Append(Quote(field, delimiter)).Append(delimiter);

    /// <summary>The bytes of a line whose fields were added, without its end; it is empty then.</summary>
    public static byte[] End(StringBuilder line)
    {
        line.Length--;
        // A line of one empty field would be a blank one.
        byte[] bytes = line.Length == 0 ? "\"\""u8.ToArray() : Encoding.UTF8.GetBytes(line.ToString());
        line.Clear();
        return bytes;
    }

    /// <summary>A field's text, quoted where it has to be.</summary>
    public static string Quote(string field, char delimiter) => field.Contains(delimiter) || field.AsSpan().ContainsAny('"', '\r', '\n')
        || field is [' ' or '\t', ..] && field.AsSpan().TrimStart(" \t") is ['"', ..]
        ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : field;

    // Decimals are this file's own; a model may have been fitted on a rounder or a finer table.
    string Cell(int column, ColumnSpec made, double cell) => made.Kind == ColumnKind.Identifier
        ? WrittenColumn.Identifier(_identifiers[column]++)
        : double.IsNaN(cell) ? _columns[column].Missing
        : made.Kind == ColumnKind.Numeric ? _form.Write(CellText.Of(_own[column], cell, _columns[column].Decimals))
        : CellText.Of(made, cell);
}

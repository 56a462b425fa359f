using System.Text;

namespace LeoCvae;

/// <summary>Writes a Parquet file's cells as text, each so that it is read as the same value.</summary>
static class ParquetText
{
    // A reader's own limit.
    const int LongestField = 1 << 20, MostDecimals = 6;

    /// <summary>All lines, with commas between fields.</summary>
    public static RecordBytes Records(ParquetFile file, string name)
    {
        byte[] newLine = [(byte)'\n'];
        RecordBytes records = new(newLine);
        foreach (byte[] line in Lines(file, name, ',', new(hasDecimalComma: false)))
            records.Add(line, newLine);
        return records;
    }

    /// <summary>The lines without their ends, the header first.</summary>
    /// <exception cref="InvalidDataException">A column or a cell has no text; the message names it.</exception>
    public static IEnumerable<byte[]> Lines(ParquetFile file, string name, char delimiter, NumberForm form)
    {
        ColumnFault[] faults = [.. file.Columns.Where(column => column.Type is null).Select(column => new ColumnFault(column.Name,
            $"column '{column.Name}' is {column.TypeName}, expected numbers, true and false, text, dates or times",
            "leave {0} out of the file"))];
        if (faults.Length > 0)
            throw new InvalidDataException($"{name}: {ColumnFault.Line(faults)}");
        if (file.Columns.Count == 0)
            throw new InvalidDataException($"{name}: the file has no columns");
        StringBuilder line = new();
        foreach (ParquetColumn column in file.Columns)
            CsvRowWriter.Append(line, column.Name, delimiter);
        yield return CsvRowWriter.End(line);
        string?[] formats = [.. file.Columns.Select((column, field) => column.Type!.Kind == ColumnKind.DateTime
            ? ParquetTypes.TimeFormat(Decimals(file, field), column.Type.Zone) : null)];
        int first = 0;
        for (int group = 0; group < file.Groups.Count; first += file.Groups[group++])
        {
            int at = group;
            ParquetCells[] cells = [.. file.Columns.Select((_, field) => file.Read(at, field))];
            for (int row = 0; row < file.Groups[group]; row++)
            {
                for (int field = 0; field < cells.Length; field++)
                    CsvRowWriter.Append(line, Cell(cells[field], row, formats[field], file.Columns[field], form, $"{name}: " +
                        $"{CellTexts.Place(first + row, 0)}, column '{file.Columns[field].Name}'"), delimiter);
                yield return CsvRowWriter.End(line);
            }
        }
    }

    static string Cell(ParquetCells cells, int row, string? format, ParquetColumn column, NumberForm form, string where)
    {
        if (cells.IsMissing(row))
            return "";
        if (column.Type!.IsText && (ColumnTexts.Fault(cells.Utf8(row)) ?? (cells.Utf8(row).Length <= LongestField ? null
            : $"got a text of {cells.Utf8(row).Length} bytes, expected at most {LongestField}")) is string fault)
            throw new InvalidDataException($"{where}: {fault}");
        try
        {
            string text = cells.Text(row, format);
            return column.Type.Kind == ColumnKind.Numeric ? form.Write(text) : text;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            string why = e is ArgumentException argument ? Fault.Text(argument) : e.Message;
            throw new InvalidDataException($"{where}: got a value that has no text, {why}", e);
        }
    }

    // All times of a column are written with as many, so that they are of one form.
    static int Decimals(ParquetFile file, int field)
    {
        int decimals = 0;
        for (int group = 0; group < file.Groups.Count; group++)
        {
            ParquetCells cells = file.Read(group, field);
            for (int row = 0; row < file.Groups[group] && decimals < MostDecimals; row++)
                if (!cells.IsMissing(row))
                    decimals = Math.Max(decimals, cells.Decimals(row));
        }
        return decimals;
    }
}

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
        Write(file, name, ',', new(hasDecimalComma: false), [], (line, _) =>
        {
            if (!line.Written.IsEmpty)
                records.Add(line.Written, newLine);
            line.Clear();
        });
        return records;
    }

    /// <summary>Writes all lines, the header first.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="delimiter">Between fields.</param>
    /// <param name="form">How numbers are written.</param>
    /// <param name="newLine">After a line.</param>
    /// <param name="write">Takes the lines after each, and at last, which the second argument says.</param>
    /// <exception cref="InvalidDataException">A column or a cell has no text; the message names it.</exception>
    public static void Write(
        ParquetFile file, string name, char delimiter, NumberForm form, byte[] newLine, Action<CsvLines, bool> write)
    {
        ColumnFault[] faults = [.. file.Columns.Where(column => column.Type is null).Select(column => new ColumnFault(column.Name,
            $"column '{column.Name}' is {column.TypeName}, expected numbers, true and false, text, dates or times",
            "leave {0} out of the file"))];
        if (faults.Length > 0)
            throw new InvalidDataException($"{name}: {ColumnFault.Line(faults)}");
        if (file.Columns.Count == 0)
            throw new InvalidDataException($"{name}: the file has no columns");
        CsvLines lines = new((byte)delimiter);
        foreach (ParquetColumn column in file.Columns)
            lines.Add(column.Name);
        lines.EndLine(newLine);
        write(lines, false);
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
                    try
                    {
                        AddCell(lines, cells[field], row, formats[field], file.Columns[field].Type!, form);
                    }
                    catch (Exception e) when (e is FormatException or ArgumentException or InvalidDataException)
                    {
                        string why = e is InvalidDataException ? e.Message
                            : $"got a value that has no text, {(e is ArgumentException argument ? Fault.Text(argument) : e.Message)}";
                        throw new InvalidDataException(
                            $"{name}: {CellTexts.Place(first + row, 0)}, column '{file.Columns[field].Name}': {why}", e);
                    }
                lines.EndLine(newLine);
                write(lines, false);
            }
        }
        write(lines, true);
    }

    static void AddCell(CsvLines lines, ParquetCells cells, int row, string? format, ParquetType type, NumberForm form)
    {
        if (cells.IsMissing(row))
            lines.AddRaw([]);
        else if (type.IsText)
        {
            ReadOnlySpan<byte> utf8 = cells.Utf8(row);
            if ((ColumnTexts.Fault(utf8) ?? (utf8.Length <= LongestField ? null
                : $"got a text of {utf8.Length} bytes, expected at most {LongestField}")) is string fault)
                throw new InvalidDataException(fault);
            lines.Add(utf8);
        }
        else if (cells.WriteNumber(row, lines.Begin(NumberBytes.Longest)) is int length and > 0)
            lines.EndNumber(length, form);
        else
        {
            string text = cells.Text(row, format);
            lines.Add(type.Kind == ColumnKind.Numeric ? form.Write(text) : text);
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

using System.Text;

namespace LeoCvae;

/// <summary>Whether the first line of a text is its header, and the only one.</summary>
sealed class HeaderDoubt
{
    const int MostLines = 50, FewestLines = 2;

    readonly TableRequest _request;
    readonly byte[][] _names;

    /// <summary>Looks at the header, which is the record at hand.</summary>
    /// <exception cref="InvalidDataException">Its names are quoted otherwise than CSV is.</exception>
    public HeaderDoubt(string[] header, CsvRecords records, TableRequest request)
    {
        (_request, _names) = (request, [.. header.Select(Encoding.UTF8.GetBytes)]);
        if (Array.FindIndex(header, WrongQuotes.Around) is int field and >= 0)
            throw new InvalidDataException($"{request.Name}: line {records.Line}: field {field + 1}: got " +
                $"{VisibleText.Name(header[field])}, expected a name in double quotes or none: other quotes would be part of names and " +
                "cells; write double ones");
    }

    /// <summary>Fails where a row is the header once more.</summary>
    public void RequireOther(CsvRecords records, long row)
    {
        // Nearly all rows differ in the first field.
        for (int field = 0; field < _names.Length; field++)
            if (field >= records.FieldCount || !records.Field(field).SequenceEqual(_names[field]))
                return;
        if (records.FieldCount == _names.Length)
            throw new InvalidDataException($"{_request.Name}: {CellTexts.Place(row, records.Line)}: the header is repeated, expected a " +
                "row; " + (row == 0 ? "leave one of the two lines out"
                : "are these two tables? Leave the line out, or make a file of each"));
    }

    /// <summary>Where the header seems to be, if it isn't the line that was taken for it; reads on in a file that is refused.</summary>
    /// <param name="records">At the header, or at the row behind it.</param>
    /// <param name="isHeader">Whether it is the header.</param>
    public string Elsewhere(CsvRecords records, bool isHeader)
    {
        List<(long Line, int Count, bool IsNamed, string Text)> lines = [];
        try
        {
            for (bool isThere = !isHeader || records.Next(); isThere && lines.Count < MostLines; isThere = records.Next())
                lines.Add((records.Line, records.FieldCount, AreNames(records), VisibleText.Start(records.Content)));
        }
        catch (FormatException)
        {
            // What was read until there says enough, or nothing.
        }
        if (lines.Count == 0)
            return "";
        var (count, alike) = lines.GroupBy(line => line.Count).Select(group => (group.Key, group.Count()))
            .MaxBy(group => (group.Item2, group.Key));
        bool isOther = count != _names.Length ? _names.Length == 1 || Math.Abs(count - _names.Length) > 1
            : 2 * _names.Count(name => name.Length == 0) > _names.Length;
        (long at, _, _, string text) = lines.FirstOrDefault(line => line.Count == count && line.IsNamed);
        return count == 1 || alike < FewestLines || !isOther || at == 0 ? ""
            : $"; the header seems to be line {at} ('{text}'): leave out what stands before it";
    }

    static bool AreNames(CsvRecords records)
    {
        for (int field = 0; field < records.FieldCount; field++)
            if (Blanks.Trim(records.Field(field)) is var name && (name.IsEmpty || NumberText.Read(name, out _) != NumberTextKind.Text))
                return false;
        return true;
    }
}

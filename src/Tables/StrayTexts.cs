using System.Text;

namespace LeoCvae;

/// <summary>
/// Lines that seem to be no rows of a table: where texts stand in columns of numbers, as those of a second header line (units), of a second
/// table or of a note do; and columns in single quotes.
/// </summary>
sealed class StrayTexts(ColumnTexts texts, TableLayout layout, TableRequest request, NumberForm form)
{
    const int MostLines = 3, FewestNumbers = 3, Shown = 5;

    /// <summary>Fails where there are such lines. Columns that were asked to be texts may have any.</summary>
    /// <param name="values">Cells: numbers, or numbers of texts.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <exception cref="InvalidDataException">There are.</exception>
    public void RequireNone(ReadOnlySpan<double> values, long rows)
    {
        List<(int Column, int Text, long Row)> strays = [];
        for (int column = 0; column < layout.Columns.Count; column++)
            if (texts[column] is { Count: > 0 } cells && layout.Choices[column] is null && layout.Like[column] is null)
            {
                RequireOtherQuotes(cells, column);
                if (Stray(cells) is int text)
                    strays.Add((column, text, cells.RowOf(text)));
            }
        foreach (IGrouping<long, (int Column, int Text, long Row)> line in strays.GroupBy(stray => stray.Row))
            if (line.Count() > 1 || line.Key == rows - 1 || (line.Key == 0 && !HasNumber(values, 0)))
                throw Fault([.. line]);
    }

    // The first text of a column that is one of numbers without a single row, or without the first ones.
    int? Stray(CellTexts cells)
    {
        (List<int> words, long numbers) = ([], 0);
        for (int i = 0; i < cells.Count; i++)
            if (NumberText.Read(form.Of(cells[i]), out _) != NumberTextKind.Text)
                numbers += cells.CountOf(i);
            else if (words.Count == MostLines || cells.CountOf(i) > 1)
                return null;
            else
                words.Add(i);
        return words.Count == 0 || numbers < FewestNumbers || (words.Count > 1 && words.Any(word => cells.RowOf(word) >= MostLines)) ? null
            : words.MinBy(cells.RowOf);
    }

    bool HasNumber(ReadOnlySpan<double> values, int row)
    {
        int width = layout.Columns.Count;
        for (int column = 0; column < width; column++)
            if (values[(row * width) + column] is double value && !double.IsNaN(value)
                && (texts[column] is not { } cells || NumberText.Read(form.Of(cells[(int)value]), out _) != NumberTextKind.Text))
                return true;
        return false;
    }

    InvalidDataException Fault((int Column, int Text, long Row)[] line)
    {
        string[] names = [.. line.Select(stray => layout.Columns[stray.Column])];
        CellTexts cells = texts[line[0].Column]!;
        string place = $"{request.Name}: {cells.PlaceOf(line[0].Text)}", all = string.Join(", ",
            line.Take(Shown).Select(stray => $"'{VisibleText.Start(texts[stray.Column]![stray.Text])}'"));
        return new((line.Length == 1
            ? $"{place}, column '{names[0]}': got {all}, expected a finite number, as in {Numbers(cells)} of {cells.Cells} rows"
            : $"{place}: got {all}{(line.Length > Shown ? ", ..." : "")}, expected numbers in the columns {TableSchema.Quote(names)}") +
            $"; is the line another header, or a note? Leave it out, or cells empty whose values are missing; {AsTexts(names)}" +
            (request.IsWithoutLabels ? "" : $", --drop {(line.Length > Shown ? "..." : ColumnKinds.List(names))} leaves " +
            $"{(line.Length == 1 ? "it" : "them")} out"));
    }

    long Numbers(CellTexts cells) => Enumerable.Range(0, cells.Count)
        .Where(i => NumberText.Read(form.Of(cells[i]), out _) != NumberTextKind.Text).Sum(cells.CountOf);

    void RequireOtherQuotes(CellTexts cells, int column)
    {
        for (int i = 0; i < cells.Count; i++)
            if (!WrongQuotes.Around(Encoding.UTF8.GetString(cells[i])))
                return;
        string name = layout.Columns[column];
        if (cells.Cells > 1)
            throw new InvalidDataException($"{request.Name}: {cells.PlaceOf(0)}, column '{name}': got {VisibleText.Start(cells[0])}, " +
                $"expected double quotes or none: all cells of the column stand in other ones, which would be part of them; write double " +
                $"quotes, or {AsTexts([name])}");
    }

    string AsTexts(string[] names) =>
        $"{(request.IsWithoutLabels ? "--text" : "--categories")} {ColumnKinds.List(names)} takes the texts as they are";
}

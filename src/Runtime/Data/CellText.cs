using System.Text;

namespace LeoCvae;

/// <summary>The text of a cell in a file: by its column's kind, in the invariant culture.</summary>
static class CellText
{
    /// <summary>Writes a cell; an identifier has no text of its own, a missing cell is empty.</summary>
    /// <param name="column">The column.</param>
    /// <param name="cell">The cell.</param>
    /// <param name="decimals">The decimals that a number is written with at least; null: as short as can be.</param>
    public static string Of(ColumnSpec column, double cell, int? decimals = null) => double.IsNaN(cell) ? "" : column.Kind switch
    {
        ColumnKind.Numeric => Number(cell, column.Decimals, decimals),
        ColumnKind.Category => column.Categories![(int)cell],
        ColumnKind.Identifier => "",
        _ => DateText.Write(column.Kind, column.Format!, cell),
    };

    // Decimals are the column's own; a model may have been fitted on a rounder or a finer table.
    static string Number(double value, int? decimals, int? written)
    {
        Span<byte> text = stackalloc byte[NumberBytes.Longest];
        return Encoding.ASCII.GetString(text[..NumberBytes.Write(value, decimals, written, text)]);
    }
}
